"""Normalisation layers that may be differentiated three times.

The gradient of a penalised trace needs third derivatives. For batch, instance and layer normalisation those
of PyTorch (2.13) are silently wrong: its second derivative treats the kept mean and deviation as constants
when it is differentiated again. Written out in elementary operations they are right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.instancenorm import _InstanceNorm

__all__ = ["batch_norm", "differentiable_norms", "layer_norm"]


def _standardised(x: Tensor, mean: Tensor, variance: Tensor, eps: float) -> Tensor:
    return (x - mean) * torch.rsqrt(variance + eps)


def batch_norm(module: Any, x: Tensor) -> Tensor:
    """What a batch normalisation computes for x, shape (n, channels, ...), running statistics included."""
    over = [0, *range(2, x.ndim)]
    shape = (1, -1) + (1,) * (x.ndim - 2)
    if module.training or module.running_mean is None:
        variance, mean = torch.var_mean(x, dim=over, correction=0)
        if module.training and module.track_running_stats:
            _update(module, mean.detach(), variance.detach(), x.numel() // x.shape[1])
    else:
        mean, variance = module.running_mean, module.running_var
    y = _standardised(x, mean.view(shape), variance.view(shape), module.eps)
    if module.affine:
        y = y * module.weight.view(shape) + module.bias.view(shape)
    return y


@torch.no_grad()
def _update(module: Any, mean: Tensor, variance: Tensor, count: int) -> None:
    """Running statistics as PyTorch keeps them, the variance with the divisor count - 1."""
    module.num_batches_tracked.add_(1)
    share = 1.0 / float(module.num_batches_tracked) if module.momentum is None else module.momentum
    module.running_mean.lerp_(mean, share)
    module.running_var.lerp_(variance * (count / max(count - 1, 1)), share)


def layer_norm(module: nn.LayerNorm, x: Tensor) -> Tensor:
    """What a layer normalisation computes for x, whose last axes have ``module.normalized_shape``."""
    over = list(range(-len(module.normalized_shape), 0))
    variance, mean = torch.var_mean(x, dim=over, correction=0, keepdim=True)
    y = _standardised(x, mean, variance, module.eps)
    if module.weight is not None:
        y = y * module.weight
    return y if module.bias is None else y + module.bias


_FORMS: dict[type[nn.Module], Callable[[Any, Tensor], Tensor]] = {
    _BatchNorm: batch_norm,
    nn.LayerNorm: layer_norm,
}


@contextmanager
def differentiable_norms(model: nn.Module) -> Iterator[None]:
    """Let the normalisation layers of a network compute the same by elementary operations.

    Layers are found by their class: a network that calls ``torch.nn.functional.batch_norm`` or ``layer_norm``
    itself is not helped.

    Raises
    ------
    ValueError
        A layer for which there is no such form here.
    """
    changed: list[nn.Module] = []
    try:
        for name, module in model.named_modules():
            if isinstance(module, _InstanceNorm):
                raise ValueError(
                    f"layer {name!r}, a {type(module).__name__}, has wrong third derivatives in PyTorch: a "
                    f"regulariser needs batch, layer or group normalisation."
                )
            form = next((form for kind, form in _FORMS.items() if isinstance(module, kind)), None)
            if form is not None:
                vars(module)["forward"] = partial(form, module)
                changed.append(module)
        yield
    finally:
        for module in changed:
            del vars(module)["forward"]
