"""Carries out the runs of a plan: none that is stored already, and none that cannot end in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from focalbook.campaigns.budget import Budget, Durations, watcher
from focalbook.campaigns.experiments import OutOfTimeError, Surroundings, experiment
from focalbook.campaigns.plan import Plan, Run
from focalbook.campaigns.shelf import Shelf
from focalbook.store import Record

__all__ = ["Engine", "Event", "Outcome", "ThisProcess", "failure", "run_campaign", "run_here", "shelve"]


@dataclass(frozen=True)
class Event:
    """What became of one run.

    Attributes
    ----------
    run : Run
    kind : str
        ``stored``; ``elsewhere`` (another process has it, or has just done it); ``too long`` for the time
        left; ``failed``.
    seconds : float
        What it took, or is expected to take.
    message : str
        Why it failed.
    record : Record or None
    """

    run: Run
    kind: str
    seconds: float = 0.0
    message: str = ""
    record: Record | None = None


@dataclass
class Outcome:
    """What a call did.

    Attributes
    ----------
    events : list of Event
        In the order in which they happened.
    tidied : list of str
        What was mended of earlier, killed calls.
    pending : int
        Runs that are still not stored.
    seconds : float
    """

    events: list[Event] = field(default_factory=list)
    tidied: list[str] = field(default_factory=list)
    pending: int = 0
    seconds: float = 0.0

    def of(self, kind: str) -> list[Event]:
        """Events of one kind."""
        return [event for event in self.events if event.kind == kind]


class Engine(Protocol):
    """Where runs are carried out."""

    def carry_out(
        self, plan: Plan, runs: Sequence[Run], shelf: Shelf, budget: Budget, durations: Durations
    ) -> Iterator[Event]:
        """Carry out runs and store their records as they come."""


@dataclass(frozen=True)
class ThisProcess:
    """One run after the other, here.

    Attributes
    ----------
    device : str
    data_folder : Path or None
    compile : bool
        As in :class:`focalbook.campaigns.experiments.Surroundings`.
    """

    device: str = "auto"
    data_folder: Path | None = None
    compile: bool = False

    def carry_out(
        self, plan: Plan, runs: Sequence[Run], shelf: Shelf, budget: Budget, durations: Durations
    ) -> Iterator[Event]:
        """Carry out runs in their order, leaving out those that would not end within the budget."""
        for run in runs:
            expected = durations.expected(run.configuration)
            if budget.left <= 0.0 or (expected or 0.0) > budget.left:
                yield Event(run, "too long", expected or 0.0)
                continue
            with shelf.claim(run.id) as mine:
                free = mine and run.id not in shelf.done()
                event = self._one(plan, run, shelf, budget, durations) if free else Event(run, "elsewhere")
            yield event

    def _one(self, plan: Plan, run: Run, shelf: Shelf, budget: Budget, durations: Durations) -> Event:
        around = Surroundings(plan.name, self.device, self.data_folder, self.compile, watcher(budget))
        try:
            record = experiment(plan.experiment).execute(run.configuration, around)
        except OutOfTimeError as error:
            durations.add(run.configuration, error.expected)
            return Event(run, "too long", error.expected)
        except (FloatingPointError, MemoryError, RuntimeError) as error:
            if not failure(error):
                raise
            return Event(run, "failed", message=str(error))
        return shelve(run, record, shelf, durations)


def failure(error: Exception) -> bool:
    """Whether an error concerns one run alone: a loss that is not finite, or too little memory for it."""
    return isinstance(error, FloatingPointError | MemoryError) or "out of memory" in str(error)


def shelve(run: Run, record: Record, shelf: Shelf, durations: Durations) -> Event:
    """Store the record of a run and note how long it took.

    Raises
    ------
    RuntimeError
        The record is not the one of this run: an experiment changed its configuration.
    """
    if record.id != run.id:
        raise RuntimeError(f"the record of {run.title} has id {record.id}, expected {run.id}")
    shelf.put(record)
    durations.add(run.configuration, record.seconds)
    return Event(run, "stored", record.seconds, record=record)


def run_here(plan: Plan, data_folder: Path | None = None) -> list[Record]:
    """Carry out all runs of a small plan on the processor and return their records; nothing is written."""
    module = experiment(plan.experiment)
    around = Surroundings(plan.name, "cpu", data_folder)
    return [module.execute(run.configuration, around) for run in plan.runs]


def run_campaign(
    plan: Plan,
    results: Path,
    *,
    budget: float | None = None,
    engine: Engine | None = None,
    limit: int | None = None,
    report: Callable[[Event], None] = lambda event: None,
) -> Outcome:
    """Carry out what is pending of a plan.

    Parameters
    ----------
    plan : Plan
    results : Path
        Folder of the records and their manifest.
    budget : float, optional
        Seconds after which the call should have ended. A run is begun only if one like it ended in the time
        that is left, and given up as soon as its epochs show that it would not.
    engine : Engine, optional
        Where runs are carried out; in this process unless given.
    limit : int, optional
        Largest number of runs to store.
    report : callable
        Called with each event.

    Returns
    -------
    Outcome

    Raises
    ------
    RecordError, DataFileError
        Damaged records, or a record that cannot be written (a full disk, say): the call ends, and what was
        stored before stays.
    """
    clock, shelf = Budget(budget), Shelf(results, plan.name)
    outcome = Outcome(tidied=shelf.tidy())
    done = shelf.done()
    todo = [run for run in plan.runs if run.id not in done]
    durations = Durations(shelf.records())
    for event in (engine or ThisProcess()).carry_out(plan, todo, shelf, clock, durations):
        outcome.events.append(event)
        report(event)
        if limit is not None and len(outcome.of("stored")) >= limit:
            break
    outcome.pending = sum(run.id not in shelf.done() for run in plan.runs)
    outcome.seconds = clock.used
    return outcome
