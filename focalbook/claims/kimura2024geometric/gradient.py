"""What the focal loss does at certainty: limits of its slope and curvature."""

from __future__ import annotations

from functools import partial

import numpy as np

from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.theory.loss import focal_curvature, focal_slope, log_focal_slope

__all__ = ["CLAIMS"]


def _gradient_limits(rng: np.random.Generator, change_in_slope: bool = False) -> Check:
    """Slope and curvature at certainty; in the control the slope stays away from zero for gamma <= 1."""
    tally = Tally(
        1e-5,
        "q = 1 - 2^-k, which floating point holds exactly, k = 25 to 50; gamma = 0.001 to 1,000 for the "
        "logarithm of "
        "the slope, 0.01 to 20 for the curvature. Residual: relative error of the leading term",
    )
    u = 2.0 ** -np.arange(25.0, 51.0, 5.0)
    exponents = np.concatenate([[1e-3, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0], 10 ** rng.uniform(-3, 1.3, 20)])
    for gamma in exponents:
        leading = np.log1p(gamma) + gamma * np.log(u)
        tally.equal(log_focal_slope(1 - u, gamma), leading, floor=1.0)
        slope = focal_slope(1 - u, gamma)
        tally.more_than(slope[:-1], slope[1:])  # it falls towards certainty
        tally.equal(focal_slope(1.0, gamma), 0.0)
        if change_in_slope and gamma <= 1:
            tally.at_least(slope[-1], gamma)
        if gamma >= 0.01:
            tally.equal(focal_curvature(1 - u, gamma), gamma * (1 + gamma) * u ** (gamma - 1))
    for gamma in (100.0, 1000.0):
        tally.equal(log_focal_slope(1 - u, gamma), np.log1p(gamma) + gamma * np.log(u), floor=gamma)
    tally.equal(focal_slope(1.0, 0.0), 1.0)
    ends = focal_curvature(1.0, np.array([0.5, 0.999, 1.0, 1.001, 2.0]))
    tally.equal(ends, [np.inf, np.inf, 2.0, 0.0, 0.0])
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-8",
        source="kimura2024geometric",
        kind="proposition",
        title="Gradient limits at certainty",
        statement=r"$\ell'(q) \to 0$ as $q \to 1$ for every $\gamma > 0$, like $-(1+\gamma)(1-q)^{\gamma}$: "
        r"nothing happens "
        r"to the gradient at $\gamma = 1$. What changes there is the second derivative, "
        r"$\ell''(q) \sim \gamma(1+\gamma)(1-q)^{\gamma-1}$: infinite for $0 < \gamma < 1$, 2 for $\gamma = "
        r"1$, zero for "
        r"$\gamma > 1$. Without a focal weight ($\gamma = 0$) the gradient tends to $-1$.",
        assumptions=(r"$\gamma > 0$, apart from the last sentence",),
        origin="The paper's equations 30 to 32 state limits of the gradient; that the change at 1 is in the "
        "second "
        "derivative is spelled out here.",
        chapter="focal-loss",
        check=_gradient_limits,
        control=partial(_gradient_limits, change_in_slope=True),
        control_says=r"the change is put into the gradient: for $\gamma \le 1$ it would not vanish at "
        r"certainty",
    ),
)
