"""Losses by name; oracle: PyTorch's cross-entropy and the losses called by hand."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import cross_entropy

from focalbook.nn import FLSD53, AdaFocal, DualFocalLoss, FocalLoss
from focalbook.training import RunConfig, build_loss

GENERATOR = torch.Generator().manual_seed(0)
LOGITS, CLASSES = 2 * torch.randn(20, 5, generator=GENERATOR), torch.randint(5, (20,), generator=GENERATOR)
WEIGHT = [1.0, 2.0, 0.5, 1.0, 3.0]


@pytest.mark.parametrize(
    ("config", "loss"),
    [
        (RunConfig(gamma=2.0), FocalLoss(2.0)),
        (RunConfig(gamma=2.0, label_smoothing=0.1), FocalLoss(2.0, label_smoothing=0.1)),
        (RunConfig(gamma=1.0, loss_options={"weight": WEIGHT}), FocalLoss(1.0, torch.tensor(WEIGHT))),
        (RunConfig(loss="dual-focal", gamma=3.0), DualFocalLoss(3.0)),
        (RunConfig(loss="flsd-53"), FLSD53()),
        (
            RunConfig(loss="flsd-53", loss_options={"gammas": [4.0, 2.0], "thresholds": [0.5]}),
            FLSD53((4.0, 2.0), (0.5,)),
        ),
        (RunConfig(loss="ada-focal", loss_options={"initial": 2.0}), AdaFocal(initial=2.0)),
    ],
    ids=lambda value: "",
)
def test_losses_are_those_called_by_hand(config: RunConfig, loss: torch.nn.Module) -> None:
    found = build_loss(config, 5)
    assert type(found) is type(loss)
    assert torch.equal(found(LOGITS, CLASSES), loss(LOGITS, CLASSES))


def test_cross_entropy() -> None:
    loss = build_loss(RunConfig(loss="cross-entropy", label_smoothing=0.2), 5)
    torch.testing.assert_close(loss(LOGITS, CLASSES), cross_entropy(LOGITS, CLASSES, label_smoothing=0.2))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (RunConfig(loss="dual-focl"), "unknown loss 'dual-focl'.*did you mean 'dual-focal'"),
        (RunConfig(loss_options={"bins": 3}), "'focal' cannot be built from loss_options: .*'bins'"),
        (RunConfig(loss_options={"weight": [1.0]}), "loss_options.weight has 1 entries for 5 classes"),
        (RunConfig(loss="ada-focal", loss_options={"bins": 0}), "bins must be a whole number"),
    ],
)
def test_what_cannot_be_built_is_refused(config: RunConfig, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_loss(config, 5)
