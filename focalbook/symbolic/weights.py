"""FE-16: class weights tilt the distribution, and one-against-rest outputs are problems of two classes."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, i, lam, loss, mass, model, p, q, s, slope
from focalbook.symbolic.inverse import slope_positive
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, recall
from focalbook.symbolic.kernel.sums import SumIdentity
from focalbook.symbolic.optimum import multiplier, slope_falls

WEIGHT = sp.IndexedBase("a", positive=True)
TOTAL = sp.Symbol(r"{\sum_j a_j p_j}", positive=True)
ENTROPY = sp.Symbol(r"{F_\gamma(P', Q)}", positive=True)
Z = sp.Symbol("Z", positive=True)
SUM_OF_INVERSES = sp.Symbol(r"{\sum_j 1/(a_j \varphi(q_j))}", positive=True)
ALPHA, PRESENT = sp.symbols("alpha pi", positive=True)
FOLD = {
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    slope(1 - q): sp.Symbol(r"{\varphi(1-q)}"),
    slope(model[i]): sp.Symbol(r"{\varphi(q_i)}"),
    loss(q): sp.Symbol(r"{\ell(q)}"),
    loss(1 - q): sp.Symbol(r"{\ell(1-q)}"),
    loss(model[i]): sp.Symbol(r"{\ell(q_i)}"),
    Z: SUM_OF_INVERSES,
}


@cache
def tilt() -> tuple[SumIdentity, SumIdentity]:
    """Return that the weighted focal-entropy of P is a multiple of the focal-entropy of P' ~ a p."""
    tilted = WEIGHT[i] * mass[i] / TOTAL
    return (
        SumIdentity(
            title="The tilted masses $p'_i = a_i p_i / \\sum_j a_j p_j$ sum to one",
            summand=tilted,
            names={WEIGHT[i] * mass[i]: TOTAL},
            value=sp.S.One,
            index=i,
        ),
        SumIdentity(
            title="The weighted loss is a constant times the focal-entropy of $P'$: same minimiser, and only "
            "one, by FE-5",
            summand=WEIGHT[i] * mass[i] * loss(model[i]),
            names={tilted * loss(model[i]): ENTROPY},
            value=TOTAL * ENTROPY,
            index=i,
            fold=FOLD,
        ),
    )


@cache
def inverse() -> tuple[SumIdentity, Identity]:
    """Return p_i ~ 1/(a_i phi(q_i))."""
    a = sp.Symbol("a_i", positive=True)
    summed = SumIdentity(
        title="Its equations are $a_i p_i\\,\\varphi(q_i) = \\lambda$: solve for $p_i$ and sum",
        summand=lam / (WEIGHT[i] * slope(model[i])),
        names={1 / (WEIGHT[i] * slope(model[i])): Z},
        value=lam * Z,
        index=i,
        fold=FOLD,
    )
    closed = Identity(
        title="The sum is one, hence the recovery with weights",
        left=lam / (a * slope(q)),
        right=(1 / (a * slope(q))) / Z,
        condition=(lam, 1 / Z),
        fold=FOLD,
    )
    return summed, closed


@cache
def pair() -> tuple[Identity, Identity, Identity, Identity]:
    """Return the loss of one sigmoid output as a problem of two classes, and its recovery."""
    expected = ALPHA * p * loss(q) + (1 - ALPHA) * (1 - p) * loss(1 - q)
    first, second = ALPHA * p, (1 - ALPHA) * (1 - p)
    two = Identity(
        title="One output q, present with probability p: the expected loss is the weighted focal-entropy of "
        "two classes, with weights $\\alpha$ and $1 - \\alpha$",
        left=expected,
        middle=(
            (first + second) * (first / (first + second) * loss(q) + second / (first + second) * loss(1 - q)),
        ),
        right=p * ALPHA * (1 - q) ** gamma * -sp.log(q) + (1 - p) * (1 - ALPHA) * q**gamma * -sp.log(1 - q),
        fold=FOLD,
    )
    stationary = Identity(
        title="Its derivative vanishes where $\\alpha p\\,\\varphi(q) = (1-\\alpha)(1-p)\\,\\varphi(1-q)$",
        left=sp.Derivative(expected, q),
        right=-ALPHA * p * slope(q) + (1 - ALPHA) * (1 - p) * slope(1 - q),
        fold=FOLD,
    )
    present = (1 - ALPHA) * slope(1 - q) / ((1 - ALPHA) * slope(1 - q) + ALPHA * slope(q))
    solved = Identity(
        title="Solved for p",
        left=ALPHA * PRESENT * slope(q),
        right=(1 - ALPHA) * (1 - PRESENT) * slope(1 - q),
        condition=(PRESENT, present),
        fold=FOLD | {PRESENT: sp.Symbol("p")},
    )
    odds = Identity(
        title="The odds of p, whose logarithm is $\\log\\varphi(1-q) - \\log\\varphi(q) - "
        "\\log\\frac{\\alpha}{1-\\alpha}$",
        left=present / (1 - present),
        right=(1 - ALPHA) / ALPHA * slope(1 - q) / slope(q),
        fold=FOLD,
    )
    return two, stationary, solved, odds


@cache
def ranking() -> Sign:
    """Return that the recovered odds grow with the output."""
    mirrored = sp.Symbol("r", positive=True)
    falls = -sp.diff(slope(mirrored), mirrored).subs(mirrored, 1 - q)
    ratio = slope(1 - q) / slope(q)
    return Sign(
        title="They grow with q: recovery keeps the ranking of the scores",
        left=sp.diff(ratio, q),
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Combine(
            products=(
                (falls, 1 / slope(q)),
                (slope(1 - q), -sp.diff(slope(q), q), 1 / slope(q), 1 / slope(q)),
            ),
            uses=(
                (slope_falls(), {q: q}),
                (slope_falls(), {q: 1 - q}),
                (slope_positive(), {q: q}),
                (slope_positive(), {q: 1 - q}),
            ),
        ),
        fold={sp.diff(ratio, q): sp.Symbol(r"{\frac{d}{dq}\,\frac{\varphi(1-q)}{\varphi(q)}}")} | FOLD,
    )


@cache
def small_outputs() -> Limit:
    """Return the odds of p for small outputs: (1-alpha)/alpha (1+gamma) q^(1+gamma)."""
    rest = 1 / (1 - q) - gamma * sp.log(1 - q) / q
    return Limit(
        title="For small outputs they are $\\frac{1-\\alpha}{\\alpha}(1+\\gamma)\\,q^{1+\\gamma}$",
        expr=q ** (1 + gamma) * slope(q) / slope(1 - q),
        variable=q,
        point=sp.S.Zero,
        value=1 / (1 + gamma),
        factors=(gain(q), 1 / rest),
        fold=FOLD,
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-16."""
    return Derivation(
        (
            recall(multiplier(), "FE-5"),
            *tilt(),
            *inverse(),
            *pair(),
            recall(slope_positive(), "FE-6"),
            recall(slope_falls(), "FE-5"),
            ranking(),
            small_outputs(),
        )
    )
