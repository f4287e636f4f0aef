"""What is stored of a plan, what is missing, and whether all of it is sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from focalbook.campaigns.archive import files, known_files, sha256
from focalbook.campaigns.measures import over_seeds
from focalbook.campaigns.plan import Plan, Run
from focalbook.campaigns.shelf import Shelf
from focalbook.campaigns.tables import Table
from focalbook.io.manifest import forget
from focalbook.store import Record, RecordError, read_record

__all__ = ["set_aside", "stored_runs", "table", "verify"]


def stored_runs(plan: Plan, shelf: Shelf) -> dict[str, Record]:
    """Stored records of a plan's runs, without arrays, by id.

    Raises
    ------
    RecordError
        A damaged record.
    """
    wanted = {run.id for run in plan.runs}
    return {record.id: record for record in shelf.records() if record.id in wanted}


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.4g}"


def table(plan: Plan, records: Mapping[str, Record], over: str = "seed") -> Table:
    """A row for each place on the axes, runs that differ in `over` taken together.

    Columns: the axes; runs stored of those planned; mean seconds; the metrics that the plan reports, as mean
    and half-width of Student's 95 % interval over the runs where there are several.
    """
    axes = [axis for axis in plan.axes if axis != over]
    cells: dict[tuple[str, ...], list[Run]] = {}
    for run in plan.runs:
        cells.setdefault(tuple(run.labels.get(axis, "") for axis in axes), []).append(run)
    rows = []
    for place, runs in cells.items():
        found = [records[run.id] for run in runs if run.id in records]
        row = [*place, f"{len(found)}/{len(runs)}"]
        row.append(f"{np.mean([r.seconds for r in found]):.0f}" if found else "–")
        rows.append(row + [_cell(found, metric) for metric in plan.report])
    return [*axes, "stored", "seconds", *plan.report], rows


def _cell(records: Sequence[Record], metric: str) -> str:
    values = [r.metrics[metric].value for r in records if metric in r.metrics]
    if not values:
        return "–"
    if len(values) == 1:
        return _number(values[0])
    mean = over_seeds(values)
    return f"{_number(mean.value)} ± {_number(0.5 * (mean.high - mean.low))}"


def verify(campaign: str, results: Path) -> dict[str, str]:
    """Read all of a campaign: what is damaged, missing, or not known to the manifest.

    Returns
    -------
    dict of str
        What is wrong, by file name; empty when all is well.
    """
    folder, known, present = results / campaign, known_files(campaign, results), files(campaign, results)
    wrong = dict.fromkeys(set(known) - present, "in the manifest, but missing")
    wrong |= dict.fromkeys(present - set(known), "not in the manifest")
    for name in present & set(known):
        if sha256(folder / name) != known[name]:
            wrong[name] = "differs from what was recorded"
    for name in (name for name in present if name.endswith(".json")):
        try:
            record = read_record(folder / name)
            if (record.campaign, f"{record.id}.json") != (campaign, name):
                wrong[name] = f"holds the record {record.id} of {record.campaign}"
        except RecordError as error:
            wrong[name] = str(error)
    return dict(sorted(wrong.items()))


def set_aside(campaign: str, results: Path, names: Sequence[str]) -> Path:
    """Move damaged files, with their twins, out of the way, so that their runs can be done again.

    Returns
    -------
    Path
        The folder ``results/.damaged/CAMPAIGN`` where they are now.
    """
    target = results / ".damaged" / campaign
    target.mkdir(parents=True, exist_ok=True)
    stems = {name.split(".")[0] for name in names}
    for path in sorted((results / campaign).iterdir()):
        if path.name.split(".")[0] in stems:
            path.replace(target / path.name)
    endings = [f"{campaign}/{stem}.{ending}" for stem in stems for ending in ("json", "npz")]
    forget(results, *endings)
    return target
