"""The precision of products and convolutions in a run; outside of it PyTorch's settings are as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["autocast", "run_settings"]


def autocast(precision: str, device: torch.device) -> torch.autocast:
    """Context in which a forward pass computes in bfloat16, or (another precision) leaves things alone."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")


@contextmanager
def run_settings(precision: str, device: torch.device, threads: int | None = None) -> Iterator[None]:
    """Settings of PyTorch for a run, restored after it.

    Parameters
    ----------
    precision : {"float32", "tf32", "bf16"}
        On a GPU, ``float32`` forbids TF32 in products and convolutions; the others allow it for what is left
        in float32. Without effect on a CPU.
    device : torch.device
    threads : int, optional
        Threads of PyTorch on the CPU; as they are where None.

    Notes
    -----
    On a GPU cuDNN also chooses the fastest of its algorithms for the shapes at hand.
    """
    products, count = torch.get_float32_matmul_precision(), torch.get_num_threads()
    convolutions, choice = torch.backends.cudnn.allow_tf32, torch.backends.cudnn.benchmark
    if threads is not None:
        torch.set_num_threads(threads)
    if device.type == "cuda":
        torch.set_float32_matmul_precision("highest" if precision == "float32" else "high")
        torch.backends.cudnn.allow_tf32 = precision != "float32"
        torch.backends.cudnn.benchmark = True
    try:
        yield
    finally:
        torch.set_num_threads(count)
        if device.type == "cuda":
            torch.set_float32_matmul_precision(products)
            torch.backends.cudnn.allow_tf32 = convolutions
            torch.backends.cudnn.benchmark = choice
