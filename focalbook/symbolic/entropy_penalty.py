"""GC-2: what minimising cross-entropy minus gamma times entropy does, against what focal loss does."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.divergence import log_below_line
from focalbook.symbolic.focal import gain, gamma, i, lam, model, p, q, x
from focalbook.symbolic.inverse import ratio
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.families import CommonLevel
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Bowl, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.shape import Bijection
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import SumIdentity, Total
from focalbook.symbolic.threshold import level_sets

truth = sp.IndexedBase("p", positive=True)
other = sp.IndexedBase("x", positive=True)
p0 = sp.Symbol("p", nonnegative=True)
H = sp.Symbol("H", real=True)
COST = -p0 * sp.log(q) + gamma * q * sp.log(q)
CROSS, H_Q, H_P = (sp.Symbol(name, real=True) for name in ("{H(P,Q)}", "{H(Q)}", "{H(P)}"))
CROSS_X, H_X = (sp.Symbol(name, real=True) for name in ("{H(P,X)}", "{H(X)}"))


@cache
def optimum() -> tuple[Step, ...]:
    """Return that the solution of the equations is the minimiser."""
    slope = sp.diff(COST, q)
    line = COST + slope * (x - q)
    tangent = Sign(
        title="The cost of a class is convex: it lies above its tangents, whatever $p \\ge 0$",
        left=COST.subs(q, x),
        right=line,
        relation=">=",
        method=Bowl(x, q, bend=Terms()),
    )
    level = Identity(
        title="Where $p = q(1 + \\gamma(\\log q + H))$ the slope is the same for every class",
        left=slope,
        right=gamma - 1 - gamma * H,
        condition=(p0, q * (1 + gamma * (sp.log(q) + H))),
    )
    masses = sp.IndexedBase("p", nonnegative=True)
    total = Total(
        title="Summed over all classes, also those that never occur: no other $X$ has a smaller $H(P,X) "
        "- \\gamma "
        "H(X)$; as the cost is strictly convex, the minimiser is unique",
        term=tangent,
        at={x: other[i], q: model[i], p0: masses[i]},
        weight=sp.S.One,
        given={masses[i] / model[i]: 1 + gamma * sp.log(model[i]) + gamma * H},
        names={
            masses[i] * sp.log(other[i]): -CROSS_X,
            masses[i] * sp.log(model[i]): -CROSS,
            other[i] * sp.log(other[i]): -H_X,
            model[i] * sp.log(model[i]): -H_Q,
            other[i]: sp.S.One,
            model[i]: sp.S.One,
        },
        left=CROSS_X - gamma * H_X,
        right=CROSS - gamma * H_Q,
        index=i,
    )
    budget = SumIdentity(
        title="Summing $p = q(1 + \\gamma(\\log q + H))$ over the classes gives one on both sides "
        "exactly when $H$ "
        "is the entropy of $Q$",
        summand=model[i] * (1 + gamma * (sp.log(model[i]) + H)),
        names={model[i] * sp.log(model[i]): -H_Q, model[i]: sp.S.One},
        value=1 + gamma * (H - H_Q),
        index=i,
    )
    return tangent, level, total, budget


@cache
def existence() -> tuple[Step, ...]:
    """Return that the equations have a solution on finitely many classes."""
    slopes = []
    for top, words in ((p, "that occurs"), (sp.S.Zero, "that never occurs")):
        expr = top / q - gamma * sp.log(q)
        slopes.append(
            Bijection(
                title=f"A class {words}: every level belongs to one $q$",
                expr=expr,
                variable=q,
                monotone=Sign(title="it falls", left=-sp.diff(expr, q), method=Terms()),
                left=Limit(title="from infinity", expr=expr, variable=q, point=sp.S.Zero, value=sp.oo),
                right=Limit(title="to minus infinity", expr=expr, variable=q, point=sp.oo, value=-sp.oo),
            )
        )
    common = CommonLevel(
        title="So with finitely many classes the minimiser exists, and all its masses are positive: $p/q - "
        "\\gamma \\log q = \\mu$, where $\\mu = 1 + \\gamma H(Q)$",
        slopes=tuple(slopes),
        level=sp.Symbol("mu", real=True),
    )
    return (*slopes, common)


@cache
def gibbs() -> tuple[Step, Total]:
    """Return H(P,Q) >= H(P)."""
    spent, v = sp.Symbol("X", positive=True), sp.Symbol("v", positive=True)
    point = log_below_line()
    ratio_ = model[i] / truth[i]
    total = Total(
        title="Gibbs: $H(P,Q) - H(P) \\ge 1 - X$, where $X \\le 1$ is the mass of $Q$ on the support of $P$",
        term=Sign(
            title="$v - 1 \\ge \\log v$ at $v = q/p$, in parts",
            left=x / p - 1,
            right=sp.log(x) - sp.log(p),
            relation=">=",
            method=Combine(products=((x / p - 1 - sp.log(x / p),),), uses=((point, {v: x / p}),)),
        ),
        at={x: model[i], p: truth[i]},
        weight=truth[i],
        names={
            model[i]: spent,
            truth[i]: sp.S.One,
            truth[i] * sp.log(model[i]): -CROSS,
            truth[i] * sp.log(truth[i]): -H_P,
        },
        left=spent - 1,
        right=H_P - CROSS,
        index=i,
        note=f"$v_i = {sp.latex(ratio_)}$",
    )
    return point, total


@cache
def always_flatter() -> Deduction:
    """Return H(Q^J) >= H(P) for the minimiser of the penalised cross-entropy."""
    spent = sp.Symbol("X", positive=True)
    mass_on, a, b = sp.symbols("X a b", real=True)
    return Deduction(
        title="The minimiser of $H(P,Q) - \\gamma H(Q)$ has at least the entropy of $P$ "
        "($a = \\gamma H(Q)$, $b = \\gamma H(P)$)",
        given=(
            by(gibbs()[1], {spent: mass_on}),
            assume(mass_on <= 1, "Q is a distribution"),
            assume(CROSS - a <= H_P - b, "Q is the minimiser, and P is one of the models"),
        ),
        conclusion=a >= b,
    )


@cache
def focal_below_one() -> tuple[Step, ...]:
    """Return H(Q*) >= H(P) where the multiplier of the focal-entropy is at most one."""
    tau, eta = sp.Symbol("tau", positive=True), sp.Symbol("eta", positive=True)
    above, below = sp.Symbol("a", positive=True), sp.Symbol("b", positive=True)
    mass_of = lam * q / eta
    left = (mass_of - q) * (sp.log(q) - sp.log(tau))
    lowered = Sign(
        title="A class with $q > \\tau$ has $h(q) < \\lambda$, is lowered, and counts positive",
        left=left,
        domain={eta: sp.Interval.open(0, lam), q: sp.Interval.open(tau, sp.oo)},
        cover={eta: lam / (1 + above), q: tau + below},
        method=Combine(products=((mass_of - q, sp.log(q / tau)),), uses=()),
    )
    raised = Sign(
        title="and so does one with $q < \\tau$, which is raised",
        left=left,
        domain={eta: sp.Interval.open(lam, sp.oo), q: sp.Interval.open(0, tau)},
        cover={eta: lam + above, q: tau / (1 + below)},
        method=Combine(products=((q - mass_of, sp.log(tau / q)),), uses=()),
    )
    total = Total(
        title="Summed, with $p = \\lambda q / h(q)$ (FE-7): the constant $\\log \\tau$ drops out",
        term=lowered,
        at={q: model[i], eta: lam * model[i] / truth[i]},
        weight=sp.S.One,
        names={
            truth[i] * sp.log(model[i]): -CROSS,
            model[i] * sp.log(model[i]): -H_Q,
            truth[i]: sp.S.One,
            model[i]: sp.S.One,
        },
        left=H_Q - CROSS,
        right=sp.S.Zero,
        index=i,
        also=(raised,),
        note="A class with $q = \\tau$ has $p = q$ and adds nothing.",
    )
    spent, mass_on = sp.Symbol("X", positive=True), sp.Symbol("X", real=True)
    flatter = Deduction(
        title="So $H(Q^\\star) \\ge H(P,Q^\\star) \\ge H(P)$ wherever $\\lambda \\le 1$",
        given=(
            by(total, {}),
            by(gibbs()[1], {spent: mass_on}),
            assume(mass_on <= 1, "Q is a distribution"),
        ),
        conclusion=H_Q >= H_P,
    )
    return recall(level_sets()[0], "FE-9"), recall(ratio(), "FE-7"), lowered, raised, total, flatter


@cache
def falling_example() -> tuple[Step, ...]:
    """Return that for lambda > 1 the entropy can fall, by as much as one likes."""
    n, tail, size, power = (sp.Symbol(name, positive=True) for name in ("n", "T", "u", "lambda"))
    fine = Limit(
        title="Where $\\lambda > 1$ it may fall. Split a tail of model mass $T$ into $m$ equal classes "
        "of size $u = "
        "T/m$: its true mass is $\\lambda T/h(u)$",
        expr=power * tail / gain(size),
        variable=size,
        point=sp.S.Zero,
        value=power * tail,
    )
    left, extra = sp.log(n) * (power * tail - tail), sp.Symbol("a", positive=True)
    gap = Sign(
        title="so for every factor $n$ by which the tail is split further, the entropy of the tail grows by "
        "$\\lambda T \\log n$ under $P$ and by only $T \\log n$ under $Q^\\star$",
        left=left,
        domain={power: sp.Interval.open(1, sp.oo), n: sp.Interval.open(1, sp.oo)},
        cover={power: 1 + extra, n: 1 + sp.Symbol("b", positive=True)},
        method=Terms(),
        note="The heads add an amount that stays bounded: $H(P) - H(Q^\\star)$ grows without bound.",
    )
    return fine, gap


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-2."""
    return Derivation(
        (
            *optimum(),
            *existence(),
            *gibbs(),
            always_flatter(),
            *focal_below_one(),
            *falling_example(),
        )
    )
