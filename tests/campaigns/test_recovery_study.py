"""Numbers of a study. Oracles: the formula behind invented records, and Student's interval by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from focalbook.calibration import Estimate
from focalbook.campaigns.archive import keep
from focalbook.campaigns.plan import load_plan, parse_plan
from focalbook.campaigns.recovery_study import STORED, TREATMENTS, stored_study, study, verdict
from focalbook.store import Record
from tests.campaigns.invented_recovery import CHANGES, LOGS, TEXT, plan, records


def test_changes_are_those_put_in() -> None:
    found = study(plan(), records())
    assert (found.cells, found.gammas, found.seeds) == (("all", "few"), (0.0, 1.0, 2.0), (0, 1, 2))
    for cell, name in enumerate(found.cells):
        for k, treatment in enumerate(TREATMENTS[1:]):
            expected = 2 * CHANGES[name][k] + 0.001 * np.array([-1, 0, 1])
            np.testing.assert_allclose(found.change("test ece", treatment)[cell, 2], expected, atol=1e-12)
        np.testing.assert_allclose(
            np.log(found.temperatures[:, cell, 1]), np.add.outer(LOGS[name], 0.001 * np.arange(3)), atol=1e-12
        )


def test_recovery_changes_nothing_at_gamma_zero() -> None:
    found = study(plan(), records())
    assert (found.change("test nll", "recovered")[:, 0] == 0).all()
    assert (found.change("test nll", "recovered, temperature", "temperature")[:, 0] == 0).all()
    np.testing.assert_array_equal(found.temperatures[0, :, 0], found.temperatures[1, :, 0])


def test_intervals_are_students() -> None:
    found = study(plan(), records())
    change = found.change("test nll", "recovered")
    one = found.over(change, 1, 2)
    assert one is not None
    low, high = ttest_1samp(change[1, 2], 0.0).confidence_interval(0.95)
    assert (one.low, one.high, one.n) == (pytest.approx(low), pytest.approx(high), 3)
    slope = found.slope(change, 0)
    assert slope is not None
    by_hand = [np.polyfit([0, 1, 2], change[0, :, seed], 1)[0] for seed in range(3)]
    assert slope.value == pytest.approx(np.mean(by_hand))


@pytest.mark.parametrize("stored", [0, 1, 7, 18])
def test_any_number_of_records_will_do(stored: int) -> None:
    found = study(plan(), [*records(slice(stored)), dataclasses.replace(records()[0], campaign="other")])
    assert (found.found, found.planned, found.complete) == (stored, 18, stored == 18)
    assert np.isfinite(found.of("test nll", "as it is")).sum() == stored
    assert found.moved == (0, stored)
    assert (f"{stored} " in found.statement()) is (stored > 0)
    assert ("focalbook campaign run trial" in found.statement()) is (stored < 18)
    if stored == 0:
        assert found.over(found.of("test nll", "recovered"), 0, 0) is None
        assert found.slope(found.of("test gap", "recovered"), 0) is None


def test_a_single_seed_has_no_interval() -> None:
    found = study(plan(), records(slice(1)))
    one = found.over(found.of("test nll", "as it is"), 0, 0)
    assert one is not None
    assert np.isnan(one.low)
    assert verdict(one) == "cannot be told"


def test_a_changed_accuracy_is_seen() -> None:
    changed = records()
    metrics = dict(changed[1].metrics)
    wrong = dataclasses.replace(metrics["test accuracy"], value=np.nextafter(0.5, 0))
    changed[1] = dataclasses.replace(changed[1], metrics=metrics | {"test accuracy, recovered": wrong})
    assert study(plan(), changed).moved == (1, 18)


def test_missing_temperatures_are_no_numbers() -> None:
    """Rows that determine no temperature leave its metrics out."""
    thinned = [
        dataclasses.replace(r, metrics={k: m for k, m in r.metrics.items() if "temperature" not in k})
        for r in records()
    ]
    found = study(plan(), thinned)
    assert np.isnan(found.temperatures).all()
    assert np.isfinite(found.change("test nll", "recovered")).all()


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(-2, -1, "lower"), (1, 2, "higher"), (-1, 1, "cannot be told"), (0, 1, "cannot be told")],
)
def test_words_for_intervals(low: float, high: float, word: str) -> None:
    assert verdict(Estimate(0.5 * (low + high), low, high, 3, 0.95)) == word


def test_plans_of_other_losses_are_refused() -> None:
    other = parse_plan(
        TEXT.replace('loss = "focal"', 'loss = "dual-focal"').replace("[0.0, 1.0, 2.0]", "[1.0]")
    )
    with pytest.raises(ValueError, match=r"dual-focal.*recovery is for focal loss"):
        study(other, [])


@pytest.mark.parametrize("name", STORED)
def test_plans_of_the_package_without_records(name: str, tmp_path: Path) -> None:
    found = stored_study(name, tmp_path)
    assert (found.found, found.planned) == (0, len(load_plan(name).runs))
    assert "none is stored" in found.statement()


def test_records_are_read_from_the_shelf(tmp_path: Path) -> None:
    run = load_plan("cifar100-small").runs[3]
    one = records()[1]
    keep([Record("cifar100-small", run.configuration, one.metrics, 1.0, one.provenance, {})], tmp_path)
    assert stored_study("cifar100-small", tmp_path).found == 1
