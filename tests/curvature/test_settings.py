"""Surroundings. Oracle: what PyTorch says before, inside and after."""

from __future__ import annotations

import torch

from focalbook.curvature.settings import free_memory, full_precision

CPU = torch.device("cpu")


def test_gradients_without_autocast_inside_and_as_before_after() -> None:
    x = torch.ones(2, 2)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        with full_precision(CPU):
            assert torch.is_grad_enabled()
            assert not torch.is_inference_mode_enabled()
            assert (x @ x).dtype == torch.float32
        assert torch.is_inference_mode_enabled()
        assert (x @ x).dtype == torch.bfloat16


def test_free_memory() -> None:
    assert 2**20 < free_memory(CPU) < 2**50
