"""Optimisers of a configuration, in PyTorch's fused form, and the running mean of the weights."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer

from focalbook.training.run_config import RunConfig

__all__ = ["WeightMean", "build_optimiser", "parameter_groups"]


def parameter_groups(model: nn.Module, weight_decay: float, decay_vectors: bool) -> list[dict[str, object]]:
    """Trainable parameters: those that decay, and those that do not.

    Parameters
    ----------
    model : nn.Module
    weight_decay : float, >= 0
        Per unit of learning rate.
    decay_vectors : bool
        Whether parameters with fewer than two axes, biases and gains of normalisations, decay too.

    Returns
    -------
    list of dict
        Parameter groups as optimisers take them; no group is empty.
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    decaying = [p for p in trained if decay_vectors or p.ndim > 1]
    others = [p for p in trained if not (decay_vectors or p.ndim > 1)]
    groups = ((decaying, weight_decay), (others, 0.0))
    return [{"params": params, "weight_decay": decay} for params, decay in groups if params]


def build_optimiser(config: RunConfig, model: nn.Module) -> Optimizer:
    """The optimiser of a configuration for the trainable parameters of a network on its device.

    Fused: one kernel updates many tensors, on the CPU too. The learning rate is that of the peak; the loop
    sets it in every step.
    """
    groups = parameter_groups(model, config.weight_decay, config.decay_vectors)
    if config.optimiser == "adamw":
        betas = (config.momentum, config.beta2)
        return AdamW(groups, lr=config.learning_rate, betas=betas, fused=True)
    return SGD(
        groups, lr=config.learning_rate, momentum=config.momentum, nesterov=config.nesterov, fused=True
    )


class WeightMean:
    """Exponential running mean of the floating-point parameters and buffers of a network.

    Parameters
    ----------
    model : nn.Module
        The mean starts at its present state.
    decay : float, in (0, 1)
        Weight of the past in one step. In the first steps it is at most (1 + t) / (10 + t) after t steps, so
        that the initial weights are soon forgotten.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.count = decay, 0
        self.live = [t.detach() for t in model.state_dict().values()]
        self.mean = [t.clone() for t in self.live]
        floating = [i for i, t in enumerate(self.live) if t.is_floating_point()]
        self._live = [self.live[i] for i in floating]
        self._mean = [self.mean[i] for i in floating]

    @torch.no_grad()
    def update(self) -> None:
        """Take in the present state."""
        self.count += 1
        decay = min(self.decay, (1.0 + self.count) / (10.0 + self.count))
        torch._foreach_lerp_(self._mean, self._live, 1.0 - decay)

    @torch.no_grad()
    def apply(self) -> None:
        """Put the mean into the network; integer buffers keep their present values."""
        torch._foreach_copy_(self._live, self._mean)


def trainable(model: nn.Module) -> list[Tensor]:
    """Parameters that are trained, in the order of the network."""
    return [p for p in model.parameters() if p.requires_grad]
