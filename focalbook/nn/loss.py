"""Focal loss on logits with the conventions of :class:`torch.nn.CrossEntropyLoss`.

The textbook form (1 - p)^gamma (-log p) has gradients that are NaN for 0 < gamma < 1 as soon as p rounds to
one. Written in the log-odds d of the true class it is exp(-gamma softplus(d)) softplus(-d): value, gradient
and second derivative are finite for every finite logit, whatever gamma is.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from focalbook.nn.log_odds import all_log_odds, focal_from_log_odds, target_log_odds

__all__ = ["FocalLoss", "focal_cross_entropy"]

_REDUCTIONS = ("none", "mean", "sum")


def check_gamma(gamma: float) -> float:
    """Gamma as a float, finite and at least 0."""
    try:
        value = float(gamma)
    except (TypeError, ValueError) as error:
        raise ValueError(f"gamma must be a number, got {gamma!r}.") from error
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"gamma must be finite and at least 0, got {gamma}.")
    return value


def check_class_weight(weight: Tensor | None, positive: bool = False) -> Tensor | None:
    """Class weights as a 1-d float tensor: finite and at least 0, above 0 where `positive`."""
    if weight is None:
        return None
    weight = torch.as_tensor(weight)
    if weight.ndim != 1 or not weight.dtype.is_floating_point:
        raise ValueError(
            f"weight must be a 1-d float tensor with one weight for each class, got shape "
            f"{tuple(weight.shape)} of {weight.dtype}."
        )
    low = (weight <= 0) if positive else (weight < 0)
    if bool((low | ~torch.isfinite(weight)).any()):
        raise ValueError(f"weight must be finite and {'above' if positive else 'at least'} 0.")
    return weight


def _class_axis_last(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor, bool]:
    """Move the class axis (1, or 0 without a batch) last, say whether targets are class indices."""
    if logits.ndim == 0 or not logits.dtype.is_floating_point:
        raise ValueError(f"logits must be floats of shape (K,), (N, K) or (N, K, ...), got {logits.dtype}.")
    axis = 0 if logits.ndim == 1 else 1
    classes = logits.shape[axis]
    if classes < 2:
        raise ValueError(f"at least two classes are needed, got logits of shape {tuple(logits.shape)}.")
    moved = logits.movedim(axis, -1)
    if target.dtype.is_floating_point:
        if target.shape != logits.shape:
            raise ValueError(
                f"soft targets must have the shape of the logits {tuple(logits.shape)}, got "
                f"{tuple(target.shape)}. Class indices must be integers."
            )
        return moved, target.movedim(axis, -1), False
    if target.shape != moved.shape[:-1]:
        raise ValueError(
            f"class indices must have shape {tuple(moved.shape[:-1])} for logits of shape "
            f"{tuple(logits.shape)}, got {tuple(target.shape)}."
        )
    return moved, target.long(), True


def _soft_loss(
    logits: Tensor, target: Tensor, gamma: float | Tensor, weight: Tensor | None, label_smoothing: float
) -> Tensor:
    classes = logits.shape[-1]
    if label_smoothing > 0:
        target = target * (1.0 - label_smoothing) + label_smoothing / classes
    if weight is not None:
        target = target * weight
    return (target * focal_from_log_odds(all_log_odds(logits), gamma)).sum(dim=-1)


def _index_loss(
    logits: Tensor,
    target: Tensor,
    gamma: float | Tensor,
    weight: Tensor | None,
    ignore_index: int,
    label_smoothing: float,
) -> tuple[Tensor, Tensor]:
    """Loss of each row and the weight with which it counts in the mean; both 0 for ignored rows."""
    kept = target != ignore_index
    safe = torch.where(kept, target, torch.zeros_like(target))
    row_weight = logits.new_ones(target.shape) if weight is None else weight[safe]
    if label_smoothing > 0:
        each = focal_from_log_odds(all_log_odds(logits), gamma)
        own = each.gather(-1, safe.unsqueeze(-1)).squeeze(-1)
        spread = each if weight is None else each * weight
        smooth = spread.sum(dim=-1) * (label_smoothing / logits.shape[-1])
        loss = (1.0 - label_smoothing) * row_weight * own + smooth
    else:
        loss = row_weight * focal_from_log_odds(target_log_odds(logits, safe), gamma)
    zero = torch.zeros_like(loss)
    return torch.where(kept, loss, zero), torch.where(kept, row_weight, zero)


def focal_cross_entropy(
    logits: Tensor,
    target: Tensor,
    gamma: float | Tensor,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Focal loss of logits; equal to ``torch.nn.functional.cross_entropy`` at gamma = 0.

    Parameters
    ----------
    logits : Tensor, shape (K,), (N, K) or (N, K, d1, ...)
        Unnormalised log-probabilities, K >= 2 classes.
    target : Tensor
        Class indices (integers, shape of `logits` without the class axis) or soft targets (floats, shape of
        `logits`, rows that sum to one).
    gamma : float or Tensor, >= 0
        Focusing parameter. A tensor is broadcast to the losses of the rows with the class axis kept (for
        example one gamma for each network of a stack); it is not validated.
    weight : Tensor, shape (K,), optional
        Weight of each class, the alpha of ``lin2017focal``.
    reduction : {"mean", "sum", "none"}
        As in PyTorch: with class indices the mean divides by the sum of the weights of the rows that count.
    ignore_index : int
        Rows with this class index contribute nothing. No meaning for soft targets.
    label_smoothing : float, in [0, 1]
        Mixes the targets with the uniform distribution, as PyTorch does.

    Returns
    -------
    Tensor
        Loss in nats: a scalar, or one value for each row where ``reduction="none"``.

    Raises
    ------
    ValueError
        Shapes that do not fit, unknown reduction, smoothing outside [0, 1].
    RuntimeError
        A class index outside 0 .. K-1 that is not `ignore_index` (PyTorch's own error; it names the index).

    Notes
    -----
    Source: ``lin2017focal``, Eq. 4 and 5. Claims FE-2, FE-16.
    """
    if reduction not in _REDUCTIONS:
        raise ValueError(f"reduction must be one of {_REDUCTIONS}, got {reduction!r}.")
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError(f"label_smoothing must be in [0, 1], got {label_smoothing}.")
    rows, target, indices = _class_axis_last(logits, target)
    if weight is not None and weight.shape != rows.shape[-1:]:
        raise ValueError(
            f"weight must have one entry for each of the {rows.shape[-1]} classes, got {weight.shape[0]}."
        )
    if indices:
        loss, counts = _index_loss(rows, target, gamma, weight, ignore_index, label_smoothing)
        total = counts.sum() if reduction == "mean" else None
    else:
        loss = _soft_loss(rows, target, gamma, weight, label_smoothing)
        total = None
    if reduction == "none":
        return loss
    if reduction == "sum":
        return loss.sum()
    return loss.mean() if total is None else loss.sum() / total


class FocalLoss(nn.Module):
    """Focal loss on logits, a drop-in replacement for :class:`torch.nn.CrossEntropyLoss`.

    Parameters
    ----------
    gamma : float, >= 0
        Focusing parameter; 0 is the cross-entropy.
    weight : Tensor, shape (K,), optional
        Weight of each class (alpha).
    reduction : {"mean", "sum", "none"}
    ignore_index : int
    label_smoothing : float, in [0, 1]
        See :func:`focal_cross_entropy`.

    Raises
    ------
    ValueError
        Any of these out of its range.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import FocalLoss
    >>> logits = torch.tensor([[0.0, 0.0]])
    >>> FocalLoss(gamma=2.0)(logits, torch.tensor([0])).item() == 0.25 * torch.log(torch.tensor(2.0)).item()
    True
    """

    weight: Tensor | None

    def __init__(
        self,
        gamma: float,
        weight: Tensor | None = None,
        reduction: str = "mean",
        ignore_index: int = -100,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        if reduction not in _REDUCTIONS:
            raise ValueError(f"reduction must be one of {_REDUCTIONS}, got {reduction!r}.")
        if not 0.0 <= label_smoothing <= 1.0:
            raise ValueError(f"label_smoothing must be in [0, 1], got {label_smoothing}.")
        self.gamma = check_gamma(gamma)
        self.reduction = reduction
        self.ignore_index = int(ignore_index)
        self.label_smoothing = float(label_smoothing)
        self.register_buffer("weight", check_class_weight(weight))

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """Loss of `logits` for `target`, shapes as in :func:`focal_cross_entropy`."""
        return focal_cross_entropy(
            logits,
            target,
            self.gamma,
            self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
        )

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"gamma={self.gamma:g}, reduction={self.reduction!r}, label_smoothing={self.label_smoothing:g}"
