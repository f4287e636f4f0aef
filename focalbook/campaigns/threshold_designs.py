"""Designs of thresholds for a Gaussian, put to the test: variances against theory, and wrong guesses.

Bits are drawn as counts, so that a replicate costs its thresholds and not its bits. Claim OB-4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.onebit import BatchFit, Gaussian, design

__all__ = [
    "STRATEGIES",
    "MonteCarlo",
    "Staged",
    "ThresholdDesigns",
    "TwoStage",
    "designs",
    "two_stage",
    "variances",
]

Float = NDArray[np.float64]

#: How bits may be spent when the guess may be wrong, in the order of `Staged.efficiency`.
STRATEGIES = ("best for the guess", "best in the worst case", "two stages", "best for the truth")
#: Batches of replicates, whose spread gives the standard errors.
BATCHES = 20


@dataclass(frozen=True, kw_only=True)
class ThresholdDesigns:
    """Configuration of the comparison of variances with theory.

    Attributes
    ----------
    bits : tuple of int
        Total numbers of bits.
    replicates : int, >= 100
    seed : int
    """

    bits: tuple[int, ...] = (60, 200, 1000, 10_000)
    replicates: int = 20_000
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.bits or min(self.bits) < 10:
            raise ValueError(f"bits must be at least 10 each, got {self.bits!r}.")
        if self.replicates < 100:
            raise ValueError(f"replicates must be at least 100, got {self.replicates}.")


@dataclass(frozen=True)
class MonteCarlo:
    """Variances times bits, mean 0 and standard deviation 1 being the truth.

    Attributes
    ----------
    names : tuple of str
        Designs.
    bits : tuple of int
    variance, error : ndarray, shape (designs, bits, 2)
        Variance of the estimates of a and s, times the number of bits, over replicates that have estimates;
        and its standard error.
    theory : ndarray, shape (designs, 2)
        Diagonal of the inverse information of one bit.
    exists : ndarray, shape (designs, bits)
        Share of replicates with an estimate.
    replicates : int
    """

    names: tuple[str, ...]
    bits: tuple[int, ...]
    variance: Float
    error: Float
    theory: Float
    exists: Float
    replicates: int


def designs() -> dict[str, design.Design]:
    """The designs that are compared, for mean 0 and standard deviation 1."""
    wide = Gaussian(1.0, [-2.5, 2.5])
    aside = Gaussian(1.0, [0.0, 2.0])
    spread = Gaussian(1.0, np.linspace(-2.0, 2.0, 9))
    at = [0.0, 1.0]
    return {
        "D-optimal": design.gaussian(at, "D"),
        "best for s": design.gaussian(at, "s"),
        "nine, even": _fixed(spread),
        "0 and 2": _fixed(aside),
        "±2.5": _fixed(wide),
    }


def _fixed(model: Gaussian) -> design.Design:
    """Equal shares of bits for the rows of a model, whatever their efficiency."""
    return design.evaluate(model, np.full(model.rows, 1.0 / model.rows), [0.0, 1.0], "D")


def variances(config: ThresholdDesigns | None = None) -> MonteCarlo:
    """Fit many replicates of each design and compare their variances with the inverse information.

    Parameters
    ----------
    config : ThresholdDesigns, optional

    Returns
    -------
    MonteCarlo
        The same for the same configuration. Nothing is written.
    """
    config = config or ThresholdDesigns()
    rng = np.random.default_rng(config.seed)
    chosen = designs()
    shape = (len(chosen), len(config.bits))
    variance, error, exists = np.empty((*shape, 2)), np.empty((*shape, 2)), np.empty(shape)
    theory = np.array([np.diag(np.linalg.inv(one.information)) for one in chosen.values()])
    for d, one in enumerate(chosen.values()):
        for b, bits in enumerate(config.bits):
            trials = one.trials(bits)
            ones = one.model.simulate((0.0, 1.0), trials, config.replicates, rng)
            fit = one.model.fit_batch(ones, trials)
            found = fit.estimate[fit.exists]
            exists[d, b] = fit.exists.mean()
            off = (found - found.mean(axis=0)) ** 2
            variance[d, b] = bits * off.mean(axis=0)
            error[d, b] = bits * off.std(axis=0) / np.sqrt(len(off))
    return MonteCarlo(tuple(chosen), config.bits, variance, error, theory, exists, config.replicates)


@dataclass(frozen=True, kw_only=True)
class TwoStage:
    """Configuration of the comparison with wrong guesses.

    Attributes
    ----------
    truths : tuple of (float, float)
        True mean and standard deviation, in units in which the guess is (0, 1).
    bits : int
        Bits in all.
    pilot : float
        Share of the bits spent on the first stage, in (0, 1).
    replicates : int, >= 100
    seed : int
    """

    truths: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (0.0, 0.4), (0.0, 3.0))
    bits: int = 1000
    pilot: float = 0.2
    replicates: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.pilot < 1:
            raise ValueError(f"pilot must be a share inside (0, 1), got {self.pilot}.")
        if self.bits < 50 or self.replicates < 100:
            raise ValueError(f"bits >= 50 and replicates >= 100, got {self.bits} and {self.replicates}.")
        if not self.truths or any(s <= 0 for _, s in self.truths):
            raise ValueError(f"truths must be pairs (a, s) with s > 0, got {self.truths!r}.")


@dataclass(frozen=True)
class Staged:
    """What the strategies reach.

    Attributes
    ----------
    truths : tuple of (float, float)
    efficiency, error : ndarray, shape (truths, strategies)
        Best value of det(J)^(-1/2)/n over the root of the determinant of the mean squared errors, and its
        standard error; 0 where more than one in a thousand replicates has no estimate.
    exists : ndarray, shape (truths, strategies)
        Share of replicates with an estimate.
    robust : Design
        The design that is best in the worst case, used for the first stage too.
    """

    truths: tuple[tuple[float, float], ...]
    efficiency: Float
    error: Float
    exists: Float
    robust: design.Design


def menu() -> Gaussian:
    """Thresholds on offer: from -9 to 9, a tenth apart."""
    return Gaussian(1.0, np.round(np.linspace(-9.0, 9.0, 181), 1))


def region() -> Float:
    """Guesses that the robust design protects: the corners and sides of |a| <= 2, 0.4 <= s <= 3."""
    return np.array([[a, s] for a in (-2.0, 0.0, 2.0) for s in (0.4, 1.0, 3.0)])


def two_stage(config: TwoStage | None = None) -> Staged:
    """Compare strategies when the guess (0, 1) is wrong.

    The two-stage strategy spends a share of the bits on the robust design, fits, and spends the rest on the
    thresholds of the menu nearest to the best ones for that fit; where the first stage has no estimate, it
    goes on with the robust design. All bits enter the last fit.
    """
    config = config or TwoStage()
    rng = np.random.default_rng(config.seed)
    offer = menu()
    robust, _ = design.worst_case(offer, region())
    z = float(np.abs(design.gaussian([0.0, 1.0]).predictors()[0]))
    best = design.gaussian([0.0, 1.0]).value
    shape = (len(config.truths), len(STRATEGIES))
    efficiency, error, exists = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for t, (a, s) in enumerate(config.truths):
        plans = (
            _single(offer, [-z, z], config),
            design.apportion(_kept(robust.weights), config.bits),
            None,
            _single(offer, [a - z * s, a + z * s], config),
        )
        for k, plan in enumerate(plans):
            trials = None if plan is None else np.tile(np.asarray(plan, np.float64), (config.replicates, 1))
            ones, trials = _spend(offer, (a, s), trials, _kept(robust.weights), z, config, rng)
            fit = _fit(offer, ones, trials)
            exists[t, k] = fit.exists.mean()
            if exists[t, k] > 0.999:
                efficiency[t, k], error[t, k] = _reached(
                    fit.estimate[fit.exists] - [a, s], s**2 * best / config.bits
                )
    return Staged(config.truths, efficiency, error, exists, robust)


def _kept(weights: Float) -> Float:
    """Shares above one in a thousand, the others left out."""
    kept = np.where(weights > 1e-3, weights, 0.0)
    return kept / kept.sum()


def _single(offer: Gaussian, tau: list[float], config: TwoStage) -> Float:
    trials = np.zeros(offer.rows)
    np.add.at(trials, _nearest(offer, np.array(tau)), config.bits / 2)
    return np.floor(trials)


def _fit(offer: Gaussian, ones: Float, trials: Float) -> BatchFit:
    """Fits over the thresholds of the menu that any replicate uses."""
    used = trials.any(axis=0)
    return Gaussian(1.0, offer.tau[used]).fit_batch(ones[:, used], trials[:, used])


def _nearest(offer: Gaussian, tau: Float) -> NDArray[np.int64]:
    step = offer.tau[1] - offer.tau[0]
    return np.clip(np.rint((tau - offer.tau[0]) / step), 0, offer.rows - 1).astype(np.int64)


def _spend(
    offer: Gaussian,
    at: tuple[float, float],
    trials: Float | None,
    robust: Float,
    z: float,
    config: TwoStage,
    rng: np.random.Generator,
) -> tuple[Float, Float]:
    """Draw the counts of one strategy; `trials` None stands for two stages."""
    p = offer.probabilities(at)
    if trials is not None:
        return rng.binomial(trials.astype(np.int64), p).astype(np.float64), trials
    first = design.apportion(robust, int(config.pilot * config.bits))
    ones = rng.binomial(first, p, size=(config.replicates, offer.rows)).astype(np.float64)
    pilot = _fit(offer, ones, np.broadcast_to(first.astype(np.float64), ones.shape))
    rest = config.bits - int(first.sum())
    more = np.tile(design.apportion(robust, rest).astype(np.float64), (config.replicates, 1))
    known = np.flatnonzero(pilot.exists)
    more[known] = 0.0
    mean, deviation = pilot.estimate[known].T
    for side, bits in ((-z, rest // 2), (z, rest - rest // 2)):
        more[known, _nearest(offer, mean + side * deviation)] += bits
    ones = ones + rng.binomial(more.astype(np.int64), p)
    return ones, more + first


def _reached(off: Float, best: float) -> tuple[float, float]:
    """Efficiency from errors of shape (r, 2), and its standard error from batches."""

    def efficiency(part: Float) -> float:
        return float(best / np.sqrt(np.linalg.det(part.T @ part / len(part))))

    batches = np.array([efficiency(part) for part in np.array_split(off, BATCHES)])
    return efficiency(off), float(batches.std(ddof=1) / np.sqrt(BATCHES))
