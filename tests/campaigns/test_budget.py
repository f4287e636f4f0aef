"""Budgets. Oracle: a clock that is moved by hand."""

from __future__ import annotations

import pytest

from focalbook.campaigns.budget import Budget, Durations, parse_duration, watcher
from focalbook.campaigns.experiments import OutOfTimeError
from focalbook.store import Provenance, Record


class Clock:
    """Stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("9m", 540), ("1h30m", 5400), ("0.5h", 1800), ("1m1s", 61)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "9 minutes", "-3m", "0s", "3m2h", "nan"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_duration(text)


def test_budget() -> None:
    clock = Clock()
    budget, endless = Budget(50.0, clock), Budget(None, clock)
    clock.now += 20
    assert (budget.used, budget.left, endless.left) == (20.0, 30.0, float("inf"))
    clock.now += 40
    assert budget.left == 0.0


def test_expected_duration_does_not_depend_on_seed_and_gamma() -> None:
    made = Provenance("cuda (x)", {}, None, None, "")
    configuration = {"model": "a", "seed": 1, "gamma": 0.0}
    records = [
        Record("c", configuration, {}, 30.0, made),
        Record("c", configuration | {"seed": 2}, {}, 40.0, made),
        Record("c", configuration | {"model": "b"}, {}, 5.0, made),
    ]
    durations = Durations(records)
    assert durations.expected({"model": "a", "seed": 9, "gamma": 5.0}) == pytest.approx(44.0)
    assert durations.expected({"model": "c"}) is None
    assert Durations(records, device="cpu").expected(configuration) is None


def test_a_run_is_given_up_once_its_epochs_show_that_it_cannot_end() -> None:
    """Ten epochs of ten seconds after one of thirty, and 15 % for measuring, in 140 seconds."""
    clock = Clock()
    watch = watcher(Budget(140.0, clock), clock)
    clock.now += 30
    watch(1, 11)  # says nothing yet
    clock.now += 10
    with pytest.raises(OutOfTimeError) as error:
        watch(2, 11)  # 100 left, 9 epochs and 16.5 s of measuring to come
    assert error.value.expected == pytest.approx(40 + 90 + 16.5)


def test_a_run_that_fits_is_left_alone() -> None:
    clock = Clock()
    watch = watcher(Budget(150.0, clock), clock)
    clock.now += 30
    watch(1, 11)
    for epoch in range(2, 12):
        clock.now += 10
        watch(epoch, 11)
    assert clock.now == 100 + 30 + 10 * 10
