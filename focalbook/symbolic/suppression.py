"""FE-10: when the rarest classes are lowered too, and why it never happens with two classes."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import gain, gamma, lam, p, q, slope, t
from focalbook.symbolic.gain import FOLD, crossing, profile
from focalbook.symbolic.kernel.equality import Identity, Limit, Series
from focalbook.symbolic.kernel.limits import Eventually
from focalbook.symbolic.kernel.logic import Deduction, Premise, assume, by, summed
from focalbook.symbolic.kernel.methods import Chord, Growth
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, recall
from focalbook.symbolic.optimum import multiplier
from focalbook.symbolic.threshold import HIGH, X, level_sets, raised, raised_at

HALF = sp.Rational(1, 2)
CROSS = sp.Symbol("p_0", real=True)
GAIN = FOLD | {gain(q): sp.Symbol("{h(q)}")}


def crossing_at(argument: sp.Expr, name: sp.Symbol) -> Premise:
    """Take “h > 1 exactly below p0” at one argument, with a name for the gain there."""
    return by(crossing(), {gain(argument): name}, at={X: argument, HIGH: CROSS})


@cache
def equivalence() -> Deduction:
    """Return that lambda > 1 exactly when S(1) > 1."""
    y = sp.Symbol("y", real=True)
    at_one, at_root = sp.Symbol("{S(1)}", real=True), sp.Symbol(r"{S(\lambda)}", real=True)
    total = sp.Function("S")
    return Deduction(
        title="$S(x) = \\sum_i \\varphi^{-1}(x/p_i)$ falls and $S(\\lambda) = 1$: the zone is there exactly "
        "when $S(1) > 1$",
        given=(
            by(multiplier(), {total(sp.S.One): at_one, total(lam): at_root}, at={X: sp.S.One, y: lam}),
            assume(sp.Eq(at_root, 1), "the definition of lambda"),
        ),
        conclusion=sp.Equivalent(lam > 1, at_one > 1),
    )


@cache
def sufficient() -> tuple[Deduction, Deduction]:
    """Return that max p_i <= p0 forces lambda > 1 unless P is uniform on atoms of mass p0."""
    h = sp.Symbol("{h(p)}", real=True)
    single = Deduction(
        title="Suppose $\\lambda \\le 1$ and $p_i \\le p_0$: then $h(p_i) \\ge 1 \\ge \\lambda$, so no "
        "probability is lowered",
        given=(
            raised_at(p, q, h),
            crossing_at(p, h),
            assume(sp.And(lam <= 1, p <= CROSS), "the supposition"),
        ),
        conclusion=sp.And(q >= p, sp.Implies(sp.Eq(q, p), sp.And(sp.Eq(p, CROSS), sp.Eq(lam, 1)))),
    )
    rest = sp.Symbol("r", real=True)
    return single, Deduction(
        title="but all of them sum to one: none is raised either, every $p_i = p_0$, and P is uniform. "
        "Otherwise $\\lambda > 1$",
        given=(
            by(single, {}),
            summed(single, rest >= 0, "the other atoms: none is lowered, r is the sum of their differences"),
            assume(sp.Eq(q - p + rest, 0), "both P and the model sum to one"),
        ),
        conclusion=sp.And(sp.Eq(p, CROSS), sp.Eq(lam, 1)),
    )


@cache
def half_below_one() -> Sign:
    """Return h(1/2) < 1."""
    return Sign(
        title="At one half the gain is below 1 for every $\\gamma > 0$",
        left=sp.S.One,
        right=2 ** (-gamma) * (1 + gamma * sp.log(2)),
        domain={gamma: sp.Interval.open(0, sp.oo)},
        method=Growth(gamma, sp.S.Zero),
    )


@cache
def two_classes() -> tuple[Identity, Sign, Deduction, Deduction]:
    """Return that p0 < 1/2 and that the rarer of two classes is always raised."""
    value = Identity(
        title="The gain at one half",
        left=sp.Subs(gain(p), p, HALF),
        right=2 ** (-gamma) * (1 + gamma * sp.log(2)),
    )
    h = sp.Symbol("{h(1/2)}", real=True)
    names = {2 ** (-gamma) * (1 + gamma * sp.log(2)): h, gain(HALF): h}
    below_half = Deduction(
        title="So $p_0 < 1/2$",
        given=(crossing_at(HALF, h), by(half_below_one(), names)),
        conclusion=CROSS < HALF,
    )
    e, f, qe, qf = (sp.Symbol(name, positive=True) for name in ("e", "f", "q_e", "q_f"))
    he, hf = sp.symbols("{h(e)} {h(f)}", real=True)
    y = sp.Symbol("y", real=True)
    rarer = Deduction(
        title="Two classes of mass $e < f$: the rarer one is always raised",
        note="If it were lowered, $h(e) \\le \\lambda \\le h(f)$; but $f > 1/2 > p_0$ gives $h(f) < 1$, so "
        "$e > p_0$ too, where h falls.",
        given=(
            raised_at(e, qe, he),
            raised_at(f, qf, hf),
            crossing_at(e, he),
            crossing_at(f, hf),
            by(profile(), {gain(e): he, gain(f): hf}, at={X: e, y: f}, fact=1),
            by(below_half, {}),
            assume(sp.And(sp.Eq(e + f, 1), sp.Eq(qe + qf, 1), e < f), "two classes of different mass"),
        ),
        conclusion=sp.And(qe > e, qf < f),
    )
    return value, half_below_one(), below_half, rarer


@cache
def small_gamma() -> tuple[Series, Sign, Eventually, Deduction]:
    """Return p0 -> 1/2 as gamma -> 0."""
    first = sp.log(1 - p) - p * sp.log(p) / (1 - p)
    start = Series(
        title="For small $\\gamma$ the gain leaves 1 in the direction",
        expr=gain(p),
        variable=gamma,
        order=2,
        terms=1 + gamma * first,
        fold={gain(p): sp.Symbol("{h(p)}")},
    )
    direction = Sign(
        title="which is upwards for every $p < 1/2$",
        left=(1 - p) * sp.log(1 - p) - p * sp.log(p),
        domain={p: sp.Interval.open(0, HALF)},
        cover={p: 1 / (2 + t)},
        method=Chord(p),
    )
    above = Eventually(
        title="So for each $p < 1/2$ the gain exceeds 1 once $\\gamma$ is small enough",
        series=start,
        direction=direction,
        factor=1 - p,
        fold={gain(p): sp.Symbol("{h(p)}")},
    )
    h = sp.Symbol("{h(p)}", real=True)
    close = Deduction(
        title="Then $p < p_0 < 1/2$; as p was any number below one half, $p_0 \\to 1/2$",
        given=(
            crossing_at(p, h),
            by(two_classes()[2], {}),
            by(above, {gain(p): h}),
        ),
        conclusion=sp.And(p < CROSS, CROSS < HALF),
    )
    return start, direction, above, close


@cache
def vanishing() -> tuple[Identity, Limit, Limit]:
    """Return q/p -> 1/lambda for vanishing masses at fixed lambda."""
    demand = lam / slope(q)
    names = GAIN | {slope(q): sp.Symbol(r"{\varphi(q)}")}
    return (
        Identity(
            title="At a fixed $\\lambda$ the mass that goes with q is $p = \\lambda / \\varphi(q)$, and "
            "$q/p = h(q)/\\lambda$",
            left=q / demand,
            right=gain(q) / lam,
            fold=names,
        ),
        Limit(
            title="which vanishes with q (and, $\\varphi$ being one to one, only so)",
            expr=lam * q / gain(q),
            variable=q,
            point=sp.S.Zero,
            value=sp.S.Zero,
            factors=(lam * q, 1 / gain(q)),
            fold=names,
        ),
        Limit(
            title="So $q_i / p_i \\to 1/\\lambda$ as $p_i \\to 0$",
            expr=gain(q) / lam,
            variable=q,
            point=sp.S.Zero,
            value=1 / lam,
            fold=names,
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-10."""
    one, two = level_sets()
    return Derivation(
        (
            recall(one, "FE-9"),
            recall(two, "FE-9"),
            recall(multiplier(), "FE-5"),
            equivalence(),
            recall(raised(), "FE-9"),
            recall(crossing(), "FE-8"),
            *sufficient(),
            *two_classes(),
            *small_gamma(),
            *vanishing(),
        )
    )
