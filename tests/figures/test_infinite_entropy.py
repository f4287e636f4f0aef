"""Partial sums of an infinite entropy: oracle a loop over the atoms themselves, while they can be counted."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import infinite_entropy
from focalbook.figures.style import figure


def test_blocks_agree_with_a_loop_over_atoms() -> None:
    numbers = infinite_entropy.data((0.0, 2.0), blocks=4)
    for gamma, sums in zip(numbers.gammas, numbers.divergent, strict=True):
        total = 0.0
        for block, found in zip(numbers.blocks, sums, strict=True):
            atoms = 2 ** (2 ** int(block))
            mass = 2.0**-block / atoms
            total += sum(-mass * (1 - mass) ** gamma * np.log(mass) for _ in range(atoms))
            assert found == pytest.approx(total, rel=1e-10)


def test_every_block_adds_at_least_half_of_log_two() -> None:
    steps = np.diff(infinite_entropy.data(blocks=200).divergent, axis=1)
    assert (steps[:3, 2:] > 0.5 * np.log(2)).all()
    assert (steps[:, 8:] > 0.999 * np.log(2)).all()


def test_contrast_converges() -> None:
    assert infinite_entropy.data(blocks=100).convergent[-1] == pytest.approx(4 * np.log(2), rel=1e-14)


def test_it_can_be_drawn() -> None:
    shown = figure(infinite_entropy.draw, infinite_entropy.data(), alt="Partial sums of an entropy")
    assert shown.light != shown.dark
