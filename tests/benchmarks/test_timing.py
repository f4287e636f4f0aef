"""Turns and ratios. Oracle: a clock that each contender moves forward by a known time."""

from __future__ import annotations

import pytest

from benchmarks import timing


class Clock:
    """A clock that stands still between calls."""

    def __init__(self) -> None:
        self.now = 0.0
        self.order: list[str] = []

    def perf_counter(self) -> float:
        """Seconds that have passed."""
        return self.now

    def contender(self, name: str, seconds: float):
        """A call that takes so long."""

        def call() -> None:
            self.order.append(name)
            self.now += seconds

        return call


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timing, "time", made)
    return made


def test_ratios_and_times_are_those_of_the_clock(clock: Clock) -> None:
    calls = {"base": clock.contender("base", 0.002), "slow": clock.contender("slow", 0.5)}
    taken = timing.rounds_of(calls, 4.0)
    found = timing.summary(taken, "base")
    assert found["base"]["ratio"].value == 1.0
    assert found["slow"]["ratio"].value == pytest.approx(250.0)
    assert found["slow"]["least"].value == pytest.approx(500.0)
    assert found["base"]["milliseconds"].value == pytest.approx(2.0)


def test_contenders_take_turns_and_begin_in_turn(clock: Clock) -> None:
    names = ("a", "b", "c")
    timing.rounds_of({name: clock.contender(name, 1.0) for name in names}, 0.0)
    assert clock.order == [*"aabbcc", *"abc", *"bca", *"cab"]


def test_the_slow_leave_early_and_the_base_never(clock: Clock) -> None:
    calls = {"base": clock.contender("base", 0.01), "slow": clock.contender("slow", 10.0)}
    taken = timing.rounds_of(calls, 40.0)
    assert timing.LEAST_ROUNDS <= len(taken["slow"]) < len(taken["base"])


def test_short_calls_are_repeated_within_a_turn(clock: Clock) -> None:
    taken = timing.rounds_of({"base": clock.contender("base", 0.001)}, 0.0)
    assert len(taken["base"]) == timing.LEAST_ROUNDS
    assert len(clock.order) == 2 + timing.LEAST_ROUNDS * (1 + round(timing.TURN / 0.001))
