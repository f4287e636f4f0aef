"""Printing and keeping what was measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from focalbook.campaigns.benchmarks import Measured
from focalbook.store import Metric


def _text(metric: Metric) -> str:
    if metric.low != metric.low:  # no interval
        return f"{metric.value:.3g}"
    return f"{metric.value:.3g} [{metric.low:.3g}, {metric.high:.3g}]"


def show(measured: Measured) -> None:
    """Print a table; counts of many settings are added up."""
    settings = ", ".join(f"{k} {v}" for k, v in measured.settings.items() if not isinstance(v, list))
    print(f"\n{measured.table}: {settings} ({measured.seconds:.0f} s)")
    for name, quantities in measured.contenders.items():
        if not quantities:
            text = "not installed"
        elif len(quantities) > 8:
            text = f"{sum(m.value for m in quantities.values()):g} of {sum(m.n for m in quantities.values())}"
        else:
            text = "  ".join(f"{quantity} {_text(m)}" for quantity, m in quantities.items())
        print(f"  {name:22} {text}")


def write_json(tables: Sequence[Measured], path: str) -> None:
    """Write tables to a file."""
    content = [
        {
            "table": t.table,
            "settings": t.settings,
            "seconds": t.seconds,
            "contenders": {
                name: {quantity: vars(metric) for quantity, metric in quantities.items()}
                for name, quantities in t.contenders.items()
            },
        }
        for t in tables
    ]
    Path(path).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
