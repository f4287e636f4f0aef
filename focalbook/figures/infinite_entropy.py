"""A distribution on countably many atoms whose entropy and focal-entropy are both infinite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.figures.style import gamma_colors

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Partial sums over blocks of atoms, for P = Q.

    Block n has the mass 2^-n, shared equally by 2^(2^n) atoms; in the contrast by 2^n atoms.

    Attributes
    ----------
    gammas : tuple of float
    blocks : ndarray of int, shape (n,)
        Number of blocks summed.
    divergent : ndarray, shape (len(gammas), n)
        Sums of p l(p) in nats; gamma = 0 is the entropy.
    convergent : ndarray, shape (n,)
        Sums of -p log p of the contrast, which tend to 4 log 2.
    """

    gammas: tuple[float, ...]
    blocks: NDArray[np.int_]
    divergent: NDArray[np.float64]
    convergent: NDArray[np.float64]


def data(gammas: Sequence[float] = (0.0, 2.0, 10.0, 100.0), blocks: int = 30) -> Data:
    """Sum block by block, with the logarithm of an atom's mass known exactly.

    Parameters
    ----------
    gammas
        Focusing parameters, each at least 0.
    blocks
        Number of blocks, at most 1000.

    Returns
    -------
    Data
    """
    n = np.arange(1, blocks + 1)
    bits = n + 2.0**n  # -log2 of the mass of an atom
    entropy = 2.0**-n * bits * np.log(2.0)
    weight = np.exp(np.asarray(gammas, dtype=float)[:, None] * np.log1p(-np.exp2(-bits)))
    contrast = 2.0**-n * 2.0 * n * np.log(2.0)
    return Data(tuple(gammas), n, np.cumsum(weight * entropy, axis=1), np.cumsum(contrast))


def draw(data: Data, ax: Any) -> None:
    """Draw the partial sums against the number of blocks."""
    for gamma, colour, sums in zip(data.gammas, gamma_colors(data.gammas), data.divergent, strict=True):
        label = "H (γ = 0)" if gamma == 0 else f"F, γ = {gamma:g}"
        ax.plot(data.blocks, sums, "o-", ms=3, color=colour, label=label)
    ax.plot(data.blocks, data.convergent, "s:", ms=3, color="C5", label="H with 2ⁿ atoms a block")
    ax.set(xlabel="blocks summed", ylabel="partial sum, nats", ylim=(0.0, None))
    ax.legend(loc="upper left")
