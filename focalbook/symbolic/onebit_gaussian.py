"""OB-4: one bit of a normal variable with unknown mean and standard deviation."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import i
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import DoubleSum
from focalbook.symbolic.onebit_bound import bend_signs, bound, budget, lead_signs, room_signs
from focalbook.symbolic.onebit_mills import beyond, concave, density, floor, t, weight

a, w, tau, level = sp.symbols("a w tau rho", real=True)
s, scale = sp.symbols("s c", positive=True)
j = sp.Symbol("j", integer=True, positive=True)
k, v = sp.symbols("w_2 tau_2", real=True)
alpha, beta = sp.symbols("alpha beta", real=True)


def predictor(mean: sp.Expr, deviation: sp.Expr, slope: sp.Expr = w, threshold: sp.Expr = tau) -> sp.Expr:
    """Return z = (w a - tau)/s."""
    return (slope * mean - threshold) / deviation


@cache
def probit() -> tuple[Step, ...]:
    """Return the linear predictor, and the information of one bit."""
    z = predictor(a, s)
    return (
        Identity(
            title="The predictor is linear in $\\alpha = a/s$ and $\\beta = 1/s$",
            left=(w * alpha - tau * beta).subs({alpha: a / s, beta: 1 / s}),
            right=z,
        ),
        Identity(title="its slope in the mean", left=sp.diff(z, a), right=w / s),
        Identity(title="and in the standard deviation", left=sp.diff(z, s), right=-z / s),
        Identity(
            title="Information of a bit about its predictor: squared slope over both probabilities",
            left=sp.diff(beyond(t), t) ** 2 / (beyond(t) * beyond(-t)),
            middle=(density(t) ** 2 / (beyond(t) * beyond(-t)),),
            right=weight(t),
        ),
    )


@cache
def identifiable() -> tuple[Step, ...]:
    """Return when the parameters can be told apart."""
    one, two = predictor(a, s), predictor(a, s, k, v)
    cross = w * v - k * tau
    share, slope, z = (sp.IndexedBase(name, real=True) for name in ("omega", "w", "z"))
    share = sp.IndexedBase("omega", nonnegative=True)
    return (
        Identity(
            title="With one ratio $\\tau = \\rho w$ the bits see only $(a - \\rho)/s$: nothing changes along "
            "a ray",
            left=predictor(level + scale * (a - level), scale * s, w, level * w),
            right=predictor(a, s, w, level * w),
        ),
        Identity(
            title="Two pairs $(w, \\tau)$ that span the plane give back $1/s$ from their predictors",
            left=sp.cancel((k * one - w * two) / cross),
            right=1 / s,
        ),
        Identity(
            title="and $a/s$",
            left=sp.cancel((v * one - tau * two) / cross),
            right=a / s,
        ),
        Identity(
            title="Area spanned by the gradients of two bits",
            left=(w / s) * (-two / s) - (k / s) * (-one / s),
            right=cross / s**3,
        ),
        DoubleSum(
            title="The determinant of the information is a sum over pairs of bits of squared areas",
            products=(
                (sp.S.One, share[i] * slope[i] ** 2, share[i] * z[i] ** 2),
                (-sp.S.One, share[i] * slope[i] * z[i], share[i] * slope[i] * z[i]),
            ),
            term=share[i] * share[j] * (slope[i] * z[j] - slope[j] * z[i]) ** 2 / 2,
            first=i,
            second=j,
            note="In units of $1/s^4$. It is zero exactly when all pairs $(w, \\tau)$ lie on one line.",
        ),
    )


@cache
def efficiency() -> tuple[Step, ...]:
    """Return the trace of information against that of the draws."""
    z, share = sp.Symbol("z", real=True), sp.Symbol("omega", positive=True)
    censored = share * sp.Matrix([[w**2, -w * z], [-w * z, z**2]]) / s**2
    draws = sp.diag(w**2, 2) / s**2
    slope = sp.Symbol("w", nonzero=True)
    return (
        Identity(
            title="Both efficiencies of a bit add up to $\\omega(z)(1 + z^2/2)$",
            left=(draws.inv() * censored).trace().subs(w, slope),
            right=share * (1 + z**2 / 2),
            note="$\\mathrm{tr}(I^{-1}J)$; I is the information of the draw itself.",
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of OB-4."""
    polya = (*bend_signs(), *lead_signs(), *room_signs(), *bound())
    return Derivation((*probit(), *concave(), *identifiable(), *floor(), *efficiency(), *polya, *budget()))
