"""Spreads the runs of a campaign over an existing Ray cluster, one accelerator for each run.

Ray is not among the requirements: ``pip install "focalbook[cluster]"`` brings it. Workers carry out runs and
send their records back; only the process that started the campaign writes them. A run whose worker dies is
begun again on another one.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from focalbook.campaigns.budget import Budget, Durations, watcher
from focalbook.campaigns.experiments import OutOfTimeError, Surroundings, experiment
from focalbook.campaigns.plan import Plan, Run
from focalbook.campaigns.runner import Event, failure, shelve
from focalbook.campaigns.shelf import Shelf
from focalbook.store import Record

__all__ = ["Cluster", "carry_out_remotely"]

#: How often a run is begun again after its worker died.
RETRIES = 3


def carry_out_remotely(
    kind: str, configuration: Mapping[str, Any], around: Surroundings, seconds: float | None
) -> Record | tuple[str, str, float]:
    """What a worker does: carry out one run; errors that concern this run alone come back as values."""
    around = dataclasses.replace(around, watch=watcher(Budget(seconds)))
    try:
        return experiment(kind).execute(configuration, around)
    except OutOfTimeError as error:
        return "too long", str(error), error.expected
    except (FloatingPointError, MemoryError, RuntimeError) as error:
        if not failure(error):
            raise
        return "failed", str(error), 0.0


@dataclass(frozen=True)
class Cluster:
    """Workers of a Ray cluster.

    Attributes
    ----------
    address : str
        Of the cluster, for example ``auto`` or ``ray://head:10001``.
    device : str
        Device of each run on its worker.
    data_folder : Path or None
        Where the data sets are on the workers.
    compile : bool
        As in :class:`focalbook.campaigns.experiments.Surroundings`.
    resources : mapping of str to float, optional
        What one run takes, for example ``{"GPU": 1}``; one GPU where the cluster has any, else one processor.
    """

    address: str = "auto"
    device: str = "auto"
    data_folder: Path | None = None
    compile: bool = False
    resources: Mapping[str, float] | None = None

    def carry_out(
        self, plan: Plan, runs: Sequence[Run], shelf: Shelf, budget: Budget, durations: Durations
    ) -> Iterator[Event]:
        """Hand out runs in their order; store records as they come back.

        Raises
        ------
        RuntimeError
            Ray is not installed, no cluster is at the address, or a run's worker died again and again.
        """
        ray = _connect(self.address)
        with ExitStack() as claims:
            waiting: dict[Any, Run] = {}
            try:
                yield from self._hand_out(ray, plan, runs, shelf, budget, durations, claims, waiting)
                while waiting:
                    ready, _ = ray.wait(list(waiting), num_returns=1)
                    yield self._receive(ray, waiting.pop(ready[0]), ready[0], shelf, durations)
            finally:
                for reference in waiting:
                    ray.cancel(reference, force=True)

    def _hand_out(
        self,
        ray: Any,
        plan: Plan,
        runs: Sequence[Run],
        shelf: Shelf,
        budget: Budget,
        durations: Durations,
        claims: ExitStack,
        waiting: dict[Any, Run],
    ) -> Iterator[Event]:
        """Keep as many runs on their way as the cluster has places; those that come back make room."""
        needs = dict(self.resources or _one_place(ray))
        task = ray.remote(carry_out_remotely).options(
            num_cpus=needs.pop("CPU", 0), num_gpus=needs.pop("GPU", 0), resources=needs, max_retries=RETRIES
        )
        for run in runs:
            while len(waiting) >= self._places(ray):
                ready, _ = ray.wait(list(waiting), num_returns=1)
                yield self._receive(ray, waiting.pop(ready[0]), ready[0], shelf, durations)
            expected = durations.expected(run.configuration)
            if budget.left <= 0.0 or (expected or 0.0) > budget.left:
                yield Event(run, "too long", expected or 0.0)
            elif not claims.enter_context(shelf.claim(run.id)) or run.id in shelf.done():
                yield Event(run, "elsewhere")
            else:
                around = Surroundings(plan.name, self.device, self.data_folder, self.compile)
                left = None if budget.left == float("inf") else budget.left
                reference = task.remote(plan.experiment, run.configuration, around, left)
                waiting[reference] = run

    def _places(self, ray: Any) -> int:
        """How many runs fit the cluster as it is now, at least one."""
        there, needs = ray.cluster_resources(), dict(self.resources or _one_place(ray))
        return max(1, min(int(there.get(name, 0.0) // amount) for name, amount in needs.items()))

    @staticmethod
    def _receive(ray: Any, run: Run, reference: Any, shelf: Shelf, durations: Durations) -> Event:
        try:
            result = ray.get(reference)
        except ray.exceptions.RayTaskError as error:
            raise RuntimeError(f"{run.title}: {error.cause}") from error
        except ray.exceptions.RayError as error:
            raise RuntimeError(f"{run.title}: its workers died {RETRIES + 1} times ({error})") from error
        if isinstance(result, Record):
            return shelve(run, result, shelf, durations)
        kind, message, expected = result
        if kind == "too long":
            durations.add(run.configuration, expected)
        return Event(run, kind, expected, message)


def _one_place(ray: Any) -> dict[str, float]:
    return {"GPU": 1.0} if ray.cluster_resources().get("GPU") else {"CPU": 1.0}


def _connect(address: str) -> Any:
    try:
        import ray
    except ImportError as error:
        raise RuntimeError(
            'the engine "ray" needs Ray: install it with pip install "focalbook[cluster]"'
        ) from error
    if not ray.is_initialized():
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise RuntimeError(
                f"no Ray cluster at {address!r}: start one with `ray start --head` ({error})"
            ) from error
    return ray
