"""Sharpness-aware minimisation: the gradient is taken where the loss nearby is, to first order, largest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

__all__ = ["ascent", "kept_buffers", "sharpness_aware_gradient"]


@contextmanager
def kept_buffers(model: nn.Module) -> Iterator[None]:
    """Buffers of a network, such as the running statistics of batch normalisation, as they were before."""
    floating = [b for b in model.buffers() if b.is_floating_point()]
    others = [b for b in model.buffers() if not b.is_floating_point()]
    kinds = [(live, [b.clone() for b in live]) for live in (floating, others) if live]
    try:
        yield
    finally:
        with torch.no_grad():
            for live, saved in kinds:
                torch._foreach_copy_(live, saved)


def ascent(gradients: Sequence[Tensor], rho: float) -> list[Tensor]:
    """The step ``rho * g / |g|`` of Euclidean length `rho` along all gradients together; 0 where g is 0."""
    norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(list(gradients))))
    return list(torch._foreach_mul(list(gradients), rho / norm.clamp_min(torch.finfo(norm.dtype).tiny)))


def sharpness_aware_gradient(
    model: nn.Module, parameters: Sequence[Tensor], loss: Callable[[], Tensor], rho: float
) -> Tensor:
    """Put the gradient at ``w + rho g / |g|`` into ``.grad``, g being the gradient at the weights w.

    Parameters
    ----------
    model : nn.Module
    parameters : sequence of Tensor
        Those that are trained; back at w, to the bit, when this returns.
    loss : callable
        Computes the loss of the batch anew.
    rho : float, > 0

    Returns
    -------
    Tensor
        The loss at w, detached.

    Notes
    -----
    Batch normalisation uses the statistics of the batch in both passes; the running statistics take in the
    first pass alone, that at w. Dropout draws anew in the second pass. Source: ``foret2021sharpness``, Eq. 2
    and 3 (p = 2, second-order term dropped).
    """
    at_w = loss()
    gradients = torch.autograd.grad(at_w, list(parameters), materialize_grads=True)
    with torch.no_grad():
        saved = [p.clone() for p in parameters]
        torch._foreach_add_(list(parameters), ascent(gradients, rho))
    with kept_buffers(model):
        loss().backward()
    with torch.no_grad():
        torch._foreach_copy_(list(parameters), saved)
    return at_w.detach()
