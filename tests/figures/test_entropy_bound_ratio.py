"""How much of the bound is used: oracle mpmath for the edge, naive sums for random pairs."""

from __future__ import annotations

import mpmath as mp
import numpy as np

from focalbook.figures import entropy_bound_ratio
from focalbook.figures.style import figure


def test_edge_against_mpmath() -> None:
    numbers = entropy_bound_ratio.data(classes=(2,), trials=2)
    for place in (0, 50, 399):
        with mp.workdps(150):
            q = mp.mpf(float(numbers.q[place]))
            gap = -mp.log(q) * (1 - (1 - q) ** 2)
            ratio = gap / (2 * (-q * mp.log(q) - (1 - q) * mp.log(1 - q)))
        np.testing.assert_allclose(numbers.edge[1, place], float(ratio), rtol=1e-12)


def test_no_ratio_reaches_one_and_many_classes_are_far_from_it() -> None:
    numbers = entropy_bound_ratio.data()
    assert numbers.edge.max() < 1
    assert numbers.edge[:, -1].min() > 0.99
    assert numbers.random.max() < 1
    assert np.median(numbers.random[:, -1]) < 0.01


def test_it_can_be_drawn() -> None:
    numbers = entropy_bound_ratio.data(classes=(2, 10), trials=20)
    shown = figure(entropy_bound_ratio.draw, numbers, alt="Ratios below one", ncols=2)
    assert shown.light != shown.dark
