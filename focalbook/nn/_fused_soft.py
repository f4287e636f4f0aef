"""Focal loss of soft targets, with a gradient written by hand.

A row with targets a, which need not sum to one, has the loss sum_i a_i l(q_i), q = softmax(z), and the
gradient q_j sum_i a_i h(q_i) - a_j h(q_j). At most one class has q > 1/2; its 1 - q is the sum over the
others, and its entry of the gradient the negative sum of the other entries, so that nothing cancels.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn.functional import logsigmoid

from focalbook.nn._checks import at_least_float32
from focalbook.nn.log_odds import all_log_odds, focal_from_log_odds, log_gain_from_log_odds

__all__ = ["FusedSoftFocal"]


def _assemble(q: Tensor, top: Tensor, s: Tensor, pull: Tensor) -> Tensor:
    """Gradient of each row from q without its top class, s the sum of that, and pull = a h(q)."""
    total = pull.sum(dim=1, keepdim=True)
    rest = pull.masked_fill(top, 0.0).sum(dim=1, keepdim=True)
    return torch.where(top, rest - total * s, q * total - pull)


def _derivatives(z: Tensor, target: Tensor, gamma: float | Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Derivatives of each row's loss with respect to z, target and gamma, themselves differentiable."""
    z = z.to(at_least_float32(z.dtype))
    d = all_log_odds(z, dim=1)
    q = torch.softmax(z, dim=1)
    top = q.detach() > 0.5
    q = q.masked_fill(top, 0.0)
    each = focal_from_log_odds(d, gamma)
    pull = target * log_gain_from_log_odds(d, gamma).exp()
    for_z = _assemble(q, top, q.sum(dim=1, keepdim=True), pull)
    return for_z, each, (target * each * logsigmoid(-d)).sum(dim=1)


class FusedSoftFocal(Function):
    """Losses of rows with soft targets: ``apply(z, target, gamma)``, all differentiable.

    z and target are (N, K, ...), gamma a number or a tensor (N, 1, ...). Returns (N, ...) in float32 or
    better.
    """

    @staticmethod
    def forward(ctx: Any, z: Tensor, target: Tensor, gamma: float | Tensor) -> Tensor:
        dtype = at_least_float32(torch.promote_types(z.dtype, target.dtype))
        limits = torch.finfo(dtype)
        b = torch.log_softmax(z, dim=1, dtype=dtype).neg_()
        q = b.neg().exp_()
        top = q > 0.5
        q.masked_fill_(top, 0.0)
        s = q.sum(dim=1, keepdim=True).add_(limits.tiny)  # so that nothing divides by 0
        b = torch.where(top, torch.log1p(-s).neg_(), b).clamp_max_(0.25 * limits.max)
        c = torch.where(top, s, 1.0 - q)
        power = c.pow(gamma)
        each = power * b
        loss = (target * each).sum(dim=1)
        for_z = for_gamma = None
        if ctx.needs_input_grad[2]:
            log_c = torch.where(top, s.log(), torch.log1p(-q))
            for_gamma = (target * each * log_c).sum(dim=1, keepdim=True)
        if ctx.needs_input_grad[0]:
            x = b.div_(c).mul_(torch.where(top, 1.0 - s, q))
            for_z = _assemble(q, top, s, x.mul_(gamma).add_(1.0).mul_(power).mul_(target))
        ctx.number = None if isinstance(gamma, Tensor) else gamma
        saved = (z, target, gamma if ctx.number is None else None)
        ctx.save_for_backward(*saved, for_z, each if ctx.needs_input_grad[1] else None, for_gamma)
        ctx.save_for_forward(*saved, None, None, None)
        return loss

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        z, target, gamma, *parts = ctx.saved_tensors
        if torch.is_grad_enabled():
            for_z, each, slope = _derivatives(z, target, ctx.number if gamma is None else gamma)
            parts = [for_z, each, slope.unsqueeze(1)]
        grad = grad.unsqueeze(1)
        needed = ctx.needs_input_grad
        dtypes = (z.dtype, target.dtype, parts[2].dtype if needed[2] else None)
        return tuple(
            (grad * part).to(dtype) if need else None
            for need, part, dtype in zip(needed, parts, dtypes, strict=True)
        )

    @staticmethod
    def jvp(ctx: Any, dz: Tensor | None, dtarget: Tensor | None, dgamma: Tensor | None) -> Tensor:
        z, target, gamma, *_ = ctx.saved_tensors
        for_z, each, slope = _derivatives(z, target, ctx.number if gamma is None else gamma)
        out = torch.zeros_like(slope)
        if dz is not None:
            out = out + (for_z * dz).sum(dim=1)
        if dtarget is not None:
            out = out + (each * dtarget).sum(dim=1)
        if dgamma is not None:
            out = out + slope * dgamma.squeeze(1)
        return out
