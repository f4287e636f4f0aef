"""GC-5: the divergence from a Maxwell-Boltzmann prior as a regulariser."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic import gibbs
from focalbook.symbolic.divergence import log_below_line
from focalbook.symbolic.gibbs import ENTROPY, h, rho
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.step import Derivation, recall
from focalbook.symbolic.kernel.sums import SumIdentity

beta, rate = sp.Symbol("beta", real=True), sp.Symbol(r"{\lambda n}", positive=True)
energy, loss = sp.IndexedBase("x", real=True), sp.IndexedBase("L", nonnegative=True)
LOG_Z, LOG_Z_BOTH = sp.Symbol(r"{\log Z_\beta}", real=True), sp.Symbol(r"{\log Z'}", real=True)
X, LHAT = sp.Symbol(r"{\mathbb{E}_\rho[x]}", real=True), sp.Symbol(r"{\mathbb{E}_\rho[\hat L]}", real=True)
NAMES = {
    rho[h] * sp.log(rho[h]): -ENTROPY,
    rho[h] * energy[h]: X,
    rho[h] * loss[h]: LHAT,
    rho[h]: sp.S.One,
}
VALUE = beta * X - ENTROPY + LOG_Z


@cache
def formula() -> SumIdentity:
    """Return KL(rho||pi_beta) = beta E_rho x - H(rho) + log Z."""
    return SumIdentity(
        title="With $\\log \\pi_h = -\\beta x_h - \\log Z_\\beta$ the divergence is a sum of three terms",
        summand=rho[h] * sp.log(rho[h]) - rho[h] * (-beta * energy[h] - LOG_Z),
        names=NAMES,
        value=VALUE,
        index=h,
        note="The left side is $\\mathrm{KL}(\\rho \\Vert \\pi_\\beta)$.",
    )


@cache
def entropy_bound() -> tuple[Deduction, Deduction]:
    """Return H <= beta E x + log Z, and that at equal mean energy KL differs as minus the entropy."""
    kl, entropy, mean, logz = sp.symbols("k h m z", real=True)
    kl_2, entropy_2 = sp.symbols("k' h'", real=True)
    scaled = sp.Symbol("b", real=True)
    shown = {entropy: ENTROPY, kl: gibbs.KL, logz: LOG_Z, scaled: beta * X}
    positive = by(gibbs.change_of_measure(), {gibbs.KL: kl, sp.log(gibbs.Z): mean, gibbs.MEAN: mean})
    most = Deduction(
        title="It is never negative ($f = 0$ in Gibbs' principle, where $Z = 1$), so $H(\\rho) \\le \\beta\\,"
        "\\mathbb{E}_\\rho[x] + \\log Z_\\beta$: at this mean energy nothing has more entropy than "
        "$\\pi_\\beta$",
        given=(
            positive,
            assume(sp.Eq(kl, scaled - entropy + logz), "the formula above"),
        ),
        conclusion=entropy <= scaled + logz,
        fold=shown,
    )
    equal = Deduction(
        title="Among posteriors of equal mean energy the regulariser is minus the entropy, up to a constant",
        given=(
            assume(sp.Eq(kl, scaled - entropy + logz), "the formula for one posterior"),
            assume(
                sp.Eq(kl_2, scaled - entropy_2 + logz), "the formula for another one of equal mean energy"
            ),
        ),
        conclusion=sp.Eq(kl - kl_2, entropy_2 - entropy),
        fold={
            **shown,
            entropy_2: sp.Symbol(r"{H(\rho')}"),
            kl_2: sp.Symbol(r"{\mathrm{KL}(\rho' \Vert \pi)}"),
        },
    )
    return most, equal


@cache
def combined() -> tuple[SumIdentity, Deduction]:
    """Return the objective of the bound as one divergence from a Gibbs distribution of added energies."""
    whole = SumIdentity(
        title="The objective of the bound is a divergence again, from the Gibbs distribution $\\pi'_h "
        "\\propto "
        "e^{-\\lambda n \\hat L_h - \\beta x_h}$ in which the two energies are added,",
        summand=rho[h] * sp.log(rho[h]) - rho[h] * (-rate * loss[h] - beta * energy[h] - LOG_Z_BOTH),
        names=NAMES,
        value=rate * LHAT + VALUE + LOG_Z_BOTH - LOG_Z,
        index=h,
        note="The left side is $\\mathrm{KL}(\\rho \\Vert \\pi')$; $\\log Z'$ is the normaliser of $\\pi'$.",
    )
    total, kl, one, both = sp.symbols("t k z y", real=True)
    kl_both = sp.Symbol("d", real=True)
    best = Deduction(
        title="so it is least at $\\rho = \\pi'$",
        given=(
            by(gibbs.change_of_measure(), {gibbs.KL: kl_both, sp.log(gibbs.Z): kl, gibbs.MEAN: kl}),
            assume(sp.Eq(kl_both, total + both - one), "the identity above"),
        ),
        conclusion=total >= one - both,
        fold={
            total: sp.Symbol(r"{\lambda n\,\mathbb{E}_\rho[\hat L] + \mathrm{KL}(\rho \Vert \pi_\beta)}"),
            one: LOG_Z,
            both: LOG_Z_BOTH,
        },
    )
    return whole, best


@cache
def temperature() -> tuple[Identity, ...]:
    """Return the derivatives of the divergence in beta."""
    log_z = sp.Function("zeta")(beta)
    slope = Identity(
        title="In $\\beta$, with $\\zeta(\\beta) = \\log Z_\\beta$ and $-\\zeta'$ the mean energy of the "
        "prior, the "
        "divergence has the slope",
        left=sp.Derivative(beta * X - ENTROPY + log_z, beta),
        right=X - (-sp.diff(log_z, beta)),
    )
    bend = Identity(
        title="and the second derivative $\\zeta''$, which is the variance below: it is least where the "
        "prior's "
        "mean energy is that of $\\rho$",
        left=sp.Derivative(beta * X - ENTROPY + log_z, (beta, 2)),
        right=sp.diff(log_z, beta, 2),
    )
    return slope, bend


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-5."""
    fall, _, square = gibbs.variance(sp.Symbol("s", positive=True))
    return Derivation(
        (
            formula(),
            recall(log_below_line(), "FE-14"),
            recall(gibbs.one_hypothesis(), "GC-4"),
            recall(gibbs.change_of_measure(), "GC-4"),
            *entropy_bound(),
            *combined(),
            *temperature(),
            recall(fall, "GC-4"),
            recall(square, "GC-4"),
        )
    )
