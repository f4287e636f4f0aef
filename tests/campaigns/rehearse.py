"""Plans for the tests of campaigns, and processes that carry them out."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from focalbook.campaigns.plan import Plan, parse_plan
from focalbook.campaigns.runner import Outcome, run_campaign

#: Children that import everything once and are copies of one process afterwards.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.campaigns.rehearse", "focalbook.campaigns.rehearsal", "numpy"])


def plan(
    runs: int = 4, seconds: float = 0.0, epochs: int = 1, name: str = "trial", fails: tuple[int, ...] = ()
) -> Plan:
    """A rehearsal with one run for each seed; some of them can be told to fail."""
    places = "".join(
        f'[[axes.seed]]\nlabel = "{seed}"\nseed = {seed}\nfails = {str(seed in fails).lower()}\n'
        for seed in range(runs)
    )
    return parse_plan(
        f'name = "{name}"\nexperiment = "rehearsal"\nreport = ["mean"]\n'
        f"[base]\nseconds = {seconds}\nepochs = {epochs}\n{places}"
    )


def carry_out(
    results: Path, runs: int, seconds: float, outcomes: multiprocessing.Queue | None = None
) -> None:
    """What a child does."""
    outcome: Outcome = run_campaign(plan(runs, seconds), results)
    if outcomes is not None:
        outcomes.put({kind: len(outcome.of(kind)) for kind in ("stored", "elsewhere", "failed")})
