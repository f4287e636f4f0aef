"""FE-6 and FE-7: the minimiser determines its distribution, keeps the order and has known ratios."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, i, lam, mass, model, p, q, s, slope, x
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.shape import Bijection
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, recall
from focalbook.symbolic.kernel.sums import SumIdentity
from focalbook.symbolic.optimum import multiplier, slope_bijection, slope_falls

Z = sp.Symbol("Z", positive=True)
SUM_OF_INVERSES = sp.Symbol(r"{\sum_j 1/\varphi(q_j)}", positive=True)
FOLD = {
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    slope(x): sp.Symbol(r"{\varphi(x)}"),
    gain(q): sp.Symbol("{h(q)}"),
    gain(x): sp.Symbol("{h(x)}"),
    slope(model[i]): sp.Symbol(r"{\varphi(q_i)}"),
    gain(model[i]): sp.Symbol("{h(q_i)}"),
    Z: SUM_OF_INVERSES,
}


@cache
def slope_positive() -> Sign:
    """Return phi > 0 on (0, 1)."""
    return Sign(
        title="$\\varphi$ is positive",
        left=slope(q),
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Terms(),
        fold=FOLD,
    )


@cache
def inverse_derivation() -> Derivation:
    """Return the derivation of FE-6."""
    weights = SumIdentity(
        title="Solve $p_i \\varphi(q_i) = \\lambda$ for $p_i$ and sum: the masses sum to one, so $\\lambda "
        "= 1 / \\sum_j 1/\\varphi(q_j)$",
        summand=lam / slope(model[i]),
        names={1 / slope(model[i]): Z},
        value=lam * Z,
        index=i,
        fold=FOLD,
    )
    closed = Identity(
        title="Hence the inverse in closed form",
        left=lam / slope(q),
        right=(1 / slope(q)) / Z,
        condition=(lam, 1 / Z),
        fold=FOLD,
    )
    back = Identity(
        title="Conversely every Q with $0 < q_i < 1$ and sum one is the minimiser of the P so defined, by "
        "FE-5: "
        "its equations hold, with one constant for all atoms",
        left=sp.Mul(1 / slope(q) / Z, slope(q), evaluate=False),
        right=1 / Z,
        fold=FOLD,
    )
    same_map = Identity(
        title="In terms of the gain: the map of Charoenphakdee and others (2021)",
        left=1 / slope(q),
        middle=(q / gain(q),),
        right=q / ((1 - q) ** gamma - gamma * (1 - q) ** (gamma - 1) * q * sp.log(q)),
        fold={slope(q): FOLD[slope(q)]},
    )
    order = Sign(
        title="$1/\\varphi$ increases: the inverse keeps the order and the top class",
        left=sp.diff(1 / slope(q), q),
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Combine(
            products=((-sp.diff(slope(q), q), 1 / slope(q), 1 / slope(q)),),
            uses=((slope_falls(), {q: q}),),
        ),
        fold={sp.diff(slope(q), q): sp.Symbol(r"{\varphi'(q)}")} | FOLD,
    )
    return Derivation(
        (
            recall(multiplier(), "FE-5"),
            slope_positive(),
            weights,
            closed,
            back,
            same_map,
            recall(slope_falls(), "FE-5"),
            order,
        )
    )


@cache
def order_kept() -> Deduction:
    """Return that q_i > q_j exactly when p_i > p_j."""
    demand = lam / p
    falling = Bijection(
        title="$\\lambda / p$ falls with p",
        expr=demand,
        variable=p,
        monotone=Sign(title="its derivative is negative", left=-sp.diff(demand, p), method=Terms()),
        left=Limit(title="from infinity", expr=demand, variable=p, point=sp.S.Zero, value=sp.oo),
        right=Limit(title="to zero", expr=demand, variable=p, point=sp.oo, value=sp.S.Zero),
    )
    pi, pj, qi, qj = sp.symbols("p_i p_j q_i q_j", real=True)
    a, b, c, d = sp.symbols("a b c d", real=True)
    xs, ys = sp.symbols("x y", real=True)
    demands = {demand.subs(p, pi): a, demand.subs(p, pj): b}
    slopes = {slope(qi): c, slope(qj): d}
    return Deduction(
        title="Larger mass, larger model probability, and equal masses equal ones",
        note="$\\varphi(q_i) = \\lambda / p_i$, where $\\lambda/p$ falls with p and $\\varphi$ falls with q.",
        given=(
            by(falling, demands, at={xs: pi, ys: pj}),
            by(slope_bijection(), slopes, at={xs: qi, ys: qj}),
            assume(sp.And(sp.Eq(a, c), sp.Eq(b, d)), "the equations of FE-5 for the atoms i and j"),
        ),
        conclusion=sp.And(sp.Equivalent(pj < pi, qj < qi), sp.Equivalent(sp.Eq(pi, pj), sp.Eq(qi, qj))),
    )


@cache
def ratio() -> Identity:
    """Return q_i = h(q_i) p_i / lambda."""
    return Identity(
        title="A model probability is its mass times gain over $\\lambda$",
        left=q,
        right=gain(q) * p / lam,
        condition=(lam, p * slope(q)),
        fold=FOLD,
    )


@cache
def order_derivation() -> Derivation:
    """Return the derivation of FE-7."""
    y, pp = sp.Symbol("y", positive=True), sp.Symbol("p'", positive=True)
    qs, qq = sp.Symbol("q", positive=True), sp.Symbol("q'", positive=True)
    fold = {
        gain(qq): sp.Symbol("{h(q')}"),
        gain(qs): sp.Symbol("{h(q)}"),
        slope(qs): FOLD[slope(q)],
        slope(qq): sp.Symbol(r"{\varphi(q')}"),
    }
    ratios = Identity(
        title="So the ratio of two of them is the ratio of the masses times that of the gains",
        left=qs / qq,
        right=p / pp * gain(qs) / gain(qq),
        condition=(p, pp * slope(qq) / slope(qs)),
        fold=fold,
    )
    harmonic = SumIdentity(
        title="$p_i = \\lambda q_i / h(q_i)$ and the masses sum to one: $1/\\lambda$ is the mean of "
        "$1/h(q_i)$ under $Q^\\star$",
        summand=lam * model[i] / gain(model[i]),
        names={model[i] / gain(model[i]): y},
        value=lam * y,
        index=i,
        fold=FOLD | {y: sp.Symbol(r"{\mathbb{E}_{Q^\star}[1/h]}")},
    )
    mean = SumIdentity(
        title="$\\lambda q_i = p_i h(q_i)$ and the $q_i$ sum to one: $\\lambda$ is the mean of $h(q_i)$ "
        "under P",
        summand=mass[i] * gain(model[i]),
        names={mass[i] * gain(model[i]): y},
        value=y,
        index=i,
        fold=FOLD | {y: sp.Symbol(r"{\mathbb{E}_P[h(q_i)]}")},
    )
    return Derivation((recall(slope_bijection(), "FE-5"), order_kept(), ratio(), ratios, mean, harmonic))
