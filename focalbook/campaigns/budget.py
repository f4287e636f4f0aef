"""Time that a campaign may take, and how long its runs are expected to take."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from focalbook.campaigns.experiments import OutOfTimeError
from focalbook.store import Record, configuration_id

__all__ = ["Budget", "Durations", "parse_duration", "watcher"]

_DURATION = re.compile(r"(?:(?P<h>\d+(?:\.\d+)?)h)?(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s?)?")

#: Settings that hardly change how long a run takes.
FREE = ("seed", "gamma")

#: Factor on what a run is expected to take: no two runs take the same time.
CAUTION = 1.1


def parse_duration(text: str) -> float:
    """Seconds from ``90``, ``90s``, ``9m``, ``1h30m``.

    Raises
    ------
    ValueError
        Anything else, or nothing above 0.
    """
    found = _DURATION.fullmatch(text.strip().lower())
    seconds = (
        sum(float(found[unit] or 0) * size for unit, size in (("h", 3600), ("m", 60), ("s", 1)))
        if found
        else 0.0
    )
    if seconds <= 0:
        raise ValueError(f"{text!r} is not a time: expected for example 90s, 9m or 1h30m, above 0")
    return seconds


class Budget:
    """Seconds from now on; without a limit where None."""

    def __init__(self, seconds: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self.started = clock, clock()
        self._end = float("inf") if seconds is None else self.started + seconds

    @property
    def used(self) -> float:
        """Seconds since the start."""
        return self._clock() - self.started

    @property
    def left(self) -> float:
        """Seconds until the end, not below 0; infinite without a limit."""
        return max(self._end - self._clock(), 0.0)


class Durations:
    """Seconds of runs seen so far, by what they have in common apart from seed and gamma."""

    def __init__(self, records: Iterable[Record] = (), device: str = "") -> None:
        self._seconds: dict[str, float] = {}
        for record in records:
            if record.provenance.device.startswith(device):
                self.add(record.configuration, record.seconds)

    @staticmethod
    def _key(configuration: Mapping[str, Any]) -> str:
        return configuration_id({name: value for name, value in configuration.items() if name not in FREE})

    def add(self, configuration: Mapping[str, Any], seconds: float) -> None:
        """Note what a run took, or was found to need; the longest of its kind counts."""
        key = self._key(configuration)
        self._seconds[key] = max(seconds, self._seconds.get(key, 0.0))

    def expected(self, configuration: Mapping[str, Any]) -> float | None:
        """Seconds that a run is expected to take; None where nothing like it was seen."""
        seen = self._seconds.get(self._key(configuration))
        return None if seen is None else CAUTION * seen


def watcher(
    budget: Budget, clock: Callable[[], float] = time.monotonic, reserve: float = 0.15
) -> Callable[[int, int], None]:
    """A function that gives up a run as soon as it is clear that it would not end in time.

    Parameters
    ----------
    budget : Budget
    clock : callable
        Seconds.
    reserve : float, >= 0
        What measuring after the training takes, as a part of the training, where it is not known yet.

    Returns
    -------
    callable
        To be called as ``watch(done, total)`` after each epoch. The first epoch, in which things are set up,
        counts for itself alone; from the second on the rest is extrapolated.

    Raises
    ------
    OutOfTimeError
        From the function returned.
    """
    began = clock()
    first: list[float] = []

    def watch(done: int, total: int) -> None:
        now = clock()
        if not first:
            first.extend([now, done])
            return
        epoch = (now - first[0]) / max(done - first[1], 1)
        rest = epoch * (total - done) + reserve * epoch * total
        if rest > budget.left:
            raise OutOfTimeError(now - began + rest)

    return watch
