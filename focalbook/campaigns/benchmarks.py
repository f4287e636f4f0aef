"""Records of the benchmarks: how measurements become records, and tables made from the records.

The programs that measure are in the folder ``benchmarks`` beside the package, because they need peers and
tests that the package does not. What they measured comes here to be stored, and the book reads it from here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from focalbook.io.manifest import forget, update_manifest
from focalbook.store import Metric, Record, RecordError, provenance, read_record, write_record

__all__ = ["CAMPAIGN", "FOLDER", "Measured", "by_contender", "load", "only", "spread", "store"]

CAMPAIGN = "benchmark"

#: Folder of the records, below ``results``.
FOLDER = "benchmarks"


@dataclass(frozen=True)
class Measured:
    """What one benchmark measured in one run: a table with a row for each contender.

    Attributes
    ----------
    table : str
        Kind of table, for example ``loss``.
    settings : dict of JSON values
        Everything that was set: sizes, gamma, dtype, threads.
    contenders : dict
        For each contender the metric of each quantity. Empty where the contender could not run at all, for
        example because it is not installed.
    seconds : float
        Time the whole table took.
    """

    table: str
    settings: dict[str, Any]
    contenders: dict[str, dict[str, Metric]]
    seconds: float


def spread(samples: Sequence[float]) -> Metric:
    """Median with the lower and upper quartile as its interval.

    Raises
    ------
    ValueError
        No sample.
    """
    if len(samples) == 0:
        raise ValueError("a spread needs at least one sample, got none.")
    low, middle, high = np.quantile(np.asarray(samples, dtype=float), (0.25, 0.5, 0.75))
    return Metric(float(middle), float(low), float(high), len(samples))


def _record(measured: Measured, made: Any) -> Record:
    for contender in measured.contenders:
        if ": " in contender:
            raise ValueError(f"the name of a contender must not hold a colon and a space, got {contender!r}.")
    metrics = {
        f"{contender}: {quantity}": metric
        for contender, quantities in measured.contenders.items()
        for quantity, metric in quantities.items()
    }
    configuration = {"table": measured.table, "contenders": list(measured.contenders)} | measured.settings
    return Record(CAMPAIGN, configuration, metrics, measured.seconds, made)


def store(
    tables: Sequence[Measured], results: Path, device: str, versions: Mapping[str, str] | None = None
) -> list[Path]:
    """Write one run of all benchmarks in place of the run before, and enter it in the manifest.

    Parameters
    ----------
    tables : sequence of Measured
        Of one run, so that the tables belong together.
    results : Path
        The folder that holds the manifest; the records go to its subfolder :data:`FOLDER`.
    device : str
        What they were measured on, in words.
    versions : mapping of str, optional
        Versions of the peers, besides those that every record holds.

    Returns
    -------
    list of Path
        Files written.

    Raises
    ------
    ValueError
        Two tables with the same settings, or none.
    DataFileError
        A file cannot be written.
    """
    made = provenance(device)
    made = dataclasses.replace(made, versions=made.versions | dict(versions or {}))
    records = [_record(measured, made) for measured in tables]
    if not records or len({record.id for record in records}) != len(records):
        raise ValueError(f"expected tables with different settings, at least one, got {len(records)} tables.")
    folder = results / FOLDER
    folder.mkdir(exist_ok=True)
    written = [write_record(record, folder) for record in records]
    gone = [path for path in sorted(folder.glob("*.json")) if path not in written]
    for path in gone:
        path.unlink()
    forget(results, *(f"{FOLDER}/{path.name}" for path in gone))
    update_manifest(results, *(f"{FOLDER}/{path.name}" for path in written))
    return written


def load(results: Path) -> list[Record]:
    """All records of the benchmarks.

    Raises
    ------
    RecordError
        A damaged record, one of another campaign, or none at all.
    """
    records = [read_record(path) for path in sorted((results / FOLDER).glob("*.json"))]
    wrong = {record.campaign for record in records} - {CAMPAIGN}
    if not records or wrong:
        found = f"records of {sorted(wrong)}" if wrong else "no record"
        raise RecordError(f"{results / FOLDER}: {found}; run `python -m benchmarks.record`")
    return records


def only(records: Sequence[Record], table: str, **settings: Any) -> Record:
    """The record of a table with these settings.

    Raises
    ------
    ValueError
        None or several fit.
    """
    wanted = {"table": table} | settings
    found = [r for r in records if all(r.configuration.get(k) == v for k, v in wanted.items())]
    if len(found) != 1:
        raise ValueError(f"expected one record with {wanted}, found {len(found)} among {len(records)}.")
    return found[0]


def by_contender(record: Record) -> dict[str, dict[str, Metric]]:
    """Metrics of each contender, as they were in :attr:`Measured.contenders`."""
    found: dict[str, dict[str, Metric]] = {name: {} for name in record.configuration["contenders"]}
    for name, metric in record.metrics.items():
        contender, quantity = name.split(": ", 1)
        found[contender][quantity] = metric
    return found
