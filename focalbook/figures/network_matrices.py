"""Figure: traces of the curvature matrices of a small network against gamma, at two places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.local_curvature import MATRICES, Measured

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Traces relative to the Hessian of the cross-entropy network of the same seed.

    Attributes
    ----------
    gammas : ndarray, shape (G,)
    names : tuple of str
        Matrices drawn.
    ratio : ndarray, shape (2, seeds, G, matrices)
        First at the weights of the cross-entropy network, then at the weights trained with gamma.
    """

    gammas: NDArray[np.float64]
    names: tuple[str, ...]
    ratio: NDArray[np.float64]


def data(measured: Measured) -> Data:
    """Divide the traces by that of the Hessian at gamma = 0."""
    start = measured.trace[:1, :, :1, MATRICES.index("hessian")][..., None]
    return Data(np.array(measured.gammas), MATRICES, measured.trace / start)


def draw(data: Data, axes: Any) -> None:
    """Draw one line for each matrix: mean over seeds, and every seed as a dot."""
    styles = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
    shift = np.linspace(-0.06, 0.06, len(data.names))
    for place, (ax, title) in enumerate(
        zip(axes, ("at the weights of cross-entropy", "at the weights trained with γ"), strict=True)
    ):
        for k, name in enumerate(data.names):
            values = data.ratio[place, :, :, k]
            ax.plot(data.gammas + shift[k], values.mean(axis=0), color=f"C{k}", ls=styles[k], label=name)
            for seed in values:
                ax.plot(data.gammas + shift[k], seed, ".", color=f"C{k}", ms=4, alpha=0.6)
        ax.set(title=title, xlabel="γ", ylim=(0, 2.5))
    axes[0].set_ylabel("trace / trace of the Hessian at γ = 0")
    for ax, part in zip(axes, (slice(0, 3), slice(3, 6)), strict=True):
        lines = ax.get_lines()[:: 1 + data.ratio.shape[1]]
        ax.legend(handles=lines[part], fontsize=9, loc="upper left")
