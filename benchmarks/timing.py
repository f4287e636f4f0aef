"""Timing side by side: contenders take turns, and each round gives one ratio to the first of them.

Whatever else the machine does then hits all of them alike, and the spread of the ratios says how much it did.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from focalbook.campaigns.benchmarks import spread
from focalbook.store import Metric

#: Rounds that everybody takes part in, however slow.
LEAST_ROUNDS = 3

#: Seconds that a turn lasts at least, where one call is shorter.
TURN = 0.02


def _turn(call: Callable[[], object], calls: int) -> float:
    """Seconds of one call, the mean of `calls`; if more than one, after one more that is not counted.

    That one brings caches and the allocator back from what the contender before left behind.
    """
    if calls > 1:
        call()
    before = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - before) / calls


def rounds_of(contenders: Mapping[str, Callable[[], object]], budget: float) -> dict[str, list[float]]:
    """Seconds of one call of each contender in each round, after two calls of each that do not count.

    Rounds are added until `budget` seconds have passed, at least `LEAST_ROUNDS`. After these, contenders that
    have used up their share of the time are left out, except the first, on which the ratios rest. Each round
    starts one contender later than the round before, so that nobody always follows the same neighbour.
    """
    names = list(contenders)
    calls = {}
    for name, call in contenders.items():
        call()
        calls[name] = max(1, round(TURN / _turn(call, 1)))
    taken: dict[str, list[float]] = {name: [] for name in names}
    used = dict.fromkeys(names, 0.0)
    started = time.perf_counter()
    shift = 0
    while shift < LEAST_ROUNDS or time.perf_counter() - started < budget:
        there = [n for n in names if n == names[0] or shift < LEAST_ROUNDS or used[n] < budget / len(names)]
        for name in there[shift % len(there) :] + there[: shift % len(there)]:
            before = time.perf_counter()
            taken[name].append(_turn(contenders[name], calls[name]))
            used[name] += time.perf_counter() - before
        shift += 1
    return taken


def summary(taken: Mapping[str, list[float]], base: str) -> dict[str, dict[str, Metric]]:
    """For each contender the ratio to `base`, round by round, and milliseconds: medians with quartiles.

    `base` is the first contender, who is there in every round. ``least`` is the smallest time of a
    contender: what it needs when nothing else runs.
    """
    found = {}
    for name, times in taken.items():
        ratios = [a / b for a, b in zip(times, taken[base], strict=False)]
        milliseconds = spread([1e3 * t for t in times])
        least = Metric(1e3 * min(times), float("nan"), float("nan"), len(times))
        found[name] = {"ratio": spread(ratios), "milliseconds": milliseconds, "least": least}
    return found
