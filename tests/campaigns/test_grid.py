"""Grids of gamma and seeds; oracle: a pair of loops."""

from __future__ import annotations

import pytest

from focalbook.campaigns.grid import check_grid, grid
from focalbook.training import TrainingConfig


def test_seeds_are_outermost_and_nothing_else_changes() -> None:
    training = TrainingConfig(steps=7, gamma=9.0, seed=9)
    found = grid(training, (0.0, 2.0), (3, 1))
    assert [(c.seed, c.gamma) for c in found] == [(3, 0.0), (3, 2.0), (1, 0.0), (1, 2.0)]
    assert {c.steps for c in found} == {7}
    check_grid((0.0, 2.0), (3, 1))


@pytest.mark.parametrize(
    ("gammas", "seeds", "name"),
    [((), (0,), "gammas"), ((1.0, 1.0), (0,), "gammas"), ((1.0,), (2, 2), "seeds")],
)
def test_empty_grids_and_repetitions_are_refused(
    gammas: tuple[float, ...], seeds: tuple[int, ...], name: str
) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a non-empty tuple"):
        check_grid(gammas, seeds)
