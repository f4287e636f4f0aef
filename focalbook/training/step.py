"""One step of training: gradient, clipping, optimiser, running mean of the weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from focalbook.training.norms import differentiable_norms
from focalbook.training.optimisers import WeightMean, build_optimiser, trainable
from focalbook.training.precision import autocast
from focalbook.training.regularisers import gauss_newton_trace, hessian_trace
from focalbook.training.run_config import RunConfig
from focalbook.training.sam import sharpness_aware_gradient

__all__ = ["Stepper"]


class Stepper:
    """Changes a network by one step for each batch it is called with.

    Parameters
    ----------
    config : RunConfig
    model : nn.Module
        On its device, in training mode.
    criterion : nn.Module
        Loss on logits and targets.
    rates : sequence of float
        Learning rate of every step.
    forward : callable
        The network, perhaps compiled.
    probes : torch.Generator
        Source of the probes of a regulariser, on the device of the network.

    Notes
    -----
    Nothing here waits for the device. A step with a regulariser computes in float32 and eagerly, whatever
    precision and compilation the others have, because it is differentiated three times; batch normalisation
    takes part in it as in any step of training: the statistics of the batch are functions of the weights, and
    running statistics are updated once.
    """

    def __init__(
        self,
        config: RunConfig,
        model: nn.Module,
        criterion: nn.Module,
        rates: Sequence[float],
        forward: Callable[[Tensor], Tensor],
        probes: torch.Generator,
    ) -> None:
        self.config, self.model, self.criterion = config, model, criterion
        self.rates, self.forward, self.probes = rates, forward, probes
        self.parameters = trainable(model)
        self.device = self.parameters[0].device
        self.optimiser = build_optimiser(config, model)
        self.mean = WeightMean(model, config.ema) if config.ema > 0 else None

    def __call__(self, step: int, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor | None]:
        """Take step number `step`; loss of the batch without the penalty, and the estimated trace, if any."""
        config = self.config
        for group in self.optimiser.param_groups:
            group["lr"] = self.rates[step]
        self.optimiser.zero_grad(set_to_none=True)
        trace = None
        if config.regulariser != "none" and step % config.regulariser_every == 0:
            loss, trace = self._regularised(x, target)
        elif config.sam_rho > 0:
            loss = sharpness_aware_gradient(
                self.model, self.parameters, lambda: self._loss(x, target), config.sam_rho
            )
        else:
            loss = self._loss(x, target)
            loss.backward()
        if config.clip_norm > 0:
            nn.utils.clip_grad_norm_(self.parameters, config.clip_norm)
        self.optimiser.step()
        if self.mean is not None:
            self.mean.update()
        return loss.detach(), None if trace is None else trace.detach()

    def _loss(self, x: Tensor, target: Tensor) -> Tensor:
        with autocast(self.config.precision, self.device):
            return self.criterion(self.forward(x), target)

    def _regularised(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Gradient of loss + coefficient * every * trace, with layers in forms that have all derivatives."""
        config = self.config
        with sdpa_kernel(SDPBackend.MATH), differentiable_norms(self.model):
            logits = self.model(x)
            loss = self.criterion(logits, target)
            if config.regulariser == "hessian-trace":
                trace = hessian_trace(loss, self.parameters, self.probes, config.regulariser_probes)
            else:
                trace = gauss_newton_trace(
                    loss, logits, self.parameters, self.probes, config.regulariser_probes
                )
            strength = config.regulariser_coefficient * config.regulariser_every
            gradients = torch.autograd.grad(loss + strength * trace, self.parameters, materialize_grads=True)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient
        return loss, trace

    def finish(self) -> None:
        """Put the running mean of the weights, if there is one, into the network."""
        if self.mean is not None:
            self.mean.apply()
