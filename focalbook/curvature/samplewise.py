"""Squared norms of the gradients of single samples, from the inputs and output gradients of the layers.

The gradient of one sample with respect to the weights of a layer is an outer product of what went into the
layer and of what comes back to it, summed over positions. So one backward pass for the whole batch, which
stops at the outputs of the layers, gives the gradients of all samples (``goodfellow2015efficient`` for
linear layers). Layers are found by watching the calls of PyTorch's functions while the network runs, so it
does not matter how it is put together. Parameters that are used in any other way are noticed, and
:func:`record` says no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, conv2d, layer_norm, linear, unfold
from torch.overrides import TorchFunctionMode

from focalbook.curvature.rewrite import padding_of

__all__ = ["Recording", "record"]

#: Given the gradient of the output of a layer, shape (n, ...), the squared norm for each sample, shape (n,).
Norm = Callable[[Tensor], Tensor]


def _square(x: Tensor) -> Tensor:
    """Sum of squares of each row."""
    flat = x.reshape(len(x), -1)
    return torch.linalg.vecdot(flat, flat)


@dataclass(frozen=True)
class Recording:
    """Logits of a chunk, and the layers that made them.

    Attributes
    ----------
    logits : Tensor, shape (n, K)
    edges : list
        Where the outputs of the layers are in the graph of the logits.
    norms : list of callable
        For each layer what to do with the gradient that arrives there.
    """

    logits: Tensor
    edges: list[Any]
    norms: list[Norm]

    def squared_norms(self, cotangent: Tensor) -> Tensor:
        """|J_n' w_n|^2 for each sample n, w = `cotangent` of shape (n, K), J_n the Jacobian of its logits."""
        grads = torch.autograd.grad(self.logits, self.edges, cotangent, retain_graph=True)
        total = torch.zeros(len(cotangent), dtype=cotangent.dtype, device=cotangent.device)
        for grad, norm in zip(grads, self.norms, strict=True):
            total += norm(grad)
        return total


class _Watch(TorchFunctionMode):
    """Notes every layer whose weights are trained, and every other use of a trained parameter."""

    def __init__(self, parameters: Sequence[nn.Parameter], samples: int) -> None:
        super().__init__()
        self.known = {id(p) for p in parameters}
        self.samples = samples
        self.used: list[int] = []
        self.edges: list[Any] = []
        self.norms: list[Norm] = []
        self.foreign = False

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        layer = _LAYERS.get(func)
        if layer is None:
            if self._mine((*args, *kwargs.values())):
                self.foreign = True
            return func(*args, **kwargs)
        out = func(*args, **kwargs)
        trained = self._mine((*args, *kwargs.values()))
        if trained:
            norm = layer(self, *args, **kwargs)
            if norm is None or len(out) != self.samples:
                self.foreign = True
            else:
                self.used += trained
                self.edges.append(torch.autograd.graph.get_gradient_edge(out))
                self.norms.append(norm)
        return out

    def _mine(self, values: Sequence[Any]) -> list[int]:
        found = []
        for value in values:
            if isinstance(value, Tensor):
                found += [id(value)] if id(value) in self.known else []
            elif isinstance(value, list | tuple):
                found += self._mine(value)
        return found

    def has(self, parameter: Tensor | None) -> bool:
        """Whether the parameter is trained."""
        return parameter is not None and id(parameter) in self.known

    def _linear(self, input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Norm | None:
        x, with_weight, with_bias = input.detach(), self.has(weight), self.has(bias)

        def norm(grad: Tensor) -> Tensor:
            if x.ndim == 2:
                return _square(grad) * (with_weight * _square(x) + with_bias)
            flat, rows = grad.flatten(1, -2), x.flatten(1, -2)  # (n, positions, features)
            out = _square(flat.sum(1)) if with_bias else flat.new_zeros(len(flat))
            return out + _square(flat.mT @ rows) if with_weight else out

        return norm

    def _conv2d(
        self,
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Norm | None:
        numbers = padding_of(padding, weight.shape[2:], dilation)
        if numbers is None or input.ndim != 4:
            return None
        with_weight, with_bias = self.has(weight), self.has(bias)
        size = weight.shape[2:]
        columns: list[Tensor] = []
        x = input.detach()

        def norm(grad: Tensor) -> Tensor:
            flat = grad.flatten(2)
            out = _square(flat.sum(2)) if with_bias else flat.new_zeros(len(flat))
            if not with_weight:
                return out
            if not columns:
                columns.append(unfold(x, size, dilation, numbers, stride))
            rows = columns[0].unflatten(1, (groups, -1))  # (n, groups, in * kernel, positions)
            return out + _square(flat.unflatten(1, (groups, -1)) @ rows.mT)

        return norm

    def _batch_norm(
        self,
        input: Tensor,
        running_mean: Tensor | None,
        running_var: Tensor | None,
        weight: Tensor | None = None,
        bias: Tensor | None = None,
        training: bool = False,
        momentum: float = 0.1,
        eps: float = 1e-5,
    ) -> Norm | None:
        if training or running_mean is None or running_var is None:
            return None
        x, with_weight, with_bias = input.detach(), self.has(weight), self.has(bias)
        mean, scale = running_mean, torch.rsqrt(running_var + eps)

        def norm(grad: Tensor) -> Tensor:
            sums = grad.flatten(2).sum(2) if grad.ndim > 2 else grad
            out = _square(sums) if with_bias else sums.new_zeros(len(sums))
            if with_weight:
                moment = torch.linalg.vecdot(grad.flatten(2), x.flatten(2)) if grad.ndim > 2 else grad * x
                out = out + _square((moment - mean * sums) * scale)
            return out

        return norm

    def _layer_norm(
        self,
        input: Tensor,
        normalized_shape: Sequence[int],
        weight: Tensor | None = None,
        bias: Tensor | None = None,
        eps: float = 1e-5,
    ) -> Norm | None:
        unit = layer_norm(input.detach(), normalized_shape, None, None, eps)
        with_weight, with_bias, last = self.has(weight), self.has(bias), len(normalized_shape)

        def norm(grad: Tensor) -> Tensor:
            def total(values: Tensor) -> Tensor:
                each = values.reshape(len(values), -1, values.shape[-last:].numel())
                return _square(each.sum(1))

            out = grad.new_zeros(len(grad))
            out = out + total(grad) if with_bias else out
            return out + total(grad * unit) if with_weight else out

        return norm


_LAYERS: dict[Any, Callable[..., Norm | None]] = {
    linear: _Watch._linear,
    conv2d: _Watch._conv2d,
    torch.conv2d: _Watch._conv2d,
    batch_norm: _Watch._batch_norm,
    layer_norm: _Watch._layer_norm,
}


def record(model: nn.Module, inputs: Tensor, parameters: Sequence[nn.Parameter]) -> Recording | None:
    """Run a network and note its layers.

    Parameters
    ----------
    model : nn.Module
        In evaluation mode.
    inputs : Tensor, shape (n, ...)
    parameters : sequence of nn.Parameter
        Those to which gradients refer.

    Returns
    -------
    Recording or None
        None where a parameter is not used, as a whole and exactly once, by a linear layer, a convolution of
        images, batch normalisation in evaluation mode or layer normalisation.
    """
    watch = _Watch(parameters, len(inputs))
    with watch:
        logits = model(inputs)
    if watch.foreign or sorted(watch.used) != sorted(watch.known):
        return None
    return Recording(logits, watch.edges, watch.norms)
