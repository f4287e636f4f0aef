"""Probabilities for file tests, and the recovery once more as a naive loop over the paper's formula."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from focalbook.theory.minimizer import recover

Array = NDArray[np.floating]


def rows(count: int, classes: int, seed: int = 0) -> NDArray[np.float64]:
    """Distributions, one per row."""
    return np.random.default_rng(seed).dirichlet(np.ones(classes), count)


def read_csv(path: Path) -> list[list[str]]:
    """All fields of a CSV file, by Python's own reader."""
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.reader(handle))


def naive_posterior(q: Sequence[float], gamma: float, weights: Sequence[float] | None = None) -> list[float]:
    """p_i ~ 1 / (w_i phi(q_i)) for q strictly between 0 and 1, term by term."""

    def slope(x: float) -> float:
        return (1 - x) ** gamma / x - gamma * (1 - x) ** (gamma - 1) * math.log(x)

    w = weights or [1.0] * len(q)
    parts = [1 / (wi * slope(x)) for x, wi in zip(q, w, strict=True)]
    return [part / math.fsum(parts) for part in parts]


def whole(q: Array, gamma: float, weights: Sequence[float] | None = None, axis: int = -1) -> Array:
    """The library on the whole array at once: what any way of reading the file has to give, bit for bit.

    Rows are divided by their sum where it is off by more than the rounding of the sum, as the command says;
    the result has the precision of the input.
    """
    moved = np.ascontiguousarray(np.moveaxis(np.asarray(q, np.float64), axis, -1))
    total = moved.sum(axis=-1, keepdims=True)
    off = np.abs(total - 1) > 4 * np.finfo(float).eps * moved.shape[-1]
    p = recover(moved / np.where(off, total, 1.0), gamma, weights=weights)
    return np.moveaxis(p, -1, axis).astype(q.dtype)
