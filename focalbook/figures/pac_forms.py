"""Figure: the divergence of two coins, its parabola, and the bounds that each of them gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.pacbayes import best_lambda_bound, binary_kl, complexity, kl_bound, lambda_bound

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Divergence and parabola at one training loss, and bounds at all.

    Attributes
    ----------
    seen, price : float
        Training loss of the left panel, and C/n in nats.
    b, divergence, parabola : ndarray, shape (m,)
        Risks above it, kl(seen||b) and (b - seen)^2/(2b) in nats.
    loss : ndarray, shape (m,)
        Training losses of the right panel.
    kl, best : ndarray, shape (m,)
        The kl bound, and the lambda bound at its best lambda.
    fixed : dict of float to ndarray
        The lambda bound at fixed lambdas.
    n : int
        Examples.
    """

    seen: float
    price: float
    b: NDArray[np.float64]
    divergence: NDArray[np.float64]
    parabola: NDArray[np.float64]
    loss: NDArray[np.float64]
    kl: NDArray[np.float64]
    best: NDArray[np.float64]
    fixed: dict[float, NDArray[np.float64]]
    n: int


def data(
    n: int = 500,
    kl: float = 5.0,
    delta: float = 0.05,
    seen: float = 0.1,
    lambdas: tuple[float, ...] = (0.2, 1.0),
    points: int = 201,
) -> Data:
    """Compute the curves for n examples and a posterior `kl` nats away from its prior."""
    price = float(complexity(kl, n, delta))
    b = np.linspace(seen, seen + 0.2, points)
    loss = np.linspace(0.0, 1.0, points)
    return Data(
        seen,
        price,
        b,
        binary_kl(seen, b),
        (b - seen) ** 2 / (2 * b),
        loss,
        kl_bound(loss, kl, n, delta),
        best_lambda_bound(loss, kl, n, delta),
        {lam: lambda_bound(loss, kl, n, delta, lam) for lam in lambdas},
        n,
    )


def draw(data: Data, axes: Any) -> None:
    """Draw the divergence on the first axes and the bounds on the second."""
    left, right = axes
    left.plot(data.b, data.divergence, color="C0", label="kl(a‖b)")
    left.plot(data.b, data.parabola, color="C1", ls="--", label="(b − a)²/(2b)")
    left.axhline(data.price, color="C5", lw=1.2)
    left.annotate(
        "C/n", (data.b[-1], data.price), (-4, 4), textcoords="offset points", color="C5", ha="right"
    )
    for curve, colour in ((data.divergence, "C0"), (data.parabola, "C1")):
        left.plot(np.interp(data.price, curve, data.b), data.price, "o", color=colour, ms=6)
    left.set(xlabel=f"risk b, training loss a = {data.seen:g}", ylabel="nats", ylim=(0, 4 * data.price))
    left.legend(loc="upper left", fontsize=9)
    right.plot(data.loss, data.kl, color="C0", label="kl form")
    right.plot(data.loss, data.best, color="C1", ls="--", label="λ form, best λ")
    for (lam, values), style in zip(data.fixed.items(), (":", "-."), strict=False):
        right.plot(data.loss, values, color="C2", ls=style, lw=1.4, label=f"λ form, λ = {lam:g}")
    right.plot([0, 1], [0, 1], color="C5", lw=1.0)
    right.set(xlabel="mean training loss", ylabel="bound on the risk", xlim=(0, 1), ylim=(0, 1.3))
    right.axhspan(1.0, 1.3, color="C5", alpha=0.15, lw=0)
    right.legend(loc="lower right", fontsize=8.5)
