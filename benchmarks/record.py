"""Run every benchmark and store what it measured: ``python -m benchmarks.record``, about four minutes.

The records replace those of the run before. They are honest only on a machine that does nothing else
meanwhile: the load at the start is kept with them. Set OMP_NUM_THREADS=1 (``make bench`` does), so that NumPy
and SciPy keep to one core as PyTorch does.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

import torch

from benchmarks import minimizer, nn_loss, peers
from benchmarks.report import show
from focalbook.campaigns.benchmarks import store
from focalbook.store import provenance

RESULTS = Path(__file__).resolve().parent.parent / "results"


def processor() -> str:
    """Name of the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


def machine() -> str:
    """Processor, cores, and how busy they are now, in words."""
    cores = os.cpu_count() or 1
    load = f"load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else "load unknown"
    return f"{processor()}, {cores} cores, {load}"


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=90.0, help="time for the rounds, altogether (90)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the records")
    args = parser.parse_args()
    torch.set_num_threads(1)
    device = machine()
    provenance()  # the commit that is measured is the one at the start
    tables = nn_loss.measure(0.7 * args.seconds) + minimizer.measure(budget=0.3 * args.seconds)
    for table in tables:
        show(table)
    written = store(tables, args.results, device, peers.versions())
    print(f"\n{len(written)} records written to {args.results}, measured on {device}")


if __name__ == "__main__":
    main()
