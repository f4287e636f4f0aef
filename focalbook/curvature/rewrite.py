"""Forward passes whose second derivatives are cheap: the same function, other operations.

While :class:`Rewrite` is active, two calls of PyTorch are replaced.

- A convolution becomes one whose double backward asks the library for both of its gradients at once;
  PyTorch's own swaps batch and channels to compute one of them with an ordinary convolution, which is slower.
- Batch normalisation in evaluation mode is an affine map. Where it follows a convolution, it is folded into
  the weights: conv(x, s W), with s = weight / sqrt(variance + eps). The tensors of the size of the images
  that its double backward makes, nine of them, are then not made at all.

Values and all derivatives with respect to the parameters are those of the original, up to rounding.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn.functional import batch_norm
from torch.overrides import TorchFunctionMode

__all__ = ["Rewrite", "padding_of"]

_CONVOLUTIONS: dict[Any, int] = {torch.conv1d: 1, torch.conv2d: 2, torch.conv3d: 3}


class _Convolution(Function):
    """``convolution(x, weight)`` without bias; ``options`` are stride, padding, dilation, groups."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, options: tuple[Any, ...]) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.options = options
        return _convolve(x, weight, options)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        mask = (ctx.needs_input_grad[0], ctx.needs_input_grad[1])
        return (*_Gradients.apply(grad, x, weight, ctx.options, mask), None)


class _Gradients(Function):
    """Both gradients of a convolution, as a function of the gradient of its output, its input and weight."""

    @staticmethod
    def forward(
        ctx: Any, grad: Tensor, x: Tensor, weight: Tensor, options: tuple[Any, ...], mask: tuple[bool, bool]
    ) -> tuple[Tensor | None, Tensor | None]:
        ctx.save_for_backward(grad, x, weight)
        ctx.options = options
        ctx.set_materialize_grads(False)
        return _gradients(grad, x, weight, options, mask)

    @staticmethod
    def backward(ctx: Any, for_x: Tensor | None, for_weight: Tensor | None) -> tuple[Tensor | None, ...]:
        """Both gradients are bilinear in their arguments, and so are the derivatives of each."""
        grad, x, weight = ctx.saved_tensors
        needs = ctx.needs_input_grad
        for_grad = other_x = other_weight = None
        if needs[0]:
            if for_x is not None:
                for_grad = _convolve(for_x, weight, ctx.options)
            if for_weight is not None:
                part = _convolve(x, for_weight, ctx.options)
                for_grad = part if for_grad is None else for_grad.add_(part)
        mask = (needs[1] and for_weight is not None, needs[2] and for_x is not None)
        if any(mask):
            other_x, other_weight = _gradients(
                grad,
                x if for_x is None else for_x,
                weight if for_weight is None else for_weight,
                ctx.options,
                mask,
            )
        return for_grad, other_x, other_weight, None, None


def _convolve(x: Tensor, weight: Tensor, options: tuple[Any, ...]) -> Tensor:
    stride, padding, dilation, groups = options
    return torch.convolution(x, weight, None, stride, padding, dilation, False, [0] * len(stride), groups)


def _gradients(
    grad: Tensor, x: Tensor, weight: Tensor, options: tuple[Any, ...], mask: tuple[bool, bool]
) -> tuple[Tensor | None, Tensor | None]:
    stride, padding, dilation, groups = options
    found = torch.ops.aten.convolution_backward(
        grad, x, weight, None, stride, padding, dilation, False, [0] * len(stride), groups, [*mask, False]
    )
    return found[0] if mask[0] else None, found[1] if mask[1] else None


def padding_of(padding: Any, kernel: Sequence[int], dilation: Any) -> Any:
    """Padding in numbers; None for the word "same" where it is not the same on both sides."""
    if padding == "valid":
        return 0
    if padding != "same":
        return padding
    steps = [dilation] * len(kernel) if isinstance(dilation, int) else dilation
    whole = [step * (size - 1) for step, size in zip(steps, kernel, strict=True)]
    return None if any(n % 2 for n in whole) else [n // 2 for n in whole]


def _options(dims: int, stride: Any, padding: Any, dilation: Any, groups: int) -> tuple[Any, ...]:
    """Options with one number for each dimension."""
    each = [
        [v] * dims if isinstance(v, int) else [*v] * (dims // len(v)) for v in (stride, padding, dilation)
    ]
    return (*each, groups)


class Rewrite(TorchFunctionMode):
    """Context manager; see the module."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[int, tuple[weakref.ref[Tensor], int, Callable[[Tensor, Tensor], Tensor]]] = {}

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Called by PyTorch in place of `func`."""
        kwargs = kwargs or {}
        if func in _CONVOLUTIONS:
            return self._convolution(func, *args, **kwargs)
        if func is batch_norm:
            return self._batch_norm(*args, **kwargs)
        return func(*args, **kwargs)

    def _convolution(
        self,
        func: Callable[..., Tensor],
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Tensor:
        dims = _CONVOLUTIONS[func]
        numbers = padding_of(padding, weight.shape[2:], dilation)
        if numbers is None or input.ndim != dims + 2:
            return func(input, weight, bias, stride, padding, dilation, groups)
        options = _options(dims, stride, numbers, dilation, groups)

        def again(scale: Tensor, shift: Tensor) -> Tensor:
            """The same followed by scale * y + shift for each channel."""
            out = _Convolution.apply(input, weight * _channels(scale, weight.ndim, 0), options)
            return out + _channels(shift if bias is None else shift + scale * bias, out.ndim, 1)

        out = _Convolution.apply(input, weight, options)
        out = out if bias is None else out + _channels(bias, out.ndim, 1)
        self._made[id(out)] = (weakref.ref(out), out._version, again)
        return out

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
    ) -> Tensor:
        if training or running_mean is None or running_var is None:
            return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
        scale = torch.rsqrt(running_var + eps)
        scale = scale if weight is None else scale * weight
        shift = -running_mean * scale if bias is None else bias - running_mean * scale
        made = self._made.pop(id(input), None)
        if made is not None and made[0]() is input and made[1] == input._version:
            return made[2](scale, shift)
        return input * _channels(scale, input.ndim, 1) + _channels(shift, input.ndim, 1)


def _channels(values: Tensor, ndim: int, axis: int) -> Tensor:
    """Values of channels, so that they broadcast along `axis`."""
    return values.reshape((1,) * axis + (-1,) + (1,) * (ndim - axis - 1))
