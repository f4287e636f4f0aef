"""Which losses are taken. Oracle: the means of PyTorch."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from focalbook.curvature.losses import row_loss
from focalbook.nn import FocalLoss

LOGITS = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([0, 1, 2, 2, 1, 0])


@pytest.mark.parametrize(
    "loss",
    [
        FocalLoss(2.0),
        nn.CrossEntropyLoss(ignore_index=2),
        nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0, 0.5], dtype=torch.float64), ignore_index=0),
    ],
)
def test_total_over_divisor_is_the_mean(loss: nn.Module) -> None:
    rows = row_loss(0.0, loss)
    mean = rows.total(LOGITS, LABELS) / rows.divisor(LABELS)
    torch.testing.assert_close(mean, loss(LOGITS, LABELS))
    assert loss.reduction == "mean"


def test_gamma() -> None:
    rows = row_loss(2.0, None)
    torch.testing.assert_close(
        rows.total(LOGITS, LABELS) / rows.divisor(LABELS), FocalLoss(2.0)(LOGITS, LABELS)
    )


@pytest.mark.parametrize("gamma", [-1.0, float("nan"), float("inf")])
def test_gamma_out_of_range(gamma: float) -> None:
    with pytest.raises(ValueError, match="gamma must be finite"):
        row_loss(gamma, None)


def test_what_is_no_mean_is_refused() -> None:
    with pytest.raises(ValueError, match="reduction='mean'"):
        row_loss(0.0, nn.CrossEntropyLoss(reduction="sum"))
    with pytest.raises(ValueError, match="not both"):
        row_loss(2.0, nn.CrossEntropyLoss())
    with pytest.raises(ValueError, match="no sample counts"):
        row_loss(0.0, nn.CrossEntropyLoss(ignore_index=1)).divisor(torch.ones(3, dtype=torch.int64))
