"""Surroundings in which curvature is measured, put back afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from focalbook.training.precision import run_settings

__all__ = ["free_memory", "full_precision"]


@contextmanager
def full_precision(device: torch.device) -> Iterator[None]:
    """Gradients on, no autocast, float32 products in float32: TF32 is off."""
    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        torch.autocast(device.type, enabled=False),
        run_settings("float32", device),
    ):
        yield


def free_memory(device: torch.device) -> int:
    """Bytes that are free on a device; 4 GB where the system does not tell."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 4 * 2**30
