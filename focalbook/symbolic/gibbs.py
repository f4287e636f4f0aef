"""Gibbs' variational principle: the change of measure behind PAC-Bayes bounds and maximum entropy."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.divergence import log_below_line
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.sums import DoubleSum, Total

h = sp.Symbol("h", integer=True, positive=True)
other = sp.Symbol("g", integer=True, positive=True)
rho, pi = sp.IndexedBase("rho", positive=True), sp.IndexedBase("pi", positive=True)
score = sp.IndexedBase("f", real=True)
Z = sp.Symbol("Z", positive=True)
KL = sp.Symbol(r"{\mathrm{KL}(\rho \Vert \pi)}", nonnegative=True)
ENTROPY = sp.Symbol(r"{H(\rho)}", real=True)
MEAN = sp.Symbol(r"{\mathbb{E}_\rho[f]}", real=True)


@cache
def one_hypothesis() -> Sign:
    """Return r (f + log w - log r - log Z) <= w e^f/Z - r for one hypothesis."""
    r, w, f, v = (
        sp.Symbol("r", positive=True),
        sp.Symbol("w", positive=True),
        sp.Symbol("f", real=True),
        sp.Symbol("v", positive=True),
    )
    ratio = w * sp.exp(f) / (r * Z)
    return Sign(
        title="at $v = w e^f/(r Z)$, times $r$",
        left=w * sp.exp(f) / Z - r,
        right=r * (f + sp.log(w) - sp.log(r) - sp.log(Z)),
        relation=">=",
        method=Combine(
            products=((r, log_below_line().difference.subs(v, ratio)),),
            uses=((log_below_line(), {v: ratio}),),
        ),
    )


@cache
def change_of_measure() -> Total:
    """Return KL(rho||pi) + log Z >= E_rho f with Z = E_pi e^f."""
    r, w, f = sp.Symbol("r", positive=True), sp.Symbol("w", positive=True), sp.Symbol("f", real=True)
    return Total(
        title="Sum over hypotheses, with $r = \\rho_h$, $w = \\pi_h$ and $Z = \\mathbb{E}_\\pi[e^f]$: Gibbs' "
        "variational principle",
        term=one_hypothesis(),
        at={r: rho[h], w: pi[h], f: score[h]},
        weight=sp.S.One,
        names={
            pi[h] * sp.exp(score[h]): Z,
            rho[h]: sp.S.One,
            rho[h] * score[h]: MEAN,
            rho[h] * sp.log(rho[h]): -ENTROPY,
            rho[h] * sp.log(pi[h]): -ENTROPY - KL,
        },
        left=KL + sp.log(Z),
        right=MEAN,
        index=h,
        note="Hypotheses without prior mass have no mass under $\\rho$, or else KL is infinite.",
    )


@cache
def attained() -> Identity:
    """Return that the Gibbs distribution attains equality."""
    return Identity(
        title="with equality for the Gibbs distribution $\\rho_h = \\pi_h e^{f_h}/Z$, where every $v$ is one",
        left=sp.log(pi[h] * sp.exp(score[h]) / (rho[h] * Z)),
        right=sp.S.Zero,
        condition=(rho[h], pi[h] * sp.exp(score[h]) / Z),
    )


@cache
def variance(rate: sp.Symbol) -> tuple[Identity, Identity, DoubleSum]:
    """Return that the mean of a Gibbs distribution falls with its rate, and the divergence grows."""
    z = sp.Function("Z")(rate)
    mean = -sp.diff(z, rate) / z
    fall = Identity(
        title="With the normaliser $Z(s) = \\sum_h \\pi_h e^{-s x_h}$ the mean of $x$ under the Gibbs "
        "distribution is $-Z'/Z$. Its derivative is minus the variance of $x$,",
        left=sp.Derivative(mean, rate),
        right=-(z * sp.diff(z, rate, 2) - sp.diff(z, rate) ** 2) / z**2,
    )
    rise = Identity(
        title="and the divergence from the prior, $-s\\,\\mathbb{E}[x] - \\log Z$, grows at $s$ times "
        "that rate",
        left=sp.Derivative(-rate * mean - sp.log(z), rate),
        right=rate * (z * sp.diff(z, rate, 2) - sp.diff(z, rate) ** 2) / z**2,
    )
    x, w = sp.IndexedBase("x", real=True), sp.IndexedBase("w", positive=True)
    square = DoubleSum(
        title="$Z Z'' - Z'^2$ is never negative: with $w_h = \\pi_h e^{-s x_h}$",
        products=((sp.S.One, x[h] ** 2 * w[h], w[h]), (-sp.S.One, x[h] * w[h], x[h] * w[h])),
        term=w[h] * w[other] * (x[h] - x[other]) ** 2 / 2,
        first=h,
        second=other,
    )
    return fall, rise, square
