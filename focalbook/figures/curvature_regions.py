"""Figure: where the focal loss raises and lowers the trace of the logit Hessian at the same point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from numpy.typing import NDArray

from focalbook.theory.curvature import convexity_threshold, logit_curvature_ratio
from focalbook.theory.loss import gain_crossing, gain_peak

__all__ = ["Data", "data", "draw", "trace_ratio_map"]


@dataclass(frozen=True)
class Data:
    """Ratio of traces for the probability q of the label, the other classes sharing the rest equally.

    Attributes
    ----------
    classes : tuple of int
        Numbers of classes, one map each.
    q : ndarray, shape (n,)
        Probability of the label.
    gammas : ndarray, shape (G,)
        Focusing parameters.
    ratio : ndarray, shape (maps, G, n)
        Trace of the focal Hessian over that of the cross-entropy at the same point.
    threshold, peak, crossing : ndarray, shape (G,)
        q_c, p* and p0: below q_c the Hessian is not positive semidefinite; from p* to p0 the ratio is above
        one for every number of classes.
    """

    classes: tuple[int, ...]
    q: NDArray[np.float64]
    gammas: NDArray[np.float64]
    ratio: NDArray[np.float64]
    threshold: NDArray[np.float64]
    peak: NDArray[np.float64]
    crossing: NDArray[np.float64]


def trace_ratio_map(classes: int, q: NDArray[np.float64], gammas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ratio of traces, shape (gammas, q), with the rest shared equally among the other classes."""
    rest = np.repeat((1.0 - q)[:, None] / (classes - 1), classes - 1, axis=1)
    rows = np.concatenate([q[:, None], rest], axis=1)
    return np.stack([logit_curvature_ratio(rows, 0, g) for g in gammas])


def data(classes: tuple[int, ...] = (2, 10), points: int = 241, rows: int = 91) -> Data:
    """Compute the maps for q from 0.002 to 0.998 and gamma from 0.1 to 10."""
    t = np.linspace(np.log(0.002 / 0.998), np.log(0.998 / 0.002), points)
    q, gammas = 1.0 / (1.0 + np.exp(-t)), np.geomspace(0.1, 10.0, rows)
    ratio = np.stack([trace_ratio_map(k, q, gammas) for k in classes])
    marks = (convexity_threshold(gammas), gain_peak(gammas), gain_crossing(gammas))
    return Data(classes, q, gammas, ratio, *marks)


def draw(data: Data, axes: Any) -> None:
    """Draw one map on each axes."""
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    colours = LinearSegmentedColormap.from_list("ratio", [cycle[0], "#f4f4f4", cycle[1]])
    norm = TwoSlopeNorm(1.0, vmin=0.0, vmax=2.0)
    logit = np.log(data.q) - np.log1p(-data.q)
    places = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    image = None
    for ax, classes, ratio in zip(np.atleast_1d(axes), data.classes, data.ratio, strict=True):
        image = ax.pcolormesh(
            logit,
            data.gammas,
            np.clip(ratio, 0, 2),
            norm=norm,
            cmap=colours,
            shading="nearest",
            rasterized=True,
        )
        ax.contour(logit, data.gammas, ratio, levels=[1.0], colors="#1f2328", linewidths=1.4)
        inside = data.threshold > data.q[0]
        edge = np.log(data.threshold[inside]) - np.log1p(-data.threshold[inside])
        ax.plot(edge, data.gammas[inside], color="#1f2328", lw=1.4, ls=":")
        ax.set(yscale="log", xlabel="probability of the label", xlim=(logit[0], logit[-1]))
        ax.set_xticks(np.log(places) - np.log1p(-places), [f"{x:g}" for x in places])
        ax.set_yticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
        ax.tick_params(axis="x", labelsize=8)
        ax.minorticks_off()
        ax.grid(visible=False)
        ax.set_title(f"{classes} classes", fontsize=10)
        ax.text(np.log(3.0 / 7.0), 0.22, "raised", color="#1f2328", fontsize=9, ha="center")
        ax.text(np.log(0.97 / 0.03), 3.0, "lowered", color="#1f2328", fontsize=9, ha="center")
    first = np.atleast_1d(axes)[0]
    first.set_ylabel("γ")
    bar = first.figure.colorbar(image, ax=list(np.atleast_1d(axes)), extend="both", ticks=[0, 0.5, 1, 1.5, 2])
    bar.set_label("trace ratio")
