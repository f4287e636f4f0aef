"""Where the entropy bound is tight, and where it is empty. Used by GC-1."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import gamma, i, model, q
from focalbook.symbolic.kernel.equality import Limit
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import SumIdentity

PAIR = -q * sp.log(q) - (1 - q) * sp.log(1 - q)
H_Q = sp.Symbol(r"{H(Q)}", nonnegative=True)
FOLD = {PAIR: sp.Symbol(r"{\mathrm{h}(q)}")}


@cache
def sharpness() -> tuple[Step, ...]:
    """Return that no smaller constant than gamma will do, and that the bound is empty at P = Q."""
    weight = Limit(
        title="The bound is tight for a class that happens and was held impossible: $P = (1, 0)$, "
        "$Q = (q, 1-q)$, $q \\to 0$. What the weight takes off",
        expr=(1 - (1 - q) ** gamma) / q,
        variable=q,
        point=sp.S.Zero,
        value=gamma,
    )
    share = Limit(
        title="and what it is taken off from, against the entropy of $Q$",
        expr=-q * sp.log(q) / PAIR,
        variable=q,
        point=sp.S.Zero,
        value=sp.S.One,
        fold=FOLD,
    )
    ratio = Limit(
        title="so $(H(P,Q) - F)/H(Q) \\to \\gamma$: the constant cannot be improved",
        expr=-sp.log(q) * (1 - (1 - q) ** gamma) / PAIR,
        variable=q,
        point=sp.S.Zero,
        value=gamma,
        factors=(weight.expr, share.expr),
        fold=FOLD,
    )
    at_truth = SumIdentity(
        title="At $Q = P$ the bound is $(1-\\gamma) H(P)$: zero at $\\gamma = 1$ and negative above it",
        summand=-model[i] * sp.log(model[i]) + gamma * model[i] * sp.log(model[i]),
        names={model[i] * sp.log(model[i]): -H_Q},
        value=(1 - gamma) * H_Q,
        index=i,
    )
    return weight, share, ratio, at_truth
