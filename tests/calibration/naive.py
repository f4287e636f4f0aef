"""Oracle: calibration measures written as plain loops over rows and bins, nothing vectorised."""

from __future__ import annotations

import math
from collections.abc import Sequence


def naive_bin(confidence: float, bins: int) -> int:
    """Index of the bin (lo, hi] that holds `confidence`; 0 belongs to the first."""
    for b in range(bins):
        if (b == 0 or b / bins < confidence) and confidence <= (b + 1) / bins:
            return b
    raise AssertionError(f"confidence {confidence} is in no bin")


def naive_top(row: Sequence[float]) -> int:
    best = 0
    for k, value in enumerate(row):
        if value > row[best]:
            best = k
    return best


def naive_ece(probs: Sequence[Sequence[float]], labels: Sequence, bins: int) -> float:
    total = 0.0
    for b in range(bins):
        confidence, correct, size = 0.0, 0.0, 0
        for row, label in zip(probs, labels, strict=True):
            top = naive_top(row)
            if naive_bin(float(row[top]), bins) == b:
                size += 1
                confidence += float(row[top])
                correct += (top == label) if isinstance(label, int) else label[top]
        if size:
            total += size * abs(confidence / size - correct / size)
    return total / len(probs)


def naive_nll(probs: Sequence[Sequence[float]], labels: Sequence[int]) -> float:
    return sum(-math.log(row[label]) for row, label in zip(probs, labels, strict=True)) / len(labels)


def naive_brier(probs: Sequence[Sequence[float]], labels: Sequence[int]) -> float:
    total = 0.0
    for row, label in zip(probs, labels, strict=True):
        total += sum((value - (k == label)) ** 2 for k, value in enumerate(row))
    return total / len(labels)
