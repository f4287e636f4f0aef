"""Posteriors without a graph: p_i ~ q_i / (w_i h(q_i)) in a dozen passes over blocks that fit a cache.

With q = softmax(z) and b = -log q = logsumexp(z) - z, the gain is h = (1-q)^(gamma-1) (1 - q + gamma q b).
The one class with q > 1/2, where there is one, is taken out of the row and treated apart, with S = 1 - q
summed over the other classes.
"""

from __future__ import annotations

import torch
from torch import Tensor

from focalbook.nn._checks import at_least_float32

__all__ = ["GRAPH_GAMMA", "posterior", "posterior_graph"]

#: Up to here (1-q)^gamma of a class with q <= 1/2 does not underflow in float32.
GRAPH_GAMMA = 100.0

_BLOCK = 1 << 19  # numbers: more would go back to the system after each call, and come again page by page

_FAR = 32.0  # a common offset beyond this would cost digits of the surprisal


def _times_power(out: Tensor, q: Tensor, exponent: float) -> Tensor:
    """Multiply `out` in place by (1-q)^exponent; whole and half exponents need no logarithm."""
    twice = round(2.0 * exponent)
    if twice != 2.0 * exponent or not -1 <= twice <= 8:
        return out.mul_((1.0 - q).pow_(exponent))
    if twice == -1:
        return out.div_((1.0 - q).sqrt_())
    for _ in range(twice // 2):
        torch.addcmul(out, q, out, value=-1.0, out=out)
    return out.mul_((1.0 - q).sqrt_()) if twice % 2 else out


def _block(z: Tensor, gamma: float, weight: Tensor | None, q: Tensor, scratch: Tensor) -> None:
    """Write the posteriors of rows z to q; not finite where a logit is not, or a difference overflows."""
    slope, top = scratch[0, : len(q)], scratch[1, : len(q)]
    torch.softmax(z, dim=1, out=q)
    peak = q.amax(dim=1, keepdim=True)
    highest = z.amax(dim=1, keepdim=True)
    if highest.numel() > 0 and highest.abs().amax().item() > _FAR:
        z, highest = z - highest, torch.zeros_like(highest)
    log_total = highest.sub_(peak.log())
    torch.sub(log_total.mul_(gamma).sub_(1.0), z, alpha=gamma, out=slope)  # gamma b - 1
    some = bool((peak > 0.5).any())
    if some:
        torch.ops.aten.threshold.out(q, 0.5, 0.0, out=top)
        q.sub_(top)
    s = q.sum(dim=1, keepdim=True).add_(torch.finfo(q.dtype).tiny) if some else peak
    torch.addcmul(torch.ones((), dtype=q.dtype), q, slope, out=slope)
    q.div_(_times_power(slope, q, gamma - 1.0))
    if weight is not None:
        q.div_(weight)
    total = q.sum(dim=1, keepdim=True)
    if not some:
        q.div_(total)
        return
    mass = torch.where(peak > 0.5, peak, 0.0) if weight is None else top.div_(weight).sum(dim=1, keepdim=True)
    gain = s.pow(gamma).mul_(torch.log1p(-s).mul_(s - 1.0).mul_(gamma).div_(s).add_(1.0))
    gain = torch.where(peak > 0.5, gain, 1.0)
    total = total.mul_(gain).add_(mass)
    q.mul_(gain.div_(total)).addcmul_(top, total.reciprocal_())


def posterior(logits: Tensor, gamma: float, weight: Tensor | None, dim: int) -> Tensor | None:
    """Posteriors of logits with classes along `dim`, same shape and dtype; None where they are not finite.

    Arguments are not checked. The result is relatively accurate, whether a probability is near 0 or near 1.
    """
    if gamma == 0.0 and weight is None:
        return torch.softmax(logits, dim=dim)
    rows = logits.movedim(dim, -1)
    classes = rows.shape[-1]
    flat = rows.reshape(-1, classes)
    out = torch.empty(flat.shape, dtype=at_least_float32(logits.dtype))
    weight = None if weight is None else weight.to(out.dtype)
    step = min(max(1, _BLOCK // classes), len(flat))
    scratch = torch.empty((2, step, classes), dtype=out.dtype)
    for start in range(0, len(flat), max(1, step)):
        part = out[start : start + step]
        _block(flat[start : start + step].to(out.dtype), gamma, weight, part, scratch)
        if not bool(part[:, 0].isfinite().all()):  # one bad entry spoils the total of its row
            return None
    return out.reshape(rows.shape).movedim(-1, dim).to(logits.dtype)


def _power(c: Tensor, exponent: float) -> Tensor:
    """c^exponent; whole and half exponents by products and roots, the rest by exp and log."""
    twice = round(2.0 * exponent)
    if twice != 2.0 * exponent or not -2 <= twice <= 8:
        return torch.exp(exponent * torch.log(c))
    out = torch.rsqrt(c) if twice < 0 else torch.sqrt(c) if twice % 2 else torch.ones_like(c)
    for _ in range(max(twice, 0) // 2):
        out = out * c
    return torch.rsqrt(c) * out if twice == -2 else out


def posterior_graph(logits: Tensor, gamma: float, weight: Tensor | None, dim: int) -> Tensor:
    """Posteriors of finite logits by operations without a branch, which a compiler fuses; no gradient.

    As :func:`posterior`, for gamma up to :data:`GRAPH_GAMMA`.
    """
    z = logits.to(at_least_float32(logits.dtype))
    limits = torch.finfo(z.dtype)
    z = z - z.amax(dim=dim, keepdim=True)
    e, highest = torch.exp(z), z == 0
    rest = torch.where(highest, 0.0, e).sum(dim=dim, keepdim=True)
    ties = highest.sum(dim=dim, keepdim=True)
    total = rest + ties.to(z.dtype)
    sure = (ties == 1) & (rest < 1.0 / 3.0)  # the top class has more than three quarters
    s = rest / total + limits.tiny
    gain = s.pow(gamma) * (1.0 + gamma * (s - 1.0) * torch.log1p(-s) / s)
    gain = torch.where(sure, gain, 1.0)  # of the top class
    q, b = e * (1.0 / total), (torch.log(total) - z).clamp_max(0.25 * limits.max)
    top = sure & highest
    c = 1.0 - torch.where(top, 0.0, q)
    found = torch.where(top, q, q * gain / (_power(c, gamma - 1.0) * (c + gamma * q * b)))
    if weight is not None:
        found = found / weight.to(z.dtype).view(-1, *(1,) * (logits.ndim - 1 - dim % logits.ndim))
    return (found / found.sum(dim=dim, keepdim=True)).to(logits.dtype)
