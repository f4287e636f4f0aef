"""FE-5: the focal-entropy has exactly one minimiser; it solves p_i phi(q_i) = lambda."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.convexity import above_tangent, convex_loss
from focalbook.symbolic.focal import (
    UNIT,
    UNIT_CLOSED_AT_ONE,
    gain,
    gamma,
    gamma0,
    i,
    lam,
    loss,
    mass,
    model,
    p,
    q,
    s,
    slope,
    t,
    u,
    x,
)
from focalbook.symbolic.gain import profile
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, by
from focalbook.symbolic.kernel.methods import Bowl, Terms
from focalbook.symbolic.kernel.reuse import Known
from focalbook.symbolic.kernel.shape import Bijection, BudgetRoot
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, recall
from focalbook.symbolic.kernel.sums import Total

PHI = {slope(q): sp.Symbol(r"{\varphi(q)}"), slope(p): sp.Symbol(r"{\varphi(p)}")}

GAIN = {gain(q): sp.Symbol("{h(q)}")}
TOTAL_X = sp.Symbol("X", positive=True)
F_X, F_STAR = (
    sp.Symbol(r"{F_\gamma(P, X)}", nonnegative=True),
    sp.Symbol(r"{F_\gamma(P, Q^\star)}", nonnegative=True),
)


@cache
def slope_falls() -> Sign:
    """Return -phi' > 0 on (0, 1)."""
    return Sign(
        title="$\\varphi = -\\ell'$ falls, because $\\ell$ is strictly convex (FE-2)",
        left=-sp.diff(slope(q), q),
        fold={sp.diff(slope(q), q): sp.Symbol(r"{\varphi'(q)}")},
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Known(convex_loss(), {gamma0: gamma, q: q}),
    )


@cache
def slope_bijection() -> Bijection:
    """Return that phi maps (0, 1) onto (0, oo), decreasing."""
    return Bijection(
        title="So $\\varphi$ is a decreasing bijection of $(0, 1)$ onto $(0, \\infty)$",
        expr=slope(q),
        variable=q,
        monotone=slope_falls(),
        left=Limit(
            title="$\\varphi(0^+) = \\infty$", expr=slope(q), variable=q, point=sp.S.Zero, value=sp.oo
        ),
        right=Limit(
            title="$\\varphi(1^-) = 0$",
            expr=slope(q),
            variable=q,
            point=sp.S.One,
            direction="-",
            value=sp.S.Zero,
            distance=u,
            factors=(u**gamma, 1 / (1 - u) - gamma * sp.log(1 - u) / u),
        ),
        fold=PHI,
    )


@cache
def multiplier() -> BudgetRoot:
    """Return that exactly one lambda makes the solutions of p_i phi(q_i) = lambda sum to one."""
    return BudgetRoot(
        title="Exactly one $\\lambda > 0$ makes the $q_i(\\lambda) = \\varphi^{-1}(\\lambda / p_i)$ sum to "
        "one",
        note="Each $q_i(\\lambda)$ falls from 1 to 0 and is at most $\\max h \\cdot p_i / \\lambda$: the "
        "sum is continuous "
        "and falls from at least 2 (two atoms or more) to 0. A single atom has $q = 1$ and $\\lambda = 0$.",
        slope=slope_bijection(),
        product=Identity(title="$q\\,\\varphi(q) = h(q)$", left=q * slope(q), right=gain(q), fold=PHI | GAIN),
        bounded=profile(),
        multiplier=lam,
    )


@cache
def tangent() -> Sign:
    """Return l(x) >= l(q) - phi(q)(x - q), for all x and q in (0, 1)."""
    return Sign(
        title="The loss lies above its tangent",
        left=loss(x),
        right=loss(q) - slope(q) * (x - q),
        relation=">=",
        domain={x: UNIT, q: UNIT},
        cover={x: 1 / (1 + t), q: 1 / (1 + s)},
        method=Bowl(x, q, bend=Known(convex_loss(), {gamma0: gamma, q: x})),
        fold=PHI | {loss(x): sp.Symbol(r"{\ell(x)}"), loss(q): sp.Symbol(r"{\ell(q)}")},
    )


@cache
def optimality() -> tuple[Total, Sign, Deduction]:
    """Return that the solution of the equations beats every other model."""
    other = sp.IndexedBase("x", positive=True)
    spared = lam * (1 - TOTAL_X)
    total = Total(
        title="Weigh with $p_i$, use $p_i \\varphi(q_i) = \\lambda$, and sum over the support: "
        "$X \\le 1$ is the mass another model puts there",
        term=tangent(),
        at={x: other[i], q: model[i]},
        weight=mass[i],
        given={slope(model[i]): lam / mass[i]},
        names={
            mass[i] * loss(other[i]): F_X,
            mass[i] * loss(model[i]): F_STAR,
            other[i]: TOTAL_X,
            model[i]: sp.S.One,
        },
        left=F_X,
        right=F_STAR - lam * (TOTAL_X - 1),
        index=i,
    )
    slack = Sign(
        title="The mass that the other model spends off the support of P does not help it",
        left=spared,
        relation=">=",
        domain={TOTAL_X: UNIT_CLOSED_AT_ONE},
        cover={TOTAL_X: 1 / (1 + sp.Symbol("a", nonnegative=True))},
        method=Terms(),
    )
    name = {lam * (TOTAL_X - 1): -sp.Symbol("w", real=True), lam * (1 - TOTAL_X): sp.Symbol("w", real=True)}
    best = Deduction(
        title="So $Q^\\star$ is a minimiser; by strict convexity (FE-2) it is the only one, and its support "
        "is that of P",
        given=(by(total, name), by(slack, name)),
        conclusion=F_X >= F_STAR,
    )
    return total, slack, best


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-5."""
    bijection, root = slope_bijection(), multiplier()
    return Derivation(
        (
            recall(convex_loss(), "FE-2"),
            *bijection.premises(),
            bijection,
            root.product,
            recall(profile(), "FE-8"),
            root,
            tangent(),
            *optimality(),
            *(recall(step, "FE-2") for step in above_tangent()),
            Identity(
                title="At $\\gamma = 0$ the equations read $p_i / q_i = \\lambda$: the minimiser is P itself",
                left=sp.Subs(slope(q), gamma, 0),
                right=1 / q,
            ),
        )
    )
