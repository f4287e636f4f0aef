"""The data of a run, as its configuration asks for it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from focalbook.data import Images, Partition, load
from focalbook.training.run_config import RunConfig

__all__ = ["first_of_each_class", "load_parts"]


def first_of_each_class(images: Images, count: int) -> Images:
    """The first `count` images of every class, in their order.

    Raises
    ------
    ValueError
        A class with fewer images.
    """
    chosen = np.zeros(len(images), dtype=bool)
    for label in range(images.classes):
        rows = np.flatnonzero(images.labels == label)
        if rows.size < count:
            raise ValueError(
                f"class {label} has {rows.size} training image(s), per_class asks for {count}: lower it."
            )
        chosen[rows[:count]] = True
    return images.subset(np.flatnonzero(chosen), f"{count} a class")


def load_parts(config: RunConfig, folder: str | Path | None = None) -> Partition:
    """Training, validation and test images of a run.

    Parameters
    ----------
    config : RunConfig
    folder : str or Path, optional
        Where data sets lie, see :func:`focalbook.data.load`.

    Raises
    ------
    ValueError
        As for :func:`focalbook.data.load`; a class with fewer than ``per_class`` images.
    """
    parts = load(config.data, folder, validation=config.validation, seed=config.split_seed)
    if config.per_class == 0:
        return parts
    return dataclasses.replace(parts, train=first_of_each_class(parts.train, config.per_class))
