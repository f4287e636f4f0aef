"""Bootstrap by blocks; oracles: plain loops, the textbook standard error, frequencies of drawn labels."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.calibration import blocks as module
from focalbook.calibration.blocks import Blocks, redrawn_labels


def test_sums_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(0)
    blocks = Blocks(50, 3, rng)
    values, groups = rng.normal(size=50), rng.integers(3, size=50)
    found, counted = blocks.sums(groups, 3, values), blocks.sums(groups, 3)
    for b in range(blocks.count):
        for g in range(3):
            rows = [i for i in range(50) if blocks.of[i] == b and groups[i] == g]
            assert found[b, g] == pytest.approx(sum(values[i] for i in rows))
            assert counted[b, g] == len(rows)


def test_blocks_are_of_nearly_equal_size_and_as_many_as_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 7)
    blocks = Blocks(100, 1, np.random.default_rng(1))
    size = np.bincount(blocks.of)
    assert (blocks.count, size.sum(), size.max() - size.min()) == (7, 100, 1)
    assert Blocks(5, 1, np.random.default_rng(1)).count == 5
    assert Blocks(100, 20_000_000, np.random.default_rng(1)).count == 2


@pytest.mark.parametrize("most", [100, 2000])
def test_resampled_mean_has_the_textbook_error(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", most)
    rng = np.random.default_rng(2)
    values = np.sort(rng.normal(size=2000))  # sorted rows must not matter
    blocks = Blocks(2000, 1, rng)
    times = blocks.times_drawn(4000, rng)
    assert (times.sum(axis=1) == blocks.count).all()
    means = times @ blocks.sums(np.zeros(2000, dtype=int), 1, values)[:, 0] / 2000
    assert means.std() == pytest.approx(values.std() / np.sqrt(2000), rel=0.3 if most == 100 else 0.05)


def test_labels_are_drawn_from_their_predictions() -> None:
    """Fixed seed, z-test of every frequency; a class of probability zero is never drawn."""
    p = np.array([0.5, 0.3, 0.2, 0.0])
    labels = redrawn_labels(np.tile(p, (20_000, 1)), np.random.default_rng(3))
    frequency = np.bincount(labels, minlength=4) / 20_000
    assert (np.abs(frequency - p) <= 4 * np.sqrt(p * (1 - p) / 20_000)).all()
