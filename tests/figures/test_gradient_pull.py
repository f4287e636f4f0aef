"""Shares of the pull: oracle a loop over samples with the gradient formula written out."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.figures import gradient_pull
from focalbook.figures.style import figure

GAMMAS = (0.0, 2.0)


def example() -> gradient_pull.Data:
    rng = np.random.default_rng(0)
    shares = np.linspace(0, 1, 3 * 2 * 4).reshape(3, 2, 4)
    return gradient_pull.data(GAMMAS, rng.uniform(size=20), rng.uniform(size=20), [0, 10, 20], shares)


def test_held_pull_is_that_of_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    q, distance = rng.uniform(size=20), rng.uniform(size=20)
    numbers = example()
    for gamma, held in zip(GAMMAS, numbers.held, strict=True):
        pull = {
            x: d * ((1 - x) ** gamma - gamma * x * (1 - x) ** (gamma - 1) * np.log(x))
            for x, d in zip(q, distance, strict=True)
        }
        total, expected = 0.0, [0.0]
        for x in sorted(pull):
            total += pull[x]
            expected.append(total)
        np.testing.assert_allclose(held, np.array(expected) / total, rtol=1e-12)


def test_summary_over_repetitions() -> None:
    numbers = example()
    assert numbers.repetitions == 4
    assert (numbers.low <= numbers.middle).all()
    assert (numbers.middle <= numbers.high).all()
    np.testing.assert_allclose(numbers.low[:, 0], [0.0, 4 / 23])


@pytest.mark.parametrize(
    ("q", "shares"), [(np.ones(3), np.ones((1, 2, 1))), (np.ones(2), np.ones((2, 1, 1)))]
)
def test_shapes_that_do_not_fit(q: np.ndarray, shares: np.ndarray) -> None:
    with pytest.raises(ValueError, match="must"):
        gradient_pull.data(GAMMAS, q, np.ones(2), [0], shares)


def test_it_can_be_drawn() -> None:
    assert figure(gradient_pull.draw, example(), alt="Shares of the pull", ncols=2).light
