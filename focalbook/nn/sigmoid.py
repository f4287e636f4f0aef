"""One-against-rest focal loss, as detectors use it: one logit, one two-class problem."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from focalbook.nn._checks import (
    at_least_float32,
    autocast_logits,
    check_alpha,
    check_number,
    check_reduction,
    reduce_rows,
    set_gamma,
)
from focalbook.nn.log_odds import focal_from_log_odds, limit

__all__ = ["SigmoidFocalLoss", "sigmoid_focal_cross_entropy"]


def _check(logits: Tensor, target: Tensor) -> bool:
    """Whether the target is hard (bool or integers)."""
    if not logits.dtype.is_floating_point:
        raise ValueError(f"logits must be floats, got {logits.dtype}.")
    if target.shape != logits.shape:
        raise ValueError(
            f"target must have the shape of the logits {tuple(logits.shape)}, got {tuple(target.shape)}."
        )
    if target.dtype.is_complex:
        raise ValueError(f"target must be bool, integers 0 and 1, or floats in [0, 1], got {target.dtype}.")
    return not target.dtype.is_floating_point


def sigmoid_focal_cross_entropy(
    logits: Tensor,
    target: Tensor,
    gamma: float | Tensor,
    alpha: float | None = None,
    *,
    reduction: str = "mean",
) -> Tensor:
    """Focal loss of independent two-class problems, one for each logit.

    Parameters
    ----------
    logits : Tensor
        Arguments of the sigmoid, any shape and float dtype.
    target : Tensor, shape of `logits`
        Presence of the class: bool or integers 0 and 1, or floats in [0, 1] for soft targets. Hard targets
        that are not floats take half the work.
    gamma : float or Tensor, >= 0
        Focusing parameter; a tensor is broadcast against `logits`, may require gradients and is not checked.
    alpha : float, in (0, 1), optional
        Weight of the present class, the absent one having 1 - alpha (RetinaNet: 0.25); None gives both
        weight 1.
    reduction : {"mean", "sum", "none"}
        The mean is over all elements. RetinaNet divides the sum by the number of positives instead.

    Returns
    -------
    Tensor
        t alpha l(q) + (1-t) (1-alpha) l(1-q), in nats, q = sigmoid(logits), in the dtype of `logits` (float32
        under autocast). For soft targets this is the expected loss over labels; torchvision's
        ``sigmoid_focal_loss`` interpolates the factors instead and agrees for hard targets only.

    Raises
    ------
    ValueError
        Shapes or dtypes that do not fit, `alpha` outside (0, 1), unknown reduction, bad number as gamma.

    Notes
    -----
    Value, gradient and second derivative are finite for all finite logits at every gamma. At gamma = 0
    without alpha it is ``binary_cross_entropy_with_logits``, computed by PyTorch itself.
    Source: ``lin2017focal``, Eq. 5. Claim FE-16.
    """
    check_reduction(reduction)
    hard = _check(logits, target)
    logits = autocast_logits(logits)
    dtype = logits.dtype
    if not isinstance(gamma, Tensor):
        gamma = check_number(gamma)
        if gamma == 0.0 and alpha is None:
            return binary_cross_entropy_with_logits(logits, target.to(dtype), reduction=reduction)
    present, absent = (1.0, 1.0) if alpha is None else (check_alpha(alpha), 1.0 - alpha)
    x = logits.to(at_least_float32(dtype))
    if hard:
        positive = target.bool()
        loss = focal_from_log_odds(torch.where(positive, x, -x), gamma)
        loss = loss if alpha is None else loss * torch.where(positive, present, absent)
    else:
        x = limit(x)
        log_q, log_c = logsigmoid(x), logsigmoid(-x)
        loss = -present * target * log_q * torch.exp(gamma * log_c)
        loss = loss - absent * (1.0 - target) * log_c * torch.exp(gamma * log_q)
    return reduce_rows(loss, reduction).to(dtype)


class SigmoidFocalLoss(nn.Module):
    """One-against-rest focal loss on logits; at gamma = 0 it is :class:`torch.nn.BCEWithLogitsLoss`.

    Parameters
    ----------
    gamma : float or 0-d Tensor, >= 0
        Focusing parameter (RetinaNet: 2); a :class:`torch.nn.Parameter` is learned with the network.
    alpha : float, in (0, 1), optional
        Weight of the present class (RetinaNet: 0.25); None gives both weight 1.
    reduction : {"mean", "sum", "none"}
        See :func:`sigmoid_focal_cross_entropy`.

    Raises
    ------
    ValueError
        Any of these out of its range.

    Notes
    -----
    Source: ``lin2017focal``, Eq. 5. Claim FE-16. Undo it with :class:`focalbook.nn.SigmoidRecover`.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import SigmoidFocalLoss
    >>> SigmoidFocalLoss(gamma=1.0)(torch.zeros(2), torch.tensor([True, False]))
    tensor(0.3466)
    """

    gamma: float | Tensor

    def __init__(self, gamma: float | Tensor, alpha: float | None = None, reduction: str = "mean") -> None:
        super().__init__()
        set_gamma(self, gamma)
        self.alpha = None if alpha is None else check_alpha(alpha)
        self.reduction = check_reduction(reduction)

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """Loss of `logits` for `target`, of equal shapes."""
        return sigmoid_focal_cross_entropy(logits, target, self.gamma, self.alpha, reduction=self.reduction)

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"gamma={float(self.gamma):g}, alpha={self.alpha}, reduction={self.reduction!r}"
