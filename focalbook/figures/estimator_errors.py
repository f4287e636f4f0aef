"""Figure: stated errors against true errors, for top eigenvalues and for traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from focalbook.campaigns.estimator_errors import EigenvalueErrors, TraceErrors

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Points of both panels.

    Attributes
    ----------
    stated, error : dict of array
        Relative stated and true error of each top eigenvalue, by start.
    z : dict of array
        True over stated errors of traces, ascending, by method.
    """

    stated: dict[str, Float]
    error: dict[str, Float]
    z: dict[str, Float]


def data(
    eigenvalues: Sequence[EigenvalueErrors], traces: Sequence[TraceErrors], tolerance: float = 0.01
) -> Data:
    """Collect them over networks.

    Parameters
    ----------
    eigenvalues, traces
        Measured by :mod:`focalbook.campaigns.estimator_errors`.
    tolerance
        Which of the eigenvalues' tolerances.
    """
    chosen = [e for e in eigenvalues if e.tolerance == tolerance]
    starts = list(dict.fromkeys(e.start for e in chosen))
    stated = {s: np.concatenate([e.stated / e.truth for e in chosen if e.start == s]) for s in starts}
    error = {s: np.concatenate([e.error / e.truth for e in chosen if e.start == s]) for s in starts}
    methods = list(dict.fromkeys(t.method for t in traces))
    z = {m: np.sort(np.concatenate([t.z for t in traces if t.method == m])) for m in methods}
    return Data(stated, error, z)


def draw(data: Data, axes: Any) -> None:
    """Draw eigenvalues on the first axes, quantiles of the traces' errors on the second."""
    left, right = axes
    floor = 1e-7
    for k, (start, stated) in enumerate(data.stated.items()):
        error = np.maximum(data.error[start], floor)
        left.loglog(stated, error, ("o", "^")[k], color=f"C{1 - k}", ms=4, alpha=0.6, label=f"{start} start")
    ends = np.array([2e-5, 0.03])
    left.loglog(ends, ends, color="C5", ls=":")
    left.annotate("true = stated", (3e-5, 3e-5), (-4, 14), textcoords="offset points", fontsize=9)
    left.set(
        xlabel="stated error / eigenvalue",
        ylabel="true error / eigenvalue",
        xlim=(1.5e-5, 0.05),
        ylim=(floor / 2, 2),
    )
    left.legend(loc="lower right")
    for k, (method, z) in enumerate(data.z.items()):
        normal = ndtri((np.arange(len(z)) + 0.5) / len(z))
        right.plot(normal, z, ("-", "--")[k % 2], color=f"C{k}", label=method)
    right.plot([-3, 3], [-3, 3], color="C5", ls=":", lw=1.2)
    right.set(
        xlabel="quantile of the normal law", ylabel="true error / stated error", xlim=(-3, 3), ylim=(-5, 5)
    )
    right.legend(loc="upper left")
