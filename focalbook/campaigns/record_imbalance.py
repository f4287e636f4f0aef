"""Runs the imbalance experiment at full width and stores its records.

The command is ``python -m focalbook.campaigns.record_imbalance``. Each record is stored as soon as its
networks are trained. What is stored is not run again, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from focalbook.campaigns.archive import keep, results_folder, stored
from focalbook.campaigns.imbalance import CAMPAIGN, Imbalance, run
from focalbook.store import Record, configuration_id

__all__ = ["VARIANTS", "main", "pending", "variant"]

_COMMAND = "focalbook.campaigns.record_imbalance"
_FULL = Imbalance()

#: What is run: letters drawn, and exact expectations with training of full, half and a quarter of the length.
VARIANTS: dict[str, Imbalance] = {"drawn": _FULL} | {
    name: replace(
        _FULL, letters_per_image=0, training=replace(_FULL.training, steps=_FULL.training.steps // part)
    )
    for name, part in (("exact", 1), ("exact, half", 2), ("exact, quarter", 4))
}


def variant(records: Sequence[Record], name: str) -> list[Record]:
    """Records of one of :data:`VARIANTS`, in the order of its seeds.

    Raises
    ------
    ValueError
        The records of some seeds are missing.
    """
    config = VARIANTS[name]
    found = {record.id: record for record in records}
    wanted = {seed: _id(config, seed) for seed in config.seeds}
    missing = [seed for seed, one in wanted.items() if one not in found]
    if missing:
        raise ValueError(
            f"no record of variant {name!r} for seeds {missing}: python -m {_COMMAND} makes them."
        )
    return [found[one] for one in wanted.values()]


def pending(records: Sequence[Record]) -> list[Imbalance]:
    """What is not among the records, as configurations of one seed each, the longest first."""
    there = {record.id for record in records}
    return [
        replace(config, seeds=(seed,))
        for config in VARIANTS.values()
        for seed in config.seeds
        if _id(config, seed) not in there
    ]


def _id(config: Imbalance, seed: int) -> str:
    return configuration_id({"campaign": CAMPAIGN, "configuration": config.of(seed)})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is pending and store it; return the exit status."""
    parser = argparse.ArgumentParser(description="Run the imbalance experiment and store its records.")
    parser.add_argument("--results", type=Path, metavar="DIR", help="./results or above by default")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes, 2 by default")
    parser.add_argument("--again", action="store_true", help="run what is stored, too, and replace it")
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        parser.error(f"--jobs must be at least 1, got {options.jobs}")
    results = options.results or results_folder()
    todo = pending([] if options.again else stored(CAMPAIGN, results))
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(options.jobs, mp_context=context) as pool,
        tqdm(total=len(todo), unit="record", file=sys.stderr) as bar,
    ):
        for done in as_completed([pool.submit(run, config) for config in todo]):
            keep(done.result(), results)
            bar.update()
    return 0


if __name__ == "__main__":
    sys.exit(main())
