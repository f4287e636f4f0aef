r"""Trace of the Gauss-Newton matrix from single samples: where it is large, exactly; elsewhere by drawing.

With the eigenvalues lambda_nk and eigenvectors u_nk of the loss's Hessian in the logits of sample n,

    trace G = mean over n of sum_k lambda_nk |J_n' u_nk|^2,

a sum over pairs (n, k) each of which costs a backward pass for one sample. The weights lambda_nk are known
from a forward pass alone, and after some training most of their sum lies in few pairs: those are all
computed, and of the others some are drawn with probabilities proportional to the weights. No sample's
gradient meets that of another, so that the noise which these products have in Hutchinson's estimator is
absent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.func import functional_call, grad, vmap

from focalbook.curvature.forward import Forward
from focalbook.curvature.losses import RowLoss
from focalbook.curvature.samplewise import record

__all__ = ["PairTrace", "gauss_newton_trace", "logit_hessians"]


@dataclass(frozen=True)
class PairTrace:
    """Trace with standard error; `passes` is the number of pairs over the number of samples."""

    value: float
    error: float
    passes: float


def logit_hessians(forward: Forward, loss: RowLoss) -> Tensor:
    """Hessian of each row's loss in its logits, shape (n, K, K), double precision, on the CPU.

    The loss is a sum over rows, so that K products give all of them.
    """
    parts = []
    for index in range(forward.chunks):
        x, y = forward.rows(index)
        with forward.running():
            with torch.no_grad():
                logits = forward.model(x)
            z = logits.double().requires_grad_()
            slope = torch.autograd.grad(loss.total(z, y), z, create_graph=True)[0]
            columns = []
            for k in range(z.shape[1]):
                kept = k + 1 < z.shape[1]
                columns.append(torch.autograd.grad(slope[:, k].sum(), z, retain_graph=kept)[0])
        parts.append(torch.stack(columns, dim=1).cpu())
    found = torch.cat(parts)
    return 0.5 * (found + found.mT)


@dataclass(frozen=True)
class _Chosen:
    """Pairs to compute: their numbers (n K + k), how often each counts, and which of them were drawn."""

    index: Tensor
    weight: Tensor
    drawn: Tensor
    draws: int
    rest: float


def _choose(weights: Tensor, budget: int, generator: torch.Generator) -> _Chosen:
    """The largest of |weights|, and draws among the others, `budget` in all."""
    size = weights.abs()
    order = size.argsort(descending=True)
    ranked = size[order]
    total = float(ranked.sum())
    relevant = int((ranked > 1e-15 * max(total, 1e-300)).sum())
    if relevant <= budget:
        index = order[:relevant]
        return _Chosen(index, weights[index], torch.zeros(relevant), 0, 0.0)
    beyond = ranked.flip(0).cumsum(0).flip(0)  # sum from each place to the end
    left = budget - torch.arange(len(ranked))
    certain = int(((ranked * left > beyond) & (left > 2)).int().cumprod(0).sum())
    draws, rest = budget - certain, float(beyond[certain])
    picked = torch.multinomial(ranked[certain:], draws, replacement=True, generator=generator) + certain
    unique, counts = picked.unique(return_counts=True)
    index = torch.cat([order[:certain], order[unique]])
    sign = weights[order[unique]].sign()
    weight = torch.cat([weights[order[:certain]], rest / draws * sign])
    repeats = torch.cat([torch.zeros(certain, dtype=counts.dtype), counts])
    return _Chosen(index, weight, repeats, draws, rest)


def gauss_newton_trace(
    forward: Forward,
    loss: RowLoss,
    passes: float,
    generator: torch.Generator,
    tick: Callable[[], object] | None = None,
) -> PairTrace:
    """Trace of the Gauss-Newton matrix of the mean loss.

    Parameters
    ----------
    forward : Forward
    loss : RowLoss
    passes : float, > 0
        Pairs to compute, in units of the number of samples; all K - 1 or K make it exact.
    generator : torch.Generator
        On the CPU.
    tick : callable, optional
        Called after each chunk.
    """
    matrices = forward.halving(lambda: logit_hessians(forward, loss))
    values, vectors = torch.linalg.eigh(matrices)
    values[values.abs() <= 1e-14 * values.abs().amax(1, keepdim=True)] = 0.0
    chosen = _choose(values.reshape(-1), max(3, math.ceil(passes * forward.samples)), generator)
    directions = vectors.mT.reshape(-1, forward.classes)  # row n K + k is u_nk
    norms = forward.halving(lambda: _norms(forward, chosen.index, directions, tick))
    divisor = loss.divisor(forward.labels)
    certain = chosen.drawn == 0
    value = float((chosen.weight * norms)[certain].sum())
    error = 0.0
    if chosen.draws:
        counts = chosen.drawn[~certain].double()
        each = (chosen.weight * norms)[~certain]  # one draw's part of the sum
        total = float((counts * each).sum())
        spread = float((counts * (each - total / chosen.draws) ** 2).sum()) / (chosen.draws - 1)
        value, error = value + total, math.sqrt(spread * chosen.draws)
    return PairTrace(value / divisor, error / divisor, len(chosen.index) / forward.samples)


def _norms(forward: Forward, index: Tensor, directions: Tensor, tick: Callable[[], object] | None) -> Tensor:
    """|J_n' u|^2 of each pair, shape of `index`; samples with equally many pairs share a backward pass."""
    sample = torch.div(index, forward.classes, rounding_mode="floor")
    counts = torch.bincount(sample, minlength=forward.samples)
    order = sample.argsort(stable=True)  # pairs of a sample lie side by side
    first = counts.cumsum(0) - counts
    found = torch.empty(len(index), dtype=torch.float64)
    busy = counts.argsort(descending=True, stable=True)
    busy = busy[: int((counts > 0).sum())]
    for rows in busy.split(forward.chunk):
        rows_cotangents = []
        for j in range(int(counts[rows[0]])):
            there = rows[counts[rows] > j]  # a prefix: rows are in descending order of their counts
            pairs = order[first[there] + j]
            rows_cotangents.append((pairs, directions[index[pairs]]))
        for (pairs, _), norms in zip(
            rows_cotangents, _chunk_norms(forward, rows, rows_cotangents), strict=True
        ):
            found[pairs] = norms.double().cpu()[: len(pairs)]
        if tick is not None:
            tick()
    return found


def _chunk_norms(forward: Forward, rows: Tensor, cotangents: list[tuple[Tensor, Tensor]]) -> list[Tensor]:
    """Squared norms for several cotangents of the same samples."""
    x = forward.inputs[rows.to(forward.device)]
    padded = []
    for _, u in cotangents:
        full = torch.zeros(len(rows), forward.classes, dtype=forward.dtype, device=forward.device)
        full[: len(u)] = u.to(forward.device, forward.dtype)
        padded.append(full)
    with forward.running():
        recording = record(forward.model, x, forward.parameters)
        if recording is not None:
            return [recording.squared_norms(full) for full in padded]
        return [_any_norms(forward, x, full) for full in padded]


def _any_norms(forward: Forward, x: Tensor, cotangent: Tensor) -> Tensor:
    """Squared norms for any network, with the gradient of each sample by ``torch.func``."""
    names = [name for name, p in forward.model.named_parameters() if p.requires_grad]
    weights = dict(zip(names, (p.detach() for p in forward.parameters), strict=True))

    def squared(one: Tensor, u: Tensor) -> Tensor:
        def output(w: dict[str, Tensor]) -> Tensor:
            return (functional_call(forward.model, w, (one[None],))[0] * u).sum()

        parts = grad(output)(weights)
        return torch.stack([part.square().sum() for part in parts.values()]).sum()

    return vmap(squared)(x, cotangent)
