"""Figure: what three solvers lose on small probabilities, and the error of the way there and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize

from focalbook.theory.loss import focal_loss, focal_slope, inverse_slope
from focalbook.theory.minimizer import minimizer, recover

__all__ = ["SOLVERS", "Data", "data", "draw", "exact_minimizer", "hard", "nested", "slsqp"]

Vector = NDArray[np.float64]
TINY = 1e-300


@dataclass(frozen=True)
class Data:
    """Errors of solvers and of the round trip.

    Attributes
    ----------
    exact : ndarray, shape (n,)
        Components of the minimisers of all problems, found with 50 digits.
    error : dict of str to ndarray, shape (n,)
        Relative error of each solver on each component; 1 where it lost the component altogether.
    gammas : ndarray, shape (G,)
        Focusing parameters of the round trip.
    forward : ndarray, shape (G,)
        Largest relative error of a component of Q* against 50 digits.
    round_trip : ndarray, shape (G,)
        Largest relative error of a component of P after P -> Q* -> P.
    rows : int
        Distributions behind each point of `round_trip`; a few of them stand behind `forward`.
    """

    exact: Vector
    error: dict[str, Vector]
    gammas: Vector
    forward: Vector
    round_trip: Vector
    rows: int


def slsqp(p: Vector, gamma: float) -> Vector:
    """Minimise F(P, .) from Q = P with SciPy's SLSQP, gradient given; p of shape (k,), no mass zero."""
    found = minimize(
        lambda q: float(p @ focal_loss(np.clip(q, TINY, 1.0), gamma)),
        p,
        jac=lambda q: -p * focal_slope(np.clip(q, TINY, 1.0), gamma),
        method="SLSQP",
        bounds=[(TINY, 1.0)] * p.size,
        constraints={"type": "eq", "fun": lambda q: q.sum() - 1.0, "jac": np.ones_like},
        options={"ftol": 1e-15, "maxiter": 500},
    )
    return found.x


def nested(p: Vector, gamma: float) -> Vector:
    """Find lambda with sum phi^-1(lambda / p_i) = 1 by Brent's method; p of shape (k,), no mass zero."""

    def excess(level: float) -> float:
        return float(inverse_slope(np.exp(level) / p, gamma).sum()) - 1.0

    level = brentq(excess, -150.0 * gamma - 5.0, 5.0, xtol=1e-14)
    return inverse_slope(np.exp(level) / p, gamma)


SOLVERS = {"SLSQP with gradient": slsqp, "nested root search": nested, "focalbook": minimizer}


def exact_minimizer(p: Sequence[float], gamma: float, digits: int = 50) -> list[mp.mpf]:
    """Minimiser with `digits` digits: Newton's method on p_i phi(q_i) = lambda from the float64 solution.

    The focal-entropy is strictly convex, so a point that satisfies the conditions is the minimiser wherever
    the iteration began. That it satisfies them to nearly all digits is checked; ArithmeticError otherwise.
    """
    with mp.workdps(digits):
        masses, g = [mp.mpf(float(x)) for x in p], mp.mpf(float(gamma))
        top = max(range(len(masses)), key=masses.__getitem__)
        q = [mp.mpf(float(x)) for x in minimizer(np.asarray(p), gamma)]
        for _ in range(8):
            c = [1 - x for x in q]
            c[top] = mp.fsum(x for i, x in enumerate(q) if i != top)
            q[top] = 1 - c[top]
            b = [-mp.log1p(-z) if z < x else -mp.log(x) for x, z in zip(q, c, strict=True)]
            slope = [z**g / x + g * z ** (g - 1) * y for x, z, y in zip(q, c, b, strict=True)]
            bend = [
                z**g / x**2 + 2 * g * z ** (g - 1) / x + g * (g - 1) * z ** (g - 2) * y
                for x, z, y in zip(q, c, b, strict=True)
            ]
            room = mp.fsum(1 / (m * w) for m, w in zip(masses, bend, strict=True))
            level = mp.fsum(s / w for s, w in zip(slope, bend, strict=True)) / room
            step = [(s - level / m) / w for m, s, w in zip(masses, slope, bend, strict=True)]
            size = max(abs(d / min(x, z)) for d, x, z in zip(step, q, c, strict=True))
            if size < mp.mpf(10) ** (10 - digits):
                return q
            q = [x + d for x, d in zip(q, step, strict=True)]
        raise ArithmeticError(f"the conditions are not met for p = {list(p)}, gamma = {gamma}")


def hard(rows: int, classes: int, seed: int, decades: Sequence[float] = (1.0, 10.0, 100.0, 299.0)) -> Vector:
    """Distributions (rows, classes) whose masses spread over one of several numbers of decades."""
    rng = np.random.default_rng(seed)
    spread = rng.choice(decades, size=(rows, 1))
    p = 10.0 ** (-spread * rng.uniform(size=(rows, classes)))
    return p / p.sum(axis=1, keepdims=True)


def _relative(found: Vector, exact: Sequence[mp.mpf]) -> Vector:
    ratios = [abs(mp.mpf(float(x)) / e - 1) for x, e in zip(found, exact, strict=True)]
    return np.array([float(min(r, 1)) for r in ratios])


def data(
    problems: int = 12,
    classes: int = 6,
    gamma: float = 0.5,
    rows: int = 2000,
    checked: int = 6,
    seed: int = 0,
) -> Data:
    """Run the three solvers on a few problems, and the round trip on many.

    Parameters
    ----------
    problems, classes, gamma
        Number and size of the problems of the three solvers.
    rows, checked
        Distributions of the round trip for each gamma, and how many of them are solved with 50 digits.
    seed
        Of the random distributions.
    """
    small = hard(problems, classes, seed, decades=(6.0, 30.0, 60.0))
    solved = [exact_minimizer(p, gamma) for p in small]
    error = {
        name: np.concatenate([_relative(solve(p, gamma), e) for p, e in zip(small, solved, strict=True)])
        for name, solve in SOLVERS.items()
    }
    gammas = np.geomspace(1e-3, 1e3, 13)
    forward, back = np.empty(13), np.empty(13)
    for i, g in enumerate(gammas):
        p = hard(rows, classes, seed + i)
        q = minimizer(p, g)
        back[i] = np.abs(recover(q, g) / p - 1.0).max()
        forward[i] = max(_relative(q[k], exact_minimizer(p[k], g)).max() for k in range(checked))
    exact = np.array([float(x) for row in solved for x in row])
    return Data(exact, error, gammas, forward, back, rows)


def draw(data: Data, axes: Any) -> None:
    """Draw the errors of the solvers by the size of the component, and the round trip against gamma."""
    solvers, trip = axes
    for (name, error), marker, colour in zip(data.error.items(), "^so", ("C1", "C3", "C0"), strict=True):
        solvers.plot(
            data.exact, np.maximum(error, 1e-17), marker, color=colour, markersize=4.5, label=name, ls="none"
        )
    solvers.set(
        xscale="log", yscale="log", ylim=(3e-18, 1e8), xlabel="component of Q*", ylabel="relative error"
    )
    solvers.legend(loc="upper right")
    trip.plot(data.gammas, data.round_trip, "o-", color="C2", label="P → Q* → P")
    trip.plot(data.gammas, data.forward, "s-", color="C0", label="P → Q*, against 50 digits")
    trip.set(xscale="log", yscale="log", ylim=(1e-17, 1e-8), xlabel="γ", ylabel="largest relative error")
    trip.legend(loc="upper right")
