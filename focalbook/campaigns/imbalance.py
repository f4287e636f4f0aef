"""Claim FE-17 under extreme imbalance: classes of prevalence 1e-4 beside common ones.

Images are the embedded digits, their posteriors those of :mod:`focalbook.campaigns.contexts`. How often a
rare letter was drawn decides how well its probability can be known, so it takes very many letters. They are
drawn as counts, which costs no more for a hundred letters than for one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook.campaigns.contexts import DIGITS, table
from focalbook.campaigns.evaluate import misread
from focalbook.campaigns.grid import check_grid, grid
from focalbook.data import Split, load_digits
from focalbook.store import Metric, Record, provenance
from focalbook.theory.minimizer import bayes_risk, recover
from focalbook.training import Fit, TrainingConfig, fit

__all__ = ["CAMPAIGN", "Imbalance", "counts_from", "run", "train"]

CAMPAIGN = "extreme-imbalance"
Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Imbalance:
    """Configuration of the experiment.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters; 0 is the cross-entropy, the control.
    seeds : tuple of int
        One network for each gamma and seed.
    letters_per_image : int, >= 0
        Letters drawn afresh for each image in each step. 0 stands for infinitely many: the loss is then the
        exact expectation over letters, and what remains is the error of reading and optimising.
    training : TrainingConfig
        Its gamma and seed are replaced.
    test_fraction, split_seed
        Held-out part of the images.
    """

    gammas: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)
    seeds: tuple[int, ...] = tuple(range(10))
    letters_per_image: int = 1000
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(steps=8000))
    test_fraction: float = 0.3
    split_seed: int = 0

    def __post_init__(self) -> None:
        check_grid(self.gammas, self.seeds)
        if self.letters_per_image < 0:
            raise ValueError(f"letters_per_image must be at least 0, got {self.letters_per_image}.")

    @property
    def letters(self) -> int:
        """Letters drawn for one network in the whole of its training."""
        return self.training.steps * self.training.batch_size * self.letters_per_image

    def of(self, seed: int) -> dict[str, Any]:
        """Everything that decides the record of one seed, as JSON values."""
        shared = ("letters_per_image", "test_fraction", "split_seed")
        training = {k: v for k, v in self.training.to_dict().items() if k not in ("gamma", "seed")}
        chosen = {name: getattr(self, name) for name in shared}
        return chosen | {"gammas": list(self.gammas), "seed": seed, "training": training}


def counts_from(posteriors: Float, generator: torch.Generator, draws: int) -> Tensor:
    """Shares of the letters drawn for each row: float32, shape (n, letters), multiples of 1/`draws`."""
    seed = int(torch.randint(2**62, (), generator=generator))
    counts = np.random.default_rng(seed).multinomial(draws, posteriors)
    return torch.as_tensor(counts / draws, dtype=torch.float32)


def train(config: Imbalance, split: Split, progress: bool = False) -> Fit:
    """Train the networks of all seeds and gamma, seeds outermost, all at once and on one thread."""
    posteriors = table()[split.train.labels]
    exact = torch.as_tensor(posteriors, dtype=torch.float32)

    def targets(rows: Tensor, generator: torch.Generator) -> Tensor:
        if config.letters_per_image == 0:
            return exact[rows]
        return counts_from(posteriors[rows.numpy()], generator, config.letters_per_image)

    runs = grid(config.training, config.gammas, config.seeds)
    return fit(runs, split.train.pixels(), targets, posteriors.shape[1], threads=1, progress=progress)


def run(config: Imbalance, progress: bool = False) -> list[Record]:
    """Run the experiment.

    Parameters
    ----------
    config : Imbalance
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    list of Record
        One for each seed, with all gamma in it. Nothing is written. Metrics, with ``_gamma`` and its value
        behind the name: ``misread``, the share of held-out images that look like another context, and
        ``excess``, the training loss at the end minus its floor (nats). Arrays, gamma along the first axis:
        ``output`` and ``recovered``, shape (gammas, contexts, letters), log of the probability over P, the
        median over the held-out images of a digit, averaged over the two digits of a context; ``loss`` at
        ``steps``; ``risk``, the mean focal Bayes risk of the training images.

    Raises
    ------
    ValueError
        A configuration that is out of range.
    FloatingPointError
        Training diverged.

    Notes
    -----
    Source: ``shah2026focal``, experiment on synthetic data. Claims FE-6, FE-9, FE-10, FE-11, FE-17.
    """
    started, made = time.perf_counter(), provenance()
    split = load_digits(config.test_fraction, config.split_seed)
    trained = train(config, split, progress)
    logits = trained.logits(split.test.pixels()).double()
    outputs = (
        torch.softmax(logits, dim=-1)
        .numpy()
        .reshape(len(config.seeds), len(config.gammas), len(split.test), -1)
    )
    losses = trained.losses.T.reshape(len(config.seeds), len(config.gammas), -1)
    measured = [_measured(config, split, output) for output in outputs]
    seconds = (time.perf_counter() - started) / len(config.seeds)
    share = np.bincount(split.train.labels, minlength=len(table())) / len(split.train)
    risk = np.array([share @ bayes_risk(table(), gamma) for gamma in config.gammas])
    records = []
    for seed, (metrics, arrays), loss in zip(config.seeds, measured, losses, strict=True):
        for gamma, end, floor in zip(config.gammas, loss[:, -1], risk, strict=True):
            metrics[f"excess_gamma{gamma:g}"] = Metric(float(end - floor), np.nan, np.nan, len(split.train))
        arrays |= {"steps": trained.steps, "loss": loss, "risk": risk}
        records.append(Record(CAMPAIGN, config.of(seed), metrics, seconds, made, arrays))
    return records


def _measured(
    config: Imbalance, split: Split, outputs: Float
) -> tuple[dict[str, Metric], dict[str, NDArray]]:
    """Metrics and arrays of the networks of one seed; outputs of shape (gammas, images, letters)."""
    digit, posteriors = split.test.labels, table()
    metrics: dict[str, Metric] = {}
    before: list[Float] = []
    after: list[Float] = []
    context = np.empty(len(posteriors), dtype=np.int64)
    for c, digits in enumerate(DIGITS):
        context[list(digits)] = c
    rows = posteriors[[digits[0] for digits in DIGITS]]
    for gamma, output in zip(config.gammas, outputs, strict=True):
        found = misread(rows, context[digit], output, gamma, 200)
        metrics[f"misread_gamma{gamma:g}"] = Metric(found.value, found.low, found.high, found.n)
        for kept, q in ((before, output), (after, recover(output, gamma))):
            kept.append(_by_context(np.log(q / posteriors[digit]), digit))
    return metrics, {"output": np.array(before), "recovered": np.array(after)}


def _by_context(values: Float, digit: NDArray[np.int64]) -> Float:
    """Medians over the images of each digit, means over the digits of each context: (contexts, letters)."""
    medians = np.array([np.median(values[digit == d], axis=0) for d in range(2 * len(DIGITS))])
    return np.array([medians[list(digits)].mean(axis=0) for digits in DIGITS])
