"""Independent streams of random numbers from one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Streams"]


@dataclass(frozen=True)
class Streams:
    """Seeds of what is random in a run, each below 2^63 and independent of the others.

    Attributes
    ----------
    weights : int
        Initial weights.
    batches : int
        Order and augmentation of the images, which :class:`focalbook.data.Batches` keeps apart again.
    mixup : int
        Weights and partners of mixup.
    network : int
        Random numbers that the network draws itself, such as dropout.
    probes : int
        Probes of a regulariser.
    """

    weights: int
    batches: int
    mixup: int
    network: int
    probes: int

    @classmethod
    def of(cls, seed: int) -> Streams:
        """Streams of a run's seed: adding or leaving out one of them does not change the others."""
        drawn = [
            np.random.SeedSequence(seed, spawn_key=(k,)).generate_state(1, np.uint64)[0] for k in range(5)
        ]
        return cls(*(int(state >> np.uint64(1)) for state in drawn))
