"""FE-15: bounds on the focal-entropy from Bernoulli's inequality, and the sharper one from Jensen's."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import sympy as sp

from focalbook.symbolic.finiteness import focal_weight
from focalbook.symbolic.focal import UNIT, UNIT_CLOSED_AT_ONE, gamma, gamma0, i, loss, mass, model, q, s
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Bowl, Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import SumIdentity, Total

Which = Literal["large", "small"]
extra = sp.Symbol("a", nonnegative=True)
F, H, B = (
    sp.Symbol(r"{F_\gamma}", positive=True),
    sp.Symbol("H", positive=True),
    sp.Symbol("B", positive=True),
)
m = sp.Symbol("m", positive=True)
t = sp.Symbol("t", positive=True)
AT_UNIT: dict[str, Any] = {"domain": {q: UNIT}, "cover": {q: s / (1 + s)}}
RANGES: dict[Which, tuple[sp.Interval, sp.Expr]] = {
    "large": (sp.Interval(1, sp.oo), 1 + extra),
    "small": (UNIT_CLOSED_AT_ONE, 1 / (1 + extra)),
}
WORDS = {"large": "From $\\gamma = 1$ on", "small": "Up to $\\gamma = 1$"}
AT = {q: model[i]}
SURPRISAL = -mass[i] * sp.log(model[i])
NAMES = {
    mass[i] * (1 - model[i]) ** gamma * sp.log(model[i]): -F,
    mass[i] * model[i] * sp.log(model[i]): -B,
    mass[i] * sp.log(model[i]): -H,
}


def _setting(which: Which) -> dict[str, Any]:
    interval, cover = RANGES[which]
    return {"domain": {gamma: interval, q: UNIT}, "cover": {gamma: cover, q: s / (1 + s)}}


@cache
def bernoulli(which: Which) -> Sign:
    """Return (1-q)^gamma >= 1 - gamma q for gamma >= 1, or the reverse for 0 < gamma <= 1."""
    line, power = 1 - gamma * q, (1 - q) ** gamma
    large = which == "large"
    exponent = gamma - 1 if large else 1 - gamma
    outer = sp.S.One if large else (1 - q) ** (gamma - 1)
    slope = Combine(
        products=((gamma, outer, 1 - (1 - q) ** exponent),),
        uses=((focal_weight(), {gamma0: exponent, q: q}),),
    )
    return Sign(
        title=f"{WORDS[which]}: Bernoulli's inequality, both sides equal at $q = 0$",
        left=power if large else line,
        right=line if large else power,
        relation=">=",
        method=Growth(q, sp.S.Zero, derivative=slope),
        **_setting(which),
    )


@cache
def single(which: Which) -> Sign:
    """Return (1-q)^gamma <= 1 - q for gamma >= 1, or the reverse for 0 < gamma <= 1."""
    power, large = (1 - q) ** gamma, which == "large"
    exponent = gamma - 1 if large else 1 - gamma
    outer = 1 - q if large else power
    return Sign(
        title=f"{WORDS[which]}: the weight against its value at $\\gamma = 1$",
        left=1 - q if large else power,
        right=power if large else 1 - q,
        relation=">=",
        method=Combine(
            products=((outer, 1 - (1 - q) ** exponent),), uses=((focal_weight(), {gamma0: exponent, q: q}),)
        ),
        **_setting(which),
    )


@cache
def atom(which: Which, weight: Sign) -> Sign:
    """Return an inequality between weights, times -log q."""
    return Sign(
        title="times $-\\log q > 0$",
        left=weight.left * -sp.log(q),
        right=weight.right * -sp.log(q),
        relation=">=",
        method=Combine(products=((-sp.log(q), weight.difference),), uses=((weight, {gamma: gamma, q: q}),)),
        **_setting(which),
    )


def _total(which: Which, weight: Sign, title: str, left: sp.Expr, right: sp.Expr) -> Total:
    return Total(
        title=title,
        term=atom(which, weight),
        at=AT,
        weight=mass[i],
        names=NAMES,
        left=left,
        right=right,
        index=i,
        note="$H = H(P,Q)$ and $B = \\sum_i p_i q_i (-\\log q_i)$; atoms with $q_i = 1$ lose nothing.",
    )


@cache
def bounds() -> tuple[Step, ...]:
    """Return the four bounds with the inequalities they come from."""
    line, flat = H - gamma * B, H - B
    ends: tuple[tuple[Which, sp.Expr, sp.Expr, sp.Expr, sp.Expr], ...] = (
        ("large", F, line, flat, F),
        ("small", line, F, F, flat),
    )
    steps: list[Step] = []
    for which, left, right, left1, right1 in ends:
        first, second = bernoulli(which), single(which)
        words = WORDS[which]
        steps += [
            first,
            _total(which, first, f"{words}, summed: the bound of Bernoulli", left, right),
            second,
            _total(which, second, f"{words}, summed: the other side", left1, right1),
        ]
    return tuple(steps)


@cache
def chord() -> tuple[SumIdentity, Identity]:
    """Return that H - gamma B is the chord of gamma -> F through gamma = 0 and gamma = 1."""
    at_one = sp.Symbol("{F_1}", positive=True)
    ends = SumIdentity(
        title="$H - B$ is the focal-entropy at $\\gamma = 1$",
        summand=mass[i] * loss(model[i], sp.S.One),
        names=NAMES,
        value=H - B,
        index=i,
    )
    line = Identity(
        title="so $H - \\gamma B$ is the chord of $\\gamma \\mapsto F_\\gamma$ through 0 and 1: its side "
        "follows "
        "from convexity (FE-4) as well",
        left=H - gamma * B,
        right=(1 - gamma) * H + gamma * at_one,
        condition=(at_one, H - B),
    )
    return ends, line


@cache
def power_tangent(which: Which) -> Sign:
    """Return that y^gamma lies above its tangent at m for gamma >= 1, below it for 0 < gamma <= 1."""
    y = 1 - q
    line = m**gamma + gamma * m ** (gamma - 1) * (y - m)
    large = which == "large"
    interval, cover = RANGES[which]
    return Sign(
        title=f"{WORDS[which]}: the power $(1-q)^\\gamma$ against its tangent at any $1 - q = m$",
        left=y**gamma if large else line,
        right=line if large else y**gamma,
        relation=">=",
        domain={gamma: interval, q: UNIT, m: UNIT},
        cover={gamma: cover, q: s / (1 + s), m: 1 / (1 + t)},
        method=Bowl(q, 1 - m, bend=Terms()),
    )


@cache
def jensen(which: Which) -> tuple[Sign, Sign, Total]:
    """Return F >= H (1 - B/H)^gamma for gamma >= 1, or <= for 0 < gamma <= 1."""
    tangent = power_tangent(which)
    sides: list[sp.Expr] = [F, H * m**gamma + gamma * m ** (gamma - 1) * (H - B - m * H)]
    if which == "small":
        sides.reverse()
    weighed = Sign(
        title="times $-\\log q > 0$",
        left=tangent.left * -sp.log(q),
        right=tangent.right * -sp.log(q),
        relation=">=",
        domain=tangent.domain,
        cover=tangent.cover,
        method=Combine(
            products=((-sp.log(q), tangent.difference),), uses=((tangent, {gamma: gamma, q: q, m: m}),)
        ),
    )
    summed = Total(
        title="Weigh and sum",
        term=weighed,
        at=AT,
        weight=mass[i],
        names=NAMES,
        left=sides[0],
        right=sides[1],
        index=i,
    )
    return tangent, weighed, summed


@cache
def sharper(which: Which) -> Sign:
    """Return that Jensen's bound lies on the inner side of Bernoulli's."""
    share, weight = sp.Symbol("x", positive=True), bernoulli(which)
    interval, cover = RANGES[which]
    power, line = H * (1 - share) ** gamma, H - gamma * H * share
    large = which == "large"
    return Sign(
        title=f"{WORDS[which]} Jensen's bound is the sharper one: Bernoulli's inequality again, at $x = B/H$",
        left=power if large else line,
        right=line if large else power,
        relation=">=",
        domain={gamma: interval, share: UNIT},
        cover={gamma: cover, share: s / (1 + s)},
        method=Combine(
            products=((H, weight.difference.subs(q, share)),), uses=((weight, {gamma: gamma, q: share}),)
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-15."""
    mean = Identity(
        title="At $m = 1 - B/H$ the tangent term vanishes: what is left is Jensen's bound $H\\,(1 - "
        "B/H)^\\gamma$",
        left=H * m**gamma + gamma * m ** (gamma - 1) * (H - B - m * H),
        right=H * m**gamma,
        condition=(B, H * (1 - m)),
    )
    return Derivation(
        (
            recall(focal_weight(), "FE-1"),
            *bounds(),
            *chord(),
            *jensen("large"),
            *jensen("small"),
            mean,
            sharper("large"),
            sharper("small"),
        )
    )
