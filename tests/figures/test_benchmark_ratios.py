"""Ratios of the benchmarks. Oracle: the stored JSON, read without the package."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from focalbook.campaigns.benchmarks import FOLDER, load
from focalbook.figures import benchmark_ratios
from focalbook.figures.style import figure

RESULTS = Path(__file__).resolve().parents[2] / "results"


@pytest.mark.parametrize("table", ["loss", "posterior"])
def test_dots_are_the_stored_medians(table: str) -> None:
    numbers = benchmark_ratios.data(load(RESULTS), table)
    seen = 0
    for path in (RESULTS / FOLDER).glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        setting = content["configuration"]
        if setting["table"] != table:
            continue
        s = numbers.shapes.index((setting["rows"], setting["classes"]))
        g = numbers.gammas.index(setting["gamma"])
        for c, name in enumerate(numbers.names):
            stored = content["metrics"][f"{name}: ratio"]
            found = [a[s, g, c] for a in (numbers.ratio, numbers.low, numbers.high)]
            assert found == [stored["value"], stored["low"], stored["high"]]
            seen += 1
    assert seen == numbers.ratio.size


def test_the_base_is_left_out_and_intervals_hold_the_median() -> None:
    numbers = benchmark_ratios.data(load(RESULTS))
    assert numbers.names[0] == "focalbook"
    assert np.all((numbers.low <= numbers.ratio) & (numbers.ratio <= numbers.high))


def test_it_can_be_drawn() -> None:
    numbers = benchmark_ratios.data(load(RESULTS))
    shown = figure(benchmark_ratios.draw, numbers, alt="Two panels", nrows=2)
    assert shown.light != shown.dark
