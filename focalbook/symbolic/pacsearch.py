"""GC-4, last part: the best lambda, the best posterior, and what alternating between them does."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic import gibbs
from focalbook.symbolic.focal import lam
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step

LOSS, PRICE = sp.Symbol("A", nonnegative=True), sp.Symbol("D", positive=True)
r, w = sp.Symbol("r", positive=True), sp.Symbol("w", positive=True)
RISK = {lam: sp.Interval.open(0, 2)}


@cache
def best_lambda() -> tuple[Step, ...]:
    """Return the optimal lambda, the bound there, and that it is the inverse of Pinsker's inequality."""
    bound = (LOSS + PRICE / lam) / (1 - lam / 2)
    root = sp.sqrt(PRICE**2 + 2 * LOSS * PRICE)
    meaning = (LOSS, PRICE * (w**2 - 1) / 2)
    split = Identity(
        title="As a function of $\\lambda$ the bound is a sum of two convex terms",
        left=bound,
        right=(LOSS + PRICE / 2) / (1 - lam / 2) + PRICE / lam,
    )
    least = Sign(
        title="Write $A = D(w^2-1)/2$, that is $w = \\sqrt{1 + 2A/D} \\ge 1$. The bound is least at "
        "$\\lambda = "
        "2/(1+w)$: what it exceeds its value there is a square",
        left=bound.subs(*meaning),
        right=PRICE * (1 + w) ** 2 / 2,
        relation=">=",
        domain=RISK,
        cover={lam: 2 / (1 + r)},
        method=Combine(
            products=((PRICE, (w * lam / 2 - (1 - lam / 2)) ** 2, 1 / (2 * (1 - lam / 2) * (lam / 2))),)
        ),
    )
    there = Identity(
        title="which is attained, and equal to",
        left=bound.subs(lam, 2 / (1 + w)),
        right=LOSS + PRICE + root,
        condition=meaning,
    )
    inverse = Identity(
        title="This is the larger root $b$ of $(b-A)^2 = 2bD$: at its best $\\lambda$ the bound loses "
        "nothing "
        "against Pinsker's refined inequality",
        left=(LOSS + PRICE + root - LOSS) ** 2,
        right=2 * PRICE * (LOSS + PRICE + root),
    )
    return split, least, there, inverse


@cache
def best_posterior() -> tuple[Step, ...]:
    """Return that Gibbs distributions are optimal, and that alternation is monotone."""
    rate = sp.Symbol("s", positive=True)
    fall, rise, square = gibbs.variance(rate)
    more, less = sp.Symbol("x", nonnegative=True), sp.Symbol("y", nonnegative=True)
    ratio = Sign(
        title="so with $\\lambda$, and $s = \\lambda n$, the mean training loss of the Gibbs "
        "distribution falls and "
        "its complexity grows: their ratio $A/D$ falls, and the next $\\lambda$, $T = 2/(1 + \\sqrt{1 + "
        "2A/D})$, "
        "grows with the last one",
        left=(LOSS + more) / PRICE,
        right=LOSS / (PRICE + less),
        relation=">=",
        method=Terms(),
    )
    last, fixed = sp.symbols("lambda_0 lambda_*", real=True)
    image, image_fixed = sp.Symbol("{T(lambda_0)}", real=True), sp.Symbol("{T(lambda_*)}", real=True)
    names = {
        image: sp.Symbol(r"{T(\lambda_0)}"),
        fixed: sp.Symbol(r"\lambda_*"),
        last: sp.Symbol(r"\lambda_0"),
    }
    enclose = Deduction(
        title="Hence no iterate jumps over a fixed point $\\lambda_*$: iterates from below stay below, "
        "and those "
        "from above stay above. The limits from both ends enclose all local minima",
        given=(
            assume(sp.Implies(last <= fixed, image <= image_fixed), "T grows"),
            assume(sp.Implies(last >= fixed, image >= image_fixed), "T grows"),
            assume(sp.Eq(image_fixed, fixed), "a fixed point"),
        ),
        conclusion=sp.And(
            sp.Implies(last <= fixed, image <= fixed), sp.Implies(last >= fixed, image >= fixed)
        ),
        fold=names,
    )
    rest = sp.Symbol(r"{\log Z_\lambda}", real=True)
    mean, divergence = sp.Symbol("x", real=True), sp.Symbol("d", real=True)
    scaled, value = sp.Symbol("y", real=True), sp.Symbol("z", real=True)
    principle = Deduction(
        title="For a fixed $\\lambda$ take $f_h = -\\lambda n \\hat L_h$: no posterior has a smaller "
        "bound than the "
        "Gibbs distribution $\\rho_h \\propto \\pi_h e^{-\\lambda n \\hat L_h}$",
        given=(
            by(gibbs.change_of_measure(), {gibbs.KL: divergence, sp.log(gibbs.Z): value, gibbs.MEAN: mean}),
            assume(sp.Eq(mean, -scaled), "y is lambda n times the mean training loss"),
        ),
        conclusion=scaled + divergence >= -value,
        fold={
            scaled: sp.Symbol(r"{\lambda n\,\mathbb{E}_\rho[\hat L]}"),
            divergence: gibbs.KL,
            value: rest,
        },
    )
    return principle, fall, rise, square, ratio, enclose
