"""Grids of gamma and seeds: one network for each pair."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from focalbook.training import TrainingConfig

__all__ = ["check_grid", "grid"]


def check_grid(gammas: tuple[float, ...], seeds: tuple[int, ...]) -> None:
    """Refuse a grid that is empty or names a gamma or a seed twice, with a ValueError."""
    for name, values in (("gammas", gammas), ("seeds", seeds)):
        if not values or len(set(values)) != len(values):
            raise ValueError(f"{name} must be a non-empty tuple without repetitions, got {values!r}.")


def grid(training: TrainingConfig, gammas: Iterable[float], seeds: Iterable[int]) -> list[TrainingConfig]:
    """The training with each seed and gamma in place of its own, seeds outermost."""
    gammas = tuple(gammas)
    return [dataclasses.replace(training, gamma=gamma, seed=seed) for seed in seeds for gamma in gammas]
