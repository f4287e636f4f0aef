"""GC-1: the focal-entropy is at least cross-entropy minus gamma times the entropy of the model."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.bernoulli import bernoulli, bounds
from focalbook.symbolic.entropy_tight import H_Q, PAIR, sharpness
from focalbook.symbolic.finiteness import focal_weight
from focalbook.symbolic.focal import UNIT, UNIT_CLOSED_AT_ONE, gamma, gamma0, i, loss, mass, model, p, q, s
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import Total
from focalbook.symbolic.mirror import mirror_inequality

H_PQ, F, D = (
    sp.Symbol(r"{H(P,Q)}", positive=True),
    sp.Symbol(r"{F_\gamma(P,Q)}", positive=True),
    sp.Symbol("D", nonnegative=True),
)
FOLD = {PAIR: sp.Symbol(r"{\mathrm{h}(q)}"), loss(q): sp.Symbol(r"{\ell(q)}")}
over = sp.Symbol("a", nonnegative=True)


@cache
def saving() -> Sign:
    """Return 1 - (1-q)^gamma <= -gamma log(1-q)."""
    slope = Combine(
        products=((gamma / (1 - q), 1 - (1 - q) ** gamma),), uses=((focal_weight(), {gamma0: gamma, q: q}),)
    )
    return Sign(
        title="What the focal weight takes off is at most $-\\gamma\\log(1-q)$, for every $\\gamma$",
        left=-gamma * sp.log(1 - q),
        right=1 - (1 - q) ** gamma,
        relation=">=",
        domain={q: UNIT},
        cover={q: s / (1 + s)},
        method=Growth(q, sp.S.Zero, derivative=slope),
    )


@cache
def below_pair() -> Sign:
    """Return log q log(1-q) < h(q), the entropy of the pair q, 1-q."""
    left, right = -sp.log(1 - p), -sp.log(p)
    bracket = p / left + (1 - p) / right - 1
    pair = PAIR.subs(q, p)
    return Sign(
        title="times both logarithms: their product is below the entropy of a coin",
        left=pair,
        right=left * right,
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Combine(products=((left, right, bracket),), uses=((mirror_inequality()[2], {p: p}),)),
        fold={pair: sp.Symbol(r"{\mathrm{h}(p)}")},
    )


@cache
def atom() -> Sign:
    """Return -log q - l(q) < gamma h(q)."""
    return Sign(
        title="So the focal loss of an atom falls short of its cross-entropy by less than $\\gamma$ "
        "times the "
        "entropy of the coin",
        left=loss(q),
        right=-sp.log(q) - gamma * PAIR,
        domain={q: UNIT},
        cover={q: s / (1 + s)},
        method=Combine(
            products=(
                (-sp.log(q), -gamma * sp.log(1 - q) - 1 + (1 - q) ** gamma),
                (gamma, PAIR - sp.log(q) * sp.log(1 - q)),
            ),
            uses=((saving(), {q: q}), (below_pair(), {p: q})),
        ),
        fold=FOLD,
    )


@cache
def grouping() -> tuple[Sign, Total, Deduction]:
    """Return h(q_k) <= H(Q)."""
    r, c, rest = sp.Symbol("r", positive=True), sp.Symbol("c", positive=True), sp.Symbol("T", real=True)
    single = Sign(
        title="An atom $r$ of the others, which have the mass $c = 1 - q_k$ together",
        left=-r * sp.log(r),
        right=-r * sp.log(c),
        relation=">=",
        domain={r: sp.Interval.Lopen(0, c), c: UNIT},
        cover={r: c / (1 + over), c: s / (1 + s)},
        method=Terms(),
    )
    total = Total(
        title="summed over the others",
        term=single,
        at={r: model[i]},
        weight=sp.S.One,
        names={model[i] * sp.log(model[i]): -rest, model[i]: c},
        left=rest,
        right=-c * sp.log(c),
        index=i,
        note="$T$ is their part of $H(Q)$.",
    )
    own, others, whole = sp.symbols("a b H", real=True)
    enough = Deduction(
        title="Telling one class from the rest is no more uncertain than telling all apart: "
        "$\\mathrm{h}(q_k) \\le H(Q)$",
        given=(
            by(total, {c * sp.log(c): -others}),
            assume(sp.Eq(whole, own + rest), "H(Q) is the part of atom k and that of the others"),
        ),
        conclusion=own + others <= whole,
        note="$a = -q_k \\log q_k$ and $b = -c \\log c$, so $a + b = \\mathrm{h}(q_k)$.",
    )
    return single, total, enough


@cache
def summed() -> tuple[Step, ...]:
    """Return F >= H(P,Q) - gamma sum p h(q) >= H(P,Q) - gamma H(Q)."""
    pair = sp.IndexedBase("h", nonnegative=True)
    b, h = sp.Symbol("b", nonnegative=True), sp.Symbol("b", nonnegative=True)
    logs = mass[i] * sp.log(model[i])
    term = Sign(
        title="With $b$ for the entropy of the coin",
        left=loss(q),
        right=-sp.log(q) - gamma * b,
        domain={q: UNIT, b: sp.Interval(PAIR, sp.oo)},
        cover={b: PAIR + over, q: s / (1 + s)},
        method=Combine(
            products=((loss(q) + sp.log(q) + gamma * PAIR,), (gamma, b - PAIR)), uses=((atom(), {q: q}),)
        ),
        fold=FOLD,
    )
    first = Total(
        title="Weigh with $p_i$ and sum, $D = \\sum_i p_i\\,\\mathrm{h}(q_i)$: the sharper bound",
        term=term,
        at={q: model[i], b: pair[i]},
        weight=mass[i],
        names={mass[i] * (1 - model[i]) ** gamma * sp.log(model[i]): -F, logs: -H_PQ, mass[i] * pair[i]: D},
        left=F,
        right=H_PQ - gamma * D,
        index=i,
    )
    small = Sign(
        title="By the grouping no coin exceeds $H(Q)$",
        left=gamma * H_Q,
        right=gamma * h,
        relation=">=",
        domain={H_Q: sp.Interval(h, sp.oo)},
        cover={H_Q: h + over},
        method=Terms(),
    )
    second = Total(
        title="nor does their mean",
        term=small,
        at={h: pair[i]},
        weight=mass[i],
        names={mass[i]: sp.S.One, mass[i] * pair[i]: D},
        left=gamma * H_Q,
        right=gamma * D,
        index=i,
    )
    x, y = sp.symbols("x y", real=True)
    names = {gamma * D: x, gamma * H_Q: y}
    last = Deduction(
        title="Lemma 1, for every $\\gamma > 0$ ($x = \\gamma D$, $y = \\gamma H(Q)$)",
        given=(by(first, names), by(second, names)),
        conclusion=sp.Ge(F, H_PQ - y),
    )
    return term, first, small, second, last


@cache
def source_route() -> tuple[Step, ...]:
    """Return the source's proof for gamma >= 1, and where its first step fails."""
    B = sp.Symbol("B", positive=True)
    x, y = sp.symbols("x y", real=True)
    hoelder = Sign(
        title="The source's second step: no mass exceeds one",
        left=-gamma * q * sp.log(q),
        right=-gamma * p * q * sp.log(q),
        relation=">=",
        domain={p: UNIT_CLOSED_AT_ONE, q: UNIT},
        cover={p: 1 / (1 + over), q: 1 / (1 + s)},
        method=Terms(),
    )
    total = Total(
        title="summed, with $B = \\sum_i p_i q_i(-\\log q_i)$",
        term=hoelder,
        at={p: mass[i], q: model[i]},
        weight=sp.S.One,
        names={mass[i] * model[i] * sp.log(model[i]): -B, model[i] * sp.log(model[i]): -H_Q},
        left=gamma * H_Q,
        right=gamma * B,
        index=i,
    )
    line = bounds()[1]
    names = {gamma * B: x, gamma * H_Q: y}
    last = Deduction(
        title="With Bernoulli's bound (FE-15) this is Lemma 1 for $\\gamma \\ge 1$ "
        "($x = \\gamma B$, $y = \\gamma H(Q)$)",
        given=(by(line, names), by(total, names)),
        conclusion=sp.Symbol(r"{F_\gamma}", positive=True) >= sp.Symbol("H", positive=True) - y,
    )
    failing = Identity(
        title="Below $\\gamma = 1$ Bernoulli's inequality points the other way: at $\\gamma = 1/2$, $q "
        "= 3/4$",
        left=sp.Subs((1 - gamma * q) - (1 - q) ** gamma, (gamma, q), (sp.Rational(1, 2), sp.Rational(3, 4))),
        right=sp.Rational(1, 8),
        note="The weight is smaller than the line by 1/8, so $H - \\gamma B$ is no lower bound there.",
    )
    return (
        recall(bernoulli("large"), "FE-15"),
        recall(line, "FE-15"),
        hoelder,
        total,
        last,
        recall(bernoulli("small"), "FE-15"),
        failing,
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-1."""
    return Derivation(
        (
            *source_route(),
            saving(),
            *(recall(step, "FE-11") for step in mirror_inequality()),
            below_pair(),
            atom(),
            *grouping(),
            *summed(),
            *sharpness(),
        )
    )
