"""Devices by name; oracle: what PyTorch says is here, and stand-ins for machines with GPUs."""

from __future__ import annotations

import pytest
import torch

from focalbook.training.devices import out_of_memory, pick_device


@pytest.mark.parametrize(("count", "expected"), [(0, "cpu"), (2, "cuda")])
def test_auto_takes_a_gpu_where_there_is_one(
    count: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    assert pick_device().type == expected
    assert pick_device("cpu") == pick_device(torch.device("cpu")) == torch.device("cpu")


def test_what_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(ValueError, match=r"device 'cuda' is not here: expected auto, or one of cpu$"):
        pick_device("cuda")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert pick_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(
        ValueError, match="'cuda:2' is not here: expected auto, or one of cpu, cuda:0, cuda:1"
    ):
        pick_device("cuda:2")
    with pytest.raises(ValueError, match="unknown device 'gpu'"):
        pick_device("gpu")
    with pytest.raises(ValueError, match="device 'meta' is not supported"):
        pick_device("meta")


def test_out_of_memory_is_recognised() -> None:
    assert out_of_memory(MemoryError())
    assert out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    assert not out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    assert not out_of_memory(ValueError("can't allocate memory"))


def test_the_allocator_of_the_cpu_says_what_is_recognised() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert out_of_memory(caught.value)
