"""Devices by name, and what running out of their memory looks like."""

from __future__ import annotations

import torch

__all__ = ["out_of_memory", "pick_device"]

_CPU_ALLOCATOR = ("can't allocate memory", "not enough memory")


def pick_device(name: str | torch.device = "auto") -> torch.device:
    """The device of a name; ``auto`` is a GPU where there is one, else the CPU.

    Raises
    ------
    ValueError
        No such kind of device, or one that is not there; the message says which there are.
    """
    there = ["cpu", *(f"cuda:{i}" for i in range(torch.cuda.device_count()))]
    if str(name) == "auto":
        return torch.device("cuda" if len(there) > 1 else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"unknown device {name!r}: expected auto, or one of {', '.join(there)}") from error
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"device {name!r} is not supported: expected auto, or one of {', '.join(there)}")
    if device.type == "cuda" and f"cuda:{device.index or 0}" not in there:
        raise ValueError(f"device {name!r} is not here: expected auto, or one of {', '.join(there)}")
    return device


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on a GPU or on the CPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _CPU_ALLOCATOR)
