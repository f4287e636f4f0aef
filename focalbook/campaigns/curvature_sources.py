"""Records behind the chapters on curvature: the reduced variant, carried out here, and what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from focalbook.campaigns.archive import stored
from focalbook.campaigns.curvature_study import Cell, backing, cells
from focalbook.campaigns.experiments import Surroundings, experiment
from focalbook.campaigns.plan import Plan, load_plan
from focalbook.campaigns.runner import run_here
from focalbook.data.catalogue import CATALOGUE
from focalbook.store import Record

__all__ = ["LIVE", "STORED", "Source", "gather", "live", "one_seed"]

#: Plan of the reduced variant, and plans whose records are read.
LIVE, STORED = "digits", ("cifar100-small", "cifar100")


@dataclass(frozen=True)
class Source:
    """Records of one plan.

    Attributes
    ----------
    plan : Plan
    records : tuple of Record
    cells : tuple of Cell
    """

    plan: Plan
    records: tuple[Record, ...]
    cells: tuple[Cell, ...]

    @property
    def missing(self) -> int:
        """Runs of the plan that are not there."""
        return len(self.plan.runs) - len(self.records)

    def __str__(self) -> str:
        line = f"{self.plan.title}: {backing(self.records, self.plan)}"
        if self.missing:
            line += f" The others: `focalbook campaign run {self.plan.name}`."
        return line


@lru_cache(maxsize=1)
def live() -> tuple[Record, ...]:
    """Carry out all runs of the reduced variant, in some seconds; kept while the process lives."""
    return tuple(run_here(load_plan(LIVE)))


@lru_cache(maxsize=8)
def one_seed(seed: int) -> tuple[Record, ...]:
    """The runs of the reduced variant with another seed: one for each gamma."""
    plan = load_plan(LIVE)
    module, around = experiment(plan.experiment), Surroundings(plan.name, "cpu")
    first = plan.runs[0].configuration["seed"]
    wanted = [run.configuration for run in plan.runs if run.configuration["seed"] == first]
    return tuple(module.execute(configuration | {"seed": seed}, around) for configuration in wanted)


def _source(plan: Plan, records: tuple[Record, ...]) -> Source:
    known = {run.id for run in plan.runs}
    mine = tuple(r for r in records if r.id in known)
    data = str(plan.runs[0].configuration["data"])
    title = CATALOGUE[data].title if data in CATALOGUE else data
    return Source(plan, mine, tuple(cells(mine, plan, title)))


def gather(results: Path, plans: tuple[str, ...] = STORED) -> list[Source]:
    """The reduced variant, and the stored records of plans: all of them, part of them or none.

    Parameters
    ----------
    results : Path
        Folder with the manifest.
    plans : tuple of str

    Returns
    -------
    list of Source
        The reduced variant first.

    Raises
    ------
    RecordError
        Stored files that are damaged, missing, or not known to the manifest.
    """
    found = [_source(load_plan(LIVE), live())]
    for name in plans:
        found.append(_source(load_plan(name), tuple(stored(name, results))))
    return found
