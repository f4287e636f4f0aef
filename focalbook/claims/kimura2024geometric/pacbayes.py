"""GC-4 and GC-5: the PAC-Bayes-lambda bound, and what a Maxwell-Boltzmann prior makes of it."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import binom

from focalbook.campaigns.pac_coverage import Coins, coverage
from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally
from focalbook.theory import pacbayes as pb
from focalbook.theory.entropy import entropy, kl_divergence

__all__ = ["CLAIMS"]

SOURCE = "kimura2024geometric"
Float = NDArray[np.float64]

#: Classes whose coverage is measured: few and many hypotheses, of one risk and of several.
CLASSES = (
    Coins((0.1,), (1,), 200, 0.05),
    Coins((0.1,), (1_000_000,), 200, 0.05),
    Coins((0.05, 0.1, 0.3, 0.5), (3, 20, 50, 30), 100, 0.05),
    Coins((0.5,), (1,), 8, 0.5),
    Coins((0.02, 0.4), (2, 1000), 1, 0.3),
)
REPLICATES = 20_000


def _pac_bayes(rng: np.random.Generator, fixed_prior: bool = True) -> Check:
    """Moment, coverage, both optima and their alternation; in the control the prior is set after the data."""
    tally = Tally(
        1e-9,
        "moment for n = 1 to 2,000 and up to 1e9; failure probability of one coin, exact, n = 1 to 1,000; "
        f"coverage of {len(CLASSES)} classes of 1 to 1,000,000 coins, {REPLICATES:,} data sets each, 99.9 % "
        "Clopper-Pearson intervals, against every posterior and lambda; optima against rivals, n = 1 to 1e9, "
        "priors with masses down to 1e-300 and zero. Residual: relative violation or error",
    )
    sizes = [*range(1, 2001), *(10**k for k in range(4, 10))]
    tally.at_least(2 * np.sqrt(sizes), [pb.kl_moment(n) for n in sizes])
    for n in (1, 2, 3, 7, 8, 20, 100, 1000):
        k = np.arange(n + 1)
        ends = binom.pmf(k, n, k / n)  # each term is the largest probability of its number of errors
        tally.equal(pb.kl_moment(n), ends.sum())
        _one_coin(tally, n)
    for coins in CLASSES:
        found = coverage(coins, REPLICATES, rng)
        rules = ("any posterior", "kl event", "fixed prior") if fixed_prior else ("prior from the data",)
        tally.holds([found.interval(rule)[0] <= coins.delta for rule in rules])
    _both_forms(tally, rng)
    for n in (1, 10, 1000, 10**9):
        for _ in range(5):
            _alternation(tally, rng, n)
    rare = np.exp(-100.0)  # a hypothesis without errors, of next to no prior mass: a second minimum
    tally.holds(len(pb.minimize_bound([1 - rare, rare], [0.3, 0.0], 1000, 0.05).minima) == 2)
    return tally.done()


def _one_coin(tally: Tally, n: int) -> None:
    """Exact probability that the bounds fail for one hypothesis of 0-1 loss."""
    k = np.arange(n + 1)
    risk = np.concatenate([10.0 ** -np.arange(1.0, 9.0), np.linspace(0.02, 0.98, 25), [1 - 1e-6]])[:, None]
    mass = binom.pmf(k, n, risk)
    for delta in (0.001, 0.05, 0.5, 0.99):
        for bound in (pb.kl_bound(k / n, 0.0, n, delta), pb.best_lambda_bound(k / n, 0.0, n, delta)):
            tally.at_least(delta, np.where(risk > bound, mass, 0.0).sum(axis=1))


def _both_forms(tally: Tally, rng: np.random.Generator) -> None:
    """Lambda form against kl form, and the best lambda against all others."""
    loss = np.concatenate([[0.0, 1e-12, 1e-6, 0.5, 1.0], rng.uniform(size=40)])[:, None]
    kl = np.concatenate([[0.0, 1e-9], 10 ** rng.uniform(-3, 4, 20)])
    for n in (1, 8, 10**3, 10**9):
        best = pb.best_lambda_bound(loss, kl, n, 0.05)
        chosen = pb.optimal_lambda(loss, kl, n, 0.05)
        tally.equal(pb.lambda_bound(loss, kl, n, 0.05, chosen), best)
        tally.at_least(best, pb.kl_bound(loss, kl, n, 0.05))
        tally.more_than(chosen, 0.0)
        tally.at_least(1.0, chosen)
        for lam in (1e-6, 1e-3, 0.1, 0.5, 1.0, 1.5, 1.999):
            tally.at_least(pb.lambda_bound(loss, kl, n, 0.05, lam), best)


def _alternation(tally: Tally, rng: np.random.Generator, n: int) -> None:
    """Gibbs distributions against rivals, growth of the next lambda, and the search against a scan."""
    count = int(rng.integers(2, 60))
    prior = rng.dirichlet(np.full(count, 0.3))
    prior[rng.random(count) < 0.2] = 1e-300
    prior[rng.random(count) < 0.2] = 0.0
    prior[0] += 0.1
    prior, losses = prior / prior.sum(), rng.beta(1, 3, count)
    grid = np.geomspace(1e-4, 1.0, 60)
    scan, following = np.asarray(pb.bound_at(prior, losses, n, 0.05, grid)), []
    for lam, value in zip(grid, scan, strict=True):
        own = pb.gibbs(prior, losses, lam * n)
        divergence = kl_divergence(own, prior)
        tally.equal(pb.lambda_bound(own @ losses, divergence, n, 0.05, lam), value)
        following.append(float(pb.optimal_lambda(own @ losses, divergence, n, 0.05)))
        rivals = np.stack([own, prior]) * np.exp(rng.normal(0, 0.3, (2, count)))
        rivals /= rivals.sum(axis=1, keepdims=True)
        price = kl_divergence(rivals, np.stack([prior, prior]))
        tally.at_least(pb.lambda_bound(rivals @ losses, price, n, 0.05, lam), value)
    tally.at_least(following[1:], following[:-1])
    found = pb.minimize_bound(prior, losses, n, 0.05)
    tally.at_least(scan, found.best.bound)
    for one in found.minima:
        tally.at_least(one.history[:-1], one.history[1:])
        tally.holds(one.converged)


def _regulariser(rng: np.random.Generator, any_energy: bool = False) -> Check:
    """The three terms and what they imply; in the control the mean energies of two posteriors differ."""
    tally = Tally(
        1e-9,
        "2 to 200 hypotheses, energies of size 0.001 to 1,000, beta = -1,000 to 1,000 with 0, posteriors "
        "with "
        "masses down to 1e-300 and zero: the formula, the maximum of entropy, pairs of equal mean "
        "energy, the "
        "combined objective against rivals, the best beta. Residual: relative error or violation",
    )
    for count in (2, 3, 20, 200):
        for _ in range(12):
            energy = 10 ** rng.uniform(-3, 3) * rng.normal(size=count)
            losses, uniform = rng.beta(1, 3, count), np.full(count, 1 / count)
            posterior = rng.dirichlet(np.full(count, rng.choice([0.05, 1.0, 10.0])))
            if count > 2:
                posterior[rng.random(count) < 0.1] = 0.0
            posterior /= posterior.sum()
            for beta in (0.0, *(np.array([-1.0, -0.01, 0.01, 1.0, 300.0]) / np.abs(energy).max())):
                _one_prior(tally, rng, energy, losses, posterior, uniform, beta)
            if count > 2:
                _pair(tally, rng, energy, any_energy)
    warm, prior, cold = pb.gibbs(np.full(8, 1 / 8), np.tile(np.linspace(0, 2, 8), (3, 1)), [0.2, 1.5, 2.6])
    tally.more_than(entropy(warm), entropy(cold))  # more entropy, and yet a larger divergence
    tally.more_than(kl_divergence(warm, prior), kl_divergence(cold, prior))
    return tally.done()


def _one_prior(
    tally: Tally,
    rng: np.random.Generator,
    energy: Float,
    losses: Float,
    posterior: Float,
    uniform: Float,
    beta: float,
) -> None:
    """One posterior against one Maxwell-Boltzmann prior."""
    prior = pb.gibbs(uniform, energy, beta)
    log_z = logsumexp(-beta * energy)
    h, mean = entropy(posterior), posterior @ energy
    size = np.abs(beta) * np.abs(energy).max() + np.log(energy.size)
    if prior.min() > 0:
        tally.equal(kl_divergence(posterior, prior), beta * mean - h + log_z, floor=size)
    tally.at_least(beta * mean + log_z, h, floor=size)
    tally.equal(entropy(prior), beta * (prior @ energy) + log_z, floor=size)
    both = pb.gibbs(uniform, 20.0 * losses + beta * energy, 1.0)
    tally.equal(pb.gibbs(prior, losses, 20.0), both, floor=1e-3)
    least = log_z - logsumexp(-20.0 * losses - beta * energy)
    near = both * np.exp(rng.normal(0, 0.1, both.size))
    for rival in (posterior, near / near.sum()):
        cost = 20.0 * (rival @ losses) + beta * (rival @ energy) - entropy(rival) + log_z
        tally.at_least(cost, least, floor=size)
    step = 1e-4 / np.abs(energy).max()
    ends = [(beta + s) * mean + logsumexp(-(beta + s) * energy) for s in (-step, step)]
    tally.equal((ends[1] - ends[0]) / (2 * step), mean - prior @ energy, np.abs(energy).max(), within=1e-6)
    for other in (0.9 * beta, 1.1 * beta, beta + 0.1 / np.abs(energy).max()):
        away = other * (prior @ energy) + logsumexp(-other * energy) - entropy(prior)
        tally.at_least(away, 0.0, floor=size)  # the best beta for a prior's own mean energy is its own


def _pair(tally: Tally, rng: np.random.Generator, energy: Float, any_energy: bool) -> None:
    """Two posteriors of equal mean energy: divergences differ as minus the entropies."""
    first = rng.dirichlet(np.ones(energy.size))
    move = rng.normal(size=energy.size)
    known = np.stack([np.ones(energy.size), energy / np.abs(energy).max()])
    move -= known.T @ np.linalg.lstsq(known.T, move, rcond=None)[0]
    if any_energy:
        move = energy - energy.mean()
    second = first + 0.5 * move / np.max(np.abs(move) / first)
    beta = 1.0 / np.abs(energy).max()
    prior = pb.gibbs(np.full(energy.size, 1 / energy.size), energy, beta)
    gap = kl_divergence(first, prior) - kl_divergence(second, prior)
    tally.equal(gap, entropy(second) - entropy(first), floor=1.0)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-4",
        source=SOURCE,
        kind="corollary",
        title="The PAC-Bayes-lambda bound",
        statement=r"Let $C = \mathrm{KL}(\rho \Vert \pi) + \log(2\sqrt n/\delta)$. With probability at least "
        r"$1-\delta$ over the data, for all posteriors $\rho$ and all $\lambda \in (0,2)$ at once, "
        r"$\mathbb{E}_\rho[L] \le \frac{\mathbb{E}_\rho[\hat L]}{1-\lambda/2} + "
        r"\frac{C}{n\lambda(1-\lambda/2)}$. For given $\rho$ the best $\lambda$ is $2/(1 + \sqrt{1 + "
        r"2n\,\mathbb{E}_\rho[\hat L]/C})$; the bound is then $A + D + \sqrt{D^2 + 2AD}$ with $A = "
        r"\mathbb{E}_\rho[\hat L]$, $D = C/n$, which is the refined inequality of Pinsker solved for the "
        r"risk. For "
        r"given $\lambda$ the best posterior is $\rho \propto \pi e^{-\lambda n \hat L}$. Alternating "
        r"the two "
        r"never raises the bound; its iterates move one way and pass no fixed point, so that those from "
        r"the two "
        r"ends enclose all local minima. There may be several. A Maxwell-Boltzmann prior $\pi \propto "
        r"e^{-\beta "
        r"x}$ is allowed if its energies $x$ and $\beta$ do not depend on the data.",
        assumptions=(
            r"$n \ge 1$ independent examples of one distribution",
            r"losses in $[0,1]$: not the log loss, nor focal loss for any $\gamma$",
            r"$\pi$ is chosen without the $n$ examples",
            r"$0 < \delta < 1$",
        ),
        origin=r"The bound, both optima and the alternation are those of Thiemann and others (2017), "
        r"which the "
        r"paper uses with a Maxwell-Boltzmann prior. Spelled out here: that the energies must not come from "
        r"the same data, what happens if they do, and that $n \ge 8$ is not needed. New: the proof of "
        r"the constant "
        r"$2\sqrt n$ by universal coding, the closed value at the best $\lambda$, and the enclosure of "
        r"all minima.",
        chapter="pac-bayes",
        check=_pac_bayes,
        control=partial(_pac_bayes, fixed_prior=False),
        control_says="the prior is put on the hypotheses with the fewest training errors, after the fact",
    ),
    Claim(
        id="GC-5",
        source=SOURCE,
        kind="corollary",
        title="The regulariser of a Maxwell-Boltzmann prior",
        statement=r"On finitely many hypotheses with energies $x$ let $\pi_\beta \propto "
        r"e^{-\beta x}$ and $Z_\beta = "
        r"\sum_h e^{-\beta x_h}$. Then $\mathrm{KL}(\rho \Vert \pi_\beta) = \beta\,\mathbb{E}_\rho[x] - "
        r"H(\rho) + "
        r"\log Z_\beta$. It follows that $H(\rho) \le \beta\,\mathbb{E}_\rho[x] + \log Z_\beta$, with "
        r"equality "
        r"only at $\pi_\beta$; that among posteriors of equal mean energy the regulariser is minus the "
        r"entropy, up to a "
        r"constant; that the bound of GC-4 at $\lambda$ is least at $\rho \propto e^{-\lambda n \hat L - "
        r"\beta x}$: the "
        r"energies add; and that it is convex in $\beta$ and least where $\pi_\beta$ has the mean energy of "
        r"$\rho$. Where mean energies differ, a smaller divergence does not mean a larger entropy.",
        assumptions=(r"finitely many hypotheses", r"finite energies, $\beta$ of any sign"),
        origin=r"The paper's corollary is that the bound induces a divergence from the Maxwell-Boltzmann "
        r"distribution "
        r"as regulariser. The three terms, and what they do and do not imply, are worked out here.",
        chapter="pac-bayes",
        check=_regulariser,
        control=partial(_regulariser, any_energy=True),
        control_says="posteriors of different mean energies are compared by their entropies alone",
    ),
)
