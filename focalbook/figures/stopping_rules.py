"""Figure: a trace that seems to have settled, and an eigenvalue that seems to have been found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.campaigns.stopping_rules import Settled, clustered, lanczos_top, power_iteration

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Both panels.

    Attributes
    ----------
    stopped : array, shape (repeats,)
        Relative errors of traces where the rule stopped.
    products : int array, shape (repeats,)
        Where that was.
    tolerance : float
        Relative change that the rule asks for.
    power, ritz, residual : array
        Value after each product of a power iteration and of a Lanczos iteration, and the latter's residual.
    settled : int
        Product at which the rule ends the power iteration.
    """

    stopped: Float
    products: NDArray[np.int64]
    tolerance: float
    power: Float
    ritz: Float
    residual: Float
    settled: int


def data(settled: Settled, tolerance: float = 1e-3, steps: int = 30) -> Data:
    """Collect the traces, and iterate on a matrix with two close top eigenvalues.

    Parameters
    ----------
    settled
        Traces with a stopping rule.
    tolerance
        Of that rule.
    steps
        Products of both iterations.
    """
    matrix, start = clustered()
    power, stop = power_iteration(matrix, start, steps)
    ritz, residual = lanczos_top(matrix, start, steps)
    return Data(settled.error(settled.stopped), settled.products, tolerance, power, ritz, residual, stop)


def draw(data: Data, axes: Any) -> None:
    """Draw the traces on the first axes, the eigenvalues on the second."""
    left, right = axes
    left.plot(data.products, 100 * data.stopped, ".", color="C1", alpha=0.5, ms=5)
    left.axhline(0.0, color="C2", lw=2)
    left.set(xlabel="products where the rule stopped", ylabel="error of the trace, %", xlim=(0, 105))
    left.annotate(
        f"the rule: within {data.tolerance:.1%}", (48, 0.0), (0, 42), textcoords="offset points", fontsize=9
    )
    count = np.arange(1, len(data.power) + 1)
    right.plot(count, data.power, "s--", color="C1", ms=4, label="power iteration")
    right.plot(count, data.ritz, "o-", color="C0", ms=4, label="Lanczos")
    right.axhline(1.0, color="C5", ls=":")
    right.axvline(data.settled, color="C1", lw=1.2, ls=":")
    right.annotate("settled", (data.settled, 0.9), (4, 0), textcoords="offset points", fontsize=9)
    right.set(xlabel="products", ylabel="largest value found", ylim=(0.85, 1.02))
    right.legend(loc="lower right")
