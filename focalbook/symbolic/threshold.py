"""FE-9: which probabilities the minimiser raises and which it lowers."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, i, lam, mass, model, p, q, s, slope, t
from focalbook.symbolic.gain import FOLD, RISE, crossing, profile
from focalbook.symbolic.inverse import order_derivation
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.logic import Deduction, Premise, assume, by
from focalbook.symbolic.kernel.profile import BelowPeak, LevelSets
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.shape import SignOf
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import Total
from focalbook.symbolic.optimum import slope_falls

NAMES = FOLD | {
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    gain(q): sp.Symbol("{h(q)}"),
    sp.diff(slope(q), q): sp.Symbol(r"{\varphi'(q)}"),
    1 + RISE: sp.Symbol(r"{\max h}"),
}
X, LOW, HIGH, PEAK = sp.symbols("x p_low p_high p_*", real=True)


@cache
def raised() -> SignOf:
    """Return sign(h(p) - lambda) = sign(q - p), where lambda = p phi(q)."""
    growing = Sign(
        title="$h(p) - p\\,\\varphi(q)$ grows with q, because $\\varphi$ falls",
        left=-p * sp.diff(slope(q), q),
        domain={q: UNIT, p: UNIT},
        cover={q: 1 / (1 + s), p: 1 / (1 + t)},
        method=Combine(products=((p, -sp.diff(slope(q), q)),), uses=((slope_falls(), {q: q}),)),
        fold=NAMES,
    )
    return SignOf(
        title="Since $\\lambda = p\\,\\varphi(q)$: a probability is raised exactly when its gain exceeds "
        "$\\lambda$",
        expr=gain(p) - p * slope(q),
        variable=q,
        root=p,
        growing=growing,
        fold=NAMES,
    )


@cache
def multiplier_bound() -> tuple[Sign, Total]:
    """Return lambda <= max h."""
    below = Sign(
        title="No gain exceeds the maximum",
        left=1 + RISE,
        right=gain(q),
        relation=">=",
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=BelowPeak(profile(), RISE, q),
        fold=NAMES,
    )
    return below, Total(
        title="$\\lambda$ is the mean of $h(q_i)$ under P (FE-7), so $\\lambda \\le \\max h$, "
        "with equality only if every $q_i$ is $p^*$: P uniform on $1/p^*$ atoms",
        term=below,
        at={q: model[i]},
        weight=mass[i],
        names={mass[i] * gain(model[i]): lam, mass[i]: sp.S.One},
        left=1 + RISE,
        right=lam,
        index=i,
        fold=NAMES,
    )


@cache
def level_sets() -> tuple[LevelSets, LevelSets]:
    """Return where h exceeds lambda, for lambda <= 1 and for 1 < lambda < max h."""
    nonnegative, positive = sp.Symbol("a", nonnegative=True), sp.Symbol("a", positive=True)
    common = {"profile": profile(), "level": lam, "rise": RISE, "fold": NAMES}
    return (
        LevelSets(
            title="One threshold when $\\lambda \\le 1$",
            pattern="+-",
            levels=sp.Interval.Lopen(0, 1),
            cover=1 / (1 + nonnegative),
            **common,
        ),
        LevelSets(
            title="Two thresholds when $\\lambda > 1$",
            pattern="-+-",
            levels=sp.Interval.open(1, 1 + RISE),
            cover=1 + RISE / (1 + positive),
            **common,
        ),
    )


def raised_at(mass_symbol: sp.Symbol, model_symbol: sp.Symbol, gain_name: sp.Symbol) -> Premise:
    """Take `raised` for one atom, with a name for its gain and lambda for p phi(q)."""
    names = {gain(mass_symbol): gain_name, mass_symbol * slope(model_symbol): lam}
    return by(raised(), names, at={p: mass_symbol, q: model_symbol})


def level_at(step: Step, mass_symbol: sp.Symbol, gain_name: sp.Symbol, fact: int = 0) -> Premise:
    """Take a level set (or a profile) at one argument, with a name for the gain there."""
    return by(step, {gain(mass_symbol): gain_name}, at={X: mass_symbol}, fact=fact)


@cache
def zones() -> tuple[Deduction, Deduction]:
    """Return the zones in the two regimes."""
    h = sp.Symbol("{h(p)}", real=True)
    one, two = level_sets()
    return (
        Deduction(
            title="One threshold: raised below it, lowered above it",
            given=(raised_at(p, q, h), level_at(one, p, h)),
            conclusion=sp.And(sp.Equivalent(q > p, p < HIGH), sp.Equivalent(q < p, p > HIGH)),
        ),
        Deduction(
            title="Two thresholds: lowered below the first, raised between, lowered above the second",
            given=(raised_at(p, q, h), level_at(two, p, h)),
            conclusion=sp.And(
                sp.Equivalent(q > p, sp.And(p > LOW, p < HIGH)),
                sp.Equivalent(q < p, sp.Or(p < LOW, p > HIGH)),
            ),
        ),
    )


@cache
def against_crossing() -> tuple[Deduction, Deduction]:
    """Return on which side of p0 the upper threshold lies."""
    one, two = level_sets()
    at_top, cross = sp.Symbol(r"{h(p_{\mathrm{high}})}", real=True), sp.Symbol("p_0", real=True)
    names = {gain(HIGH): at_top}
    unity = by(crossing(), names, at={X: HIGH, HIGH: cross})
    return (
        Deduction(
            title="The single threshold is not below $p_0$",
            given=(by(one, names, at={X: HIGH}), unity, assume(lam <= 1, "the regime")),
            conclusion=cross <= HIGH,
        ),
        Deduction(
            title="and the upper one of two is below it",
            given=(by(two, names, at={X: HIGH}), unity, assume(lam > 1, "the regime")),
            conclusion=cross > HIGH,
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-9."""
    mean = order_derivation()[4]
    return Derivation(
        (
            recall(slope_falls(), "FE-5"),
            raised().growing,
            raised(),
            recall(profile(), "FE-8"),
            recall(mean, "FE-7"),
            *multiplier_bound(),
            *level_sets(),
            *zones(),
            recall(crossing(), "FE-8"),
            *against_crossing(),
            Identity(
                title="At $\\gamma = 0$ the gain is 1 everywhere and nothing moves",
                left=sp.Subs(gain(p), gamma, 0),
                right=sp.S.One,
            ),
        )
    )
