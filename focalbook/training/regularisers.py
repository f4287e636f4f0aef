"""Traces of curvature matrices of a loss by random probes, differentiable, so that they can be penalised.

With v of independent signs, E[v v'] = 1, so E[v'Av] = tr A for every symmetric matrix A. For the Hessian H of
the loss, v'Hv is one product with H. For its Gauss-Newton part J'AJ, where J is the Jacobian of the logits
with respect to the weights and A the Hessian of the loss in the logits, it is (Jv)'A(Jv).

The gradient of an estimate is right where the operations of the network have right third derivatives. Those
of PyTorch's normalisation layers are wrong: compute the logits and the estimate within
:func:`focalbook.training.norms.differentiable_norms`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["gauss_newton_trace", "hessian_trace", "signs"]


def signs(parameters: Sequence[Tensor], generator: torch.Generator) -> list[Tensor]:
    """Independent signs -1 and 1, each with probability 1/2, one tensor for each parameter.

    Drawn from `generator`, which must live on the device of the parameters.
    """
    total = sum(p.numel() for p in parameters)
    first = parameters[0]
    drawn = torch.randint(0, 2, (total,), generator=generator, device=first.device, dtype=torch.int8)
    flat = drawn.to(first.dtype).mul_(2).sub_(1)
    parts = flat.split([p.numel() for p in parameters])
    return [part.view(p.shape) for part, p in zip(parts, parameters, strict=True)]


def _dot(a: Sequence[Tensor], b: Sequence[Tensor]) -> Tensor:
    return torch.stack([(x * y).sum() for x, y in zip(a, b, strict=True)]).sum()


def _along(outputs: Sequence[Tensor], inputs: Sequence[Tensor], v: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Gradient of the inner product of outputs and v, with a graph; 0 where outputs are constant."""
    pairs = [(o, direction) for o, direction in zip(outputs, v, strict=True) if o.requires_grad]
    if not pairs:
        return tuple(torch.zeros_like(x) for x in inputs)
    varying, directions = zip(*pairs, strict=True)
    return torch.autograd.grad(varying, inputs, directions, create_graph=True, materialize_grads=True)


def _check_probes(probes: int) -> None:
    if probes < 1:
        raise ValueError(f"at least one probe is needed, got {probes}.")


def hessian_trace(
    loss: Tensor, parameters: Sequence[Tensor], generator: torch.Generator, probes: int = 1
) -> Tensor:
    """Unbiased estimate of the trace of the Hessian of a loss, with a graph.

    Parameters
    ----------
    loss : Tensor, 0-d
        With its graph, which is kept.
    parameters : sequence of Tensor
        Those with respect to which the loss is differentiated.
    generator : torch.Generator
        Source of the probes, on the device of the parameters.
    probes : int, >= 1
        Rademacher vectors; the variance of the estimate is 2 (|H|_F^2 - sum_i H_ii^2) / probes.

    Returns
    -------
    Tensor, 0-d
        May be negative. Its gradient is an unbiased estimate of that of the trace.

    Raises
    ------
    ValueError
        No probe.

    Notes
    -----
    Source: ``hutchinson1989stochastic``; as a regulariser ``kimura2024geometric``, Eq. 33.
    """
    _check_probes(probes)
    wanted = list(parameters)
    gradient = torch.autograd.grad(loss, wanted, create_graph=True, materialize_grads=True)
    total = loss.new_zeros(())
    for _ in range(probes):
        v = signs(wanted, generator)
        total = total + _dot(v, _along(gradient, wanted, v))
    return total / probes


def gauss_newton_trace(
    loss: Tensor,
    logits: Tensor,
    parameters: Sequence[Tensor],
    generator: torch.Generator,
    probes: int = 1,
) -> Tensor:
    """Unbiased estimate of the trace of the Gauss-Newton part of the Hessian of a loss, with a graph.

    Parameters
    ----------
    loss : Tensor, 0-d
        A function of `logits` and of nothing else that depends on the parameters; graphs are kept.
    logits : Tensor
        Output of the network, with its graph.
    parameters, generator, probes
        As for :func:`hessian_trace`.

    Returns
    -------
    Tensor, 0-d
        Never negative for the cross-entropy. For a focal loss A is indefinite and the trace may be negative.

    Raises
    ------
    ValueError
        No probe.

    Notes
    -----
    Jv comes from two backward passes: u -> J'u is linear, and the gradient of v'J'u in u is Jv. Sources:
    ``schraudolph2002fast`` for the matrix, ``hutchinson1989stochastic`` for the estimate,
    ``kimura2024geometric``, Eq. 33, for the regulariser whose variant this is.
    """
    _check_probes(probes)
    wanted = list(parameters)
    slope = torch.autograd.grad(loss, logits, create_graph=True)[0]
    u = torch.zeros_like(logits, requires_grad=True)
    pulled = torch.autograd.grad(logits, wanted, u, create_graph=True, materialize_grads=True)
    total = loss.new_zeros(())
    for _ in range(probes):
        v = signs(wanted, generator)
        (pushed,) = _along(pulled, [u], v)
        (curved,) = _along([slope], [logits], [pushed])
        total = total + (pushed * curved).sum()
    return total / probes
