"""What recovery and temperatures do to networks: numbers of all runs of a plan, however many are stored.

Runs of a plan are taken together by *cell*: all that they share apart from gamma and the seed. Treatments are
compared on the same network, so that differences are paired. What a comparison says is computed from its
interval over seeds, never written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import Estimate
from focalbook.campaigns.measures import over_seeds
from focalbook.campaigns.plan import Plan, Run, load_plan
from focalbook.campaigns.recalibration import TREATMENTS
from focalbook.campaigns.shelf import Shelf
from focalbook.store import Record

__all__ = ["SCORES", "STORED", "TREATMENTS", "Study", "stored_study", "study", "verdict"]

#: Plans of the package whose records the book shows.
STORED = ("cifar100-small", "cifar100")

#: Measures of the test images, as records name them, and the log loss on the validation images.
SCORES = ("test nll", "test brier", "test ece", "test gap", "test accuracy", "validation nll")
Float = NDArray[np.float64]


def verdict(difference: Estimate) -> str:
    """What an interval of differences says: ``lower``, ``higher`` or ``cannot be told``.

    >>> verdict(Estimate(-0.2, -0.3, -0.1, 3, 0.95)), verdict(Estimate(0.2, -0.1, 0.5, 3, 0.95))
    ('lower', 'cannot be told')
    """
    if difference.high < 0:
        return "lower"
    return "higher" if difference.low > 0 else "cannot be told"


@dataclass(frozen=True)
class Study:
    """Numbers of the runs of a plan; NaN where a run, or a number in its record, is missing.

    Attributes
    ----------
    name, title : str
        Of the plan.
    cells : tuple of str
        Labels on all axes but gamma and seed.
    gammas, seeds : tuples
        In increasing order.
    scores : array, shape (scores, cells, gammas, treatments, seeds)
        In the order of :data:`SCORES` and :data:`TREATMENTS`. At gamma = 0 recovery changes nothing.
    temperatures : array, shape (2, cells, gammas, seeds)
        Fitted as it is, and after recovery.
    planned, found : int
        Runs of the plan, and those with a record.
    devices : tuple of str
    first, last : str
        Dates of the oldest and of the newest record; empty without records.
    """

    name: str
    title: str
    cells: tuple[str, ...]
    gammas: tuple[float, ...]
    seeds: tuple[int, ...]
    scores: Float
    temperatures: Float
    planned: int
    found: int
    devices: tuple[str, ...]
    first: str
    last: str

    def of(self, score: str, treatment: str) -> Float:
        """A score after a treatment, shape (cells, gammas, seeds)."""
        return self.scores[SCORES.index(score), :, :, TREATMENTS.index(treatment)]

    def change(self, score: str, treatment: str, baseline: str = TREATMENTS[0]) -> Float:
        """Score after a treatment minus that after another, same network: (cells, gammas, seeds)."""
        return self.of(score, treatment) - self.of(score, baseline)

    def over(self, values: Float, cell: int, gamma: int) -> Estimate | None:
        """Mean over the seeds that are there, with Student's interval; None where there is none."""
        present = values[cell, gamma][np.isfinite(values[cell, gamma])]
        return over_seeds(present) if len(present) else None

    @property
    def complete(self) -> bool:
        """Whether every run of the plan has a record."""
        return self.found == self.planned

    @property
    def moved(self) -> tuple[int, int]:
        """Networks whose test accuracy a treatment changed, and networks looked at.

        Maps that keep the order of the classes change it by exactly nothing.
        """
        accuracy = self.scores[SCORES.index("test accuracy")]
        different = np.nanmax(accuracy, axis=2, initial=-1.0) != np.nanmin(accuracy, axis=2, initial=2.0)
        present = np.isfinite(accuracy).sum(axis=2) > 1
        return int((different & present).sum()), int(present.sum())

    def slope(self, values: Float, cell: int) -> Estimate | None:
        """Slope in gamma of values (cells, gammas, seeds), fitted for each seed, then averaged."""
        chosen = values[cell]
        whole = np.isfinite(chosen).all(axis=0)
        if not whole.any() or len(self.gammas) < 2:
            return None
        return over_seeds(np.polyfit(self.gammas, chosen[:, whole], 1)[0])

    def statement(self) -> str:
        """What stands behind the numbers, and how to fill what is missing: Markdown, one sentence or two."""
        if not self.found:
            return (
                f"Of the {self.planned} runs of `{self.name}` none is stored yet: "
                f"`focalbook campaign run {self.name}` makes them."
            )
        whole = f"All {self.planned}" if self.complete else f"{self.found} of {self.planned}"
        dates = self.first if self.first == self.last else f"{self.first} to {self.last}"
        missing = "" if self.complete else f" `focalbook campaign run {self.name}` makes the others."
        return (
            f"{whole} runs of `{self.name}` are stored ({len(self.seeds)} seeds planned; device: "
            f"{', '.join(self.devices)}; {dates}).{missing}"
        )


def _cell(run: Run) -> str:
    return ", ".join(label for axis, label in run.labels.items() if axis not in ("gamma", "seed"))


def _numbers(record: Record, score: str) -> list[float]:
    """A score after each of the treatments; what recovery leaves alone at gamma = 0 is carried over."""
    names = [score, *(f"{score}, {name}" for name in TREATMENTS[1:])]
    values = [record.metrics[name].value if name in record.metrics else np.nan for name in names]
    return values[:2] * 2 if record.configuration["gamma"] == 0 else values


def _temperatures(record: Record) -> list[float]:
    names = ("fitted temperature", "fitted recovered, temperature")
    values = [record.metrics[name].value if name in record.metrics else np.nan for name in names]
    return values[:1] * 2 if record.configuration["gamma"] == 0 else values


def study(plan: Plan, records: Iterable[Record]) -> Study:
    """Collect what there is of a plan.

    Parameters
    ----------
    plan : Plan
        Of networks trained with focal loss, each run with a gamma and a seed.
    records : iterable of Record
        Any; those that are not runs of the plan are passed over. Arrays are not needed.

    Returns
    -------
    Study
        Claim EX-5.

    Raises
    ------
    ValueError
        Runs of the plan that are not of focal loss.
    """
    foreign = {str(r.configuration.get("loss")) for r in plan.runs} - {"focal"}
    if foreign:
        raise ValueError(f"plan {plan.name!r} has runs of {sorted(foreign)}: recovery is for focal loss.")
    cells = tuple(dict.fromkeys(_cell(run) for run in plan.runs))
    gammas = tuple(sorted({float(run.configuration["gamma"]) for run in plan.runs}))
    seeds = tuple(sorted({int(run.configuration["seed"]) for run in plan.runs}))
    scores = np.full((len(SCORES), len(cells), len(gammas), len(TREATMENTS), len(seeds)), np.nan)
    temperatures = np.full((2, len(cells), len(gammas), len(seeds)), np.nan)
    by_id = {record.id: record for record in records}
    found = [(run, by_id[run.id]) for run in plan.runs if run.id in by_id]
    for run, record in found:
        place = cells.index(_cell(run)), gammas.index(float(run.configuration["gamma"]))
        seed = seeds.index(int(run.configuration["seed"]))
        for number, score in enumerate(SCORES):
            scores[(number, *place, slice(None), seed)] = _numbers(record, score)
        temperatures[(slice(None), *place, seed)] = _temperatures(record)
    made = [record.provenance for _, record in found]
    dates = sorted(one.created[:10] for one in made) or [""]
    devices = tuple(sorted({one.device for one in made}))
    return Study(
        plan.name, plan.title, cells, gammas, seeds, scores, temperatures,
        len(plan.runs), len(found), devices, dates[0], dates[-1],
    )  # fmt: skip


def stored_study(name: str, results: Path) -> Study:
    """Numbers of a plan of the package, from the records below `results`, be they all, some or none.

    Raises
    ------
    PlanError, RecordError
        No such plan; no such folder; a damaged record.
    """
    return study(load_plan(name), Shelf(results, name).records())
