"""Curvature of small networks trained on the digits: what the focal weight does, and what the place does.

Networks that differ in gamma and seed are trained on 4 x 4 digits until their training loss is low. At the
weights where each one ends, and at those of the cross-entropy network of the same seed, the dense matrices of
:mod:`focalbook.campaigns.curvature_matrices` are computed on the training images. Claims GC-6, GC-7.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook.campaigns.curvature_matrices import Local, local
from focalbook.campaigns.grid import grid
from focalbook.data import load_digits
from focalbook.data.arrays import Images
from focalbook.training import Fit, TrainingConfig, fit

__all__ = ["MATRICES", "LocalCurvature", "Measured", "pooled", "run", "train"]

Float = NDArray[np.float64]

#: Matrices that are measured, in the order of the last axis of `Measured.trace`.
MATRICES = ("hessian", "gauss-newton", "reading", "empirical fisher", "fisher", "cross-entropy hessian")


@dataclass(frozen=True, kw_only=True)
class LocalCurvature:
    """Configuration of the experiment.

    Attributes
    ----------
    gammas : tuple of float
        Focusing parameters, the first of them 0, the cross-entropy.
    seeds : tuple of int
    images : int, >= 10
        Training images, of which the curvature is measured too.
    training : TrainingConfig
        Its gamma and seed are replaced.
    """

    gammas: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0)
    seeds: tuple[int, ...] = (0, 1, 2)
    images: int = 500
    training: TrainingConfig = field(
        default_factory=lambda: TrainingConfig(
            model="tanh-mlp", hidden=(8,), steps=600, learning_rate=3e-2, input_noise=0.0
        )
    )

    def __post_init__(self) -> None:
        if not self.gammas or self.gammas[0] != 0 or len(set(self.gammas)) != len(self.gammas):
            raise ValueError(f"gammas must begin with 0 and not repeat, got {self.gammas!r}.")
        if not self.seeds or len(set(self.seeds)) != len(self.seeds):
            raise ValueError(f"seeds must be a non-empty tuple without repetitions, got {self.seeds!r}.")
        if self.images < 10:
            raise ValueError(f"images must be at least 10, got {self.images}.")


@dataclass(frozen=True)
class Measured:
    """Traces and largest eigenvalues (by size), means over images.

    Attributes
    ----------
    gammas, seeds : tuple
    trace, top : ndarray, shape (2, seeds, gammas, matrices)
        First at the weights of the cross-entropy network of the seed, then at those of the network trained
        with gamma; matrices as in :data:`MATRICES`, each for the loss with that gamma.
    gradient : ndarray, shape (2, seeds, gammas)
        Norm of the gradient of the loss with that gamma.
    theorem : ndarray, shape (2, seeds, gammas)
        Largest entry of Fisher information minus Gauss-Newton matrix of the cross-entropy.
    own : ndarray, shape (seeds, gammas, images)
        Probability of the label, after training.
    accuracy : ndarray, shape (seeds, gammas)
        Of held-out images.
    parameters : int
    """

    gammas: tuple[float, ...]
    seeds: tuple[int, ...]
    trace: Float
    top: Float
    gradient: Float
    theorem: Float
    own: Float
    accuracy: Float
    parameters: int


def pooled(images: Images) -> NDArray[np.float32]:
    """Pixels of digits averaged over squares of 2 x 2: shape (n, 4, 4), in [0, 1]."""
    pixels = images.pixels()
    means = pixels.reshape(len(pixels), 4, 2, 4, 2).mean(axis=(2, 4))
    return np.ascontiguousarray(means, dtype=np.float32)


def train(config: LocalCurvature) -> tuple[Fit, NDArray[np.float32], NDArray[np.int64]]:
    """Train all networks at once; returns them with their images and labels."""
    split = load_digits()
    inputs, labels = pooled(split.train)[: config.images], split.train.labels[: config.images]
    known = torch.as_tensor(labels)
    runs = grid(config.training, config.gammas, config.seeds)

    def targets(rows: Tensor, generator: torch.Generator) -> Tensor:
        return known[rows]

    return fit(runs, inputs, targets, 10, threads=1), inputs, labels


def _top(matrix: Tensor) -> float:
    values = torch.linalg.eigvalsh(matrix)
    return float(values[values.abs().argmax()])


def _measure(at: Local, gamma: float, plain: tuple[Tensor, Tensor]) -> tuple[list[float], list[float], float]:
    fisher, curved = plain
    matrices = (
        at.hessian(gamma) if gamma > 0 else curved,
        at.gauss_newton(gamma),
        at.weighted(lambda q: (1.0 - q) ** gamma),
        at.empirical_fisher(gamma),
        fisher,
        curved,
    )
    norm = float(at.gradient(gamma).norm())
    return [float(m.trace()) for m in matrices], [_top(m) for m in matrices], norm


def run(config: LocalCurvature | None = None) -> Measured:
    """Run the experiment; nothing is written.

    Parameters
    ----------
    config : LocalCurvature, optional

    Returns
    -------
    Measured
        The same to rounding for the same configuration.
    """
    config = config or LocalCurvature()
    trained, inputs, labels = train(config)
    x, y = torch.as_tensor(inputs), torch.as_tensor(labels)
    shape = (2, len(config.seeds), len(config.gammas))
    trace, top = np.empty((*shape, len(MATRICES))), np.empty((*shape, len(MATRICES)))
    gradient, theorem = np.empty(shape), np.empty(shape)
    own = np.empty((*shape[1:], len(y)))
    size = 0
    for s in range(shape[1]):
        start = None
        for g, gamma in enumerate(config.gammas):
            here = local(trained.network(s * shape[2] + g), x, y)
            plain = (here.fisher(), here.hessian(0.0))
            start = start or (here, plain)
            size = here.weights.numel()
            own[s, g] = torch.softmax(here.logits, 1).gather(1, y[:, None])[:, 0].numpy()
            for place, (at, known) in enumerate((start, (here, plain))):
                trace[place, s, g], top[place, s, g], gradient[place, s, g] = _measure(at, gamma, known)
                theorem[place, s, g] = float((known[0] - at.gauss_newton(0.0)).abs().max())
    return Measured(
        config.gammas, config.seeds, trace, top, gradient, theorem, own, _accuracy(trained, shape[1:]), size
    )


def _accuracy(trained: Fit, shape: tuple[int, ...]) -> Float:
    test = load_digits().test
    named = trained.logits(pooled(test)).argmax(dim=-1).numpy()
    return (named == test.labels).mean(axis=1).reshape(shape)
