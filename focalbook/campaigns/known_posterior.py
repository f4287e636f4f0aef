"""Claim FE-17: a network trained with focal loss gives the minimiser of the posterior, not the posterior.

Images are the embedded digits; their labels are letters drawn through a known channel, so that the posterior
P of every image is known. Networks are trained on images and freshly drawn letters, with several gamma and
seeds. On held-out images their output is compared with P, with the minimiser Q* of P, and, after recovery,
with P again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook.campaigns.channel import channel
from focalbook.campaigns.evaluate import Verdict, distances, misread, scores, verdict
from focalbook.campaigns.grid import check_grid, grid
from focalbook.data import Split, load_digits
from focalbook.store import Metric, Provenance, Record, provenance
from focalbook.theory.minimizer import bayes_risk
from focalbook.training import Fit, TrainingConfig, fit

__all__ = [
    "CAMPAIGN",
    "KnownPosterior",
    "Quick",
    "gammas_of",
    "letters_from",
    "quick",
    "run",
    "select",
    "train",
]

CAMPAIGN = "known-posterior"
Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class KnownPosterior:
    """Configuration of the experiment.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters; 0 is the cross-entropy, the control.
    seeds : tuple of int
        One network for each gamma and seed.
    letters_per_image : int, >= 0
        Letters drawn afresh for each image in each step. 0 stands for infinitely many: the loss is then the
        exact expectation over letters.
    rare : float
        Mass of each rare letter, see :func:`focalbook.campaigns.channel.channel`.
    training : TrainingConfig
        Its gamma and seed are replaced.
    test_fraction, split_seed
        Held-out part of the images.
    resamples : int
        Bootstrap resamples behind each interval.
    """

    gammas: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0)
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    letters_per_image: int = 4
    rare: float = 0.01
    training: TrainingConfig = field(default_factory=TrainingConfig)
    test_fraction: float = 0.3
    split_seed: int = 0
    resamples: int = 300

    def __post_init__(self) -> None:
        check_grid(self.gammas, self.seeds)
        if self.letters_per_image < 0:
            raise ValueError(f"letters_per_image must be at least 0, got {self.letters_per_image}.")

    def runs(self) -> list[TrainingConfig]:
        """One training configuration for each seed and gamma."""
        return grid(self.training, self.gammas, self.seeds)

    def of(self, training: TrainingConfig) -> dict[str, Any]:
        """Everything that decides one run, as JSON values."""
        shared = ("letters_per_image", "rare", "test_fraction", "split_seed", "resamples")
        return {name: getattr(self, name) for name in shared} | {"training": training.to_dict()}


def letters_from(posteriors: Float, generator: torch.Generator, draws: int) -> Tensor:
    """Shares of the letters drawn for each row: float32, shape (n, letters), multiples of 1/`draws`."""
    weights = torch.as_tensor(posteriors)
    drawn = torch.multinomial(weights, draws, replacement=True, generator=generator)
    return torch.zeros(weights.shape).scatter_add_(1, drawn, torch.ones(drawn.shape)) / draws


def train(config: KnownPosterior, split: Split, progress: bool = False) -> Fit:
    """Train the networks of the experiment, all at once, on one thread."""
    posteriors = channel(config.rare)[split.train.labels]
    exact = torch.as_tensor(posteriors, dtype=torch.float32)

    def targets(rows: Tensor, generator: torch.Generator) -> Tensor:
        if config.letters_per_image == 0:
            return exact[rows]
        return letters_from(posteriors[rows.numpy()], generator, config.letters_per_image)

    letters = posteriors.shape[1]
    return fit(config.runs(), split.train.pixels(), targets, letters, threads=1, progress=progress)


def run(config: KnownPosterior, progress: bool = False) -> list[Record]:
    """Run the experiment.

    Parameters
    ----------
    config : KnownPosterior
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    list of Record
        One for each seed and gamma, seeds outermost. Nothing is written. Metrics are those of
        :mod:`focalbook.campaigns.evaluate` over the held-out images, resampled for the intervals. Arrays:
        ``digit`` of each image, the ``letter`` drawn for it, the network's ``output``, and the training curve
        ``loss`` at ``steps`` with its floor ``risk``, the mean focal Bayes risk of the training images.

    Raises
    ------
    ValueError
        A configuration that is out of range.
    FloatingPointError
        Training diverged.

    Notes
    -----
    Source: ``shah2026focal``, experiment on synthetic data. Claims FE-6, FE-10, FE-11, FE-17.
    """
    started = time.perf_counter()
    split = load_digits(config.test_fraction, config.split_seed)
    trained = train(config, split, progress)
    outputs = torch.softmax(trained.logits(split.test.pixels()).double(), dim=-1).numpy()
    made = provenance()
    shared = (time.perf_counter() - started) / len(outputs)
    return [_record(config, split, trained, i, output, made, shared) for i, output in enumerate(outputs)]


def _record(
    config: KnownPosterior,
    split: Split,
    trained: Fit,
    index: int,
    output: Float,
    made: Provenance,
    shared: float,
) -> Record:
    started = time.perf_counter()
    training = trained.configs[index]
    table = channel(config.rare)
    rng = np.random.default_rng([training.seed, config.split_seed])
    posterior = table[split.test.labels]
    letter = (posterior.cumsum(axis=1) < rng.random((len(posterior), 1))).sum(axis=1)
    estimates = distances(posterior, output, training.gamma, config.resamples)
    estimates |= scores(posterior, letter, output, training.gamma, config.resamples)
    digit = split.test.labels
    estimates["misread"] = misread(table, digit, output, training.gamma, config.resamples)
    frequencies = np.bincount(split.train.labels, minlength=len(table)) / len(split.train)
    arrays = {
        "digit": digit,
        "letter": letter,
        "output": output,
        "steps": trained.steps,
        "loss": trained.losses[:, index],
        "risk": np.array(frequencies @ bayes_risk(table, training.gamma)),
    }
    metrics = {name: Metric(e.value, e.low, e.high, e.n) for name, e in estimates.items()}
    seconds = shared + time.perf_counter() - started
    return Record(CAMPAIGN, config.of(training), metrics, seconds, made, arrays)


@dataclass(frozen=True)
class Quick:
    """Outcome of the smallest version of the experiment.

    Attributes
    ----------
    claim : Verdict
        Of networks trained and tested at gamma = 2.
    controls : dict of Verdict
        The same test where it has to fail: no recovery, recovery with another gamma, the minimiser of another
        gamma, and networks trained with the cross-entropy.
    n : int
        Held-out images.
    networks : int
        Networks trained.
    seconds : float
    """

    claim: Verdict
    controls: dict[str, Verdict]
    n: int
    networks: int
    seconds: float


@lru_cache(maxsize=8)
def quick(seed: int = 0, gamma: float = 2.0, other: float = 1.0, steps: int = 400) -> Quick:
    """Smallest version of the experiment: two networks, gamma and 0, trained on exact expectations.

    Parameters
    ----------
    seed : int
        Seed of the training.
    gamma : float, > 0
        Focusing parameter under test.
    other : float, > 0
        A wrong gamma, for the controls.
    steps : int
        Training steps.

    Returns
    -------
    Quick
        Equal arguments give the same object, computed once.
    """
    started = time.perf_counter()
    training = TrainingConfig(steps=steps)
    config = KnownPosterior(gammas=(0.0, gamma), seeds=(seed,), letters_per_image=0, training=training)
    split = load_digits(config.test_fraction, config.split_seed)
    logits = train(config, split).logits(split.test.pixels())
    plain, focal = torch.softmax(logits.double(), dim=-1).numpy()
    posterior = channel(config.rare)[split.test.labels]
    controls = {
        "output taken for the posterior": verdict(focal, posterior, gamma, inverse_gamma=0.0),
        "recovered with another gamma": verdict(focal, posterior, gamma, inverse_gamma=other),
        "compared with the minimiser of another gamma": verdict(focal, posterior, other),
        "trained with the cross-entropy": verdict(plain, posterior, gamma),
    }
    claim = verdict(focal, posterior, gamma)
    return Quick(claim, controls, len(posterior), len(logits), time.perf_counter() - started)


def select(records: Sequence[Record], gamma: float) -> list[Record]:
    """Records of one gamma, in the order of their seeds.

    Raises
    ------
    ValueError
        There is none.
    """
    found = [r for r in records if r.configuration["training"]["gamma"] == gamma]
    if not found:
        raise ValueError(f"no record with gamma = {gamma:g} among {len(records)}.")
    return sorted(found, key=lambda r: r.configuration["training"]["seed"])


def gammas_of(records: Sequence[Record]) -> list[float]:
    """Focusing parameters that occur in the records, in increasing order."""
    return sorted({float(r.configuration["training"]["gamma"]) for r in records})
