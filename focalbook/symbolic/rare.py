"""FE-12: what the minimiser gives to the rarer of two classes, with the order of the error."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, q, s, slope
from focalbook.symbolic.inverse import slope_positive
from focalbook.symbolic.kernel.compose import Composite, Product
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.limits import SumOfLimits
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.shape import Bijection
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, recall
from focalbook.symbolic.optimum import multiplier, slope_bijection, slope_falls

u = sp.Symbol("u", positive=True)
y = sp.Symbol("y", positive=True)
mass = sp.Symbol("e", positive=True)
#: phi(1 - q) / q^gamma, continuous at q = 0.
HEAD = 1 / (1 - q) - gamma * sp.log(1 - q) / q
#: Odds of the rare class in P as a function of its probability q in the minimiser.
ODDS = slope(1 - q) / slope(q)
FOLD = {
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    slope(1 - q): sp.Symbol(r"{\varphi(1-q)}"),
    gain(q): sp.Symbol("{h(q)}"),
    HEAD: sp.Symbol("{b(q)}"),
}
RANGE: dict[str, Any] = {"domain": {q: UNIT}, "cover": {q: 1 / (1 + s)}}
ERROR = q * sp.log(q)


@cache
def balance() -> tuple[Identity, Identity]:
    """Return R = q^(1 + gamma) b(q) / h(q), and e = R / (1 + R)."""
    solved = Identity(
        title="Two classes, $P = (1-e, e)$ and $Q^\\star = (1-q, q)$: the equations of FE-5 say "
        "$(1-e)\\,\\varphi(1-q) = e\\,\\varphi(q)$, so the odds of the rare class are",
        left=mass / (1 - mass),
        right=ODDS,
        condition=(mass, slope(1 - q) / (slope(q) + slope(1 - q))),
        fold=FOLD,
    )
    split = Identity(
        title="Take out the power, with $b(q) = \\frac{1}{1-q} + \\gamma\\,\\frac{-\\log(1-q)}{q}$",
        left=ODDS,
        right=q ** (1 + gamma) * HEAD / gain(q),
        fold=FOLD,
    )
    return solved, split


@cache
def positive() -> Sign:
    """Return R > 0."""
    return Sign(
        title="The odds $R(q)$ are positive",
        left=ODDS,
        method=Combine(
            products=((slope(1 - q), 1 / slope(q)),),
            uses=((slope_positive(), {q: q}), (slope_positive(), {q: 1 - q})),
        ),
        fold=FOLD,
        **RANGE,
    )


@cache
def vanishing() -> Limit:
    """Return R -> 0 as q -> 0."""
    return Limit(
        title="$R(0^+) = 0$",
        expr=ODDS,
        variable=q,
        point=sp.S.Zero,
        value=sp.S.Zero,
        factors=(q ** (1 + gamma), HEAD, 1 / gain(q)),
        fold=FOLD,
    )


@cache
def odds_bijection() -> Bijection:
    """Return that the odds R grow from 0 to infinity with q, so that q vanishes with e."""
    falls = -sp.diff(slope(q), q)
    growth = Sign(
        title="$R$ grows, because $\\varphi$ falls (FE-5)",
        left=sp.diff(ODDS, q),
        method=Combine(
            products=(
                (falls.subs(q, 1 - q), 1 / slope(q)),
                (falls, slope(1 - q), 1 / slope(q), 1 / slope(q)),
            ),
            uses=(
                (slope_falls(), {q: 1 - q}),
                (slope_falls(), {q: q}),
                (slope_positive(), {q: q}),
                (slope_positive(), {q: 1 - q}),
            ),
        ),
        fold={sp.diff(ODDS, q): sp.Symbol("{R'(q)}")} | FOLD,
        **RANGE,
    )
    end = Limit(
        title="$R(1^-) = \\infty$",
        expr=ODDS,
        variable=q,
        point=sp.S.One,
        direction="-",
        value=sp.oo,
        distance=u,
        factors=(u ** (-1 - gamma), 1 / HEAD.subs(q, u), gain(u)),
        fold=FOLD,
    )
    return Bijection(
        title="So each $e$ has one $q$, and $q \\to 0$ exactly when $e \\to 0$",
        expr=ODDS,
        variable=q,
        monotone=growth,
        left=vanishing(),
        right=end,
        fold=FOLD,
    )


@cache
def leading() -> tuple[Limit, Limit]:
    """Return R ~ (1 + gamma) q^(1 + gamma), and R / q -> 0."""
    return (
        Limit(
            title="Both factors have a limit: $R \\sim (1+\\gamma)\\, q^{1+\\gamma}$",
            expr=HEAD / gain(q),
            variable=q,
            point=sp.S.Zero,
            value=1 + gamma,
            factors=(HEAD, 1 / gain(q)),
            fold=FOLD,
        ),
        Limit(
            title="The rare class is raised without bound: $e/q < R/q \\to 0$, so $q/e \\to \\infty$",
            expr=ODDS / q,
            variable=q,
            point=sp.S.Zero,
            value=sp.S.Zero,
            factors=(q**gamma, HEAD, 1 / gain(q)),
            fold=FOLD,
        ),
    )


@cache
def parts() -> tuple[Limit, Limit, Product]:
    """Return the limits, over q log q, of the three logarithms in log(L/q)."""
    head = Limit(
        title="The three logarithms, divided by $q \\log q$. The head contributes nothing at this order",
        expr=sp.log(HEAD / (1 + gamma)) / ERROR,
        variable=q,
        point=sp.S.Zero,
        value=sp.S.Zero,
        fold=FOLD,
    )
    tail = Limit(
        title="The gain of the rare class does: $\\log h(q) \\sim -\\gamma\\, q \\log q$",
        expr=sp.log(gain(q)) / ERROR,
        variable=q,
        point=sp.S.Zero,
        value=-gamma,
        fold=FOLD,
    )
    flat = Limit(
        title="$\\log(1+y)/y \\to 1$",
        expr=sp.log(1 + y) / y,
        variable=y,
        point=sp.S.Zero,
        value=sp.S.One,
    )
    size = Limit(
        title="$R$ is smaller than $q \\log q$",
        expr=ODDS / ERROR,
        variable=q,
        point=sp.S.Zero,
        value=sp.S.Zero,
        factors=(q**gamma, 1 / sp.log(q), HEAD, 1 / gain(q)),
        fold=FOLD,
    )
    odds = Product(
        title="and the difference between odds and mass contributes nothing",
        parts=(
            Composite(
                title="so $\\log(1+R)/R \\to 1$",
                outer=flat,
                inner=vanishing(),
                positive=positive(),
                fold=FOLD,
            ),
            size,
        ),
        value=sp.S.Zero,
        fold=FOLD | {ODDS: sp.Symbol("{R(q)}")},
    )
    return head, tail, odds


@cache
def error() -> tuple[Identity, SumOfLimits]:
    """Return log(L/q) ~ gamma / (1 + gamma) q log q for the law L = (e / (1 + gamma))^(1 / (1 + gamma))."""
    b, h, odds = (sp.Symbol(name, positive=True) for name in ("{b(q)}", "{h(q)}", "{R(q)}"))
    power = 1 / (1 + gamma)
    names = {HEAD: b, gain(q): h, ODDS: odds}
    law = Identity(
        title="The law $L = \\left(\\frac{e}{1+\\gamma}\\right)^{1/(1+\\gamma)}$ at $e = R/(1+R)$ with "
        "$R = q^{1+\\gamma}\\, b/h$, divided by $q$",
        left=sp.log((q ** (1 + gamma) * b / h / (1 + odds) / (1 + gamma)) ** power / q),
        right=power * (sp.log(b / (1 + gamma)) - sp.log(h) - sp.log(1 + odds)),
    )
    head, tail, rest = parts()
    total = SumOfLimits(
        title="Add them: $\\log(L/q) \\sim \\frac{\\gamma}{1+\\gamma}\\, q \\log q \\to 0$",
        parts=((power, head), (-power, tail), (-power, rest)),
        value=gamma / (1 + gamma),
        fold=names,
        note="Hence $q \\sim L$, and the law is too small by the relative amount "
        "$\\frac{\\gamma}{1+\\gamma}\\, q \\log \\frac1q$, to leading order.",
    )
    return law, total


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-12."""
    bijection = odds_bijection()
    head, tail, rest = parts()
    composite, size = rest.parts
    assert isinstance(composite, Composite)
    return Derivation(
        (
            recall(multiplier(), "FE-5"),
            recall(slope_bijection(), "FE-5"),
            *balance(),
            recall(slope_positive(), "FE-6"),
            positive(),
            recall(slope_falls(), "FE-5"),
            bijection.monotone,
            bijection.left,
            bijection.right,
            bijection,
            *leading(),
            head,
            tail,
            composite.outer,
            composite,
            size,
            rest,
            *error(),
        )
    )
