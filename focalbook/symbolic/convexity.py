"""FE-2: the loss is strictly convex for every gamma >= 0, and so is the focal-entropy."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, curvature, gamma0, i, loss, mass, model, q, s, slope
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Cases, Combine, Known
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation
from focalbook.symbolic.kernel.sums import Total

g = gamma0
excess = sp.Symbol("a", nonnegative=True)
x, y, z = sp.symbols("x y z", positive=True)
theta = sp.Symbol("theta", positive=True)
t, r = sp.symbols("t r", positive=True)
BRACKET = g * (1 - g) * sp.log(q) + 2 * g * (1 - q) / q + ((1 - q) / q) ** 2

LOSSES = {loss(v, g): sp.Symbol(rf"{{\ell({v})}}") for v in (x, y, z, q)} | {
    slope(v, g): sp.Symbol(rf"{{\varphi({v})}}") for v in (x, y, z, q)
}


@cache
def logarithm_below_line() -> Sign:
    """Return log(1 + s) < s for s > 0."""
    return Sign(
        title="The logarithm lies below its tangent",
        left=s,
        right=sp.log(1 + s),
        domain={s: sp.Interval.open(0, sp.oo)},
        method=Growth(s, sp.S.Zero),
    )


@cache
def second_derivative() -> Identity:
    """Return the factorised second derivative of the loss."""
    return Identity(
        title="The second derivative, factorised",
        left=sp.Derivative(loss(q, g), (q, 2)),
        right=(1 - q) ** (g - 2) * BRACKET,
        note="The first factor is positive, so the sign is that of the bracket.",
    )


@cache
def bracket_positive() -> Sign:
    """Return that the bracket is positive for every gamma >= 0."""
    odds = (1 - q) / q
    small = Sign(
        title="Below $\\gamma = 1$ the only negative term is outweighed, by $\\log(1+s) < s$ at $s = "
        "(1-q)/q$",
        left=BRACKET,
        domain={g: sp.Interval.Ropen(0, 1), q: UNIT},
        cover={g: excess / (1 + excess), q: 1 / (1 + s)},
        method=Combine(
            products=((g, 1 - g, odds + sp.log(q)), (g, 1 + g, odds), (odds**2,)),
            uses=((logarithm_below_line(), {s: odds}),),
        ),
    )
    large = Sign(
        title="From $\\gamma = 1$ on no term is negative",
        left=BRACKET,
        domain={g: sp.Interval(1, sp.oo), q: UNIT},
        cover={g: 1 + excess, q: 1 / (1 + s)},
        method=Terms(),
    )
    return Sign(
        title="So the bracket is positive for every $\\gamma \\ge 0$",
        left=BRACKET,
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Cases(g, (small, large)),
    )


@cache
def convex_loss() -> Sign:
    """Return l'' > 0 on (0, 1) for every gamma >= 0."""
    return Sign(
        title="The loss is strictly convex for every $\\gamma \\ge 0$",
        left=curvature(q, g),
        fold={curvature(q, g): sp.Symbol(r"{\ell''(q)}")},
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Combine(products=(((1 - q) ** (g - 2), BRACKET),), uses=((bracket_positive(), {q: q}),)),
    )


@cache
def above_tangent() -> tuple[Sign, Sign]:
    """Return l(x) > l(q) - phi(q)(x - q) for x > q and for x < q."""
    line = loss(q, g) - slope(q, g) * (x - q)
    steps = []
    for side, interval, cover in (
        ("right", sp.Interval.open(q, 1), q + (1 - q) * t / (1 + t)),
        ("left", sp.Interval.open(0, q), q / (1 + t)),
    ):
        growth = Growth(x, q, derivative=Growth(x, q, derivative=Known(convex_loss(), {q: x})))
        steps.append(
            Sign(
                title=f"The loss lies above its tangent at $q$, to the {side} of $q$",
                left=loss(x, g),
                right=line,
                domain={x: interval, q: UNIT},
                cover={x: cover, q: 1 / (1 + s)},
                method=growth,
                fold=LOSSES,
            )
        )
    return steps[0], steps[1]


@cache
def chord_gap() -> tuple[Identity, Sign]:
    """Return theta l(x) + (1 - theta) l(y) - l(z) > 0 with z = theta x + (1 - theta) y and x < y."""
    middle = theta * x + (1 - theta) * y
    tangent = loss(z, g) - slope(z, g) * (x - z), loss(z, g) - slope(z, g) * (y - z)
    gaps = (loss(x, g) - tangent[0]), (loss(y, g) - tangent[1])
    right, left = above_tangent()
    fold = LOSSES
    split = Identity(
        title="The gap between chord and loss is a mean of two gaps between loss and tangent at $z$",
        left=theta * loss(x, g) + (1 - theta) * loss(y, g) - loss(z, g),
        right=theta * gaps[0] + (1 - theta) * gaps[1],
        condition=(z, middle),
        fold=fold,
    )
    strict = Sign(
        title="So the loss lies strictly below its chords",
        left=theta * loss(x, g) + (1 - theta) * loss(y, g),
        right=loss(middle, g),
        domain={x: sp.Interval.open(0, y), y: UNIT, theta: UNIT},
        cover={x: y / (1 + t), y: 1 / (1 + s), theta: 1 / (1 + r)},
        method=Combine(
            products=((theta, gaps[0].subs(z, middle)), (1 - theta, gaps[1].subs(z, middle))),
            uses=((left, {x: x, q: middle}), (right, {x: y, q: middle})),
        ),
        fold=fold | {loss(middle, g): sp.Symbol(r"{\ell(\theta x + (1 - \theta) y)}")},
    )
    return split, strict


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-2."""
    split, strict = chord_gap()
    other = sp.IndexedBase("q'", positive=True)
    atoms = (loss(model[i], g), loss(other[i], g), loss(theta * model[i] + (1 - theta) * other[i], g))
    first, second, mixed = (
        sp.Symbol(rf"{{F_\gamma(P, {name})}}", nonnegative=True)
        for name in ("Q", "Q'", r"\theta Q + (1 - \theta) Q'")
    )
    total = Total(
        title="Weigh with $p_i$ and sum: the inequality is strict as soon as $q_i \\neq q'_i$ for one atom "
        "with $p_i > 0$",
        term=strict,
        at={x: model[i], y: other[i]},
        weight=mass[i],
        names={mass[i] * atoms[0]: first, mass[i] * atoms[1]: second, mass[i] * atoms[2]: mixed},
        left=theta * first + (1 - theta) * second,
        right=mixed,
        index=i,
        note="Between two models with finite focal-entropy that differ on the support of P.",
    )
    return Derivation(
        (
            second_derivative(),
            logarithm_below_line(),
            *bracket_positive().premises(),
            bracket_positive(),
            convex_loss(),
            *above_tangent(),
            split,
            strict,
            total,
        )
    )
