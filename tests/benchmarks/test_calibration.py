"""The competitors of the benchmark measure the same quantity: they agree off the edges of bins."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from benchmarks import calibration


@pytest.mark.parametrize(
    "name",
    [n for n in calibration.COMPETITORS if n not in ("argmax alone", "top label alone", "argmax and max")],
)
def test_competitors_agree(name: str) -> None:
    measure, module = calibration.COMPETITORS[name]
    if module is not None and importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    probs, labels = calibration.predictions(2000, 10, np.float64)
    expected = calibration.plain_loop(probs, labels)  # oracle: a mask for each bin
    assert measure(probs, labels) == pytest.approx(expected, abs=2e-6)  # torchmetrics: single precision
    assert expected > 0.01


def test_the_table_has_ratios_to_the_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    table = calibration.compare(200, 5, np.float32, rounds=2)
    ratio = {row["competitor"]: row["ratio"] for row in table}
    assert ratio[calibration.BASELINE] == 1
    assert {"focalbook", "argmax alone"} <= ratio.keys()
    difference = {row["competitor"]: row["difference"] for row in table}
    assert difference["focalbook"] < 1e-12  # type: ignore[operator]


def test_libraries_follow_the_conventions_that_the_book_says() -> None:
    table = calibration.on_edges()
    assert {"focalbook", "scikit-learn"} <= {row["library"] for row in table}
    for row in table:
        assert row["value"] == pytest.approx(row["convention"], abs=2e-6), row


def test_smooth_errors_agree_where_both_are_there() -> None:
    values = [row["value"] for row in calibration.smooth(3000)]
    assert np.ptp(values) < 2e-3
