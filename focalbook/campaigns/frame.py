"""Records as a table: one row a run, one column a setting or a metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from focalbook.campaigns.shelf import Shelf
from focalbook.store import Record

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame", "load_frame"]


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = tuple(value) if isinstance(value, list) else value
    return found


def frame(records: Iterable[Record]) -> pd.DataFrame:
    """Table of records.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    DataFrame
        Indexed by id. Settings under their names (nested ones with dots), each metric under its name, with
        ``NAME low``, ``NAME high`` and ``NAME n``; ``seconds``, ``device``, ``commit``, ``dirty``,
        ``created``. A metric that has the name of a setting is called ``measured NAME``.
    """
    import pandas as pd

    rows = []
    for record in records:
        row = {"id": record.id, "campaign": record.campaign} | _flat(record.configuration)
        for name, metric in record.metrics.items():
            column = f"measured {name}" if name in row else name
            row |= {
                column: metric.value,
                f"{column} low": metric.low,
                f"{column} high": metric.high,
                f"{column} n": metric.n,
            }
        made = record.provenance
        row |= {"seconds": record.seconds, "device": made.device, "commit": made.commit}
        rows.append(row | {"dirty": made.dirty, "created": made.created})
    return pd.DataFrame(rows).set_index("id") if rows else pd.DataFrame(rows)


def load_frame(campaign: str, results: Path) -> pd.DataFrame:
    """Table of the stored records of a campaign; empty where there is none.

    Raises
    ------
    RecordError
        A damaged record. Arrays are not looked at; ``focalbook campaign verify`` does.
    """
    return frame(Shelf(results, campaign).records())
