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


def naive_bins(values: Sequence[float], bins: int) -> list[list[int]]:
    """Rows in each bin."""
    rows: list[list[int]] = [[] for _ in range(bins)]
    for i, value in enumerate(values):
        rows[naive_bin(float(value), bins)].append(i)
    return rows


def naive_classwise(probs: Sequence[Sequence[float]], labels: Sequence[int], bins: int) -> float:
    total, classes = 0.0, len(probs[0])
    for k in range(classes):
        for rows in naive_bins([row[k] for row in probs], bins):
            total += abs(sum(probs[i][k] - (labels[i] == k) for i in rows))
    return total / (len(probs) * classes)


def naive_debiased(confidence: Sequence[float], correct: Sequence[int], bins: int) -> float:
    """Squared error less the variance of each bin's mean, by the textbook sample variance."""
    total = 0.0
    for rows in naive_bins(confidence, bins):
        if len(rows) >= 2:
            gaps = [confidence[i] - correct[i] for i in rows]
            mean = sum(gaps) / len(gaps)
            variance = sum((g - mean) ** 2 for g in gaps) / (len(gaps) - 1)
            total += len(rows) / len(confidence) * (mean**2 - variance / len(rows))
    return total


def naive_accuracy_debiased(confidence: Sequence[float], correct: Sequence[int], bins: int) -> float:
    """The published formula, with the accuracy a of each bin: a(1 - a)/(n_b - 1) is taken off."""
    total = 0.0
    for rows in naive_bins(confidence, bins):
        if len(rows) >= 2:
            mean = sum(confidence[i] for i in rows) / len(rows)
            a = sum(correct[i] for i in rows) / len(rows)
            total += len(rows) / len(confidence) * ((mean - a) ** 2 - a * (1 - a) / (len(rows) - 1))
    return total


def naive_decomposition(forecast: Sequence[float], truth: Sequence[float], bins: int) -> list[float]:
    """Score, reliability, resolution, uncertainty and what is within bins, for one event."""
    n, overall = len(forecast), sum(truth) / len(truth)
    reliability = resolution = within = 0.0
    for rows in naive_bins(forecast, bins):
        if rows:
            q, y = (sum(values[i] for i in rows) / len(rows) for values in (forecast, truth))
            reliability += len(rows) / n * (q - y) ** 2
            resolution += len(rows) / n * (y - overall) ** 2
            within += sum((forecast[i] - q) ** 2 for i in rows) / n
            within -= 2 * sum((forecast[i] - q) * (truth[i] - y) for i in rows) / n
    score = sum(y * (1 - q) ** 2 + (1 - y) * q**2 for q, y in zip(forecast, truth, strict=True)) / n
    return [score, reliability, resolution, overall * (1 - overall), within]


def naive_smooth(
    confidence: Sequence[float], gap: Sequence[float], width: float, points: int = 2000
) -> float:
    """Integral of |smoothed gaps| by the midpoint rule, the reflected Gaussian summed over its images."""
    total = 0.0
    for j in range(points):
        t, value = (j + 0.5) / points, 0.0
        for c, g in zip(confidence, gap, strict=True):
            for image in range(-3, 4):
                for centre in (c + 2 * image, -c + 2 * image):
                    value += g * math.exp(-0.5 * ((t - centre) / width) ** 2)
        total += abs(value) / (width * math.sqrt(2 * math.pi)) / len(confidence)
    return total / points
