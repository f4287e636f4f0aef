"""Arguments of losses; oracle: what PyTorch's own losses accept and refuse."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from focalbook.nn._checks import (
    at_least_float32,
    autocast_logits,
    check_alpha,
    check_class_weight,
    check_logits,
    check_number,
    check_target,
    reduce_rows,
    set_gamma,
)


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (torch.float16, torch.float32),
        (torch.bfloat16, torch.float32),
        (torch.float32, torch.float32),
        (torch.float64, torch.float64),
    ],
)
def test_computation_is_at_least_single_precision(dtype: torch.dtype, expected: torch.dtype) -> None:
    assert at_least_float32(dtype) is expected


@pytest.mark.parametrize("value", [-1e-9, float("nan"), float("inf"), None, "a"])
def test_numbers_that_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="gamma must be"):
        check_number(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0.0, 1.0, -0.5, float("nan"), "a"])
def test_alpha_at_or_beyond_an_end_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="alpha must"):
        check_alpha(value)  # type: ignore[arg-type]


def test_gamma_is_kept_as_number_parameter_or_buffer() -> None:
    module = nn.Module()
    set_gamma(module, 2)
    assert module.gamma == 2.0
    learned, fixed = nn.Module(), nn.Module()
    set_gamma(learned, nn.Parameter(torch.tensor(1.5)))
    set_gamma(fixed, torch.tensor(1.5))
    assert [name for name, _ in learned.named_parameters()] == ["gamma"]
    assert [name for name, _ in fixed.named_buffers()] == ["gamma"]
    with pytest.raises(ValueError, match="0-d and float"):
        set_gamma(module, torch.ones(2))
    with pytest.raises(ValueError, match="0-d and float"):
        set_gamma(module, torch.tensor(1))


def test_class_weight_zero_is_allowed_in_losses_only() -> None:
    zero = torch.tensor([0.0, 1.0])
    assert check_class_weight(zero) is zero
    assert check_class_weight(None) is None
    with pytest.raises(ValueError, match="above 0"):
        check_class_weight(zero, positive=True)
    with pytest.raises(ValueError, match="finite"):
        check_class_weight(torch.tensor([float("inf")]))


@pytest.mark.parametrize("shape", [(4,), (3, 4), (3, 4, 2), (3, 4, 2, 5)])
def test_class_axis_is_that_of_pytorch(shape: tuple[int, ...]) -> None:
    """Indices of the shape that is accepted here are accepted by cross_entropy, and others by neither."""
    logits = torch.zeros(shape)
    axis = check_logits(logits)
    rows = shape[:axis] + shape[axis + 1 :]
    good, bad = torch.zeros(rows, dtype=torch.long), torch.zeros((*rows, 7), dtype=torch.long)
    assert check_target(logits, good, axis)
    assert not check_target(logits, logits, axis)
    cross_entropy(logits, good)
    with pytest.raises(ValueError, match="class indices must have shape"):
        check_target(logits, bad, axis)
    with pytest.raises((ValueError, RuntimeError)):
        cross_entropy(logits, bad)


@pytest.mark.parametrize("dtype", [torch.bool, torch.complex64])
def test_targets_of_other_kinds_are_refused(dtype: torch.dtype) -> None:
    with pytest.raises(ValueError, match="class indices"):
        check_target(torch.zeros(2, 3), torch.zeros(2, dtype=dtype), 1)


@pytest.mark.parametrize("logits", [torch.tensor(1.0), torch.zeros(2, 2, dtype=torch.int32), [[1.0]]])
def test_logits_of_other_kinds_are_refused(logits: object) -> None:
    with pytest.raises(ValueError, match="logits must be floats of shape"):
        check_logits(logits)  # type: ignore[arg-type]


def test_half_logits_become_single_under_autocast_only() -> None:
    half = torch.zeros(2, 3, dtype=torch.bfloat16)
    assert autocast_logits(half).dtype is torch.bfloat16
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert autocast_logits(half).dtype is torch.float32
        assert autocast_logits(half.double()).dtype is torch.float64


def test_reductions_are_those_of_the_definition() -> None:
    loss, total = torch.tensor([1.0, 2.0, 6.0]), torch.tensor(6.0)
    assert reduce_rows(loss, "none") is loss
    assert reduce_rows(loss, "sum") == 9
    assert reduce_rows(loss, "mean") == 3
    assert reduce_rows(loss, "mean", total) == 1.5
