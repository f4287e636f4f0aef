"""Tables of the benchmarks, as headings and rows of text made from records alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from focalbook.campaigns.benchmarks import by_contender, only
from focalbook.store import Metric, Record

__all__ = ["Table", "lost", "made_on", "minimizers", "scaling", "timed", "times"]

#: Headings, and rows of as many texts.
Table = tuple[list[str], list[list[str]]]

MISSING = "not installed"
BELOW_ONE, FROM_ONE = "rows lost, γ < 1", "rows lost, γ ≥ 1"


def _digits(value: float) -> str:
    """Two digits behind the point below 10, one below 100, none from there on."""
    if math.isnan(value):
        return "none"
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f}"


def _ratio(metric: Metric) -> str:
    """Median and quartiles; the base of the ratios has none."""
    if metric.value == metric.low == metric.high:
        return f"{metric.value:g}"
    return f"{_digits(metric.value)} ({_digits(metric.low)} to {_digits(metric.high)})"


def _small(value: float) -> str:
    """Two significant digits, without an exponent above a hundred."""
    return f"{value:.2g}" if value < 100 else _digits(value)


def _error(metric: Metric) -> str:
    return "none" if math.isnan(metric.value) else f"{metric.value:.0e}".replace("-", "\u2212")


def timed(records: Sequence[Record], table: str) -> list[tuple[int, int]]:
    """Shapes (rows, classes) of a table of times, smaller number of classes first."""
    found = {
        (int(r.configuration["rows"]), int(r.configuration["classes"]))
        for r in records
        if r.configuration["table"] == table
    }
    return sorted(found, key=lambda shape: shape[1])


def times(records: Sequence[Record], table: str, rows: int, classes: int) -> Table:
    """Ratios to the first contender with quartiles and least milliseconds, for each gamma.

    Parameters
    ----------
    records : sequence of Record
    table : {"loss", "posterior"}
    rows, classes : int
        Shape of the logits.
    """
    shape = {"rows": rows, "classes": classes}
    gammas = sorted(
        float(r.configuration["gamma"])
        for r in records
        if r.configuration["table"] == table and {k: r.configuration[k] for k in shape} == shape
    )
    parts = [by_contender(only(records, table, gamma=gamma, **shape)) for gamma in gammas]
    head = ["", *(text for g in gammas for text in (f"ratio, γ = {g:g}", "least ms"))]
    body = []
    for name in parts[0]:
        cells = []
        for part in parts:
            found = part[name]
            cells += [_ratio(found["ratio"]), _digits(found["least"].value)] if found else [MISSING, ""]
        body.append([name, *cells])
    return head, body


def _count(metrics: Sequence[Metric]) -> str:
    return f"{sum(round(m.value) for m in metrics):,} of {sum(m.n for m in metrics):,}"


def lost(records: Sequence[Record], table: str) -> Table:
    """Rows with a gradient or a posterior that is not finite, all dtypes together and each alone.

    Parameters
    ----------
    records : sequence of Record
    table : {"gradients", "posteriors"}
    """
    record = only(records, table)
    dtypes = record.configuration["dtypes"]
    head = ["", BELOW_ONE, FROM_ONE, *(f"`{dtype}`" for dtype in dtypes)]
    body = []
    for name, found in by_contender(record).items():
        if not found:
            body.append([name, MISSING, *[""] * (len(head) - 2)])
            continue
        split = {quantity: quantity.split(", gamma ") for quantity in found}
        below = [m for q, m in found.items() if float(split[q][1]) < 1.0]
        above = [m for q, m in found.items() if float(split[q][1]) >= 1.0]
        each = [[m for q, m in found.items() if split[q][0] == dtype] for dtype in dtypes]
        single = [f"{sum(round(m.value) for m in metrics):,}" for metrics in each]
        body.append([name, _count(below), _count(above), *single])
    return head, body


def minimizers(records: Sequence[Record], classes: int) -> Table:
    """Ratios of the solvers for one number of classes, and their errors against 50 digits."""
    record = only(records, "minimizer", classes=classes)
    head = ["", "ratio", "least ms", "error", "relative", "error, extreme", "relative, extreme"]
    names = ("absolute", "relative", "extreme absolute", "extreme relative")
    body = [
        [name, _ratio(found["ratio"]), _small(found["least"].value), *(_error(found[n]) for n in names)]
        for name, found in by_contender(record).items()
    ]
    return head, body


def scaling(records: Sequence[Record]) -> Table:
    """Milliseconds of one problem with many classes, and nanoseconds for each class."""
    record = only(records, "scaling")
    found = by_contender(record)["focalbook"]
    body = []
    for classes in record.configuration["classes"]:
        metric = found[f"{classes} classes"]
        body.append([f"{classes:,}", _ratio(metric), f"{metric.value / classes * 1e6:.0f}"])
    return ["Classes", "milliseconds", "nanoseconds for each class"], body


def made_on(records: Sequence[Record]) -> Table:
    """When, where and with what the records were made.

    Raises
    ------
    ValueError
        The records are of several runs.
    """
    made = records[0].provenance
    if any(vars(r.provenance) != vars(made) for r in records):
        raise ValueError("the records are of several runs: record them together, python -m benchmarks.record")
    commit = "unknown" if made.commit is None else f"`{made.commit[:12]}`"
    if made.dirty:
        commit += ", with changes"
    body = [
        ["Machine", made.device],
        ["Date", made.created.replace("T", " ").replace("+00:00", " UTC")],
        ["Commit", commit],
    ]
    body.append(["Seconds in all", f"{sum(r.seconds for r in records):.0f}"])
    return ["", ""], body + [[f"`{name}`", version] for name, version in made.versions.items()]
