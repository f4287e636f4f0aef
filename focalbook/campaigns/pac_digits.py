"""A PAC-Bayes bound on real data: a finite class of digit classifiers, its bound and its test risk.

The digits are cut in three at random. On the first part small networks are trained with several focusing
parameters
and seeds; every network at every temperature of a list is one hypothesis. The second part gives the training
losses
that the bound uses, the third one estimates the risk. The loss is half the Brier score, which lies in [0,
1]; the
focal loss itself is unbounded.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook.data.digits import all_digits
from focalbook.theory.pacbayes import Minimum, gibbs, minimize_bound
from focalbook.training import TrainingConfig, fit

__all__ = ["Certificate", "DigitClass", "Losses", "certify", "prior_from", "train_class"]

Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class DigitClass:
    """The class of hypotheses.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters.
    seeds : tuple of int
        One network for each gamma and seed.
    temperatures : tuple of float, > 0
        Logits are divided by these.
    training : TrainingConfig
        Its gamma and seed are replaced.
    parts : tuple of int
        Images for training and for the bound; the rest estimates the risk.
    split_seed : int
        Seed of the cut, which ignores the classes: the bound is about independent draws.
    """

    gammas: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0)
    seeds: tuple[int, ...] = (0, 1, 2, 3)
    temperatures: tuple[float, ...] = tuple(np.geomspace(0.05, 20.0, 25))
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(hidden=(32,), steps=150))
    parts: tuple[int, int] = (300, 800)
    split_seed: int = 0

    def __post_init__(self) -> None:
        if min(self.parts) < 10 or sum(self.parts) > len(all_digits()) - 10:
            raise ValueError(
                f"parts must leave at least 10 images each of {len(all_digits())}, got {self.parts!r}."
            )
        if not self.temperatures or min(self.temperatures) <= 0:
            raise ValueError(f"temperatures must be positive numbers, got {self.temperatures!r}.")


@dataclass(frozen=True)
class Losses:
    """Losses of all hypotheses, one column each.

    Attributes
    ----------
    gamma, temperature : ndarray, shape (m,)
        What the hypotheses are.
    energy : ndarray, shape (m,)
        Mean half Brier score on the images the networks were trained on.
    bound : ndarray, shape (n, m)
        Half Brier score of each hypothesis on each image of the part that the bound uses.
    test : ndarray, shape (n', m)
        The same on the images that were used for nothing else.
    """

    gamma: Float
    temperature: Float
    energy: Float
    bound: Float
    test: Float


@dataclass(frozen=True)
class Certificate:
    """A bound and what it bounds.

    Attributes
    ----------
    minimum : Minimum
        Posterior, lambda and bound.
    unique : bool
        Whether the bound has one local minimum over lambda only.
    risk : float
        Mean test loss of the posterior.
    error : float
        Its standard error over test images.
    """

    minimum: Minimum
    unique: bool
    risk: float
    error: float


def _half_brier(logits: Tensor, labels: NDArray[np.int64], temperatures: Sequence[float]) -> Float:
    """Half Brier score, shape (n, networks * temperatures), temperatures fastest."""
    columns = []
    target = torch.nn.functional.one_hot(torch.as_tensor(labels), logits.shape[-1]).double()
    for network, temperature in itertools.product(logits.double(), temperatures):
        probs = torch.softmax(network / temperature, dim=-1)
        columns.append(0.5 * ((probs - target) ** 2).sum(dim=-1))
    return torch.stack(columns, dim=1).numpy()


def train_class(config: DigitClass | None = None) -> Losses:
    """Train the networks and evaluate all hypotheses; some seconds on one core.

    Parameters
    ----------
    config : DigitClass, optional
        The class; the default has 400 hypotheses.

    Returns
    -------
    Losses
        Equal for equal configurations.
    """
    chosen = config or DigitClass()
    digits = all_digits()
    pixels, labels = digits.pixels(), digits.labels
    order = np.random.default_rng(chosen.split_seed).permutation(len(digits))
    first, second = chosen.parts
    train, bound, test = order[:first], order[first : first + second], order[first + second :]
    grid = list(itertools.product(chosen.gammas, chosen.seeds))
    shared = {**chosen.training.to_dict()}
    configs = [TrainingConfig.from_dict(shared | {"gamma": gamma, "seed": seed}) for gamma, seed in grid]
    answers = torch.as_tensor(labels[train])
    fitted = fit(configs, pixels[train], lambda rows, _: answers[rows], digits.classes, threads=1)
    scores = [
        _half_brier(fitted.logits(pixels[rows]), labels[rows], chosen.temperatures)
        for rows in (train, bound, test)
    ]
    count = len(chosen.temperatures)
    return Losses(
        np.repeat([gamma for gamma, _ in grid], count),
        np.tile(chosen.temperatures, len(grid)),
        scores[0].mean(axis=0),
        scores[1],
        scores[2],
    )


def prior_from(energy: Float, beta: float) -> Float:
    """Maxwell-Boltzmann distribution over hypotheses with these energies; uniform at beta = 0."""
    return gibbs(np.full(energy.size, 1.0 / energy.size), energy, beta)


def certify(losses: Losses, prior: Float, delta: float = 0.05) -> Certificate:
    """Minimise the PAC-Bayes-lambda bound and estimate the risk of the posterior.

    Parameters
    ----------
    losses : Losses
        Of :func:`train_class`.
    prior : ndarray, shape (m,)
        Must not depend on the images of ``losses.bound``, or the result is no bound.
    delta : float, in (0, 1)
        Probability with which the bound may fail.

    Returns
    -------
    Certificate
        With the test risk and its standard error.
    """
    landscape = minimize_bound(prior, losses.bound.mean(axis=0), len(losses.bound), delta)
    best = landscape.best
    each = losses.test @ best.posterior
    return Certificate(
        best, landscape.unique, float(each.mean()), float(each.std(ddof=1) / np.sqrt(each.size))
    )
