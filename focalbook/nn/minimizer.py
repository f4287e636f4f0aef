"""The minimiser of the focal-entropy as a function of PyTorch, differentiable through its own equations.

The minimiser solves p_i phi(q_i) = lambda, sum_i q_i = 1. With sigma_i = -d log phi / d log q at q_i and
w_i = q_i / sigma_i, differentiating both equations gives

    dq_i = w_i (u_i - mean_w u),   u_i = d log p_i + kappa_i d gamma,   kappa = log(1-q) + x / (1 + gamma x)

with x = q (-log q) / (1-q) and the mean weighted by w. Hence, for a gradient g with respect to q,

    grad p_i = h(q_i) / (lambda sigma_i) (g_i - mean_w g),   grad gamma = sum_i kappa_i w_i (g_i - mean_w g),

which is finite at p_i = 0 too. Everything is done in float64.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from focalbook.theory import minimizer as theory

__all__ = ["minimizer", "multiplier"]


class _Terms:
    """Functions of q that the derivatives are made of, differentiable in q and gamma; class axis last."""

    def __init__(self, q: Tensor, gamma: Tensor) -> None:
        index = q.detach().argmax(dim=-1, keepdim=True)
        others = q.scatter(-1, index, 0.0).sum(dim=-1, keepdim=True)
        c = (1.0 - q).scatter(-1, index, others)
        zero, one = q.detach() == 0, c.detach() == 0
        safe = c.masked_fill(one, 1.0)
        upper = q.detach() > 0.5
        high = -torch.log1p(-torch.where(upper & ~one, c, 0.0))
        b = torch.where(upper, high, -torch.log(q.masked_fill(zero, 1.0)))
        x = torch.where(one, 1.0, q * b / safe)
        boost = 1.0 + gamma * x
        bottom = c + gamma * q * (2.0 + (gamma - 1.0) * x)
        at_end = bottom.detach() == 0  # q = 1 and gamma = 0
        self.inverse_sigma = torch.where(at_end, 1.0, c * boost / bottom.masked_fill(at_end, 1.0))
        self.w = q * self.inverse_sigma
        self.kappa = torch.log(safe) + x / boost
        # 0^gamma without its derivative, which is infinite
        self.gain = torch.where(one, (gamma == 0).to(q.dtype), safe**gamma) * boost


class _Minimizer(Function):
    """Q* of rows p (..., K) at gamma (..., 1), in float64."""

    @staticmethod
    def forward(ctx: Any, p: Tensor, gamma: Tensor) -> Tensor:
        rows = theory.minimizer(p.detach().cpu().numpy(), gamma.detach().squeeze(-1).cpu().numpy())
        q = torch.as_tensor(rows, dtype=torch.float64).to(p.device).view(p.shape)
        ctx.save_for_backward(p, gamma, q)
        return q

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
        p, gamma, q = ctx.saved_tensors
        terms = _Terms(q, gamma)
        weight = terms.w.sum(dim=-1, keepdim=True)
        multiplier = (p * terms.gain).sum(dim=-1, keepdim=True)
        corner = (weight.detach() == 0) | (multiplier.detach() == 0)  # one-hot: no derivative exists
        mean = (terms.w * grad).sum(dim=-1, keepdim=True) / weight.masked_fill(corner, 1.0)
        centred = (grad - mean).masked_fill(corner, 0.0)
        for_p = terms.gain * terms.inverse_sigma / multiplier.masked_fill(corner, 1.0) * centred
        for_gamma = (terms.kappa * terms.w * centred).sum(dim=-1, keepdim=True)
        return for_p.to(p.dtype), for_gamma


def _inputs(p: Tensor, gamma: float | Tensor) -> tuple[Tensor, Tensor]:
    if p.dtype not in (torch.float32, torch.float64) or p.ndim == 0:
        raise ValueError(
            f"p must be float32 or float64 of shape (..., classes), got {p.dtype} of shape {tuple(p.shape)}."
        )
    g = torch.as_tensor(gamma, dtype=torch.float64, device=p.device)
    try:
        return p, g.expand(p.shape[:-1]).unsqueeze(-1)
    except RuntimeError as error:
        raise ValueError(
            f"gamma of shape {tuple(g.shape)} does not fit: expected a number or one gamma for each "
            f"distribution, shape {tuple(p.shape[:-1])}."
        ) from error


def minimizer(p: Tensor, gamma: float | Tensor) -> Tensor:
    """Distribution Q* that minimises the focal-entropy F(P, .), differentiable in p and gamma.

    Parameters
    ----------
    p : Tensor, shape (..., K), in [0, 1], rows summing to one
        Distributions, float32 or float64, class axis last.
    gamma : float or Tensor, >= 0
        Focusing parameter: a number, or a tensor that broadcasts to the shape of `p` without its last axis.

    Returns
    -------
    Tensor, shape and dtype of `p`
        Relative error of every component at most 1e-12 in float64 (and rounding in float32).

    Raises
    ------
    ValueError
        As for :func:`focalbook.minimizer`; also another dtype.

    Notes
    -----
    Computed on the CPU by :func:`focalbook.minimizer`; derivatives of first and second order by the implicit
    function theorem. A derivative with respect to `p` has no component along `p` itself, since only the
    ratios of the masses matter. Where p_i = 0 it is the one-sided derivative, and second derivatives leave
    out a term that grows like log q_i. At one-hot rows with gamma > 0 the map has no derivative (by claim
    FE-12 the slope is infinite there): the gradient is 0 by convention. Not for ``torch.func`` transforms.
    Source: ``shah2026focal``, theorem on the minimiser; claims FE-5, FE-12, FE-13.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import minimizer
    >>> p = torch.tensor([0.9, 0.1], dtype=torch.float64, requires_grad=True)
    >>> q = minimizer(p, 2.0)
    >>> q.detach()
    tensor([0.6942, 0.3058], dtype=torch.float64)
    >>> torch.autograd.grad(q[0], p)[0] @ p.detach() < 1e-15
    tensor(True)
    """
    p, g = _inputs(p, gamma)
    return _Minimizer.apply(p, g).to(p.dtype)


def multiplier(p: Tensor, gamma: float | Tensor) -> Tensor:
    """Lagrange multiplier lambda = sum_i p_i h(q_i) of the minimiser, differentiable in p and gamma.

    Arguments, errors and limits as for :func:`minimizer`. Shape of `p` without its last axis. Claims FE-5,
    FE-9.
    """
    p, g = _inputs(p, gamma)
    return (p.double() * _Terms(_Minimizer.apply(p, g), g).gain).sum(dim=-1).to(p.dtype)
