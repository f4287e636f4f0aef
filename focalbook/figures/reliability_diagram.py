"""Figure: reliability diagrams with intervals, and where the truth is known, the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration import Estimate, Reliability, calibration_error, reliability
from focalbook.figures.style import COLORS

__all__ = ["Data", "Diagram", "data", "draw", "of"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Diagram:
    """One reliability diagram.

    Attributes
    ----------
    name : str
    shown : Reliability
        From drawn labels.
    truth : ndarray, shape (bins,), optional
        True accuracy of each bin, NaN where it is empty.
    error : Estimate
        Calibration error of the top label from drawn labels.
    """

    name: str
    shown: Reliability
    truth: Float | None
    error: Estimate


Data = Sequence[Diagram]


def of(
    name: str, probs: ArrayLike, labels: ArrayLike, posterior: ArrayLike | None = None, bins: int = 15
) -> Diagram:
    """Numbers of one diagram.

    Parameters
    ----------
    name
        Title of the panel.
    probs, labels, bins
        As for :func:`focalbook.calibration.reliability`.
    posterior
        The known distribution of every label, shape (n, K).
    """
    truth = None if posterior is None else reliability(probs, posterior, bins).accuracy
    return Diagram(name, reliability(probs, labels, bins), truth, calibration_error(probs, labels, bins))


def data(*diagrams: Diagram) -> Data:
    """Several diagrams side by side."""
    if not diagrams:
        raise ValueError("a figure needs one diagram at least.")
    return diagrams


def draw(data: Data, axes: Any) -> None:
    """Draw one diagram on each axes; the area of a mark is proportional to the rows in its bin."""
    for ax, diagram in zip(np.atleast_1d(axes), data, strict=True):
        shown, colour = diagram.shown, COLORS["focal"]
        ax.plot([0, 1], [0, 1], color=COLORS["reference"], lw=1.0)
        ends = [shown.accuracy - shown.low, shown.high - shown.accuracy]
        ax.errorbar(shown.confidence, shown.accuracy, ends, fmt="none", color=colour, elinewidth=1.2)
        area = 8 + 500 * shown.count / shown.count.sum()
        ax.scatter(shown.confidence, shown.accuracy, area, color=colour, label="from labels", zorder=3)
        if diagram.truth is not None:
            ax.plot(shown.confidence, diagram.truth, "x", color=COLORS["posterior"], ms=7, mew=2, zorder=4,
                    label="truth")  # fmt: skip
        ax.set(xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal", title=diagram.name)
        ax.set_xlabel("confidence in the top label")
        found = diagram.error
        ax.text(0.98, 0.04, f"ECE {found.value:.3f}\n[{found.low:.3f}, {found.high:.3f}]", ha="right",
                fontsize=9.5)  # fmt: skip
    np.atleast_1d(axes)[0].set_ylabel("how often it is right")
    last = np.atleast_1d(axes)[-1].legend(loc="upper left", fontsize=9)
    last.legend_handles[0].set_sizes([40])
