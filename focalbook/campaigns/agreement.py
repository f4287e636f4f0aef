"""Measured factors between output and posterior beside predicted ones, for the imbalance design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import Estimate
from focalbook.campaigns.contexts import COMMON, CONTEXTS, RARE, contexts
from focalbook.campaigns.measures import over_seeds
from focalbook.campaigns.power import Equivalence, detectable_effect, equivalence, power_of_test
from focalbook.store import Record
from focalbook.theory.loss import gain_maximum
from focalbook.theory.minimizer import minimizer

__all__ = [
    "MARGIN",
    "Cells",
    "Deepest",
    "agreements",
    "cells",
    "deepest",
    "effective_share",
    "off_by",
    "wrong_gamma",
]

Float = NDArray[np.float64]

#: Factors that differ by less than five per cent count as equal. Chosen before any record was made.
MARGIN = float(np.log(1.05))


@dataclass(frozen=True)
class Cells:
    """Log of the factor q/p, for each gamma, context and letter.

    Attributes
    ----------
    gammas : array, shape (g,)
    predicted : array, shape (g, 5, 21)
        log(Q*/P).
    runs : array, shape (seeds, g, 5, 21)
        Measured, for each seed.
    """

    gammas: Float
    predicted: Float
    runs: Float

    @property
    def errors(self) -> Float:
        """Measured minus predicted, for each seed."""
        return self.runs - self.predicted

    def estimate(self, gamma: float, context: int, letter: int) -> Estimate:
        """Measured log factor of one cell with Student's 95 % interval over seeds."""
        return over_seeds(self.runs[:, self.index(gamma), context, letter])

    def over_control(self) -> Cells:
        """Factors relative to those of the cross-entropy networks of the same seed, for gamma above 0.

        They saw the same images, noise and letters and show what training alone does to rare letters.

        Raises
        ------
        ValueError
            There is no gamma = 0.
        """
        control, rest = self.index(0.0), self.gammas > 0
        relative = self.runs[:, rest] - self.runs[:, [control]]
        return Cells(self.gammas[rest], self.predicted[rest], relative)

    def index(self, gamma: float) -> int:
        """Place of a gamma.

        Raises
        ------
        ValueError
            There is no such gamma.
        """
        found = np.flatnonzero(self.gammas == gamma)
        if len(found) != 1:
            raise ValueError(f"no networks with gamma = {gamma:g}, there are {self.gammas.tolist()}.")
        return int(found[0])


def cells(records: Sequence[Record], kind: str = "output") -> Cells:
    """Collect the records of one variant.

    Parameters
    ----------
    records : sequence of Record
        One for each seed, with equal gamma.
    kind : {"output", "recovered"}
        Recovered outputs are predicted to be the posterior: log factors of 0.

    Raises
    ------
    ValueError
        No records, or records with different gamma.
    """
    gammas = {tuple(record.configuration["gammas"]) for record in records}
    if len(gammas) != 1:
        raise ValueError(f"records of one variant have one list of gammas, got {sorted(gammas)}.")
    (values,) = gammas
    p = contexts()
    predicted = np.array([np.log(minimizer(p, gamma) / p) for gamma in values])
    if kind == "recovered":
        predicted = np.zeros_like(predicted)
    return Cells(np.array(values), predicted, np.array([record.arrays[kind] for record in records]))


def agreements(found: Cells, margin: float = MARGIN) -> NDArray[np.object_]:
    """Equivalence of measured and predicted log factor of every rare letter: objects, shape (g, 5, 5)."""
    shape = (len(found.gammas), len(CONTEXTS), len(RARE))
    tests: NDArray[np.object_] = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        tests[place] = equivalence(found.errors[(slice(None), *place[:2], COMMON + place[2])], 0.0, margin)
    return tests


def off_by(found: Cells, gamma: float) -> float:
    """The least margin with which all rare letters of one gamma agree with their predictions, as a share.

    Returns
    -------
    float
        0.03 means: in every cell the 90 % interval of measured over predicted factor, less 1, lies within 3 %
        (as a logarithm).
    """
    return max(test.bound for test in agreements(found)[found.index(gamma)].ravel())


def wrong_gamma(found: Cells) -> Float:
    """The same for every pair of a gamma of training (rows) and a gamma of the prediction (columns).

    Networks agree with the prediction of their own gamma alone, or the comparison shows nothing.
    """
    size = len(found.gammas)
    table = np.empty((size, size))
    for trained in range(size):
        for assumed in range(size):
            shifted = Cells(found.gammas[[trained]], found.predicted[[assumed]], found.runs[:, [trained]])
            table[trained, assumed] = off_by(shifted, float(found.gammas[trained]))
    return table


@dataclass(frozen=True)
class Deepest:
    """Over-suppression where it is deepest, for one gamma and one rare letter.

    Attributes
    ----------
    gamma : float
    context : int
        Where the predicted factor is least.
    bound : float
        1/h(p*), below which no factor can fall (FE-11).
    predicted : float
        Factor Q*/P.
    measured : Estimate
        Factor output/P, with its 95 % interval over seeds.
    part : Estimate
        Measured over predicted effect, as logarithms of factors: 1 where all that is predicted is seen.
    spread : float
        Standard deviation of the log factor between seeds.
    detectable : tuple of float
        Least lowering, 1 - factor, found with powers 0.8 and 0.9.
    power : float
        Of the test of "no effect" at the level 0.05, for the predicted effect and the measured spread.
    agreement : Equivalence
        Of measured and predicted log factor.
    """

    gamma: float
    context: int
    bound: float
    predicted: float
    measured: Estimate
    part: Estimate
    spread: float
    detectable: tuple[float, float]
    power: float
    agreement: Equivalence


def deepest(found: Cells, gamma: float, rare: int = -1) -> Deepest:
    """Look at one rare letter (by default the rarest) in the context in which it is lowered most.

    Raises
    ------
    ValueError
        There is no such gamma, or it is 0: nothing is lowered then.
    """
    if gamma == 0:
        raise ValueError("the cross-entropy lowers nothing: gamma must be above 0.")
    place, letter = found.index(gamma), COMMON + range(len(RARE))[rare]
    context = int(found.predicted[place, :, letter].argmin())
    effect = float(found.predicted[place, context, letter])
    runs = found.runs[:, place, context, letter]
    log = over_seeds(runs)
    spread = float(runs.std(ddof=1))
    return Deepest(
        gamma=gamma,
        context=context,
        bound=1 / float(gain_maximum(gamma)),
        predicted=float(np.exp(effect)),
        measured=Estimate(float(np.exp(log.value)), float(np.exp(log.low)), float(np.exp(log.high)), log.n),
        part=over_seeds(runs / effect),
        spread=spread,
        detectable=_lowering(spread, len(runs)),
        power=power_of_test(effect, spread, len(runs)),
        agreement=equivalence(runs, effect, MARGIN),
    )


def _lowering(spread: float, runs: int) -> tuple[float, float]:
    least, most = (-float(np.expm1(-detectable_effect(spread, runs, power))) for power in (0.8, 0.9))
    return least, most


def effective_share(drawn: Cells, exact: Cells, letters: int, rare: int = -1) -> float:
    """Share of the drawn letters that bears on the result, from what they add to the spread between seeds.

    Parameters
    ----------
    drawn, exact : Cells
        Trained on drawn letters, and on exact expectations.
    letters : int
        Letters drawn for one network, a fifth of them in each context.
    rare : int
        Which rare letter.

    Returns
    -------
    float
        The variance that m letters of one context add is (1 - p)/(p m): m as a share of all its letters.
        Below 1, since the last steps of training forget the first. Infinite where nothing is added.
    """
    p, place = RARE[rare], COMMON + range(len(RARE))[rare]
    added = [c.runs[..., place].var(axis=0, ddof=1).mean() for c in (drawn, exact)]
    extra = float(added[0] - added[1])
    return (1 - p) / (p * extra) / (letters / len(CONTEXTS)) if extra > 0 else np.inf
