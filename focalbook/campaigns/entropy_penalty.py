"""Three losses on the embedded digits: cross-entropy, focal, and cross-entropy with a reward for entropy.

The last one is the lower bound of GC-1 taken as a training objective. All three start from the same
weights and see all images in every step, so that only the loss differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook.data.digits import load_digits
from focalbook.nn.loss import focal_cross_entropy
from focalbook.nn.models import build_model

__all__ = ["LOSSES", "Run", "train", "train_all"]

Float = NDArray[np.float64]
Loss = Callable[[Tensor, Tensor, float], Tensor]


def _penalised(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    """Mean of -log q_y - gamma H(Q)."""
    log_q = torch.log_softmax(logits, dim=1)
    entropy = -(log_q.exp() * log_q).sum(dim=1)
    return torch.nn.functional.nll_loss(log_q, labels) - gamma * entropy.mean()


def _focal(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    return focal_cross_entropy(logits, labels, torch.tensor(gamma))


#: Losses by name, each of logits, labels and gamma.
LOSSES: Mapping[str, Loss] = {
    "cross-entropy": lambda logits, labels, gamma: torch.nn.functional.cross_entropy(logits, labels),
    "focal": _focal,
    "penalised": _penalised,
}


@dataclass(frozen=True)
class Run:
    """One trained network.

    Attributes
    ----------
    loss : str
        One of :data:`LOSSES`.
    gamma : float
        Focusing parameter, or weight of the entropy.
    steps : ndarray, shape (t,)
        Steps after which the training images were looked at.
    confidence : ndarray, shape (t,)
        Mean probability of the true class on the training images.
    spread : ndarray, shape (t,)
        Mean entropy of the model on them, nats.
    train_probabilities, test_probabilities : ndarray, shape (n, 10)
        Model probabilities at the end.
    train_labels, test_labels : ndarray, shape (n,)
    """

    loss: str
    gamma: float
    steps: NDArray[np.int64]
    confidence: Float
    spread: Float
    train_probabilities: Float
    test_probabilities: Float
    train_labels: NDArray[np.int64]
    test_labels: NDArray[np.int64]

    @property
    def test_accuracy(self) -> float:
        """Share of test images whose top class is the true one."""
        return float((self.test_probabilities.argmax(axis=1) == self.test_labels).mean())


def train(loss: str, gamma: float, *, steps: int = 400, hidden: int = 64, seed: int = 0) -> Run:
    """Train one network on the embedded digits with Adam, all images in every step.

    Parameters
    ----------
    loss : str
        One of :data:`LOSSES`.
    gamma : float, >= 0
        Focusing parameter, or weight of the entropy; cross-entropy does not use it.
    steps : int, >= 1
        Optimiser steps.
    hidden : int, >= 1
        Width of the hidden layer.
    seed : int
        Seed of the weights.

    Raises
    ------
    ValueError
        Unknown loss, gamma negative or not finite, no steps.
    """
    if loss not in LOSSES:
        raise ValueError(f"unknown loss {loss!r}: expected one of {', '.join(LOSSES)}.")
    if not (np.isfinite(gamma) and gamma >= 0):
        raise ValueError(f"gamma must be finite and at least 0, got {gamma}.")
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}.")
    split = load_digits()
    inputs = [torch.as_tensor(part.pixels()) for part in (split.train, split.test)]
    labels = torch.as_tensor(split.train.labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build_model("mlp", tuple(inputs[0].shape[1:]), 10, hidden=(hidden,))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    seen, confidence, spread = [], [], []
    for step in range(1, steps + 1):
        logits = model(inputs[0])
        value = LOSSES[loss](logits, labels, gamma)
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        if step % max(1, steps // 80) == 0 or step == 1:
            q = torch.softmax(logits.detach().double(), dim=1)
            seen.append(step)
            confidence.append(float(q[torch.arange(len(q)), labels].mean()))
            spread.append(float(torch.special.entr(q).sum(dim=1).mean()))
    with torch.no_grad():
        fitted, held_out = (torch.softmax(model(x).double(), dim=1).numpy() for x in inputs)
    return Run(
        loss, gamma, np.array(seen), np.array(confidence), np.array(spread), fitted, held_out,
        split.train.labels, split.test.labels,
    )  # fmt: skip


def train_all(gamma: float = 1.0, *, steps: int = 400, seed: int = 0) -> tuple[Run, ...]:
    """Train with each of :data:`LOSSES`; arguments and errors as for :func:`train`."""
    return tuple(train(loss, gamma, steps=steps, seed=seed) for loss in LOSSES)
