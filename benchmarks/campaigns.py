"""Time to load many records, and what killing a campaign costs: ``python -m benchmarks.campaigns``."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from pathlib import Path

import numpy as np

from focalbook.campaigns.archive import keep
from focalbook.campaigns.frame import load_frame
from focalbook.campaigns.plan import parse_plan
from focalbook.campaigns.runner import run_campaign
from focalbook.campaigns.shelf import Shelf
from focalbook.campaigns.status import verify
from focalbook.store import Metric, Record, provenance


def synthetic(count: int) -> list[Record]:
    """Records as large as those of a training run: forty metrics, arrays for ten thousand test images."""
    rng = np.random.default_rng(0)
    made = provenance()
    arrays = {
        "confidence": rng.random(10_000).astype(np.float16),
        "correct": rng.random(10_000) < 0.7,
        "true": rng.random(10_000).astype(np.float16),
    }
    records = []
    for seed in range(count):
        configuration = {f"setting{k}": float(k) for k in range(25)} | {"seed": seed}
        metrics = {f"metric{k}": Metric(float(x), 0.0, 1.0, 10_000) for k, x in enumerate(rng.random(40))}
        records.append(Record("synthetic", configuration, metrics, 1.0, made, arrays))
    return records


def loading(count: int) -> None:
    """Seconds to load a table of records, without their arrays."""
    with tempfile.TemporaryDirectory() as name:
        results = Path(name)
        keep(synthetic(count), results)
        load_frame("synthetic", results).head()  # pandas is imported
        seconds = []
        for _ in range(5):
            started = time.perf_counter()
            table = load_frame("synthetic", results)
            seconds.append(time.perf_counter() - started)
        started = time.perf_counter()
        wrong = verify("synthetic", results)
        checked = time.perf_counter() - started
    print(
        f"{len(table)} records, {table.shape[1]} columns: {np.median(seconds):.3f} s, "
        f"{min(seconds):.3f} at best"
    )
    print(f"verified with arrays and checksums: {checked:.2f} s, {len(wrong)} wrong")


_GRID = """
name = "killed"
experiment = "rehearsal"
[base]
seconds = 0.01
[axes]
seed = {seeds}
"""


def _carry_out(results: Path, runs: int) -> None:
    run_campaign(parse_plan(_GRID.format(seeds=list(range(runs)))), results)


def killing(moments: int, runs: int) -> None:
    """Kill a campaign at random moments, over and over; count what was lost of what was stored."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["focalbook.campaigns.runner", "focalbook.campaigns.rehearsal"])
    rng, killed, lost, rounds = np.random.default_rng(0), 0, 0, 0
    while killed < moments:
        rounds += 1
        with tempfile.TemporaryDirectory() as name:
            results, before = Path(name), {}
            while len(before) < runs and killed < moments:
                child = context.Process(target=_carry_out, args=(results, runs))
                child.start()
                child.join(float(rng.uniform(0.002, 0.15)))
                killed += child.is_alive()
                child.kill()
                child.join()
                shelf = Shelf(results, "killed")
                shelf.tidy()
                lost += len(verify("killed", results))
                now = {p.name: json.loads(p.read_text()) for p in shelf.folder.glob("*.json")}
                lost += sum(now.get(file) != content for file, content in before.items())
                before = now
    print(f"{killed} moments tried in {rounds} campaigns of {runs} runs: {lost} records lost or damaged")


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=500)
    parser.add_argument("--moments", type=int, default=200)
    args = parser.parse_args()
    loading(args.records)
    killing(args.moments, runs=40)


if __name__ == "__main__":
    main()
