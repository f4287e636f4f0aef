"""OB-8: focal loss on one-bit data: where the estimate goes, what restores it, and what the repair costs."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, lam, loss, p, q, slope, x
from focalbook.symbolic.inverse import slope_positive
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.onebit_efficiency import OMEGA, efficiency, existence, large_gamma, small_gamma
from focalbook.symbolic.optimum import optimality, slope_falls
from focalbook.symbolic.suppression import two_classes

z = sp.Symbol("z", real=True)
CELL = sp.Function("p", positive=True)(z)
TRUE = sp.Symbol("pi", positive=True)
PHI, PHI_OTHER = sp.Symbol(r"{\varphi(q)}", positive=True), sp.Symbol(r"{\varphi(1-q)}", positive=True)
H, H_OTHER = sp.Symbol("{h(q)}", positive=True), sp.Symbol("{h(1-q)}", positive=True)
FOLD = {
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    slope(1 - q): sp.Symbol(r"{\varphi(1-q)}"),
    gain(q): sp.Symbol("{h(q)}"),
    gain(1 - q): sp.Symbol("{h(1-q)}"),
    gain(CELL): sp.Symbol("{h(p)}"),
    gain(1 - CELL): sp.Symbol("{h(1-p)}"),
    loss(CELL): sp.Symbol(r"{\ell(p)}"),
    loss(1 - CELL): sp.Symbol(r"{\ell(1-p)}"),
    CELL: sp.Symbol("p"),
}


@cache
def scores() -> tuple[Identity, ...]:
    """Return the score of one bit under the plain loss, and its mean in a cell."""
    rate = sp.Derivative(CELL, z)
    one = Identity(
        title="The slope of the loss of a one is $-h(p)$ times the likelihood score $p'/p$",
        left=sp.Derivative(loss(CELL), z),
        right=-gain(CELL) * rate / CELL,
        fold=FOLD,
    )
    zero = Identity(
        title="and that of a zero is $-h(1-p)$ times its score $-p'/(1-p)$",
        left=sp.Derivative(loss(1 - CELL), z),
        right=-gain(1 - CELL) * (-rate) / (1 - CELL),
        fold=FOLD,
    )
    move = sp.Symbol("{q'}", real=True)
    mean = Identity(
        title="If ones have the probability $\\pi$, the mean slope of a cell that says q is",
        left=TRUE * (-gain(q) * move / q) + (1 - TRUE) * (gain(1 - q) * move / (1 - q)),
        right=-move * (TRUE * slope(q) - (1 - TRUE) * slope(1 - q)),
        fold=FOLD,
        note="It vanishes where $\\pi\\varphi(q) = (1-\\pi)\\varphi(1-q)$: FE-5 for two classes.",
    )
    return one, zero, mean


@cache
def restored() -> tuple[Identity, ...]:
    """Return that the inverse map solves the equation of a cell, and the balance of all cells."""
    back = PHI_OTHER / (PHI + PHI_OTHER)
    inverse = Identity(
        title="The inverse map of FE-6 for two classes",
        left=(1 / slope(q)) / (1 / slope(q) + 1 / slope(1 - q)),
        right=slope(1 - q) / (slope(q) + slope(1 - q)),
        fold=FOLD,
    )
    solved = Identity(
        title="undoes it: in a saturated design every cell has $\\pi\\varphi(q) = (1-\\pi)\\varphi(1-q)$, in "
        "the limit with its probability, in a sample with its relative frequency, and the map returns just "
        "that",
        left=TRUE,
        right=back,
        condition=(PHI_OTHER, TRUE * PHI / (1 - TRUE)),
    )
    balance = Identity(
        title="In any design the slope of a cell is the error $\\pi - r$ of its recovered probability r "
        "times $\\varphi(q) + \\varphi(1-q)$: recovered errors balance, they need not vanish",
        left=TRUE * PHI - (1 - TRUE) * PHI_OTHER,
        right=(TRUE - back) * (PHI + PHI_OTHER),
    )
    return inverse, solved, balance


@cache
def proper() -> tuple[Identity, ...]:
    """Return the score of the proper loss: one weight for both values of the bit, mean zero at the truth."""
    report = sp.Function("q", positive=True)(p)
    move = sp.Derivative(report, p)
    fold = {slope(report): PHI, slope(1 - report): PHI_OTHER, report: sp.Symbol("q")}
    one = Identity(
        title="The proper score says $q = Q^\\star(p)$ for p. Its slope in p for a one",
        left=sp.Derivative(loss(report), p),
        right=-slope(report) * move,
        fold=fold | {loss(report): sp.Symbol(r"{\ell(q)}")},
    )
    zero = Identity(
        title="and for a zero",
        left=sp.Derivative(loss(1 - report), p),
        right=slope(1 - report) * move,
        fold=fold | {loss(1 - report): sp.Symbol(r"{\ell(1-q)}")},
    )
    rate = sp.Symbol("{q'}", positive=True)
    weights = [
        Identity(title=title, left=left, right=right, condition=condition)
        for title, left, right, condition in (
            (
                "With $p\\varphi(q) = (1-p)\\varphi(1-q) = \\lambda$ the first is $-\\omega/p$, $\\omega = "
                "\\lambda q'$",
                -PHI * rate,
                -lam * rate / p,
                (PHI, lam / p),
            ),
            (
                "and the second $\\omega/(1-p)$: both are $-\\omega$ times the likelihood score",
                PHI_OTHER * rate,
                lam * rate / (1 - p),
                (PHI_OTHER, lam / (1 - p)),
            ),
        )
    ]
    mean = Identity(
        title="so the mean vanishes at the truth, in every cell by itself, whatever the design",
        left=p * (-OMEGA / p) + (1 - p) * OMEGA / (1 - p),
        right=sp.S.Zero,
    )
    return one, zero, *weights, mean


@cache
def weight() -> tuple[Step, ...]:
    """Return omega in closed form, and that it is positive."""
    falls = -q * (1 - q) * sp.diff(slope(q), q) / slope(q)
    fall, other = (sp.Symbol(name, positive=True) for name in ("s", "s'"))
    mine = sp.Function("q", positive=True)(z)
    logit = Identity(
        title="In the log-odds t of the report q, $dq/dt = q(1-q)$ for $q = 1/(1+e^{-t})$",
        left=sp.diff(1 / (1 + sp.exp(-z)), z),
        right=1 / (1 + sp.exp(-z)) * (1 - 1 / (1 + sp.exp(-z))),
    )
    rate = Identity(
        title="so $\\log\\varphi(q)$ falls in t at the rate s",
        left=-sp.diff(sp.log(slope(mine)), z).subs(sp.Derivative(mine, z), mine * (1 - mine)).subs(mine, q),
        right=falls,
        fold=FOLD | {sp.diff(slope(q), q): sp.Symbol(r"{\varphi'(q)}")},
    )
    positive = Sign(
        title="which is positive",
        left=falls,
        domain={q: UNIT},
        cover={q: 1 / (1 + x)},
        method=Combine(
            products=((-sp.diff(slope(q), q), 1 / slope(q), q, 1 - q),),
            uses=((slope_falls(), {q: q}),),
        ),
        fold={sp.diff(slope(q), q): sp.Symbol(r"{\varphi'(q)}")} | FOLD,
    )
    truth = lam * q / H
    level = 1 / (q / H + (1 - q) / H_OTHER)
    odds = Identity(
        title="The log-odds of p are $u = \\log\\varphi(1-q) - \\log\\varphi(q)$, so $du/dt = s + s'$ with "
        "$s' = s(1-q)$; and $du = dp/(p(1-p))$. Hence $\\omega = \\lambda\\,dq/dp$ is",
        left=(lam * q * (1 - q) / (truth * (1 - truth) * (fall + other))).subs(lam, level),
        right=(q * H_OTHER + (1 - q) * H) / (fall + other),
        note="Here $p = \\lambda q/h(q)$ and $1/\\lambda = q/h(q) + (1-q)/h(1-q)$, by FE-7.",
    )
    return logit, rate, recall(slope_falls(), "FE-5"), recall(slope_positive(), "FE-6"), positive, odds


@cache
def derivation() -> Derivation:
    """Return the derivation of OB-8."""
    return Derivation(
        (
            *scores(),
            recall(optimality()[2], "FE-5"),
            recall(two_classes()[3], "FE-10"),
            *restored(),
            *proper(),
            *weight(),
            *efficiency(),
            *small_gamma(),
            *large_gamma(),
            *existence(),
        )
    )
