"""The loss whose curvature is measured: a sum over rows of logits, and what its mean divides by."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from focalbook.nn import focal_cross_entropy

__all__ = ["RowLoss", "row_loss"]


@dataclass(frozen=True)
class RowLoss:
    """A mean over rows.

    Attributes
    ----------
    gamma : float
        Focusing parameter where `module` is None.
    module : nn.Module or None
        A loss with ``reduction="sum"``.
    """

    gamma: float
    module: nn.Module | None = None

    def total(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Sum of the losses of rows, logits of shape (n, K)."""
        if self.module is not None:
            return self.module(logits, labels)
        return focal_cross_entropy(logits, labels, self.gamma, reduction="sum")

    @property
    def ignored(self) -> int | None:
        """The label that stands for no label."""
        return getattr(self.module, "ignore_index", None)

    def divisor(self, labels: Tensor) -> float:
        """What the mean divides by: the weights of the rows that count."""
        weight = getattr(self.module, "weight", None)
        counted = labels if self.ignored is None else labels[labels != self.ignored]
        if len(counted) == 0:
            raise ValueError("no sample counts: all labels are those that the loss ignores.")
        if weight is None:
            return float(len(counted))
        return float(weight.double()[counted.to(weight.device)].sum())

    def on(self, device: torch.device, dtype: torch.dtype) -> RowLoss:
        """The same with the numbers of the module on a device."""
        return self if self.module is None else RowLoss(self.gamma, self.module.to(device, dtype))


def row_loss(gamma: float, loss: nn.Module | None) -> RowLoss:
    """Check gamma or the loss module that was given.

    Raises
    ------
    ValueError
        gamma negative or not finite; a loss that is not a module with ``reduction="mean"``; both given.
    """
    if loss is None:
        value = float(gamma)
        if not 0.0 <= value < float("inf"):
            raise ValueError(f"gamma must be finite and at least 0, got {gamma}.")
        return RowLoss(value)
    if gamma != 0.0:
        raise ValueError("give either gamma or a loss, not both: the loss has its own gamma.")
    if not isinstance(loss, nn.Module) or getattr(loss, "reduction", None) != "mean":
        raise ValueError(
            f"loss must be a module with reduction='mean', such as focalbook.nn.FocalLoss(2.0), got {loss!r}."
        )
    module = copy.deepcopy(loss)
    module.__dict__["reduction"] = "sum"
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return RowLoss(float("nan"), module)
