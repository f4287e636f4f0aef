"""Logits of a trained network on a set of images, in chunks that fit into memory."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from focalbook.data import Batches, Images
from focalbook.training.devices import out_of_memory
from focalbook.training.precision import run_settings

__all__ = ["evaluation_mode", "logits_of"]


@contextmanager
def evaluation_mode(model: nn.Module) -> Iterator[None]:
    """Evaluation mode for every part of a network; afterwards each part is in the mode it was in."""
    modes = [(part, part.training) for part in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


def logits_of(
    model: nn.Module, images: Images, mean: Sequence[float], std: Sequence[float], *, chunk: int = 2048
) -> Tensor:
    """Logits of a network for every image, in float32 (no TF32, no autocast) and evaluation mode.

    Parameters
    ----------
    model : nn.Module
        On its device, which computes.
    images : Images
        At least one.
    mean, std : sequence of float, one for each channel
        Of the training images, in units of the largest grey level.
    chunk : int, >= 1
        Images in one pass. Where memory runs out it is halved, with a :class:`RuntimeWarning`.

    Returns
    -------
    Tensor, shape (n, classes)
        float32, on the CPU, in the order of `images`.

    Raises
    ------
    ValueError
        No image, a chunk below 1, or a network with another number of classes than the images.
    MemoryError
        Memory does not suffice for one image.
    """
    if chunk < 1 or len(images) == 0:
        raise ValueError(f"logits need at least one image and one in a chunk, got {len(images)} and {chunk}.")
    parameter = next(model.parameters())
    source = Batches(
        images, min(chunk, len(images)), device=parameter.device, shuffle=False, mean=mean, std=std
    )
    parts: list[Tensor] = []
    done, size = 0, min(chunk, len(images))
    with (
        evaluation_mode(model),
        torch.inference_mode(),
        torch.autocast(parameter.device.type, enabled=False),
        run_settings("float32", parameter.device),
    ):
        while done < len(images):
            part = _attempt(model, source, range(done, min(done + size, len(images))))
            if part is None:
                size = _halved(size, done)
                continue
            parts.append(part)
            done += len(part)
    found = torch.cat(parts).float().cpu().clone()
    if found.shape[1] != images.classes:
        raise ValueError(f"the network has {found.shape[1]} classes, the images have {images.classes}.")
    return found


def _attempt(model: nn.Module, source: Batches, rows: range) -> Tensor | None:
    """Logits of some rows, or None where memory ran out."""
    try:
        return model(source.select(list(rows))[0])
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error):
            raise
    return None  # outside of the handler, so that the traceback keeps nothing of the attempt alive


def _halved(size: int, done: int) -> int:
    if size == 1:
        raise MemoryError("memory does not suffice for the logits of one image: free some, or use the CPU.")
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    warnings.warn(
        f"out of memory after {done} images: going on with chunks of {size // 2}, half as large",
        RuntimeWarning,
        stacklevel=3,
    )
    return size // 2
