"""FE-18: when the minimiser raises the top probability and when it lowers it."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import gain, i, lam, mass, p, q
from focalbook.symbolic.gain import crossing, profile
from focalbook.symbolic.inverse import ratio
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, Premise, assume, by, summed
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import Total
from focalbook.symbolic.suppression import CROSS, HALF, crossing_at, two_classes
from focalbook.symbolic.threshold import PEAK, X, raised, raised_at

TOP, TOP_MODEL = sp.Symbol(r"{p_{\max}}", positive=True), sp.Symbol(r"{q_{\max}}", positive=True)
GAIN_AT, GAIN_TOP = sp.Symbol("{h(p)}", real=True), sp.Symbol(r"{h(p_{\max})}", real=True)
REST, Y = sp.symbols("r y", real=True)


def _compared(fact: int) -> Premise:
    """Take one monotone piece of the gain at p and p_max."""
    return by(profile(), {gain(p): GAIN_AT, gain(TOP): GAIN_TOP}, at={X: p, Y: TOP}, fact=fact)


def _below_top() -> tuple[Premise, Premise]:
    """Say that p_max is the largest mass and that h is a function."""
    return (
        assume(p <= TOP, "the top class has the largest mass"),
        assume(sp.Implies(sp.Eq(p, TOP), sp.Eq(GAIN_AT, GAIN_TOP)), "equal masses have equal gains"),
    )


def _balance(single: Deduction, condition: sp.Basic, sign: int) -> Deduction:
    """Sum a statement about every atom: all differences have one sign and cancel, so all masses are equal."""
    away = sp.Implies(condition, sign * REST >= 0)
    return Deduction(
        title="but both sum to one: no difference is left, every mass is $p_{\\max}$, and P is uniform",
        given=(
            by(single, {}),
            summed(single, away, "the other atoms: r is the sum of their differences, all of one sign"),
            assume(sp.Eq(q - p + REST, 0), "both P and the model sum to one"),
        ),
        conclusion=sp.Implies(condition, sp.Eq(p, TOP)),
    )


@cache
def never() -> tuple[Deduction, Deduction]:
    """Return that p_max >= p0, or lambda <= 1, keeps the top from being raised, unless P is uniform."""
    condition = sp.And(sp.Or(TOP >= CROSS, lam <= 1), lam <= GAIN_TOP)
    single = Deduction(
        title="Suppose $p_{\\max} \\ge p_0$ or $\\lambda \\le 1$, and the top is not lowered, "
        "$h(p_{\\max}) \\ge \\lambda$: then nothing is lowered",
        note="Below $p_0$ the gain exceeds 1, and from $p_0$ on it falls, so that $h(p) \\ge h(p_{\\max})$.",
        given=(
            raised_at(p, q, GAIN_AT),
            crossing_at(p, GAIN_AT),
            crossing_at(TOP, GAIN_TOP),
            _compared(1),
            *_below_top(),
        ),
        conclusion=sp.Implies(condition, sp.And(q >= p, sp.Implies(sp.Eq(q, p), sp.Eq(p, TOP)))),
    )
    return single, _balance(single, condition, 1)


@cache
def always() -> tuple[Deduction, Deduction]:
    """Return that p_max <= p* raises the top, unless P is uniform."""
    condition = sp.And(TOP <= PEAK, lam >= GAIN_TOP)
    single = Deduction(
        title="Suppose $p_{\\max} \\le p^*$ and the top is not raised, $h(p_{\\max}) \\le \\lambda$: then "
        "nothing is raised",
        note="Up to $p^*$ the gain rises: no mass has a larger gain than the top.",
        given=(raised_at(p, q, GAIN_AT), _compared(0), *_below_top()),
        conclusion=sp.Implies(condition, sp.And(q <= p, sp.Implies(sp.Eq(q, p), sp.Eq(p, TOP)))),
    )
    return single, _balance(single, condition, -1)


@cache
def pair() -> Deduction:
    """Return that with two classes of different mass the top is lowered."""
    _, uniform = never()
    other = sp.Symbol("{p}", real=True)
    return Deduction(
        title="Two classes of different mass: $p_{\\max} > 1/2 > p_0$, so the top is lowered",
        given=(
            raised_at(TOP, TOP_MODEL, GAIN_TOP),
            Premise(uniform.facts()[0].subs(p, other), uniform.title, uniform),
            by(two_classes()[2], {}),
            assume(sp.And(TOP > HALF, other < TOP, sp.Eq(other + TOP, 1)), "two classes of different mass"),
        ),
        conclusion=TOP_MODEL < TOP,
    )


@cache
def two_levels() -> tuple[Deduction, Sign, Limit, Deduction]:
    """Return that heads over a tail are raised exactly when their gain is larger, and the examples."""
    fineness = sp.Symbol("t", positive=True)
    head, low, head_model, low_model = (sp.Symbol(name, positive=True) for name in ("a", "b", "q_a", "q_b"))
    up, down = sp.symbols("{h(a)} {h(b)}", real=True)
    change, rest = sp.symbols("A B", real=True)
    trade = Deduction(
        title="Heads of mass a and a tail of masses b: the heads are raised exactly when $h(a) > h(b)$",
        note="What one group wins, the other loses: A and B are their total changes.",
        given=(
            raised_at(head, head_model, up),
            raised_at(low, low_model, down),
            assume(
                sp.And(
                    sp.Equivalent(change > 0, head_model > head),
                    sp.Equivalent(change < 0, head_model < head),
                    sp.Equivalent(rest > 0, low_model > low),
                    sp.Equivalent(rest < 0, low_model < low),
                    sp.Eq(change + rest, 0),
                ),
                "equal masses have equal model probabilities; both sum to one",
            ),
        ),
        conclusion=sp.And(
            sp.Equivalent(head_model > head, up > down), sp.Equivalent(head_model < head, up < down)
        ),
    )
    tenth, thousandth = sp.Rational(1, 10), sp.Rational(1, 1000)
    example = Sign(
        title="Seven of mass 0.1 and three hundred of mass 0.001, at $\\gamma = 1$: the heads are raised",
        left=gain(tenth, sp.S.One),
        right=gain(thousandth, sp.S.One),
        method=Terms(),
    )
    fine = Limit(
        title="The gain of a tail of n equal atoms, $\\log n = t$, tends to 1 as it gets finer",
        expr=gain((1 - TOP) * sp.exp(-fineness)),
        variable=fineness,
        point=sp.oo,
        value=sp.S.One,
        note="In the same limit the bound on the odds below becomes an equality.",
    )
    near = sp.Symbol("{h(b)}", real=True)
    best = Deduction(
        title="So every $p_{\\max} < p_0$ is raised above a fine enough tail: $p_0$ cannot be improved",
        given=(
            by(trade, {up: GAIN_TOP, head: TOP, head_model: TOP_MODEL}),
            crossing_at(TOP, GAIN_TOP),
            Premise(
                sp.Implies(GAIN_TOP > 1, near < GAIN_TOP),
                "the gain of the tail comes as close to 1 as needed",
                fine,
            ),
            assume(TOP < CROSS, "the supposition"),
        ),
        conclusion=TOP_MODEL > TOP,
    )
    return trade, example, fine, best


@cache
def bound() -> tuple[Step, ...]:
    """Return that a raised top has odds(q) <= h(q) odds(p), and hence q/p < max h."""
    more, above = sp.symbols("a b", positive=True)
    value, each = sp.Symbol("{h(q)}", positive=True), sp.Symbol("eta", positive=True)
    gains = sp.IndexedBase("h", positive=True)
    own = Sign(
        title="If the top is raised, then $\\lambda > 1$, and $h(q) = \\lambda q / p$ exceeds 1",
        left=lam * q / p,
        right=sp.S.One,
        domain={lam: sp.Interval.open(1, sp.oo), q: sp.Interval.open(p, sp.oo)},
        cover={lam: 1 + above, q: p + more},
        method=Terms(),
    )
    other = sp.Symbol("{q_j}", positive=True)
    gain_q, gain_other = sp.symbols("{h(q)} {h(q_j)}", real=True)
    rest = Deduction(
        title="so $q < p_0$, every other $q_j \\le q$ is below $p_0$ too, and $h(q_j) > 1$",
        given=(
            crossing_at(q, gain_q),
            crossing_at(other, gain_other),
            by(own, {lam * q / p: gain_q}),
            assume(other <= q, "the top class also has the largest model probability (FE-7)"),
        ),
        conclusion=gain_other > 1,
    )
    term = Sign(
        title="A gain of at least 1",
        left=each,
        right=sp.S.One,
        relation=">=",
        domain={each: sp.Interval(1, sp.oo)},
        cover={each: 1 + sp.Symbol("a", nonnegative=True)},
        method=Terms(),
    )
    total = Total(
        title="$\\lambda q_j = p_j h(q_j)$ summed over the other classes",
        term=term,
        at={each: gains[i]},
        weight=mass[i],
        names={mass[i] * gains[i]: lam * (1 - q), mass[i]: 1 - p},
        left=lam * (1 - q),
        right=1 - p,
        index=i,
        also=(rest,),
    )
    odds = Identity(
        title="This is a bound on the odds: the odds of q are at most $h(q)$ times those of p",
        left=lam * (1 - q) / (1 - p),
        right=value * (p / (1 - p)) / (q / (1 - q)),
        condition=(lam, p * value / q),
    )
    return own, rest, term, total, odds


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-18."""
    return Derivation(
        (
            recall(raised(), "FE-9"),
            recall(profile(), "FE-8"),
            recall(crossing(), "FE-8"),
            *never(),
            *always(),
            recall(two_classes()[2], "FE-10"),
            pair(),
            *two_levels(),
            recall(ratio(), "FE-7"),
            *bound(),
        )
    )
