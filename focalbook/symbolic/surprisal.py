"""GC-7: slope and curvature of focal loss along any path, through the surprisal c = -log q of the label."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, i, j, mass, q, u
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import DoubleSum, SumIdentity

s0 = sp.Symbol("s", nonnegative=True)
c, t, s = (sp.Symbol(name, positive=True) for name in "cts")
V, SQUARE = sp.Symbol("V", nonnegative=True), sp.Symbol("{g^2}", nonnegative=True)
way = sp.IndexedBase("d", real=True)
WEIGHT = (1 - q) ** gamma


def _bend(x: sp.Expr) -> sp.Expr:
    """Return h'(x), by differentiation."""
    return sp.diff(gain(q), q).subs(q, x)


def factor(x: sp.Expr) -> sp.Expr:
    """Return b(x) = h(x) - (1 - x) h'(x), the curvature of two classes relative to cross-entropy."""
    return gain(x) - (1 - x) * _bend(x)


NAMES = {gain(q): sp.Symbol("{h(q)}"), _bend(q): sp.Symbol("{h'(q)}"), WEIGHT: sp.Symbol("{w(q)}")}


@cache
def chain() -> tuple[Step, ...]:
    """Return gradient and Hessian of the loss of one sample, whatever the parameters are."""
    loss = (1 - sp.exp(-c)) ** gamma * c
    f, path = sp.Function("f"), sp.Function("c")
    one, two = sp.symbols("theta_1 theta_2", real=True)
    inner, z = path(one, two), sp.Symbol("z", real=True)
    outer = [sp.diff(f(z), z, k).subs(z, inner) for k in (1, 2)]
    return (
        Identity(
            title="As a function of the surprisal $c = -\\log q$ the loss has the slope h",
            left=sp.Derivative(loss, c),
            right=gain(sp.exp(-c)),
        ),
        Identity(
            title="and the second derivative $-q h'(q)$",
            left=sp.Derivative(loss, (c, 2)),
            right=-sp.exp(-c) * _bend(sp.exp(-c)),
        ),
        Identity(
            title="Chain rule: $\\partial_1\\partial_2 f(c) = f'\\,\\partial_1\\partial_2 c + "
            "f''\\,\\partial_1 c\\,"
            "\\partial_2 c$",
            left=sp.diff(f(inner), one, two),
            right=outer[0] * sp.diff(inner, one, two) + outer[1] * sp.diff(inner, one) * sp.diff(inner, two),
        ),
        Identity(
            title="The gain is the weight plus what the derivative of the weight adds",
            left=gain(q),
            right=WEIGHT + gamma * q * (1 - q) ** (gamma - 1) * -sp.log(q),
        ),
        Sign(
            title="which is positive",
            left=gain(q),
            right=WEIGHT,
            domain={q: UNIT},
            cover={q: 1 / (1 + s)},
            method=Terms(),
        ),
    )


@cache
def slope_at_mle() -> tuple[Step, ...]:
    """Return the gradient at the maximum-likelihood estimate of a saturated model."""
    average, gains = sp.Symbol("{\\bar h}", real=True), sp.IndexedBase("h", positive=True)
    k = sp.Symbol("k", integer=True, positive=True)
    return (
        SumIdentity(
            title="At $Q = P$ the derivative in the logit of class k: the classes give $p_k$ times the "
            "mean gain",
            summand=mass[j] * gains[j] * mass[k],
            names={mass[j] * gains[j]: average},
            value=average * mass[k],
            index=j,
            note="$\\bar h = \\sum_j p_j h(p_j)$",
        ),
        Identity(
            title="less $p_k h(p_k)$ for class k itself: zero for all k exactly when all gains are equal",
            left=average * mass[k] - mass[k] * gains[k],
            right=mass[k] * (average - gains[k]),
        ),
    )


@cache
def spread() -> tuple[Step, ...]:
    """Return the inequality between the two rank-one parts, by Cauchy and Schwarz."""
    rest, first, second = sp.symbols(r"S_0 S_1 S_2", real=True)
    root = sp.Symbol("q_y", positive=True)
    square = DoubleSum(
        title="Cauchy and Schwarz over the other classes",
        products=(
            (sp.S.One, mass[i], mass[i] * way[i] ** 2),
            (sp.S.NegativeOne, mass[i] * way[i], mass[i] * way[i]),
        ),
        term=mass[i] * mass[j] * (way[i] - way[j]) ** 2 / 2,
        first=i,
        second=j,
        note="Moving all logits alike changes nothing, so $d_y = 0$. The left side is $S_0 S_2 - S_1^2$.",
    )
    identity = Identity(
        title="With $V = S_2 - S_1^2$ the variance of d, and $g = -S_1$ its deviation at y: the same "
        "difference",
        left=(1 - root) * (second - first**2) - root * first**2,
        right=rest * second - first**2,
        condition=(rest, 1 - root),
        note="so that $q\\,g^2 \\le (1-q)\\,V$",
    )
    return square, identity


@cache
def above() -> tuple[Step, ...]:
    """Return that the Hessian exceeds the weighted one where q is at least e^-2 or 1/(1 + gamma)."""
    gap = 2 * (1 - q) - (1 - q - gamma * q) * c
    form = (gain(q) - WEIGHT) * V - q * _bend(q) * SQUARE
    left = gain(q) - WEIGHT - (1 - q) * _bend(q)
    written = Identity(
        title="$h - w - (1-q)h'$ is $\\gamma(1-q)^{\\gamma-1}$ times",
        left=left,
        right=gamma * (1 - q) ** (gamma - 1) * gap.subs(c, -sp.log(q)),
        fold=NAMES,
    )
    surprised = Sign(
        title="which is positive where $c = -\\log q \\le 2$",
        left=gap,
        domain={q: UNIT, c: sp.Interval.Lopen(0, 2)},
        cover={q: 1 / (1 + t), c: 2 / (1 + sp.Symbol("a", nonnegative=True))},
        method=Combine(products=((2 - c, 1 - q), (gamma, q, c))),
    )
    large = Sign(
        title="and where $q \\ge 1/(1+\\gamma)$",
        left=gap,
        domain={q: sp.Interval.Ropen(1 / (1 + gamma), 1)},
        cover={q: (1 + s0) / (1 + gamma + s0)},
        method=Combine(products=((sp.Integer(2), 1 - q), (c, (1 + gamma) * q - 1))),
    )
    split = Identity(
        title="The exact Hessian less the weighted one, in direction d: a combination of two "
        "nonnegative terms "
        "where $h' \\ge 0$; where $h' < 0$ both of its own terms are nonnegative",
        left=form,
        right=left * V + _bend(q) * ((1 - q) * V - q * SQUARE),
        fold=NAMES,
    )
    return written, surprised, large, split


@cache
def ends() -> tuple[Step, ...]:
    """Return the factor at a fair coin and at certainty."""
    half = sp.Rational(1, 2)
    flat = (1 + gamma) ** 2 - gamma**2 * (1 + sp.log(1 - u) / u) + gamma * (1 + gamma) * sp.log(1 - u)
    return (
        Identity(
            title="A fair coin: curvature relative to cross-entropy",
            left=factor(half),
            right=2 ** (-gamma) * (1 + 2 * gamma + gamma * (gamma - 1) * sp.log(2)),
        ),
        Identity(
            title="at $\\gamma = 1$ it is 3/2: more than that of cross-entropy",
            left=factor(half).subs(gamma, 1),
            right=sp.Rational(3, 2),
        ),
        Identity(
            title="where the weight, and with it the reading, is 1/2",
            left=WEIGHT.subs({q: half, gamma: 1}),
            right=half,
        ),
        Identity(
            title="Towards certainty, $u = 1 - q$, the factor is the weight times",
            left=factor(1 - u) / u**gamma,
            right=flat,
        ),
        Limit(
            title="which tends to $(1+\\gamma)^2$",
            expr=flat,
            variable=u,
            point=sp.S.Zero,
            value=(1 + gamma) ** 2,
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-7."""
    return Derivation((*chain(), *slope_at_mle(), *spread(), *above(), *ends()))
