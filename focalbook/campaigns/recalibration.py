"""What to do with the outputs of a focal-loss model: nothing, recovery, a temperature, or both.

Networks read digits whose letters are drawn through the known channel of :mod:`focalbook.campaigns.channel`.
Either every step draws new letters, so that the outputs can reach the minimiser of the posterior, or every
image keeps the one letter it was given and the network learns these by heart. The expected log loss over
letters, which the posterior makes exact, then tells which treatment of the outputs is best.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook import calibration
from focalbook.calibration import Inverse, Temperature, calibration_error, nll
from focalbook.campaigns.channel import channel
from focalbook.campaigns.grid import grid
from focalbook.campaigns.known_posterior import letters_from
from focalbook.data import load_digits
from focalbook.store import Metric, Provenance, Record, provenance
from focalbook.training import TrainingConfig, fit

__all__ = ["CAMPAIGN", "TREATMENTS", "Recalibration", "fit_temperature", "run", "treat"]

CAMPAIGN = "recalibration"
TREATMENTS = ("as it is", "temperature", "recovered", "recovered, temperature")
Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Recalibration:
    """Configuration.

    Attributes
    ----------
    letters : {"fresh", "fixed"}
        New letters in every step, or one letter for each image, drawn once.
    gammas : tuple of float
    seeds : tuple of int
    weights : tuple of float, optional
        Class weights of the loss; the treatments then undo them too.
    training : TrainingConfig
        Its gamma and seed are replaced.
    """

    letters: Literal["fresh", "fixed"] = "fresh"
    gammas: tuple[float, ...] = (0.0, 2.0, 5.0)
    seeds: tuple[int, ...] = (0, 1, 2)
    weights: tuple[float, ...] | None = None
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(steps=400))

    def __post_init__(self) -> None:
        if self.letters not in ("fresh", "fixed"):
            raise ValueError(f"letters must be 'fresh' or 'fixed', got {self.letters!r}.")


def _map(gamma: float, recovered: bool, weights: Float | None) -> Inverse:
    """The inverse map, or (gamma = 0, no weights) the one that leaves outputs alone."""
    if not recovered:
        return Inverse(0.0)
    return Inverse(gamma, None if weights is None else tuple(float(w) for w in weights))


def treat(logits: Float, gamma: float, temperature: float, recovered: bool, weights: Float | None) -> Float:
    """Probabilities from logits (n, K): recovered or not, then the power 1/temperature, normalised."""
    return _map(gamma, recovered, weights).then(Temperature(temperature)).probabilities(logits)


def fit_temperature(
    logits: Float,
    labels: NDArray[np.int64],
    gamma: float,
    recovered: bool,
    weights: Float | None = None,
) -> float:
    """Temperature with the least log loss on labelled rows, after recovery or without."""
    return calibration.fit_temperature(_map(gamma, recovered, weights)(logits), labels).value


def run(config: Recalibration) -> list[Record]:
    """Train the networks and treat their outputs.

    Parameters
    ----------
    config : Recalibration

    Returns
    -------
    list of Record
        One for each seed and gamma; nothing is written. Half of the held-out images, with a letter drawn for
        each, serve to fit temperatures, the other half to measure. Metrics for every treatment: ``excess`` is
        the expected log loss above that of the posterior, ``ece`` the calibration error in expectation over
        letters. Arrays of the measured half: ``logits``, ``posterior``, ``digit``; ``temperature`` holds the
        fitted temperatures without and with recovery.

    Notes
    -----
    Sources: ``guo2017calibration`` for the temperature, ``komisarenko2024improving`` for a temperature after
    recovery (focal temperature scaling). Claims FE-6, FE-16.
    """
    started = time.perf_counter()
    split = load_digits(0.4, 0)
    table = channel()
    posteriors = table[split.train.labels]
    fixed = _drawn(posteriors, np.random.default_rng(17))
    one_hot = torch.nn.functional.one_hot(torch.as_tensor(fixed), table.shape[1]).float()

    def targets(rows: Tensor, generator: torch.Generator) -> Tensor:
        if config.letters == "fixed":
            return one_hot[rows]
        return letters_from(posteriors[rows.numpy()], generator, 4)

    runs = grid(config.training, config.gammas, config.seeds)
    weight = None if config.weights is None else torch.tensor(config.weights, dtype=torch.float32)
    pixels = split.train.pixels()
    trained = fit(runs, pixels, targets, table.shape[1], weight=weight, threads=1)
    outputs = trained.logits(split.test.pixels()).double().numpy()
    digit, made = split.test.labels, provenance()
    shared = (time.perf_counter() - started) / len(runs)
    return [
        _record(config, training, logits, digit, table[digit], made, shared)
        for training, logits in zip(runs, outputs, strict=True)
    ]


def _drawn(posteriors: Float, rng: np.random.Generator) -> NDArray[np.int64]:
    """One letter for each row."""
    below = posteriors.cumsum(axis=1) < rng.random((len(posteriors), 1))
    return np.minimum(below.sum(axis=1), posteriors.shape[1] - 1)


def _record(
    config: Recalibration,
    training: TrainingConfig,
    logits: Float,
    digit: NDArray[np.int64],
    posterior: Float,
    made: Provenance,
    seconds: float,
) -> Record:
    weights = None if config.weights is None else np.array(config.weights)
    letters = _drawn(posterior, np.random.default_rng([training.seed, 3]))
    fitted, measured = np.arange(len(digit)) % 2 == 0, np.arange(len(digit)) % 2 == 1
    plain, after = (
        fit_temperature(logits[fitted], letters[fitted], training.gamma, recovered, weights)
        for recovered in (False, True)
    )
    best = nll(posterior[measured], posterior[measured], resamples=0).value
    metrics, count = {}, int(measured.sum())
    for name, temperature, recovered in zip(
        TREATMENTS, (1.0, plain, 1.0, after), (False, False, True, True), strict=True
    ):
        q = treat(logits[measured], training.gamma, temperature, recovered, weights)
        excess = nll(q, posterior[measured], resamples=0).value - best
        ece = calibration_error(q, posterior[measured], resamples=0).value
        for measure, value in (("excess", excess), ("ece", ece)):
            metrics[f"{measure} {name}"] = Metric(value, math.nan, math.nan, count)
    arrays = {
        "logits": logits[measured],
        "posterior": posterior[measured],
        "digit": digit[measured],
        "temperature": np.array([plain, after]),
    }
    shown = {"letters": config.letters, "weights": config.weights, "training": training.to_dict()}
    return Record(CAMPAIGN, shown, metrics, seconds, made, arrays)
