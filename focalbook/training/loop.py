"""A training loop for small networks that trains several of them at once.

Networks that differ only in gamma and seed are stacked and trained by the same batched matrix products, which
on a CPU is several times faster than one after the other. Networks with equal seeds start from equal weights
and see equal images, noise and labels, so that a difference between them is the effect of gamma.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap
from tqdm import tqdm

from focalbook.nn.loss import focal_cross_entropy
from focalbook.nn.models import build_model
from focalbook.training.config import TrainingConfig

__all__ = ["Fit", "Targets", "fit", "one_cycle"]

#: Gives the targets of the training images with the given row numbers: classes (int64, shape (n,)) or soft
#: targets (float32, shape (n, classes)). Anything random must come from the generator.
Targets = Callable[[Tensor, torch.Generator], Tensor]

_LOGGED = 100  # points of the training curve


def one_cycle(step: int, steps: int, peak: float, warmup: float) -> float:
    """Learning rate of a step: linear rise over ``warmup * steps``, then a cosine to 0 after `steps`."""
    rise = warmup * steps
    if step < rise:
        return peak * (step + 1) / (rise + 1)
    return peak * 0.5 * (1.0 + math.cos(math.pi * (step - rise) / (steps - rise)))


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    before = torch.get_num_threads()
    if count is not None:
        torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True)
class Fit:
    """Trained networks.

    Attributes
    ----------
    configs : tuple of TrainingConfig
        One for each network.
    architecture : nn.Module
        The network without weights of its own.
    parameters : dict of Tensor
        Weights by name, networks stacked along the first axis.
    steps : array, shape (points,)
        Steps after which the loss was noted.
    losses : array, shape (points, networks)
        Mean training loss since the point before, in nats.
    seconds : float
        Time the training took, all networks together.
    """

    configs: tuple[TrainingConfig, ...]
    architecture: nn.Module
    parameters: dict[str, Tensor]
    steps: NDArray[np.int64]
    losses: NDArray[np.float64]
    seconds: float

    def logits(self, inputs: NDArray[np.float32]) -> Tensor:
        """Logits of all networks, shape (networks, n, classes), for inputs of shape (n, *shape)."""
        x = torch.as_tensor(inputs)
        with torch.no_grad():
            return vmap(lambda weights: functional_call(self.architecture, weights, (x,)))(self.parameters)

    def network(self, index: int) -> nn.Module:
        """One of the networks as an ordinary module."""
        module = copy.deepcopy(self.architecture).to_empty(device="cpu")
        module.load_state_dict({name: values[index].clone() for name, values in self.parameters.items()})
        return module


def _check(configs: Sequence[TrainingConfig], inputs: NDArray[np.float32]) -> None:
    if not configs:
        raise ValueError("no configuration given: nothing to train.")
    first = dataclasses.replace(configs[0], gamma=0.0, seed=0)
    for config in configs:
        if dataclasses.replace(config, gamma=0.0, seed=0) != first:
            raise ValueError(
                "configurations trained together may differ in gamma and seed only; train the others apart."
            )
    if inputs.ndim < 2 or len(inputs) == 0 or inputs.dtype != np.float32:
        raise ValueError(
            f"inputs must be float32 of shape (n, ...) with n >= 1, got {inputs.dtype} {inputs.shape}."
        )


def _stack(
    configs: Sequence[TrainingConfig], shape: tuple[int, ...], classes: int
) -> tuple[nn.Module, dict[str, Tensor]]:
    modules = []
    for config in configs:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            modules.append(build_model(config.model, shape, classes, hidden=config.hidden))
    parameters, buffers = stack_module_state(modules)
    if buffers:
        raise ValueError(
            f"model {configs[0].model!r} has running statistics, which are not trained together."
        )
    return copy.deepcopy(modules[0]).to("meta"), parameters


class _Batches:
    """Images, noise and targets of one seed; images come in a new order each time all have been seen."""

    def __init__(self, inputs: Tensor, targets: Targets, config: TrainingConfig) -> None:
        self.inputs, self.targets, self.noise = inputs, targets, config.input_noise
        self.size = min(config.batch_size, len(inputs))
        self.generator = torch.Generator().manual_seed(config.seed)
        self.order = torch.empty(0, dtype=torch.int64)

    def draw(self) -> tuple[Tensor, Tensor]:
        if len(self.order) < self.size:
            self.order = torch.randperm(len(self.inputs), generator=self.generator)
        rows, self.order = self.order[: self.size], self.order[self.size :]
        x = self.inputs[rows]
        if self.noise > 0:
            x = x + self.noise * torch.randn(x.shape, generator=self.generator)
        return x, self.targets(rows, self.generator)


def fit(
    configs: Sequence[TrainingConfig],
    inputs: NDArray[np.float32],
    targets: Targets,
    classes: int,
    *,
    weight: Tensor | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> Fit:
    """Train one network for each configuration, all at once, with Adam.

    Parameters
    ----------
    configs : sequence of TrainingConfig
        May differ in gamma and seed only.
    inputs : float32 array, shape (n, ...)
        Training images, pixels in [0, 1].
    targets : callable
        See :data:`Targets`.
    classes : int, >= 2
        Number of logits.
    weight : Tensor, shape (classes,), optional
        Class weights of the loss.
    threads : int, optional
        Threads of PyTorch during training; as they are where None.
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    Fit
        To the bit the same for the same configurations, data and versions of the libraries.

    Raises
    ------
    ValueError
        Configurations that cannot be trained together, or inputs of the wrong kind.
    FloatingPointError
        The loss of a network is not finite any more; the message names it and the step.
    """
    _check(configs, inputs)
    first = configs[0]
    seeds = list(dict.fromkeys(config.seed for config in configs))
    slot = torch.tensor([seeds.index(config.seed) for config in configs])
    gammas = torch.tensor([config.gamma for config in configs])
    architecture, parameters = _stack(configs, inputs.shape[1:], classes)
    sources = [_Batches(torch.as_tensor(inputs), targets, dataclasses.replace(first, seed=s)) for s in seeds]

    def loss_of_one(weights: dict[str, Tensor], x: Tensor, target: Tensor, gamma: Tensor) -> Tensor:
        return focal_cross_entropy(functional_call(architecture, weights, (x,)), target, gamma, weight)

    optimiser = torch.optim.Adam(list(parameters.values()), lr=first.learning_rate, fused=True)
    every = max(1, first.steps // _LOGGED)
    steps, losses, window = [], [], torch.zeros(len(configs), dtype=torch.float64)
    started, noted = time.perf_counter(), 0
    with (
        _threads(threads),
        tqdm(total=first.steps, disable=not progress, desc="training", unit="step") as bar,
    ):
        for step in range(first.steps):
            x, target = (torch.stack(part)[slot] for part in zip(*(s.draw() for s in sources), strict=True))
            loss = vmap(loss_of_one)(parameters, x, target, gammas)
            _check_finite(loss, configs, step)
            optimiser.param_groups[0]["lr"] = one_cycle(step, first.steps, first.learning_rate, first.warmup)
            optimiser.zero_grad()
            loss.sum().backward()
            optimiser.step()
            window += loss.detach()
            if (step + 1) % every == 0 or step + 1 == first.steps:
                steps.append(step + 1)
                losses.append((window / (step + 1 - noted)).numpy())
                noted, window = step + 1, torch.zeros_like(window)
                bar.update(noted - bar.n)
                bar.set_postfix(loss=f"{losses[-1].mean():.4f}")
    stacked = {name: values.detach() for name, values in parameters.items()}
    seconds = time.perf_counter() - started
    return Fit(tuple(configs), architecture, stacked, np.array(steps), np.array(losses), seconds)


def _check_finite(loss: Tensor, configs: Sequence[TrainingConfig], step: int) -> None:
    bad = ~torch.isfinite(loss.detach())
    if bool(bad.any()):
        index = int(bad.nonzero()[0])
        config = configs[index]
        raise FloatingPointError(
            f"the loss became {float(loss[index].detach())} at step {step + 1} of {config.steps} (gamma = "
            f"{config.gamma:g}, seed {config.seed}): try a learning rate below {config.learning_rate:g}, and "
            f"check the inputs for NaN."
        )
