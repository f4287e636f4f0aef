"""Streams of random numbers; oracle: NumPy's seed sequences spawned in order."""

from __future__ import annotations

import dataclasses

import numpy as np

from focalbook.training.streams import Streams


def test_streams_are_those_that_numpy_spawns() -> None:
    children = np.random.SeedSequence(12).spawn(5)
    expected = [int(child.generate_state(1, np.uint64)[0]) // 2 for child in children]
    assert list(dataclasses.astuple(Streams.of(12))) == expected


def test_no_two_of_them_are_equal() -> None:
    drawn = [value for seed in range(200) for value in dataclasses.astuple(Streams.of(seed))]
    assert len(set(drawn)) == 1000
    assert all(0 <= value < 2**63 for value in drawn)
