"""Rows of logits with class indices, arranged as PyTorch's losses would, for losses of plain operations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from focalbook.nn._checks import (
    at_least_float32,
    autocast_logits,
    check_logits,
    check_number,
    check_target,
    check_weight_length,
    reduce_rows,
)

__all__ = ["Rows", "counts_of_rows", "gamma_of_rows", "index_errors", "prepare"]


@contextmanager
def index_errors(classes: int) -> Iterator[None]:
    """Turn PyTorch's error about an index that is too large into the one its own losses raise."""
    try:
        yield
    except RuntimeError as error:
        if "out of bounds" not in str(error):
            raise
        raise IndexError(f"target holds a class that is not in 0 .. {classes - 1}: {error}") from error


def gamma_of_rows(gamma: float | Tensor, rows: torch.Size, like: Tensor) -> float | Tensor:
    """A checked number, or a tensor with one value for each row in the dtype of the computation."""
    if not isinstance(gamma, Tensor):
        return check_number(gamma)
    try:
        return gamma.to(like.device, at_least_float32(like.dtype)).expand(rows)
    except RuntimeError as error:
        raise ValueError(
            f"gamma of shape {tuple(gamma.shape)} does not fit: expected a number or one gamma for each row, "
            f"shape {tuple(rows)}."
        ) from error


def counts_of_rows(target: Tensor, weight: Tensor | None, ignored: Tensor, dtype: torch.dtype) -> Tensor:
    """Weight with which each row enters the mean, 0 where it is ignored; no ignored index in `target`."""
    if weight is None:
        return (~ignored).to(dtype)
    return weight.to(dtype)[target].masked_fill(ignored, 0.0)


@dataclass(frozen=True)
class Rows:
    """Logits (N, K, ...) in float32 or better, targets (N, ...) without ignored indices, and what follows.

    Attributes
    ----------
    counts : Tensor, shape of `target`
        Weight of each row, 0 where it is ignored.
    ignored : Tensor of bool
    dtype : torch.dtype
        Of the result.
    batched : bool
        Whether the caller's logits had a batch axis.
    """

    logits: Tensor
    target: Tensor
    counts: Tensor
    ignored: Tensor
    dtype: torch.dtype
    batched: bool

    def gamma(self, gamma: float | Tensor) -> float | Tensor:
        """A checked number, or one value for each row."""
        return gamma_of_rows(gamma, self.target.shape, self.logits)

    def reduce(self, loss: Tensor, reduction: str) -> Tensor:
        """Weights, ignored rows and reduction applied to one loss for each row."""
        loss = (loss * self.counts).masked_fill(self.ignored, 0.0)
        if reduction == "none" and not self.batched:
            loss = loss.squeeze(0)
        return reduce_rows(loss, reduction, self.counts.sum()).to(self.dtype)


def prepare(logits: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int, least: int = 2) -> Rows:
    """Check and arrange logits with class indices; at least `least` classes."""
    axis = check_logits(logits)
    if not check_target(logits, target, axis):
        raise ValueError("this loss takes class indices (integers), got soft targets (floats).")
    classes = logits.shape[axis]
    if classes < least:
        raise ValueError(f"at least {least} classes are needed, got logits of shape {tuple(logits.shape)}.")
    check_weight_length(weight, classes)
    logits = autocast_logits(logits)
    dtype = logits.dtype
    z = logits.to(at_least_float32(dtype))
    if axis == 0:
        z, target = z.unsqueeze(0), target.unsqueeze(0)
    ignored = target == ignore_index
    safe = target.long().masked_fill(ignored, 0)
    with index_errors(classes):
        z.detach().gather(1, safe.unsqueeze(1))
    counts = counts_of_rows(safe, weight, ignored, z.dtype)
    return Rows(z, safe, counts, ignored, dtype, axis == 1)
