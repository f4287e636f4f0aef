"""FE-14, second part: the regret F - G as a divergence, at most Delta away from Kullback and Leibler's."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.convexity import convex_loss
from focalbook.symbolic.divergence import (
    FOLD,
    FOLD_ATOM,
    below_kl,
    exponential,
    log_below_line,
    mass,
    other,
    said,
)
from focalbook.symbolic.finiteness import F as ANY_F
from focalbook.symbolic.finiteness import H as ANY_H
from focalbook.symbolic.finiteness import sandwich
from focalbook.symbolic.focal import (
    UNIT,
    curvature,
    gain,
    gamma,
    gamma0,
    i,
    lam,
    loss,
    model,
    p,
    q,
    s,
    slope,
)
from focalbook.symbolic.gain import crossing
from focalbook.symbolic.kernel.ceiling import Summit
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step, recall
from focalbook.symbolic.kernel.sums import SumIdentity, Total

P0 = sp.Symbol("p_0", positive=True)
DISCOUNT = -sp.log(p) * (1 - (1 - p) ** gamma)


@cache
def bregman() -> tuple[SumIdentity, SumIdentity]:
    """Return the regret as a divergence of -G, and as a sum of those of the loss."""
    reported, best = sp.Symbol("{F(P,Q)}", real=True), sp.Symbol("{G(P)}", real=True)
    own, spent = sp.Symbol(r"{G(\hat P)}", real=True), sp.Symbol("{Q(S)}", real=True)
    plane = SumIdentity(
        title="With $Q = Q^\\star(\\hat P)$: the tangent plane of $G$ at $\\hat P$, taken at $P$, is "
        "$F(P,Q)$; so "
        "$F(P,Q) - G(P)$ is the Bregman divergence of $-G$ from $\\hat P$ to $P$",
        summand=(said[i] + (mass[i] - said[i])) * loss(model[i]),
        names={mass[i] * loss(model[i]): reported, said[i] * loss(model[i]): own},
        value=reported,
        index=i,
        fold=FOLD_ATOM,
    )
    local = SumIdentity(
        title="As $p_i \\varphi(q^\\star_i) = \\lambda$, it is also a sum of gaps between the loss and its "
        "tangents, "
        "plus $\\lambda$ times the mass $1 - Q(S)$ off the support of P",
        summand=mass[i] * (loss(model[i]) - loss(other[i])) + lam * (model[i] - other[i]),
        names={
            mass[i] * loss(model[i]): reported,
            mass[i] * loss(other[i]): best,
            model[i]: spent,
            other[i]: sp.S.One,
        },
        value=reported - best + lam * (spent - 1),
        index=i,
        fold=FOLD_ATOM,
    )
    return plane, local


@cache
def gibbs() -> Total:
    """Return KL(P||Q) >= 1 - Q(support of P) >= 0."""
    v = sp.Symbol("v", positive=True)
    divergence, spent = sp.Symbol(r"{\mathrm{KL}(P \Vert Q)}", real=True), sp.Symbol("{Q(S)}", real=True)
    return Total(
        title="at $v = q_i / p_i$, weighed with $p_i$: Gibbs' inequality, $H(P) \\le H(P,Q)$",
        term=log_below_line(),
        at={v: model[i] / mass[i]},
        weight=mass[i],
        names={
            model[i]: spent,
            mass[i]: sp.S.One,
            mass[i] * sp.log(model[i] / mass[i]): -divergence,
        },
        left=divergence,
        right=1 - spent,
        index=i,
    )


@cache
def within() -> tuple[Step, ...]:
    """Return |F - G - KL| <= (-log p0)(1 - (1-p0)^gamma)."""
    derivative = Identity(
        title="What the weight takes off an atom, $-\\log q - \\ell(q)$, has the derivative",
        left=sp.Derivative(DISCOUNT, p),
        right=1 / p * (gain(p) - 1),
        fold=FOLD,
    )
    factor = Sign(
        title="The factor is positive", left=1 / p, domain={p: UNIT}, cover={p: 1 / (1 + s)}, method=Terms()
    )
    top = Sign(
        title="so it is largest where $h$ falls through one, at $p_0$; call that $\\Delta$",
        left=DISCOUNT.subs(p, P0),
        right=DISCOUNT,
        relation=">=",
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Summit(crossing(), derivative, factor, DISCOUNT, P0),
    )
    delta, cross, focal = (
        sp.Symbol(r"\Delta", positive=True),
        sp.Symbol("{H(P,Q)}", real=True),
        sp.Symbol(r"{F(P,Q)}", real=True),
    )
    total = Total(
        title="Weigh and sum: cross-entropy exceeds focal-entropy by $\\Delta$ at most",
        term=top,
        at={p: model[i]},
        weight=mass[i],
        names={
            mass[i]: sp.S.One,
            mass[i] * sp.log(model[i]): -cross,
            mass[i] * (1 - model[i]) ** gamma * sp.log(model[i]): -focal,
        },
        left=DISCOUNT.subs(p, P0),
        right=cross - focal,
        index=i,
        fold={DISCOUNT.subs(p, P0): delta},
    )
    return crossing(), derivative, factor, top, total


@cache
def near_kl() -> Deduction:
    """Return that regret and Kullback-Leibler divergence differ by Delta at most."""
    total = within()[-1]
    delta = sp.Symbol("Delta", real=True)
    f, g, hq, hp, hs = (
        sp.Symbol(name, real=True) for name in ("{F}(P,Q)", "{G}(P)", "{H}(P,Q)", "{H}(P)", r"{H}(P,Q^\star)")
    )
    cross, focal = sp.Symbol("{H(P,Q)}", real=True), sp.Symbol("{F(P,Q)}", real=True)
    top = DISCOUNT.subs(p, P0)
    return Deduction(
        title="So regret and $\\mathrm{KL}(P \\Vert Q) = H(P,Q) - H(P)$ never differ by more than $\\Delta$",
        given=(
            by(total, {top: delta, cross: hq, focal: f}),
            by(total, {top: delta, cross: hs, focal: g}),
            by(sandwich()[0], {ANY_F: f, ANY_H: hq}),
            assume(g <= hp, "shown above"),
            assume(hp <= hs, "Gibbs' inequality for the minimiser, whose support is that of P"),
        ),
        conclusion=sp.And(f - g - (hq - hp) <= delta, f - g - (hq - hp) >= -delta),
        note="The premises: $0 \\le H(P,Q) - F(P,Q) \\le \\Delta$, the same at the minimiser, $G(P) \\le "
        "H(P)$ and "
        "Gibbs' inequality.",
    )


@cache
def steps() -> tuple[Step, ...]:
    """Return the steps on the regret."""
    at_zero = Identity(
        title="At $\\gamma = 0$ the loss is $-\\log q$, $\\varphi^2/\\ell'' = 1$, and the regret is "
        "$\\mathrm{KL}(P \\Vert Q)$",
        left=sp.Subs(slope(q, gamma0) ** 2 / curvature(q, gamma0), gamma0, 0),
        right=sp.S.One,
    )
    level, *rest = within()
    return (
        *bregman(),
        log_below_line(),
        gibbs(),
        recall(level, "FE-8"),
        *rest,
        near_kl(),
        recall(convex_loss(), "FE-2"),
        *exponential(),
        *below_kl(),
        at_zero,
    )
