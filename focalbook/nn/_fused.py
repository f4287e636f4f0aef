"""Focal loss of rows of logits with a gradient written by hand: about as fast as the cross-entropy.

With q = softmax(z), S = 1 - q_y summed over the other classes and b = -log q_y = log1p(S / q_y), a row has
the loss S^gamma b and the gradient h(q_y) (q - e_y), h being the gain S^gamma (1 + gamma q_y b / S). The
entry of q - e_y at y is -S, so neither value nor gradient ever subtracts numbers that are nearly equal, and
q - e_y is all that has to be kept for the gradient, which is then written over it.

Where a derivative of the gradient may be asked for (``create_graph=True``, forward mode) it is composed of
differentiable operations on the logits instead, with :mod:`focalbook.nn.log_odds`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn.functional import logsigmoid

from focalbook.nn._checks import at_least_float32
from focalbook.nn.log_odds import focal_from_log_odds, log_gain_from_log_odds, target_log_odds

__all__ = ["FusedFocal", "can_fuse"]


def can_fuse(*inputs: Any) -> bool:
    """Whether plain eager mode sees these inputs: no compiler, no transform of torch.func, no subclass."""
    if torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active():
        return False
    return all(type(x) in (Tensor, nn.Parameter) for x in inputs if isinstance(x, Tensor))


def _softmax_without(z: Tensor, index: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """q - e_y, S, the odds S / q_y and b of each row, in float32 or better."""
    dtype = at_least_float32(z.dtype)
    limits = torch.finfo(dtype)
    exact = None
    if z.device.type == "cpu":
        q = torch.softmax(z, dim=1, dtype=dtype)
        p = q.gather(1, index).squeeze(1)
        if p.numel() > 0 and p.amin().item() < limits.tiny:
            exact = torch.log_softmax(z, dim=1, dtype=dtype).gather(1, index).squeeze(1)
    else:  # no branch on values, for which a queue of kernels would have to wait
        q = torch.log_softmax(z, dim=1, dtype=dtype)
        exact = q.gather(1, index).squeeze(1)
        p = q.exp_().gather(1, index).squeeze(1)
    q.scatter_(1, index, torch.zeros_like(p).unsqueeze(1))
    s = q.sum(dim=1, keepdim=True)
    q.scatter_(1, index, -s)
    s = s.squeeze(1).add_(limits.tiny)  # so that nothing divides by 0
    odds = s / p
    b = torch.log1p(odds)
    if exact is not None:
        b = torch.where(p < limits.tiny, exact.neg_().clamp_max_(limits.max), b)
    return q, s, odds, b


def _derivatives(z: Tensor, target: Tensor, gamma: float | Tensor) -> tuple[Tensor, Tensor]:
    """Derivatives of each row's loss with respect to z and to gamma, themselves differentiable."""
    z = z.to(at_least_float32(z.dtype))
    d = target_log_odds(z, target, dim=1)
    index = target.unsqueeze(1)
    others = torch.softmax(z, dim=1).scatter(1, index, 0.0)
    direction = others.scatter(1, index, -others.sum(dim=1, keepdim=True))
    for_gamma = focal_from_log_odds(d, gamma) * logsigmoid(-d)
    return log_gain_from_log_odds(d, gamma).exp().unsqueeze(1) * direction, for_gamma


class FusedFocal(Function):
    """Focal loss of one class for each row: ``apply(z, target, gamma, weight, ignore_index, reduction)``.

    z is (N, K, ...) of any float dtype, target (N, ...) of int64, gamma a number or a tensor of the shape of
    target, weight None or (K,), not differentiated. Returns float32 or better.
    """

    @staticmethod
    def forward(
        ctx: Any,
        z: Tensor,
        target: Tensor,
        gamma: float | Tensor,
        weight: Tensor | None,
        ignore_index: int,
        reduction: str,
    ) -> Tensor:
        ignored = target == ignore_index
        some = z.device.type != "cpu" or bool(ignored.any())
        safe = target.masked_fill(ignored, 0) if some else target
        direction, s, odds, b = _softmax_without(z, safe.unsqueeze(1))
        factor = None if weight is None else weight.to(s.dtype)[safe]
        if some:
            factor = torch.ones_like(s) if factor is None else factor
            factor.masked_fill_(ignored, 0.0)
        power = s.pow(gamma) if factor is None else s.pow(gamma).mul_(factor)
        total: Tensor | int | None = None
        if reduction == "mean":
            total = target.numel() if factor is None else factor.sum()
        loss = power * b
        tensors = [x if isinstance(x, Tensor) else None for x in (gamma, factor, total)]
        ctx.numbers = gamma, total
        ctx.reduction = reduction
        ctx.direction = direction  # overwritten by the gradient, and made again if that is asked for twice
        ctx.save_for_backward(z, safe, odds, b, power, *tensors)
        ctx.save_for_forward(z, safe, None, None, None, *tensors)
        if reduction == "none":
            return loss
        return loss.sum() if total is None else loss.sum() / total

    @staticmethod
    def _settings(ctx: Any, tensors: tuple[Tensor | None, ...]) -> tuple[Any, Any, Any]:
        """Gamma, the factor of each row and the divisor of the mean, each None, a number or a tensor."""
        gamma, factor, total = tensors
        return (
            ctx.numbers[0] if gamma is None else gamma,
            factor,
            ctx.numbers[1] if total is None else total,
        )

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        z, target, odds, b, power, *rest = ctx.saved_tensors
        gamma, factor, total = FusedFocal._settings(ctx, rest)
        if isinstance(
            total, Tensor
        ):  # as in PyTorch: gradient 0 where nothing counts, though the mean is NaN
            grad = torch.where(total > 0, grad / total, 0.0)
        elif total is not None:
            grad = grad / total
        for_z = for_gamma = None
        if torch.is_grad_enabled():
            grad = grad if factor is None else grad * factor
            for_z, slope = _derivatives(z, target, gamma)
            for_z = for_z * (grad.unsqueeze(1) if grad.ndim else grad)
            for_gamma = grad * slope
        else:
            if ctx.needs_input_grad[0]:
                scale = (b / odds).mul_(gamma).add_(1.0).mul_(power).mul_(grad)
                direction, ctx.direction = ctx.direction, None
                if direction is None:
                    direction = _softmax_without(z, target.unsqueeze(1))[0]
                for_z = direction.mul_(scale.unsqueeze(1))
            if ctx.needs_input_grad[2]:
                for_gamma = grad * power * b * -torch.log1p(1.0 / odds)  # log of 1 - q_y
        for_z = None if for_z is None else for_z.to(z.dtype)
        return for_z, None, for_gamma if ctx.needs_input_grad[2] else None, None, None, None

    @staticmethod
    def jvp(ctx: Any, dz: Tensor | None, _: Any, dgamma: Tensor | None, *__: Any) -> Tensor:
        z, target, *_s, gamma, factor, total = ctx.saved_tensors
        gamma, factor, total = FusedFocal._settings(ctx, (gamma, factor, total))
        for_z, slope = _derivatives(z, target, gamma)
        out = torch.zeros_like(slope)
        if dz is not None:
            out = out + (for_z * dz).sum(dim=1)
        if dgamma is not None:
            out = out + slope * dgamma
        if factor is not None:
            out = out * factor
        if ctx.reduction == "none":
            return out
        return out.sum() if total is None else out.sum() / total
