"""Bounds on focal-entropy given cross-entropy: oracle linear programming over a grid of atoms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from focalbook.figures import entropy_sandwich
from focalbook.figures.style import figure


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
def test_all_pairs_lie_between_the_bounds(gamma: float) -> None:
    numbers = entropy_sandwich.data(gamma, count=300)
    sharp = np.interp(numbers.cross, numbers.grid, numbers.sharp)
    assert (numbers.focal <= numbers.cross + 1e-12).all()
    assert (numbers.focal >= sharp - 1e-4).all()  # the bound is interpolated here
    assert (numbers.sharp >= numbers.lower).all()


@pytest.mark.parametrize("gamma", [0.5, 2.0])
@pytest.mark.parametrize("cross", [0.3, 1.0, 2.5, 3.9])
def test_sharp_bound_is_the_lower_hull_of_the_loss(gamma: float, cross: float) -> None:
    """The smallest mean of l over distributions of the log loss with a given mean is a linear programme."""
    surprisal = np.concatenate([np.linspace(0, 5, 2001), np.geomspace(5, 1e7, 200)])
    loss = surprisal * (-np.expm1(-surprisal)) ** gamma
    found = linprog(loss, A_eq=np.stack([np.ones_like(surprisal), surprisal]), b_eq=[1.0, cross])
    numbers = entropy_sandwich.data(gamma, count=1)
    assert np.interp(cross, numbers.grid, numbers.sharp) == pytest.approx(found.fun, abs=2e-4)


def test_constant_of_gamma_one_is_one_over_e() -> None:
    numbers = entropy_sandwich.data(1.0, count=1)
    assert numbers.touching == pytest.approx(1.0, rel=1e-14)
    assert numbers.grid[-1] - numbers.sharp[-1] == pytest.approx(np.exp(-1), rel=1e-12)


def test_it_can_be_drawn() -> None:
    shown = figure(entropy_sandwich.draw, entropy_sandwich.data(count=20), alt="Entropies and bounds")
    assert shown.light != shown.dark
