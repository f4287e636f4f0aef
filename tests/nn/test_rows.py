"""Rows of logits with class indices; oracles: loops over rows, the error of PyTorch's own loss."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import cross_entropy

from focalbook.nn._rows import counts_of_rows, gamma_of_rows, index_errors, prepare


def test_error_for_an_index_out_of_range_is_the_one_of_pytorch() -> None:
    logits, target = torch.zeros(2, 3), torch.tensor([0, 3])
    with pytest.raises(IndexError):
        cross_entropy(logits, target)
    with pytest.raises(IndexError, match=r"0 \.\. 2"):
        prepare(logits, target, None, -100)
    with pytest.raises(RuntimeError, match="unrelated"), index_errors(3):
        raise RuntimeError("unrelated")


def test_one_gamma_for_each_row_or_one_for_all() -> None:
    rows, like = torch.Size([4, 2]), torch.zeros(4, 3, 2, dtype=torch.bfloat16)
    assert gamma_of_rows(2, rows, like) == 2.0
    spread = gamma_of_rows(torch.tensor([[1.0], [2.0], [3.0], [4.0]]), rows, like)
    assert isinstance(spread, torch.Tensor)
    assert spread.dtype is torch.float32
    assert spread.tolist() == [[g, g] for g in (1.0, 2.0, 3.0, 4.0)]
    with pytest.raises(ValueError, match="one gamma for each row"):
        gamma_of_rows(torch.ones(3), rows, like)


def test_counts_against_a_loop() -> None:
    target, weight = torch.tensor([[0, 2], [1, 1]]), torch.tensor([0.5, 1.0, 4.0])
    ignored = torch.tensor([[False, False], [True, False]])
    expected = [[0.0 if ignored[i, j] else weight[target[i, j]].item() for j in range(2)] for i in range(2)]
    assert counts_of_rows(target, weight, ignored, torch.float32).tolist() == expected
    assert counts_of_rows(target, None, ignored, torch.float32).tolist() == [[1, 1], [0, 1]]


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
def test_reduction_against_a_loop(reduction: str) -> None:
    logits = torch.zeros(3, 4, dtype=torch.float16)
    weight = torch.tensor([0.5, 1.0, 2.0, 3.0])
    rows = prepare(logits, torch.tensor([3, -100, 0]), weight, -100)
    loss = torch.tensor([1.0, torch.nan, 4.0])  # whatever an ignored row holds does not count
    values = [3.0, 0.0, 2.0]
    expected = {"none": values, "sum": sum(values), "mean": sum(values) / 3.5}[reduction]
    found = rows.reduce(loss, reduction)
    assert found.dtype is torch.float16
    torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float16))


def test_a_row_without_a_batch_gives_a_number() -> None:
    rows = prepare(torch.zeros(3), torch.tensor(1), None, -100)
    assert rows.reduce(torch.tensor([2.0]), "none").shape == ()
    assert not rows.batched


@pytest.mark.parametrize(
    ("logits", "target", "weight", "message"),
    [
        (torch.zeros(2, 3), torch.zeros(2, 3), None, "takes class indices"),
        (torch.zeros(2, 1), torch.zeros(2, dtype=torch.long), None, "at least 2 classes"),
        (torch.zeros(2, 3), torch.zeros(2, dtype=torch.long), torch.ones(2), "one entry for each of the 3"),
    ],
)
def test_bad_input_is_refused(
    logits: torch.Tensor, target: torch.Tensor, weight: torch.Tensor | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        prepare(logits, target, weight, -100)
