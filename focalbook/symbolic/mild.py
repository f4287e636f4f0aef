"""FE-11: over-suppression is mild, while suppression at the top is not."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, lam, mass, p, q, s, slope
from focalbook.symbolic.gain import RISE, crossing
from focalbook.symbolic.inverse import ratio, slope_positive
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, assume
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine, Exponential
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import Total
from focalbook.symbolic.mirror import increasing, mirror_inequality
from focalbook.symbolic.optimum import slope_falls
from focalbook.symbolic.peak import steps as peak_steps
from focalbook.symbolic.peak import unit_fraction
from focalbook.symbolic.suppression import crossing_at, vanishing
from focalbook.symbolic.threshold import LOW, level_at, level_sets, multiplier_bound

NAMES = {gain(q): sp.Symbol("{h(q)}"), slope(q): sp.Symbol(r"{\varphi(q)}"), 1 + RISE: sp.Symbol(r"{\max h}")}
HEADS = sp.Symbol("n", positive=True)


@cache
def bound() -> tuple[Deduction, Sign]:
    """Return q/p > 1/lambda >= 1/max h for an over-suppressed atom."""
    hq = sp.Symbol("{h(q)}", real=True)
    above = Deduction(
        title="An over-suppressed atom has $q < p < p_{\\mathrm{low}} < p^* < p_0$, so $h(q) > 1$",
        given=(
            crossing_at(q, hq),
            level_at(level_sets()[1], p, sp.Symbol("{h(p)}", real=True)),
            assume(sp.And(q < p, p < LOW), "the atom is over-suppressed"),
        ),
        conclusion=hq > 1,
    )
    value, extra, more = (
        sp.Symbol("{h(q)}", positive=True),
        sp.symbols("a", positive=True),
        sp.Symbol("b", nonnegative=True),
    )
    mild = Sign(
        title="and $q/p = h(q)/\\lambda$ with $1 < \\lambda \\le \\max h$",
        left=value / lam,
        right=1 / (1 + RISE),
        domain={value: sp.Interval.open(1, sp.oo), lam: sp.Interval.Lopen(0, 1 + RISE)},
        cover={value: 1 + extra, lam: (1 + RISE) / (1 + more)},
        method=Terms(),
        fold={1 + RISE: NAMES[1 + RISE]},
    )
    return above, mild


@cache
def tightness() -> tuple[Step, ...]:
    """Return that the bound is approached: n equal heads and a vanishing tail at the gamma with p* = 1/n."""
    tail = sp.Symbol("m", positive=True)
    head = (1 - tail * q) / HEADS
    inverse = (1 - tail * q) / gain(head) + tail * q / gain(q)
    limit = Limit(
        title="n equal heads and m equal atoms of model probability q: $1/\\lambda$ is the mean of 1/h "
        "(FE-7), so as $q \\to 0$",
        expr=inverse,
        variable=q,
        point=sp.S.Zero,
        value=1 / gain(1 / HEADS),
        fold={gain(head): sp.Symbol("{h((1-mq)/n)}"), gain(1 / HEADS): sp.Symbol("{h(1/n)}")} | NAMES,
        note="With $p^* = 1/n$ this is $1/\\max h$: the bound cannot be improved at these values of "
        "$\\gamma$.",
    )
    return (*unit_fraction(), limit)


@cache
def tail_total() -> Total:
    """Return (1 - q_1) phi(q_1) >= 1 for a head of mass 1/2 above a tail whose gains are at least one."""
    from focalbook.symbolic.focal import i

    gain_value, tail = sp.Symbol("eta", positive=True), sp.Symbol("{T}", positive=True)
    value = sp.IndexedBase("h", positive=True)
    term = Sign(
        title="Every atom of the tail has a gain of at least one",
        left=gain_value,
        right=sp.S.One,
        relation=">=",
        domain={gain_value: sp.Interval(1, sp.oo)},
        cover={gain_value: 1 + sp.Symbol("a", nonnegative=True)},
        method=Terms(),
    )
    return Total(
        title="A head of mass 1/2 over such a tail: $\\lambda q_i = p_i h(q_i)$ summed over the tail, where "
        "$T = \\lambda(1 - q_1)$",
        term=term,
        at={gain_value: value[i]},
        weight=mass[i],
        names={mass[i] * value[i]: tail, mass[i]: sp.Rational(1, 2)},
        left=tail,
        right=sp.Rational(1, 2),
        index=i,
    )


@cache
def top() -> tuple[Step, ...]:
    """Return that a head of mass 1/2 can fall below 2 log(gamma) / gamma."""
    budget = (1 - q) * slope(q)
    falls = Sign(
        title="With $\\lambda = \\varphi(q_1)/2$ it says $(1-q_1)\\,\\varphi(q_1) \\ge 1$; the left side "
        "falls with $q_1$",
        left=-sp.diff(budget, q),
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Combine(
            products=((slope(q),), (1 - q, -sp.diff(slope(q), q))),
            uses=((slope_positive(), {q: q}), (slope_falls(), {q: q})),
        ),
        fold={sp.diff(slope(q), q): sp.Symbol(r"{\varphi'(q)}")} | NAMES,
    )
    unit: dict[str, Any] = {"domain": {q: UNIT}, "cover": {q: 1 / (1 + s)}}
    logs = Sign(
        title="$\\log(1-q) \\le -q$, times $\\gamma$",
        left=-gamma * q,
        right=gamma * sp.log(1 - q),
        relation=">=",
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Growth(q, sp.S.Zero),
    )
    weight = Sign(
        title="so $(1-q)^\\gamma \\le e^{-\\gamma q}$",
        left=sp.exp(-gamma * q),
        right=(1 - q) ** gamma,
        relation=">=",
        method=Exponential(logs, sp.exp(-gamma * q), (1 - q) ** gamma),
        **unit,
    )
    rough = sp.exp(-gamma * q) * (1 / q - gamma * sp.log(q))
    upper = Sign(
        title="and the left side is at most",
        left=rough,
        right=budget,
        method=Combine(
            products=(
                (1 / q - gamma * sp.log(q), sp.exp(-gamma * q) - (1 - q) ** gamma),
                ((1 - q) ** gamma,),
            ),
            uses=((weight, {q: q}),),
        ),
        fold=NAMES,
        **unit,
    )
    place = 2 * sp.log(gamma) / gamma
    vanishes = Limit(
        title="which vanishes at $q = 2 \\log(\\gamma)/\\gamma$: for large $\\gamma$ the head has $q_1 < "
        "2\\log(\\gamma)/\\gamma$",
        expr=(1 / place - gamma * sp.log(place)) / gamma**2,
        variable=gamma,
        point=sp.oo,
        value=sp.S.Zero,
        note="$e^{-\\gamma q} = \\gamma^{-2}$ there. The top is pushed down by a factor of order "
        "$\\log(\\gamma)/\\gamma$, "
        "the bottom never by more than about $e/\\log\\gamma$.",
    )
    same_place = Identity(
        title="The bound at that place",
        left=sp.Subs(rough, q, place),
        right=(1 / place - gamma * sp.log(place)) / gamma**2,
    )
    return falls, logs, weight, upper, same_place, vanishes


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-11."""
    return Derivation(
        (
            recall(crossing(), "FE-8"),
            recall(level_sets()[1], "FE-9"),
            recall(ratio(), "FE-7"),
            recall(multiplier_bound()[1], "FE-9"),
            *bound(),
            recall(vanishing()[2], "FE-10"),
            *peak_steps(),
            *mirror_inequality(),
            *increasing(),
            *tightness(),
            tail_total(),
            *top(),
        )
    )
