"""Images for the experiments, with their provenance. The embedded digits need no download.

What needs PyTorch is loaded when it is first used, so importing this package does not bring it in.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from focalbook.data.arrays import Images, Provenance, Split, statistics, stratified_split
from focalbook.data.digits import load_digits
from focalbook.data.errors import DataError
from focalbook.data.sets import Partition, load

if TYPE_CHECKING:
    from focalbook.data.augment import crop_and_flip, mixup
    from focalbook.data.batches import Batches

__all__ = [
    "Batches",
    "DataError",
    "Images",
    "Partition",
    "Provenance",
    "Split",
    "crop_and_flip",
    "load",
    "load_digits",
    "mixup",
    "statistics",
    "stratified_split",
]

_HOME = {"Batches": "batches", "crop_and_flip": "augment", "mixup": "augment"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'focalbook.data' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"focalbook.data.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
