"""Focal loss on logits with the conventions of :class:`torch.nn.CrossEntropyLoss`.

The textbook form (1 - p)^gamma (-log p) has gradients that are NaN for 0 < gamma < 1 as soon as p rounds to
one. Written in the log-odds d of the true class it is exp(-gamma softplus(d)) softplus(-d): value, gradient
and second derivative are finite for every finite logit, whatever gamma is.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from focalbook.nn._checks import (
    ClassLoss,
    at_least_float32,
    autocast_logits,
    check_logits,
    check_reduction,
    check_smoothing,
    check_target,
    check_weight_length,
    reduce_rows,
    set_gamma,
)
from focalbook.nn._fused import FusedFocal, can_fuse
from focalbook.nn._fused_soft import FusedSoftFocal
from focalbook.nn._rows import counts_of_rows, gamma_of_rows, index_errors
from focalbook.nn.log_odds import all_log_odds, focal_from_log_odds, target_log_odds

__all__ = ["FocalLoss", "focal_cross_entropy"]


def _index_loss(
    z: Tensor, target: Tensor, gamma: float | Tensor, weight: Tensor | None, ignore_index: int, reduction: str
) -> Tensor:
    """Reduced loss for class indices."""
    learned = weight is not None and weight.requires_grad
    if not learned and can_fuse(z, target, gamma, weight):
        return FusedFocal.apply(z, target, gamma, weight, ignore_index, reduction)
    z = z.to(at_least_float32(z.dtype))
    ignored = target == ignore_index
    safe = target.masked_fill(ignored, 0)
    d = target_log_odds(z, safe, dim=1)
    counts = counts_of_rows(safe, weight, ignored, z.dtype)
    loss = (focal_from_log_odds(d, gamma) * counts).masked_fill(ignored, 0.0)
    return reduce_rows(loss, reduction, counts.sum())


def _soft_rows(z: Tensor, target: Tensor, gamma: float | Tensor) -> Tensor:
    """Loss of each row for soft targets, which need not sum to one."""
    if isinstance(gamma, Tensor):
        gamma = gamma.unsqueeze(1)
    if can_fuse(z, target, gamma):
        return FusedSoftFocal.apply(z, target, gamma)
    z = z.to(at_least_float32(z.dtype))
    return (target * focal_from_log_odds(all_log_odds(z, dim=1), gamma)).sum(dim=1)


def _smoothed(
    target: Tensor, z: Tensor, weight: Tensor | None, smoothing: float, ignore_index: int
) -> tuple[Tensor, Tensor]:
    """Soft targets, weights included, that indices with label smoothing stand for; divisor of the mean."""
    dtype, classes = at_least_float32(z.dtype), z.shape[1]
    shape = (1, classes) + (1,) * (z.ndim - 2)
    w = torch.ones(shape, dtype=dtype, device=z.device) if weight is None else weight.to(dtype).view(shape)
    ignored = target == ignore_index
    safe = target.masked_fill(ignored, 0)
    index = safe.unsqueeze(1)
    own = w.expand(z.shape).gather(1, index) * (1.0 - smoothing)
    soft = (w * (smoothing / classes)).expand(z.shape).scatter_add(1, index, own)
    total = counts_of_rows(safe, weight, ignored, dtype).sum()
    return soft.masked_fill(ignored.unsqueeze(1), 0.0), total


def _soft_targets(target: Tensor, weight: Tensor | None, smoothing: float) -> Tensor:
    """Soft targets after label smoothing and class weights, class axis 1."""
    if smoothing > 0:
        target = target * (1.0 - smoothing) + smoothing / target.shape[1]
    return target if weight is None else target * weight.view(1, -1, *(1,) * (target.ndim - 2))


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
    """Focal loss of logits; ``torch.nn.functional.cross_entropy`` at gamma = 0.

    Parameters
    ----------
    logits : Tensor, shape (K,), (N, K) or (N, K, d1, ...)
        Unnormalised log-probabilities of K classes, any float dtype.
    target : Tensor
        Class indices (integers, shape of `logits` without the class axis) or soft targets (floats, shape of
        `logits`, rows that sum to one). Soft targets may require gradients.
    gamma : float or Tensor, >= 0
        Focusing parameter. A tensor is 0-d or has one value for each row (the shape of class indices, or one
        that broadcasts to it) and may require gradients; its values are not looked at.
    weight : Tensor, shape (K,), optional
        Weight of each class, the alpha of ``lin2017focal``.
    reduction : {"mean", "sum", "none"}
        As in PyTorch: with class indices the mean divides by the sum of the weights of the rows that count,
        and is NaN where none does; with soft targets it divides by the number of rows.
    ignore_index : int
        Rows with this class index contribute nothing. No meaning for soft targets.
    label_smoothing : float, in [0, 1]
        Mixes the targets with the uniform distribution, as PyTorch does.

    Returns
    -------
    Tensor
        Loss in nats: a scalar, or one value for each row where ``reduction="none"``. Its dtype is that of
        `logits` (for soft targets the wider of the two); half precision is computed in float32, and under
        autocast the result stays float32.

    Raises
    ------
    ValueError
        Shapes or dtypes that do not fit, unknown reduction, smoothing outside [0, 1], a negative or infinite
        number as gamma.
    IndexError
        A class index outside 0 .. K-1 that is not `ignore_index`, as in PyTorch.

    Notes
    -----
    Value, gradient and second derivative are finite for all finite logits at every gamma, and relatively
    accurate until they underflow. For class indices the gradient h(q_y) (q - e_y) is computed directly; in
    ``torch.func``, under ``torch.compile`` and for second derivatives, operations on the log-odds take over.
    Source: ``lin2017focal``, Eq. 4 and 5. Claims FE-2, FE-16.
    """
    check_reduction(reduction)
    check_smoothing(label_smoothing)
    axis = check_logits(logits)
    indices = check_target(logits, target, axis)
    classes = logits.shape[axis]
    check_weight_length(weight, classes)
    logits = autocast_logits(logits)
    dtype = logits.dtype if indices else torch.promote_types(logits.dtype, target.dtype)
    target = target.long() if indices else target
    if axis == 0:
        logits, target = logits.unsqueeze(0), target.unsqueeze(0)
    gamma = gamma_of_rows(gamma, logits.shape[:1] + logits.shape[2:], logits)
    with index_errors(classes):
        if classes < 2 or (isinstance(gamma, float) and gamma == 0.0):  # the loss of one class is always 0
            loss = cross_entropy(
                logits,
                target,
                None if weight is None else weight.to(dtype),
                ignore_index=ignore_index,
                reduction=reduction,
                label_smoothing=label_smoothing,
            )
        elif indices and label_smoothing == 0.0:
            loss = _index_loss(logits, target, gamma, weight, ignore_index, reduction)
        elif indices:
            soft, total = _smoothed(target, logits, weight, label_smoothing, ignore_index)
            loss = reduce_rows(_soft_rows(logits, soft, gamma), reduction, total)
        else:
            soft = _soft_targets(target, weight, label_smoothing)
            loss = reduce_rows(_soft_rows(logits, soft, gamma), reduction)
    return (loss.squeeze(0) if axis == 0 and reduction == "none" else loss).to(dtype)


class FocalLoss(ClassLoss):
    """Focal loss on logits, a drop-in replacement for :class:`torch.nn.CrossEntropyLoss`.

    Parameters
    ----------
    gamma : float or 0-d Tensor, >= 0
        Focusing parameter; 0 is the cross-entropy, computed by PyTorch itself. A :class:`torch.nn.Parameter`
        is learned with the network (keep it at or above 0 yourself, for example by clamping after each step:
        left alone, training raises gamma without end because that lowers the loss).
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

    Notes
    -----
    Source: ``lin2017focal``, Eq. 4 and 5; for calibration ``mukhoti2020calibrating``. Claims FE-2, FE-16.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import FocalLoss
    >>> logits = torch.tensor([[0.0, 0.0]])
    >>> FocalLoss(gamma=2.0)(logits, torch.tensor([0])).item() == 0.25 * torch.log(torch.tensor(2.0)).item()
    True
    """

    gamma: float | Tensor

    def __init__(
        self,
        gamma: float | Tensor,
        weight: Tensor | None = None,
        reduction: str = "mean",
        ignore_index: int = -100,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, reduction, ignore_index)
        set_gamma(self, gamma)
        self.label_smoothing = check_smoothing(label_smoothing)

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
        smoothing = f"label_smoothing={self.label_smoothing:g}"
        return f"gamma={float(self.gamma):g}, reduction={self.reduction!r}, {smoothing}"
