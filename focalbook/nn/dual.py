"""Dual focal loss: the margin to the runner-up below the true class enters the focusing factor."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from focalbook.nn._checks import ClassLoss, check_reduction, set_gamma
from focalbook.nn._rows import prepare
from focalbook.nn.log_odds import limit, target_log_odds

__all__ = ["DualFocalLoss", "dual_focal_cross_entropy"]


def dual_focal_cross_entropy(
    logits: Tensor,
    target: Tensor,
    gamma: float | Tensor,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
    ignore_index: int = -100,
) -> Tensor:
    """Dual focal loss -(1 - q_y + q_j)^gamma log q_y, q_j the largest probability below q_y (0 if none).

    Parameters
    ----------
    logits : Tensor, shape (K,), (N, K) or (N, K, d1, ...)
        Unnormalised log-probabilities of K >= 2 classes.
    target : Tensor of integers, shape of `logits` without the class axis
        Class indices.
    gamma : float or Tensor, >= 0
        Focusing parameter; a tensor is 0-d or has one value for each row.
    weight, reduction, ignore_index
        As for :func:`focalbook.nn.focal_cross_entropy`.

    Returns
    -------
    Tensor
        Loss in nats, a scalar or one value for each row.

    Raises
    ------
    ValueError
        As for :func:`focalbook.nn.focal_cross_entropy`; also soft targets and fewer than two classes.
    IndexError
        A class index out of range.

    Notes
    -----
    Computed from log(1 - q_y + q_j) = logaddexp(log(1 - q_y), log q_j), so that value and derivatives are
    finite for all finite logits. Continuous, but with a kink where two classes change places below q_y, and a
    jump where another class rises above it: equal probabilities do not count as below, as in the authors'
    code. The gradient flows through q_j too. Source: ``tao2023dual``.
    """
    check_reduction(reduction)
    rows = prepare(logits, target, weight, ignore_index)
    z = rows.logits
    d = limit(target_log_odds(z, rows.target, dim=1))
    log_q = torch.log_softmax(z, dim=1)
    own = log_q.gather(1, rows.target.unsqueeze(1))
    below = log_q.masked_fill(log_q >= own, torch.finfo(z.dtype).min).amax(dim=1)
    rest = logsigmoid(-d)  # log(1 - q_y)
    high, low = torch.where(rest > below, rest, below), torch.where(rest > below, below, rest)
    focus = torch.exp(rows.gamma(gamma) * (high - logsigmoid(high - low)))  # logaddexp has NaN derivatives
    return rows.reduce(-logsigmoid(d) * focus, reduction)


class DualFocalLoss(ClassLoss):
    """Dual focal loss on logits, class indices only.

    Parameters
    ----------
    gamma : float or 0-d Tensor, >= 0
        Focusing parameter; 0 is the cross-entropy. A :class:`torch.nn.Parameter` is learned.
    weight : Tensor, shape (K,), optional
        Weight of each class.
    reduction : {"mean", "sum", "none"}
    ignore_index : int
        See :func:`dual_focal_cross_entropy`. The authors' code sums by default.

    Raises
    ------
    ValueError
        Any of these out of its range.

    Notes
    -----
    Source: ``tao2023dual``.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import DualFocalLoss
    >>> logits = torch.tensor([0.5, 0.3, 0.2]).log()
    >>> DualFocalLoss(gamma=1.0)(logits, torch.tensor(0)) / -torch.tensor(0.5).log()  # 1 - 0.5 + 0.3
    tensor(0.8000)
    """

    gamma: float | Tensor

    def __init__(
        self,
        gamma: float | Tensor,
        weight: Tensor | None = None,
        reduction: str = "mean",
        ignore_index: int = -100,
    ) -> None:
        super().__init__(weight, reduction, ignore_index)
        set_gamma(self, gamma)

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """Loss of `logits` for `target`, shapes as in :func:`dual_focal_cross_entropy`."""
        return dual_focal_cross_entropy(
            logits,
            target,
            self.gamma,
            self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
        )

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"gamma={float(self.gamma):g}, reduction={self.reduction!r}"
