"""FE-14: the focal Bayes risk G, the proper score that belongs to it, and its regret (see also `regret`)."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.convexity import above_tangent
from focalbook.symbolic.finiteness import F as ANY_F
from focalbook.symbolic.finiteness import H as ANY_H
from focalbook.symbolic.finiteness import sandwich
from focalbook.symbolic.focal import UNIT, gamma0, i, lam, loss, mass, model, q, s, slope
from focalbook.symbolic.inverse import inverse_derivation, order_kept
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.logic import Deduction, assume, by, summed
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import SumIdentity, Total
from focalbook.symbolic.optimum import optimality, slope_falls
from focalbook.symbolic.regret import steps

G, G_OTHER = sp.Symbol("{G(P)}", positive=True), sp.Symbol("{G(P')}", positive=True)
H = sp.Symbol("{H(P)}", real=True)
F_SELF = sp.Symbol("{F(P,P)}", real=True)
OTHER = sp.IndexedBase("p'", nonnegative=True)
step = sp.Symbol("delta", nonnegative=True)
FOLD = {
    loss(model[i]): sp.Symbol(r"{\ell(q^\star_i)}"),
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    slope(model[i]): sp.Symbol(r"{\varphi(q^\star_i)}"),
}


@cache
def at_most_entropy() -> Deduction:
    """Return G <= H."""
    return Deduction(
        title="The best model costs no more than $Q = P$: $G(P) \\le F_\\gamma(P,P) \\le H(P)$",
        given=(
            by(sandwich()[0], {ANY_F: F_SELF, ANY_H: H}),
            assume(G <= F_SELF, "G is a minimum over models, and P is one of them"),
        ),
        conclusion=G <= H,
    )


@cache
def falls_with_gamma() -> tuple[Sign, Total, Deduction]:
    """Return that G falls with gamma."""
    now, later = (
        sp.Symbol(r"{F_\gamma(P,Q^\star_\gamma)}"),
        sp.Symbol(r"{F_{\gamma+\delta}(P,Q^\star_\gamma)}"),
    )
    weight = Sign(
        title="A larger exponent means a smaller loss",
        left=loss(q, gamma0),
        right=loss(q, gamma0 + step),
        relation=">=",
        domain={q: UNIT},
        cover={q: s / (1 + s)},
        method=Growth(step, sp.S.Zero),
    )
    total = Total(
        title="for every model, in particular the minimiser at $\\gamma$",
        term=weight,
        at={q: model[i]},
        weight=mass[i],
        names={
            mass[i] * (1 - model[i]) ** gamma0 * sp.log(model[i]): -now,
            mass[i] * (1 - model[i]) ** (gamma0 + step) * sp.log(model[i]): -later,
        },
        left=now,
        right=later,
        index=i,
    )
    g_now, g_later = sp.Symbol(r"{G_\gamma(P)}", real=True), sp.Symbol(r"{G_{\gamma+\delta}(P)}", real=True)
    a, b = sp.symbols("a b", real=True)
    fall = Deduction(
        title="so $G$ falls with $\\gamma$",
        given=(
            by(total, {now: a, later: b}),
            assume(sp.Eq(a, g_now), "the minimum at gamma is attained by its minimiser"),
            assume(g_later <= b, "the minimum at the larger exponent is at most the value of that model"),
        ),
        conclusion=g_later <= g_now,
    )
    return weight, total, fall


@cache
def concave() -> tuple[SumIdentity, Sign]:
    """Return that G is strictly concave."""
    theta, r = sp.Symbol("theta", positive=True), sp.Symbol("r", positive=True)
    over, more = sp.Symbol("a", positive=True), sp.Symbol("b", nonnegative=True)
    one, two = sp.Symbol("{F(P,Q)}", positive=True), sp.Symbol("{F(P',Q)}", positive=True)
    linear = SumIdentity(
        title="For a fixed model, $F$ is linear in the truth",
        summand=(theta * mass[i] + (1 - theta) * OTHER[i]) * loss(model[i]),
        names={mass[i] * loss(model[i]): one, OTHER[i] * loss(model[i]): two},
        value=theta * one + (1 - theta) * two,
        index=i,
        fold={loss(model[i]): sp.Symbol(r"{\ell(q_i)}")},
    )
    strict = Sign(
        title="Take for $Q$ the minimiser of the mixture: the left side is $G$ of the mixture, so $G$ is "
        "concave; "
        "strictly, because one model cannot be the minimiser of both",
        left=theta * one + (1 - theta) * two,
        right=theta * G + (1 - theta) * G_OTHER,
        domain={one: sp.Interval.open(G, sp.oo), two: sp.Interval(G_OTHER, sp.oo), theta: UNIT},
        cover={one: G + over, two: G_OTHER + more, theta: 1 / (1 + r)},
        method=Terms(),
        note="$F(P,Q) > G(P)$ or $F(P',Q) > G(P')$; the proof is the same with the roles exchanged.",
    )
    return linear, strict


@cache
def one_truth() -> tuple[Identity, SumIdentity]:
    """Return that two truths with one minimiser are equal."""
    mu, mine = sp.Symbol("mu", positive=True), sp.Symbol("p", positive=True)
    ratio = Identity(
        title="If $P$ and $P'$ have the same minimiser, their masses have one ratio",
        left=mine / (mu / slope(q)),
        right=lam / mu,
        condition=(mine, lam / slope(q)),
        fold=FOLD,
    )
    unit = SumIdentity(
        title="and as both sum to one, it is one: $\\lambda = \\mu$ and $P = P'$",
        summand=lam / mu * OTHER[i],
        names={OTHER[i]: sp.S.One},
        value=lam / mu,
        index=i,
    )
    return ratio, unit


@cache
def uniform() -> tuple[Identity, SumIdentity, Deduction]:
    """Return that G is largest at the uniform distribution, where it is (1-1/n)^gamma log n."""
    n = sp.Symbol("n", integer=True, positive=True)
    value, cost = sp.Symbol(r"{\ell(1/n)}", real=True), sp.Symbol("{F(P,U)}", real=True)
    closed = Identity(
        title="Equal masses have equal model probabilities (FE-7), so $G$ of n equal masses is",
        left=loss(1 / n, gamma0),
        right=(1 - 1 / n) ** gamma0 * sp.log(n),
    )
    total = SumIdentity(
        title="The uniform model costs the same under every truth",
        summand=mass[i] * loss(1 / n, gamma0),
        names={mass[i]: sp.S.One},
        value=loss(1 / n, gamma0),
        index=i,
        fold={loss(1 / n, gamma0): value},
    )
    largest = Deduction(
        title="so no truth on n atoms has a larger $G$",
        given=(
            summed(total, sp.Eq(cost, value), "the cost of the uniform model"),
            assume(cost >= G, "G is a minimum over models"),
        ),
        conclusion=value >= G,
    )
    return closed, total, largest


@cache
def proper() -> tuple[Step, ...]:
    """Return that l(q*) is a supergradient of G, and its derivative along every path."""
    at_other, change = sp.Symbol(r"{F(P',Q^\star)}", real=True), sp.Symbol("D", real=True)
    split = SumIdentity(
        title="The score $s(P, y) = \\ell(q^\\star_y)$ has the mean $F_\\gamma(P', Q^\\star(P))$ under $P'$",
        summand=(OTHER[i] - mass[i]) * loss(model[i]),
        names={mass[i] * loss(model[i]): G, OTHER[i] * loss(model[i]): at_other},
        value=at_other - G,
        index=i,
        fold=FOLD,
    )
    tangent = Deduction(
        title="so $G$ lies below its tangent plane at $P$, which has the slopes $\\ell(q^\\star_i)$; by "
        "uniqueness "
        "(FE-5) and $P = P'$ above it touches at $P$ alone: the score is strictly proper",
        given=(
            summed(split, sp.Eq(change, at_other - G), "D is the sum of (p' - p) times the scores"),
            assume(at_other >= G_OTHER, "G is a minimum over models"),
        ),
        conclusion=G + change >= G_OTHER,
    )
    t = sp.Symbol("t", real=True)
    mine, best = sp.Function("p", positive=True)(t), sp.Function("q", positive=True)(t)
    path = Identity(
        title="Along a path of truths the change of one term",
        left=sp.Derivative(mine * loss(best), t),
        right=sp.Derivative(mine, t) * loss(best) - mine * slope(best) * sp.Derivative(best, t),
        fold={loss(best): sp.Symbol(r"{\ell(q)}"), slope(best): sp.Symbol(r"{\varphi(q)}")},
        note="q is a smooth function of P by the implicit function theorem, because $\\varphi' < 0$.",
    )
    moves = sp.IndexedBase(r"\dot{q}", real=True)
    still = SumIdentity(
        title="has a second part that sums to zero: $p_i \\varphi(q_i) = \\lambda$, and the $q_i$ keep "
        "their sum. The "
        "gradient of $G$ is $\\ell(q^\\star_i)$",
        summand=lam * moves[i],
        names={moves[i]: sp.S.Zero},
        value=sp.S.Zero,
        index=i,
    )
    return split, tangent, recall(slope_falls(), "FE-5"), path, still


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-14."""
    return Derivation(
        (
            recall(sandwich()[0], "FE-1"),
            at_most_entropy(),
            *falls_with_gamma(),
            *one_truth(),
            *concave(),
            recall(order_kept(), "FE-7"),
            *uniform(),
            recall(optimality()[2], "FE-5"),
            *(recall(one, "FE-2") for one in above_tangent()),
            recall(inverse_derivation()[3], "FE-6"),
            *proper(),
            *steps(),
        )
    )
