"""GC-10, second part: the curvature at the optimum as one of many classes becomes certain."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic import population
from focalbook.symbolic.convexity import convex_loss
from focalbook.symbolic.focal import (
    UNIT,
    UNIT_CLOSED_AT_ONE,
    curvature,
    gain,
    gamma,
    i,
    lam,
    model,
    q,
    s,
    slope,
    u,
)
from focalbook.symbolic.gain import RISE, profile
from focalbook.symbolic.inverse import slope_positive
from focalbook.symbolic.kernel.equality import Identity, Limit, Squeeze
from focalbook.symbolic.kernel.finite import FiniteSumLimit
from focalbook.symbolic.kernel.limits import JointLimit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.profile import BelowPeak
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.shape import Bijection
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import SumIdentity, Total
from focalbook.symbolic.optimum import multiplier, slope_bijection, slope_falls
from focalbook.symbolic.population import BEND, FOLD, HEAD, RANGE, SCALED, STEEP
from focalbook.symbolic.rare import odds_bijection, vanishing

e = sp.Symbol("e", positive=True)
TOP = 1 + RISE


@cache
def vanishing_rest() -> tuple[Step, ...]:
    """Return that the mass off the top class of the optimum vanishes with that of P, for K classes."""
    product = u * slope(1 - u)
    bound = Sign(
        title="No gain exceeds $\\max h$",
        left=TOP,
        right=gain(q),
        relation=">=",
        method=BelowPeak(profile(), RISE, q),
        fold=FOLD,
        **RANGE,
    )
    share = sp.IndexedBase("w", positive=True)
    mean = sp.Symbol(r"{\sum_j w_j h(q_j)}", positive=True)
    folded = FOLD | {gain(model[i]): sp.Symbol("{h(q_i)}")}
    atom = share[i] * gain(model[i])
    spread = SumIdentity(
        title="$P = (1-e, e\\,w)$ and $Q^\\star = (1-u, \\dots)$: FE-5 gives $\\lambda q_j = e\\,w_j "
        "h(q_j)$, so $u$, the sum of "
        "the rare $q_j$, is a mean of gains times",
        summand=e * atom / lam,
        names={atom: mean},
        value=e / lam * mean,
        index=i,
        fold=folded,
    )
    total = Total(
        title="which is at most",
        term=bound,
        at={q: model[i]},
        weight=share[i],
        names={share[i]: sp.S.One, atom: mean},
        left=TOP,
        right=mean,
        index=i,
        fold=folded,
    )
    small = Limit(
        title="and $\\lambda = (1-e)\\,\\varphi(1-u)$, so that $u\\,\\varphi(1-u)$ vanishes with $e$: it "
        "is at most",
        expr=e / (1 - e) * TOP,
        variable=e,
        point=sp.S.Zero,
        value=sp.S.Zero,
        fold=FOLD,
    )
    grows = Sign(
        title="$u\\,\\varphi(1-u)$ grows with $u$",
        left=sp.diff(product, u),
        domain={u: UNIT},
        cover={u: 1 / (1 + s)},
        method=Combine(
            products=((slope(1 - u),), (u, -sp.diff(slope(q), q).subs(q, 1 - u))),
            uses=((slope_positive(), {q: 1 - u}), (slope_falls(), {q: 1 - u})),
        ),
        fold={sp.diff(product, u): sp.Symbol(r"{(u\varphi(1-u))'}")},
    )
    onto = Bijection(
        title="So $u \\to 0$ when $e \\to 0$, and with it every $q_j \\le u$",
        expr=product,
        variable=u,
        monotone=grows,
        left=Limit(
            title="from zero",
            expr=product,
            variable=u,
            point=sp.S.Zero,
            value=sp.S.Zero,
            factors=(u ** (1 + gamma), HEAD),
            fold=FOLD,
        ),
        right=Limit(
            title="to infinity",
            expr=product,
            variable=u,
            point=sp.S.One,
            direction="-",
            value=sp.oo,
            fold=FOLD,
        ),
        fold=FOLD,
    )
    return (bound, spread, total, small, grows, onto.left, onto.right, onto)


@cache
def _length() -> Squeeze:
    """Return |q - e_j|^2 -> 2 for a rare class with q_j = u v, whatever the shares are."""
    share, rest, a, b = (
        sp.Symbol("v", positive=True),
        sp.Symbol("N", positive=True),
        sp.Symbol("a", nonnegative=True),
        sp.Symbol("b", nonnegative=True),
    )
    squared = (1 - u * share) ** 2 + (1 - u) ** 2 + u**2 * (rest - share**2)
    where: dict[str, Any] = {
        "domain": {u: UNIT, share: UNIT_CLOSED_AT_ONE, rest: UNIT_CLOSED_AT_ONE},
        "cover": {u: 1 / (1 + s), share: 1 / (1 + a), rest: 1 / (1 + b)},
        "relation": ">=",
        "method": Terms(),
    }
    return Squeeze(
        title="it tends to two",
        below=Sign(
            title="$|q - e_j|^2$ for a rare class, whose share of $u$ is $v$, with $N$ the sum of squared "
            "shares",
            left=squared,
            right=2 - 4 * u,
            **where,
        ),
        above=Sign(title="from above", left=sp.Integer(2), right=squared, **where),
        variable=u,
        point=sp.S.Zero,
        value=sp.Integer(2),
    )


@cache
def many_classes() -> tuple[Step, ...]:
    """Return the limit 1 + gamma (1 + |w|^2) / 2 for K classes."""
    share = sp.IndexedBase("w", positive=True)
    concentration, classes = sp.symbols("N K", positive=True)
    names = {share[i]: sp.S.One}
    length = _length()
    shown = {
        curvature(model[i]): sp.Symbol(r"{\ell''(q_i)}"),
        gain(model[i]): sp.Symbol("{h(q_i)}"),
        length.expr: sp.Symbol("{|v_i|^2}"),
    }
    at = {q: model[i]}
    common: dict[str, Any] = {"point": sp.S.Zero, "fold": FOLD}
    scaled = Limit(title="$q^2\\,\\ell''(q) \\to 1$", expr=SCALED, value=sp.S.One, variable=q, **common)
    heads = Limit(
        title="The mean of gains tends to one, as $h(q) \\to 1$",
        expr=gain(q),
        value=sp.S.One,
        variable=q,
        **common,
    )
    steep = Limit(
        title="The top class: $p_1 / e = \\frac{\\sum_j w_j h(q_j)}{u\\,\\varphi(1-u)}$, times $(1-u)^2\\, "
        "\\ell''(1-u)$, "
        "times $|v_1|^2 = u^2 (1 + |v|^2)$ where $v$ are those shares; the factors without limit one or $1 "
        "+ |w|^2$",
        expr=BEND / HEAD,
        variable=u,
        point=sp.S.Zero,
        value=gamma,
        factors=(BEND, 1 / HEAD),
        fold={BEND / HEAD: STEEP, **FOLD},
    )
    return (
        scaled,
        *length.premises(),
        length,
        FiniteSumLimit(
            title="The rare classes together, over $e$, with $p_j = e\\,w_j$",
            term=JointLimit(title="a rare class", factors=(scaled, length)),
            weight=share[i],
            names=names,
            value=sp.Integer(2),
            index=i,
            at=at,
            fold=shown,
        ),
        heads,
        FiniteSumLimit(
            title="so does the sum, and the shares of the rare classes in $Q^\\star$ tend to $w$",
            term=heads,
            weight=share[i],
            names=names,
            value=sp.S.One,
            index=i,
            at=at,
            fold=shown,
        ),
        steep,
        Limit(
            title="The cross-entropy has $1 - |P|^2$; over $e$",
            expr=(1 - (1 - e) ** 2 - e**2 * concentration) / e,
            variable=e,
            point=sp.S.Zero,
            value=sp.Integer(2),
        ),
        Identity(
            title="So with $N = |w|^2$ the ratio tends to",
            left=sp.Mul(sp.Rational(1, 2), 2 + gamma * (1 + concentration), evaluate=False),
            right=1 + gamma * (1 + concentration) / 2,
        ),
        Identity(
            title="For equal rare classes, $w_j = 1/(K-1)$",
            left=(1 + gamma * (1 + concentration) / 2).subs(concentration, 1 / (classes - 1)),
            right=1 + gamma * classes / (2 * (classes - 1)),
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-10."""
    return Derivation(
        (
            recall(slope_bijection(), "FE-5"),
            recall(multiplier(), "FE-5"),
            *population.sum_of_squares(),
            recall(convex_loss(), "FE-2"),
            *population.positive(),
            *population.two_classes(),
            recall(vanishing(), "FE-12"),
            recall(odds_bijection(), "FE-12"),
            *vanishing_rest(),
            *many_classes(),
            *population.coin_flip(),
        )
    )
