"""Focal losses whose gamma depends on the probability of the true class: FLSD-53 and AdaFocal."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor

from focalbook.nn._checks import ClassLoss, check_number
from focalbook.nn._rows import Rows, prepare
from focalbook.nn.loss import focal_cross_entropy

__all__ = ["FLSD53", "AdaFocal"]


def _true_class(rows: Rows) -> tuple[Tensor, Tensor]:
    """Probability of the true class of each row, without a graph, and its surprisal -log q_y, with one."""
    log_q = torch.log_softmax(rows.logits, dim=1).gather(1, rows.target.unsqueeze(1)).squeeze(1)
    return log_q.detach().exp(), -log_q


class FLSD53(ClassLoss):
    """Focal loss with a gamma for each sample: 5 where the true class has q_y < 0.2, and 3 elsewhere.

    Parameters
    ----------
    gammas : sequence of float, >= 0
        Gamma of each interval of q_y, from 0 upwards.
    thresholds : sequence of float, increasing, in (0, 1)
        Where one interval ends and the next, which contains the end, begins; one fewer than `gammas`.
    weight : Tensor, shape (K,), optional
        Weight of each class.
    reduction : {"mean", "sum", "none"}
    ignore_index : int
        As for :class:`focalbook.nn.FocalLoss`. The authors' code sums over the batch.

    Raises
    ------
    ValueError
        Any of these out of its range.

    Notes
    -----
    No gradient flows through the choice of gamma; the loss jumps at the thresholds. Source:
    ``mukhoti2020calibrating``, sample-dependent schedule.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import FLSD53
    >>> q = torch.tensor([[0.1, 0.9], [0.5, 0.5]])
    >>> FLSD53(reduction="none")(q.log(), torch.tensor([0, 0])) / -q[:, 0].log()  # 0.9^5 and 0.5^3
    tensor([0.5905, 0.1250])
    """

    gammas: Tensor
    thresholds: Tensor

    def __init__(
        self,
        gammas: Sequence[float] = (5.0, 3.0),
        thresholds: Sequence[float] = (0.2,),
        weight: Tensor | None = None,
        reduction: str = "mean",
        ignore_index: int = -100,
    ) -> None:
        super().__init__(weight, reduction, ignore_index)
        ends = [0.0, *(float(t) for t in thresholds), 1.0]
        if len(gammas) != len(ends) - 1:
            raise ValueError(f"{len(ends) - 1} intervals need as many gammas, got {len(gammas)}.")
        if any(high <= low for low, high in itertools.pairwise(ends)):
            raise ValueError(f"thresholds must increase strictly between 0 and 1, got {tuple(thresholds)}.")
        self.register_buffer("gammas", torch.tensor([check_number(g) for g in gammas]), persistent=False)
        self.register_buffer("thresholds", torch.tensor(ends[1:-1], dtype=torch.float64), persistent=False)

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """Loss of `logits` for class indices `target`, shapes as for :class:`focalbook.nn.FocalLoss`."""
        rows = prepare(logits, target, self.weight, self.ignore_index)
        q, _ = _true_class(rows)
        gamma = self.gammas[torch.bucketize(q, self.thresholds.to(q.dtype), right=True)]
        return focal_cross_entropy(
            logits,
            target,
            gamma if rows.batched else gamma[0],
            self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
        )

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"gammas={self.gammas.tolist()}, thresholds={self.thresholds.tolist()}"


class AdaFocal(ClassLoss):
    """Focal loss whose gamma follows the calibration error on validation data, one gamma for each bin of q_y.

    Call :meth:`update` with the logits of the validation set after every epoch. Where the network is
    overconfident gamma grows, where it is underconfident gamma shrinks, and below `switch` the loss turns
    into the inverse focal loss (1 + q)^|gamma| (-log q), written as a negative gamma.

    Parameters
    ----------
    bins : int, >= 1
        Number of bins, of equal mass in the top-label confidence on the validation set.
    rate : float, >= 0
        Factor lambda in gamma <- gamma exp(lambda (confidence - accuracy)).
    initial : float
        Gamma of every bin before the first update.
    highest, lowest : float
        Bounds of gamma, lowest < 0 < highest.
    switch : float, > 0
        Smallest absolute value of gamma: below it the sign changes.
    weight : Tensor, shape (K,), optional
        Weight of each class.
    reduction : {"mean", "sum", "none"}
    ignore_index : int
        As for :class:`focalbook.nn.FocalLoss`. The authors' code sums over the batch.

    Attributes
    ----------
    gamma : Tensor, shape (bins,)
        Present gamma of each bin; with `edges` part of the state.
    edges : Tensor, shape (bins + 1,)
        Ends of the bins of q_y, of equal width before the first update. Only the inner ones matter.

    Raises
    ------
    ValueError
        Any of these out of its range.

    Notes
    -----
    Source: ``ghosh2022adafocal``. Defaults, bins and update are those of the authors' published code. No
    gradient flows through the choice of gamma.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import AdaFocal
    >>> loss = AdaFocal(bins=1)
    >>> q = torch.tensor([[0.7, 0.3], [0.8, 0.2], [0.8, 0.2]])
    >>> loss.update(q.log(), torch.tensor([0, 1, 1]))  # wrong with confidence 0.8; the lowest is in no bin
    >>> loss.gamma, torch.tensor(0.8).exp()
    (tensor([2.2255]), tensor(2.2255))
    """

    gamma: Tensor
    edges: Tensor

    def __init__(
        self,
        bins: int = 15,
        rate: float = 1.0,
        initial: float = 1.0,
        highest: float = 20.0,
        lowest: float = -2.0,
        switch: float = 0.2,
        weight: Tensor | None = None,
        reduction: str = "mean",
        ignore_index: int = -100,
    ) -> None:
        super().__init__(weight, reduction, ignore_index)
        if int(bins) != bins or bins < 1:
            raise ValueError(f"bins must be a whole number of at least 1, got {bins}.")
        if not lowest <= -switch < 0 < switch <= highest:
            raise ValueError(
                f"expected lowest <= -switch < 0 < switch <= highest, got lowest={lowest}, switch={switch}, "
                f"highest={highest}."
            )
        if not (lowest <= initial <= highest and abs(initial) >= switch):
            raise ValueError(
                f"initial must be a gamma within the bounds and beyond the switch, got {initial}."
            )
        self.rate = check_number(rate, "rate")
        self.highest, self.lowest, self.switch = float(highest), float(lowest), float(switch)
        self.register_buffer("gamma", torch.full((int(bins),), float(initial)))
        self.register_buffer("edges", torch.linspace(0.0, 1.0, int(bins) + 1))

    @torch.no_grad()
    def update(self, logits: Tensor, target: Tensor) -> None:
        """Adapt gamma to validation data: logits (N, K) and class indices (N,), N >= number of bins.

        Raises
        ------
        ValueError
            Wrong shapes, or fewer samples than bins.
        """
        bins = len(self.gamma)
        if logits.ndim != 2 or len(logits) < bins or target.shape != logits.shape[:1]:
            raise ValueError(
                f"expected logits (N, K) and class indices (N,) with N >= {bins} bins, got shapes "
                f"{tuple(logits.shape)} and {tuple(target.shape)}."
            )
        confidence, label = torch.softmax(logits.double(), dim=1).max(dim=1)
        right = (label == target).double()
        edges = self._equal_mass(confidence)
        number = (torch.bucketize(confidence, edges) - 1).clamp_max(bins - 1)  # (low, high]
        inside = number >= 0  # the smallest confidence lies on the lowest edge, in no bin
        size = confidence.new_zeros(bins).index_add(0, number[inside], torch.ones_like(confidence)[inside])
        gap = confidence.new_zeros(bins).index_add(0, number[inside], (confidence - right)[inside])
        gap = gap / size.clamp_min(1.0)
        gamma = self.gamma.double()
        gamma = gamma * torch.exp(self.rate * torch.where(gamma > 0, gap, -gap))
        gamma = torch.where(gamma.abs() < self.switch, -self.switch * gamma.sign(), gamma)
        self.gamma.copy_(gamma.clamp(self.lowest, self.highest))
        self.edges.copy_(edges)

    def _equal_mass(self, confidence: Tensor) -> Tensor:
        """Edges between bins of equal numbers of samples, linear between the order statistics."""
        n, bins = len(confidence), len(self.gamma)
        position = (
            torch.arange(bins + 1, dtype=torch.float64, device=confidence.device) * (n / bins)
        ).clamp_max(n - 1.0)
        ordered = confidence.sort().values
        low = position.floor().long()
        high = (low + 1).clamp_max(n - 1)
        return torch.lerp(ordered[low], ordered[high], position - low)

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """Loss of `logits` for class indices `target`, shapes as for :class:`focalbook.nn.FocalLoss`."""
        rows = prepare(logits, target, self.weight, self.ignore_index)
        q, surprisal = _true_class(rows)
        gamma = self.gamma[torch.bucketize(q, self.edges[1:-1].to(q.dtype), right=True)]
        focal = focal_cross_entropy(rows.logits, rows.target, gamma.clamp_min(0.0), reduction="none")
        inverse = surprisal * torch.exp(-gamma.clamp_max(0.0) * torch.log1p(torch.exp(-surprisal)))
        return rows.reduce(torch.where(gamma > 0, focal, inverse), self.reduction)

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"bins={len(self.gamma)}, rate={self.rate:g}, reduction={self.reduction!r}"
