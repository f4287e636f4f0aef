"""FE-3: where the focal-entropy is continuous, and a sequence along which it has no limit."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.finiteness import upper_bound
from focalbook.symbolic.focal import UNIT, gamma0, i, loss, mass, model, p, q, s, t, x
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.limits import JointLimit, Oscillation, SumOfLimits
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import LimitOfSum

g = gamma0
N = sp.Symbol("N", positive=True)
c = sp.Symbol("c", positive=True)
kappa = sp.Symbol("kappa", positive=True)
other = sp.Symbol("theta", nonnegative=True)
H = sp.Symbol("{H(P, Q)}", nonnegative=True)
FOLD = {loss(v, g): sp.Symbol(rf"{{\ell({v})}}") for v in (x, q)} | {
    loss(v, other): sp.Symbol(rf"{{\ell_\theta({v})}}") for v in (x, q)
}


@cache
def continuous_loss() -> tuple[Limit, Limit, Limit]:
    """Return that l is continuous on (0, 1], with the value infinity at 0."""
    common = {"expr": loss(x, g), "variable": x, "fold": FOLD}
    return (
        Limit(title="The loss is continuous inside", point=q, value=loss(q, g), direction="+-", **common),
        Limit(title="infinite at 0", point=sp.S.Zero, value=sp.oo, **common),
        Limit(
            title="and zero at 1, so on a finite alphabet $Q \\mapsto F(P,Q)$ is continuous with values in "
            "$[0, \\infty]$",
            point=sp.S.One,
            value=sp.S.Zero,
            direction="-",
            **common,
        ),
    )


@cache
def nonnegative_loss() -> Sign:
    """Return l >= 0."""
    return Sign(
        title="The loss is never negative",
        left=loss(x, g),
        relation=">=",
        domain={x: UNIT},
        cover={x: 1 / (1 + t)},
        method=Terms(),
        fold=FOLD,
    )


@cache
def semicontinuity() -> tuple[JointLimit, LimitOfSum]:
    """Return lower semicontinuity in P and Q on any alphabet."""
    weight = sp.Symbol("y", positive=True)
    joint = JointLimit(
        title="A term converges when mass and model do (with $p_i = 0$ its limit inferior is at least 0)",
        factors=(
            Limit(title="The mass", expr=weight, variable=weight, point=p, value=p, direction="+-"),
            continuous_loss()[0],
        ),
        fold=FOLD,
    )
    masses, others = sp.IndexedBase("y", positive=True), sp.IndexedBase("x", positive=True)
    return joint, LimitOfSum(
        title="On any alphabet: if $y_i \\to p_i$ and $x_i \\to q_i$ for each atom, then "
        "$\\liminf F(Y, X) \\ge F(P, Q)$",
        theorem="Fatou's lemma",
        term=joint,
        nonnegative=Sign(
            title="No term is negative",
            left=weight * loss(x, g),
            relation=">=",
            domain={x: UNIT},
            cover={x: 1 / (1 + t)},
            method=Terms(),
            fold=FOLD,
        ),
        at={weight: masses[i], x: others[i], p: mass[i], q: model[i]},
        index=i,
    )


@cache
def domination() -> tuple[Sign, LimitOfSum]:
    """Return continuity along models that do not undercut Q by more than a factor kappa."""
    bound = Sign(
        title="If $x \\ge \\kappa q$, the loss at $x$ is at most $-\\log\\kappa - \\log q$",
        left=-sp.log(kappa) - sp.log(q),
        right=loss(x, g),
        relation=">=",
        domain={x: sp.Interval.Ropen(kappa * q, 1), q: UNIT, kappa: UNIT},
        cover={
            x: kappa * q
            + (1 - kappa * q) * sp.Symbol("y", nonnegative=True) / (1 + sp.Symbol("y", nonnegative=True)),
            q: 1 / (1 + s),
            kappa: 1 / (1 + t),
        },
        method=Combine(
            products=((-sp.log(x) - loss(x, g),), (sp.log(x / (kappa * q)),)),
            uses=((upper_bound(), {q: x}),),
        ),
        fold=FOLD,
    )
    limit = LimitOfSum(
        title="So $F(P, X) \\to F(P, Q)$ when $X \\to Q$ with $X \\ge \\kappa Q$ and $H(P,Q) < \\infty$",
        theorem="dominated convergence",
        term=continuous_loss()[0],
        nonnegative=nonnegative_loss(),
        bound=bound,
        weight=mass[i],
        at={x: sp.IndexedBase("x", positive=True)[i], q: model[i]},
        names={mass[i] * sp.log(model[i]): -H, mass[i]: sp.S.One},
        index=i,
    )
    return bound, limit


@cache
def in_gamma() -> LimitOfSum:
    """Return continuity in gamma."""
    return LimitOfSum(
        title="$F$ is continuous in $\\gamma$ wherever $H(P,Q) < \\infty$: the cross-entropy dominates",
        theorem="dominated convergence",
        term=Limit(
            title="The loss is continuous in $\\gamma$",
            expr=loss(q, g),
            variable=g,
            point=other,
            value=loss(q, other),
            direction="+-",
        ),
        nonnegative=Sign(
            title="The loss is never negative",
            left=loss(q, g),
            relation=">=",
            domain={q: UNIT},
            cover={q: 1 / (1 + s)},
            method=Terms(),
        ),
        bound=upper_bound(),
        weight=mass[i],
        at={q: model[i]},
        names={mass[i] * sp.log(model[i]): -H, mass[i]: sp.S.One},
        index=i,
    )


@cache
def runaway() -> tuple[Step, ...]:
    """Return the sequence Q_n -> Q with F(P, Q_n) bounded but without a limit.

    P = Q is geometric, p_k = 2^-k. In Q_n atom n gets exp(-c 2^n) instead of 2^-n and atom 1 the rest.
    """
    tiny, first = sp.exp(-c * N), sp.Rational(1, 2) + 1 / N - sp.exp(-c * N)
    distance = Identity(
        title="$P = Q$ geometric, $p_k = 2^{-k}$. With $N = 2^n$, atom n of $Q_n$ has $e^{-cN}$ instead of "
        "$1/N$, "
        "and atom 1 takes the rest: the total stays one",
        left=sp.Add(first, tiny, evaluate=False),
        right=sp.Rational(1, 2) + 1 / N,
    )
    close = Limit(
        title="$Q_n \\to Q$ in total variation",
        expr=2 * (1 / N - tiny),
        variable=N,
        point=sp.oo,
        value=sp.S.Zero,
    )
    lost = Limit(
        title="The old term of atom n vanishes",
        expr=loss(1 / N, g) / N,
        variable=N,
        point=sp.oo,
        value=sp.S.Zero,
        factors=((1 - 1 / N) ** g, sp.log(N) / N),
    )
    gained = Limit(
        title="but its new term tends to c",
        expr=loss(tiny, g) / N,
        variable=N,
        point=sp.oo,
        value=c,
        factors=((1 - tiny) ** g, c),
    )
    head = Limit(
        title="and the term of atom 1 tends to the old one",
        expr=loss(first, g) / 2,
        variable=N,
        point=sp.oo,
        value=loss(sp.Rational(1, 2), g) / 2,
        factors=((1 - first) ** g, -sp.log(first) / 2),
    )
    total = SumOfLimits(
        title="So $F(P, Q_n) - F(P, Q) \\to c$, although $Q_n \\to Q$ and both are finite",
        parts=((sp.S.One, head), (sp.S.One, gained), (-sp.S.One, lost)),
        value=loss(sp.Rational(1, 2), g) / 2 + c,
        note="The three terms that change; $\\ell(1/2)/2$ is the old term of atom 1.",
    )
    swing = Oscillation(
        title="With c = 1 for even n and c = 2 for odd n, $F(P, Q_n)$ has no limit",
        limit=total,
        parameter=c,
        values=(sp.S.One, sp.Integer(2)),
    )
    return distance, close, lost, gained, head, total, swing


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-3."""
    return Derivation(
        (
            *continuous_loss(),
            nonnegative_loss(),
            *semicontinuity(),
            recall(upper_bound(), "FE-1"),
            *domination(),
            in_gamma(),
            *runaway(),
        )
    )
