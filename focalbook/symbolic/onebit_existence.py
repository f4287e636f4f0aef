"""OB-6: when one-bit data have a maximum-likelihood estimate, and what more the Gaussian needs."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import i
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, assume
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Recall, Step, recall
from focalbook.symbolic.kernel.sums import SumIdentity
from focalbook.symbolic.onebit_concave import log_concave

x, n = sp.Symbol("x", positive=True), sp.Symbol("n", positive=True)
z, u, v = sp.symbols("z beta_1 beta_2", real=True)
s = sp.Symbol("s", positive=True)


@cache
def ends() -> tuple[Step, ...]:
    """Return that a probability that is driven to zero takes the log-likelihood to minus infinity."""
    return (
        Limit(
            title="Probit: a bit against the predictor loses all probability",
            expr=sp.erfc(x / sp.sqrt(2)) / 2,
            variable=x,
            point=sp.oo,
            value=sp.S.Zero,
        ),
        Limit(
            title="so does logit",
            expr=1 / (1 + sp.exp(x)),
            variable=x,
            point=sp.oo,
            value=sp.S.Zero,
        ),
        Limit(
            title="and a Poisson count that reaches $\\tau = 1$ while its mean $e^{-x}$ falls",
            expr=1 - sp.exp(-sp.exp(-x)),
            variable=x,
            point=sp.oo,
            value=sp.S.Zero,
        ),
        Limit(
            title="and one that does not while its mean $e^x$ grows",
            expr=sp.exp(-sp.exp(x)),
            variable=x,
            point=sp.oo,
            value=sp.S.Zero,
        ),
        Limit(
            title="whose logarithm goes to $-\\infty$",
            expr=sp.log(x),
            variable=x,
            point=sp.S.Zero,
            value=-sp.oo,
            note="With overlap every direction meets such a bit, and no log-probability exceeds 0: a concave "
            "function that falls to $-\\infty$ along every ray attains its maximum.",
        ),
    )


@cache
def separated() -> tuple[Step, ...]:
    """Return that along a separating direction the likelihood rises, so no point is a maximum."""
    one, two, here, there = sp.symbols("a b L_0 L_1", real=True)
    slope = Sign(
        title="Separated: in the separating direction a bit that moves gains, for its probability has a "
        "positive slope",
        left=sp.diff(sp.erfc(-z / sp.sqrt(2)) / 2, z),
        method=Terms(),
        note="Shown for probit; logit and Poisson densities are products of positive factors too.",
    )
    return (
        slope,
        Deduction(
            title="No point is a maximum: the bits that move gain together $a > 0$, the others nothing",
            given=(
                assume(one > 0, "at least one bit moves, and moves its own way"),
                assume(sp.Eq(two, 0), "the others stay"),
                assume(sp.Eq(there, here + one + two), "the likelihood after a step in that direction"),
            ),
            conclusion=there > here,
        ),
    )


@cache
def gaussian() -> tuple[Step, ...]:
    """Return the slope of the profile likelihood at 1/s = 0, and what its sign decides."""
    w, tau = sp.symbols("w tau", real=True)
    k, zeros = (sp.Symbol(name, nonnegative=True) for name in ("k", "k'"))
    up, down = (sp.erfc(sign * (w * u - tau * v) / sp.sqrt(2)) / 2 for sign in (-1, 1))
    cell = k * sp.log(up) + zeros * sp.log(down)
    height = sp.exp(-((w * u) ** 2) / 2) / sp.sqrt(2 * sp.pi)
    at = {v: 0}
    flat = -tau * height * (k / up.subs(at) - zeros / down.subs(at))
    count, other = (sp.IndexedBase(name, nonnegative=True) for name in ("k", "k'"))
    place = sp.IndexedBase("tau", real=True)
    ones, nils = (sp.Symbol(name, real=True) for name in (r"{\bar\tau_1}", r"{\bar\tau_0}"))
    f, share = sp.Symbol("f", positive=True), 1 / (1 + s)
    total = SumIdentity(
        title="All $w = 1$, share of ones $1/(1+s)$ among $n$ bits, which is the maximum at $1/s = 0$: the "
        "slope in $\\beta_2$ there",
        summand=-f * place[i] * (count[i] / share - other[i] * (1 + s) / s),
        names={place[i] * count[i]: n * share * ones, place[i] * other[i]: n * s / (1 + s) * nils},
        value=n * f * (nils - ones),
        index=i,
        note="$\\bar\\tau_1$ and $\\bar\\tau_0$ are the mean thresholds of ones and of zeros, $f$ the "
        "density.",
    )
    return (
        Identity(
            title="Gaussian, $z = w\\beta_1 - \\tau\\beta_2$ with $\\beta_1 = a/s$, $\\beta_2 = 1/s$: slope "
            "of a cell in $\\beta_2$ at 0",
            left=sp.diff(cell, v).subs(at),
            right=flat,
        ),
        total,
        *_profile(),
    )


@cache
def _profile() -> tuple[Step, ...]:
    """Return what the slope of a concave profile at zero decides."""
    g0, gt, slope, t = sp.symbols("g_0 g_t G t", real=True)
    rise = sp.Symbol("R", real=True)
    tangent = assume(gt < g0 + rise, "the profile $g(\\beta_2)$ is strictly concave: below its tangent at 0")
    return (
        Deduction(
            title="Slope at 0 not positive: every $1/s > 0$ is worse than the limit $s \\to \\infty$, no "
            "maximum",
            given=(tangent, assume(rise <= 0, "a step to the right times a slope that is not positive")),
            conclusion=gt < g0,
            note="$g_0$ and $g_t$ are the profile at 0 and at $t$, R is the rise of the tangent.",
        ),
        Deduction(
            title="Slope at 0 positive: some $1/s > 0$ is better than all that are not positive, so the "
            "maximum that overlap guarantees is admissible",
            given=(
                assume(slope > 0, "the slope at 0"),
                assume(gt >= g0 + slope / 2, "a short step gains half of what the slope promises"),
                assume(t <= g0, "left of 0 the concave profile is below its value at 0"),
            ),
            conclusion=gt > t,
            note="Here $t$ is the profile anywhere left of 0, with the step as unit of length.",
        ),
    )


@cache
def counterexample() -> tuple[Step, ...]:
    """Return two cells that overlap and have their maximum at a negative 1/s."""
    q = sp.Symbol("q", positive=True)
    return (
        Identity(
            title="Two cells, $w = 1$, $\\tau = \\mp 1$, each fitted exactly with predictors $-q$ and $q$: "
            "first cell",
            left=(u + v).subs({u: 0, v: -q}),
            right=-q,
        ),
        Identity(title="second cell", left=(u - v).subs({u: 0, v: -q}), right=q),
        Sign(
            title="Both cells show both values, so the data overlap; the maximum has $1/s = -q < 0$",
            left=sp.S.Zero,
            right=-q,
            method=Terms(),
        ),
    )


@cache
def direction() -> tuple[Step, ...]:
    """Return the direction that one common ratio tau/w leaves open."""
    w, a, ratio = sp.symbols("w a rho", real=True)
    t = sp.Symbol("t", positive=True)
    moved = (w * (ratio + t * (a - ratio)) - w * ratio) / (t * s)
    return (
        Identity(
            title="One ratio $\\tau = \\rho w$ in all cells: moving $(a, s)$ to $(\\rho + t(a - \\rho), ts)$ "
            "changes no predictor",
            left=moved,
            right=(w * a - w * ratio) / s,
        ),
    )


def recalled() -> tuple[Recall, ...]:
    """Return log-concavity of the tails, from OB-1."""
    return tuple(recall(step, "OB-1") for step in log_concave())


@cache
def derivation() -> Derivation:
    """Return the derivation of OB-6."""
    return Derivation((*recalled(), *ends(), *separated(), *gaussian(), *counterexample(), *direction()))
