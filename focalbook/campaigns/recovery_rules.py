"""Rules that choose a treatment of the outputs from validation images, and what their choices cost.

The cost of a rule on a network is the log loss on test images after the treatment that it chose, minus the
least log loss of all treatments of that network. Nobody can choose the least without test labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.calibration import Estimate, Inverse, Recalibration, fit_temperature, nll
from focalbook.campaigns.measures import over_seeds
from focalbook.campaigns.recovery_study import SCORES, TREATMENTS, Study

__all__ = [
    "MARGIN",
    "RULES",
    "Advice",
    "Diagnosis",
    "advise",
    "choices",
    "costs",
    "diagnosis",
    "mean_cost",
    "nearer_one",
    "winners",
]

Float = NDArray[np.float64]

#: A change of the log loss, in nats, that nobody would mind: below it a wrong sign does not count.
MARGIN = 0.005

#: Rules by their names: one treatment always; the least validation log loss; the temperature nearer one.
RULES = (*(f"always: {name}" for name in TREATMENTS), "least validation NLL", "temperature nearer 1")


def nearer_one(study: Study) -> Float:
    """How much nearer to 1 recovery brings the fitted temperature, |log T| before minus after.

    Shape (cells, gammas, seeds); positive where a network looks more like one at its optimum once recovered.
    """
    before, after = np.abs(np.log(study.temperatures))
    return before - after


@dataclass(frozen=True)
class Diagnosis:
    """Whether the fitted temperatures foretell what recovery does to the test log loss.

    Attributes
    ----------
    foretold : array, shape (n,)
        :func:`nearer_one` of each network with gamma > 0.
    change : array, shape (n,)
        Test log loss recovered minus as it is.
    cell, gamma : int arrays, shape (n,)
        Places of the networks in the study.
    """

    foretold: Float
    change: Float
    cell: NDArray[np.int64]
    gamma: NDArray[np.int64]

    def errs(self, margin: float = MARGIN) -> NDArray[np.bool_]:
        """Networks whose log loss changes by more than `margin`, against the sign that is foretold."""
        return (np.sign(self.foretold) != -np.sign(self.change)) & (np.abs(self.change) > margin)


def diagnosis(study: Study) -> Diagnosis:
    """Both sides of the diagnosis for every network with gamma > 0 whose record has them."""
    foretold, change = nearer_one(study), study.change("test nll", "recovered")
    present = np.isfinite(foretold) & np.isfinite(change)
    present &= (np.array(study.gammas) > 0)[None, :, None]
    cell, gamma, _ = np.nonzero(present)
    return Diagnosis(foretold[present], change[present], cell, gamma)


def choices(study: Study, rule: str) -> NDArray[np.int64]:
    """Treatment that a rule chooses for each network, (cells, gammas, seeds); -1 where it cannot.

    Raises
    ------
    ValueError
        An unknown rule.
    """
    if rule not in RULES:
        raise ValueError(f"unknown rule {rule!r}; known are {', '.join(RULES)}.")
    if rule.startswith("always"):
        chosen = np.full(study.temperatures.shape[1:], TREATMENTS.index(rule.removeprefix("always: ")))
        known = np.isfinite(study.scores[SCORES.index("test nll")]).all(axis=2)
    elif rule == "least validation NLL":
        values = study.scores[SCORES.index("validation nll")]
        known = np.isfinite(values).all(axis=2)
        chosen = np.where(np.isfinite(values), values, np.inf).argmin(axis=2)
    else:
        known = np.isfinite(nearer_one(study))
        both, plain = TREATMENTS.index("recovered, temperature"), TREATMENTS.index("temperature")
        chosen = np.where(nearer_one(study) > 0, both, plain)
    return np.where(known, chosen, -1)


def costs(study: Study, rule: str) -> Float:
    """What the choices of a rule cost, nats, shape (cells, gammas, seeds); NaN where it cannot choose."""
    loss = study.scores[SCORES.index("test nll")]
    chosen = choices(study, rule)
    taken = np.take_along_axis(loss, np.maximum(chosen, 0)[:, :, None], axis=2)[:, :, 0]
    return np.where(chosen >= 0, taken - loss.min(axis=2), np.nan)


def mean_cost(study: Study, rule: str, cell: int) -> Estimate | None:
    """Cost averaged over the gammas above 0 of each seed, with Student's interval over seeds."""
    values = costs(study, rule)[cell][np.array(study.gammas) > 0]
    whole = np.isfinite(values).all(axis=0)
    return over_seeds(values[:, whole].mean(axis=0)) if whole.any() else None


def winners(study: Study, cell: int) -> dict[str, int]:
    """How many networks of a cell with gamma > 0 have their least test log loss after each treatment."""
    loss = study.scores[SCORES.index("test nll"), cell][np.array(study.gammas) > 0]
    whole = np.isfinite(loss).all(axis=1)
    best = np.where(np.isfinite(loss), loss, np.inf).argmin(axis=1)[whole]
    return {name: int((best == k).sum()) for k, name in enumerate(TREATMENTS)}


@dataclass(frozen=True)
class Advice:
    """What validation rows say about a network.

    Attributes
    ----------
    temperature, after_recovery : float
        Fitted temperatures, as it is and after recovery.
    treatment : str
        ``temperature`` or ``recovered, temperature``.
    map : Recalibration
        What to apply to logits.
    """

    temperature: float
    after_recovery: float
    treatment: str
    map: Recalibration


def advise(logits: ArrayLike, labels: ArrayLike, gamma: float) -> Advice:
    """Choose a treatment for a network trained with focal loss from labelled rows it was not trained on.

    Parameters
    ----------
    logits : array_like, shape (n, K)
        Logits or log-probabilities.
    labels : array_like of int, shape (n,)
    gamma : float, >= 0
        Of the training loss.

    Returns
    -------
    Advice
        A temperature alone or after recovery, whichever has the lower log loss on these rows; and both fitted
        temperatures, which tell what recovery alone would do. Claim EX-5.

    Raises
    ------
    ValueError
        As for :func:`focalbook.calibration.fit_temperature`.
    """
    inverse = Inverse(gamma)
    plain, after = fit_temperature(logits, labels), fit_temperature(inverse(logits), labels)
    both = inverse.then(after)
    losses = [nll(one.probabilities(logits), labels, resamples=0).value for one in (plain, both)]
    if losses[1] < losses[0]:
        return Advice(plain.value, after.value, "recovered, temperature", both)
    return Advice(plain.value, after.value, "temperature", plain)
