"""Trained networks in a file: one .npz of plain arrays with a description in JSON. Nothing is pickled.

The array ``header`` holds UTF-8 JSON; the arrays ``state/<name>`` hold the parameters and buffers of the
network as they are called in its ``state_dict``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from focalbook.io.atomic import atomic_output
from focalbook.nn.models import build_model
from focalbook.training.run_config import RunConfig

__all__ = ["SCHEMA", "Checkpoint", "CheckpointError", "load_checkpoint", "save_checkpoint"]

SCHEMA = 1
_FORMAT = "focalbook-checkpoint"
_KEYS = {"format", "schema", "config", "shape", "classes", "mean", "std", "data"}


class CheckpointError(ValueError):
    """A checkpoint that cannot be read or does not fit its network; the message names file and reason."""


@dataclass(frozen=True)
class Checkpoint:
    """A network read from a file.

    Attributes
    ----------
    model : nn.Module
        With its weights, on the CPU, in evaluation mode.
    config : RunConfig
        The run that made it.
    shape : tuple of int
        Shape of one input (channels, height, width).
    classes : int
    mean, std : tuple of float
        One number for each channel: the network expects ``(pixel - mean) / std`` of pixels in [0, 1].
    data : str
        SHA-256 of the training images, see :func:`focalbook.data.arrays.fingerprint`; empty if unknown.
    """

    model: nn.Module
    config: RunConfig
    shape: tuple[int, ...]
    classes: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    data: str = ""


def save_checkpoint(
    path: Path,
    model: nn.Module,
    config: RunConfig,
    *,
    shape: tuple[int, ...],
    classes: int,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    data: str = "",
) -> Path:
    """Write a network; the file appears whole or not at all.

    Parameters
    ----------
    path : Path
        File to write, in an existing folder; an older one is replaced.
    model : nn.Module
        What ``build_model(config.model, shape, classes, **config.model_options)`` builds, trained.
    config, shape, classes, mean, std, data
        See :class:`Checkpoint`.

    Returns
    -------
    Path

    Raises
    ------
    DataFileError
        The file cannot be written.
    """
    header = {
        "format": _FORMAT,
        "schema": SCHEMA,
        "config": config.to_dict(),
        "shape": list(shape),
        "classes": int(classes),
        "mean": [float(m) for m in mean],
        "std": [float(s) for s in std],
        "data": data,
    }
    arrays = {f"state/{name}": value.detach().cpu().numpy() for name, value in model.state_dict().items()}
    text = json.dumps(header, sort_keys=True, allow_nan=False).encode()
    with atomic_output(Path(path)) as handle:
        np.savez(handle, header=np.frombuffer(text, dtype=np.uint8), **arrays)
    return Path(path)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a network written by :func:`save_checkpoint`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Checkpoint

    Raises
    ------
    CheckpointError
        The file is missing, damaged or no checkpoint; it was written by a newer version; its network is
        unknown here, or its weights do not fit the network that its configuration describes.
    """
    path = Path(path)
    arrays = _read(path)
    header = _header(path, arrays.pop("header", None))
    try:
        config = RunConfig.from_dict(header["config"])
        shape, classes = tuple(int(n) for n in header["shape"]), int(header["classes"])
        mean, std = (tuple(float(x) for x in header[name]) for name in ("mean", "std"))
        with torch.random.fork_rng(devices=[]):
            model = build_model(config.model, shape, classes, **config.model_options)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: its network cannot be built: {error}") from error
    state = {name.removeprefix("state/"): array for name, array in arrays.items()}
    _fill(path, model, state, f"{config.model} for {classes} classes and inputs of shape {shape}")
    return Checkpoint(model.eval(), config, shape, classes, mean, std, str(header["data"]))


def _read(path: Path) -> dict[str, NDArray]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except Exception as error:  # zipfile, zlib and NumPy each have their own errors for a damaged file
        raise CheckpointError(
            f"{path}: no checkpoint, or a damaged one, perhaps truncated ({error})"
        ) from error


def _header(path: Path, found: NDArray | None) -> Mapping[str, Any]:
    try:
        header = {} if found is None else json.loads(found.tobytes())
    except ValueError as error:
        raise CheckpointError(f"{path}: its header is not JSON ({error})") from error
    if not isinstance(header, dict) or header.get("format") != _FORMAT:
        raise CheckpointError(f"{path}: no checkpoint of focalbook: write one with 'focalbook train'")
    if header.get("schema") != SCHEMA:
        raise CheckpointError(
            f"{path}: schema {header.get('schema')!r}, this version of focalbook reads {SCHEMA}: use the "
            f"version that wrote it"
        )
    if missing := _KEYS - set(header):
        raise CheckpointError(f"{path}: its header lacks {sorted(missing)}")
    return header


def _fill(path: Path, model: nn.Module, state: Mapping[str, NDArray], name: str) -> None:
    """Put the arrays into the network, after comparing names, shapes and kinds."""
    wanted = model.state_dict()
    if odd := sorted(set(wanted) ^ set(state)):
        raise CheckpointError(
            f"{path}: weights of another architecture: {len(odd)} names differ from those of {name}, such as "
            f"{odd[0]!r}"
        )
    for key, value in wanted.items():
        array = state[key]
        if tuple(array.shape) != tuple(value.shape) or torch.from_numpy(array).dtype != value.dtype:
            raise CheckpointError(
                f"{path}: {key!r} is {array.dtype} of shape {array.shape}, and {name} has {value.dtype} of "
                f"shape {tuple(value.shape)}"
            )
    model.load_state_dict({key: torch.from_numpy(array) for key, array in state.items()})
