"""FE-13: the minimiser near gamma = 0 and near gamma = infinity, with first derivatives."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, i, mass, p, q, s, slope
from focalbook.symbolic.kernel.branch import Branch
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.step import Derivation, recall
from focalbook.symbolic.optimum import multiplier

t = sp.Symbol("t", real=True)
count = sp.Symbol("n", positive=True)
KAPPA = sp.Symbol("kappa", real=True)
MEAN_A = sp.Symbol("A", real=True)
PART = sp.Symbol("B", real=True)  # the second part of the sum A, which cancels
MEAN_LOG = sp.Symbol("M", real=True)
SUM_A = sp.Symbol(r"{\sum_j p_j a_j}", real=True)
SUM_LOG = sp.Symbol(r"{\overline{\log p}}", real=True)
#: The part of the gain that grows with gamma: h(q) = (1 - q)^gamma (1 + gamma x).
GROWTH = -q * sp.log(q) / (1 - q)
SLOPE = {slope(q): sp.Symbol(r"{\varphi(q)}"), GROWTH: sp.Symbol("{x(q)}")}


def start(x: sp.Expr) -> sp.Expr:
    """Return a(x) = log(1 - x) - x log(x) / (1 - x), the slope of log h in gamma at gamma = 0."""
    return sp.log(1 - x) - x * sp.log(x) / (1 - x)


NAME_A = {start(p): sp.Symbol("{a(p)}")}


@cache
def powers() -> Identity:
    """Return p phi(q) as a product of powers."""
    return Identity(
        title="With $x(q) = \\frac{-q\\log q}{1-q}$ the quantity that the equations of FE-5 make equal for "
        "all atoms is a product",
        left=p * slope(q),
        right=p / q * (1 - q) ** gamma * (1 + gamma * GROWTH),
        fold=SLOPE,
    )


@cache
def tilt() -> Identity:
    """Return that a is the slope of log h in gamma, at gamma = 0."""
    return Identity(
        title="Its slope in $\\gamma$ at zero is $a$, the slope of $\\log h$",
        left=sp.Subs(sp.Derivative(sp.log(gain(p)), gamma), gamma, 0),
        right=start(p),
    )


@cache
def small() -> Branch:
    """Return dq/dgamma at gamma = 0."""
    return Branch(
        title="So the minimiser leaves $P$ with the slope $p_i\\,\\bigl(a_i - \\sum_j p_j a_j\\bigr)$",
        unique=multiplier(),
        equation=powers(),
        time=gamma,
        exponent=KAPPA,
        kappa=KAPPA,
        form=sp.log(p) - sp.log(q) + t * sp.log(1 - q) + sp.log(1 + t * GROWTH),
        q=q,
        p=p,
        t=t,
        base=p,
        level=sp.S.Zero,
        rate=p * (start(p) - MEAN_A),
        drift=MEAN_A,
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        index=i,
        mass=mass[i],
        names={
            mass[i] * sp.log(1 - mass[i]): MEAN_A + PART,
            mass[i] ** 2 * sp.log(mass[i]) / (1 - mass[i]): PART,
            mass[i]: sp.S.One,
        },
        fold=SLOPE | NAME_A | {MEAN_A: SUM_A, t: gamma},
        note="Two atoms or more, finitely many. The multiplier leaves one with $\\sum_j p_j a_j$: "
        "$\\log\\lambda = \\gamma \\sum_j p_j a_j + O(\\gamma^2)$.",
    )


@cache
def large() -> Branch:
    """Return dq/dt at t = 1/gamma = 0."""
    base = 1 / count
    constant = -sp.log(base) + sp.log(GROWTH.subs(q, base))
    return Branch(
        title="So $Q^\\star \\to$ uniform on its support, and it comes from the direction "
        "$(1-\\frac1n)(\\log p_i - \\overline{\\log p})$",
        unique=multiplier(),
        equation=powers(),
        time=1 / gamma,
        exponent=gamma * KAPPA + sp.log(gamma),
        kappa=KAPPA,
        form=sp.log(1 - q) + t * (sp.log(p) - sp.log(q) + sp.log(t + GROWTH)),
        q=q,
        p=p,
        t=t,
        base=base,
        level=sp.log(1 - base),
        rate=(1 - base) * (sp.log(p) - MEAN_LOG),
        drift=MEAN_LOG + constant,
        domain={p: UNIT, count: sp.Interval.open(1, sp.oo)},
        cover={p: 1 / (1 + s), count: 1 + sp.Symbol("m", positive=True)},
        index=i,
        mass=mass[i],
        names={sp.log(mass[i]): count * MEAN_LOG, sp.S.One: count},
        fold=SLOPE | {MEAN_LOG: SUM_LOG},
        note="$\\overline{\\log p} = \\frac1n \\sum_j \\log p_j$ over the n atoms of the support.",
    )


@cache
def level() -> Identity:
    """Return log lambda for large gamma, from level and drift of the branch."""
    branch = large()
    return Identity(
        title="$\\kappa$ gives the multiplier, $\\log \\lambda = \\gamma\\,\\kappa + \\log\\gamma$; up to "
        "$O(\\gamma^{-2})$ in $\\kappa$",
        left=gamma * (KAPPA - branch.level),
        right=MEAN_LOG + sp.log(count / (count - 1) * sp.log(count)),
        condition=(KAPPA, branch.level + branch.drift / gamma),
        fold={MEAN_LOG: SUM_LOG, branch.drift: sp.Symbol(r"{\dot\kappa}")},
        note="$\\dot\\kappa$ is the slope of $\\kappa$ in $t$, found with the rates. $\\lambda$ falls "
        "exponentially: with two classes it is below the smallest 64-bit number when "
        "$\\gamma > 1100$, while its logarithm is harmless.",
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-13."""
    return Derivation((recall(multiplier(), "FE-5"), powers(), tilt(), small(), large(), level()))
