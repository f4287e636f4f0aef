"""Figure: reliability of networks after each treatment of their outputs, one row of panels for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration.reliability import wilson_interval
from focalbook.campaigns.plan import Plan
from focalbook.store import Record

__all__ = ["SHOWN", "Data", "binned", "data", "draw"]

#: Treatments that are shown.
SHOWN = ("as it is", "recovered", "recovered, temperature")
_BINS = 15
Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Reliability of the networks of one gamma, seeds pooled.

    Attributes
    ----------
    gamma : float
    cells : tuple of str
    count, confidence, accuracy : arrays, shape (cells, treatments, bins)
        Test images of all seeds, their mean confidence, and how often the top label is right; NaN where none.
    """

    gamma: float
    cells: tuple[str, ...]
    count: Float
    confidence: Float
    accuracy: Float


def binned(record: Record, treatment: str = "as it is") -> Float:
    """Images, sum of confidence and number of right top labels in each of 15 bins (lo, hi], shape (3, 15).

    Zeros where the record does not tell: recovery at gamma = 0 counts as the outputs as they are; older
    records know only these.
    """
    name = f"reliability_{treatment.replace(', ', '_')}"
    if record.configuration["gamma"] == 0 and treatment.startswith("recovered"):
        name = f"reliability_{treatment.removeprefix('recovered').removeprefix(', ')}"
    if name in record.arrays:
        count, confidence, accuracy = record.arrays[name].astype(np.float64)
        return np.array([count, *(np.nan_to_num(x) * count for x in (confidence, accuracy))])
    if name not in ("reliability_", "reliability_as it is"):
        return np.zeros((3, _BINS))
    confidence = record.arrays["test_confidence"].astype(np.float64)
    place = np.clip(np.ceil(confidence * _BINS).astype(int) - 1, 0, _BINS - 1)
    weights = (None, confidence, record.arrays["test_correct"].astype(np.float64))
    return np.array([np.bincount(place, w, minlength=_BINS) for w in weights], dtype=np.float64)


def data(plan: Plan, records: Sequence[Record], gamma: float, axis: str = "images") -> Data:
    """Pool the seeds of one gamma; `axis` is the axis of the plan that tells cells apart."""
    by_id = {record.id: record for record in records}
    cells = tuple(dict.fromkeys(run.labels[axis] for run in plan.runs))
    total = np.zeros((len(cells), len(SHOWN), 3, _BINS))
    for run in plan.runs:
        if run.id in by_id and run.configuration["gamma"] == gamma:
            total[cells.index(run.labels[axis])] += [binned(by_id[run.id], name) for name in SHOWN]
    count = total[:, :, 0]
    safe = np.where(count > 0, count, np.nan)
    return Data(gamma, cells, count, total[:, :, 1] / safe, total[:, :, 2] / safe)


def draw(data: Data, axes: Any) -> None:
    """Draw a panel for each cell and treatment; the area of a mark is proportional to its images."""
    colours = ("C0", "C2", "C3")
    for row, (panels, cell) in enumerate(zip(np.atleast_2d(axes), data.cells, strict=True)):
        for k, (ax, name) in enumerate(zip(panels, SHOWN, strict=True)):
            filled = data.count[row, k] > 0
            count, x, y = (part[row, k][filled] for part in (data.count, data.confidence, data.accuracy))
            ax.plot([0, 1], [0, 1], color="C5", linewidth=1.0)
            if len(count):
                low, high = wilson_interval(y, count.astype(np.int64), 0.95)
                spread = np.maximum([y - low, high - y], 0.0)  # rounding at 0 and 1
                ax.errorbar(x, y, spread, color=colours[k], fmt="none", elinewidth=1.2, clip_on=False)
                ax.scatter(x, y, 6 + 300 * count / count.sum(), color=colours[k], clip_on=False)
            ax.set(xlim=(0, 1), ylim=(0, 1), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1), aspect="equal")
            if row == 0:
                ax.set_title(name)
        panels[0].set_ylabel(f"{cell}\nhow often right", fontsize=10)
    for ax in np.atleast_2d(axes)[-1]:
        ax.set_xlabel("confidence")
