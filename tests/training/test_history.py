"""The training curve; oracle: means of the losses that were given, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from focalbook.training.history import Log

CPU = torch.device("cpu")


def test_curve_holds_the_means_between_looks() -> None:
    log = Log(250, CPU)
    assert log.every == 3
    losses = np.random.default_rng(0).random(250).astype(np.float32)
    for step, value in enumerate(losses):
        trace = torch.tensor(float(step)) if step % 2 == 0 and step < 100 else None
        if log.add(step, torch.tensor(value), trace):
            log.look(step, 0.1 * step)
    found = log.history()
    np.testing.assert_array_equal(found.steps, [*range(3, 250, 3), 250])
    np.testing.assert_allclose(found.losses[:-1], losses[:249].reshape(-1, 3).mean(axis=1), rtol=1e-6)
    assert found.losses[-1] == pytest.approx(losses[-1])
    assert found.traces[:3].tolist() == [1.0, 4.0, 7.0]
    assert np.isnan(found.traces[-1])
    np.testing.assert_allclose(found.learning_rates, 0.1 * (found.steps - 1))


@pytest.mark.parametrize(("steps", "every"), [(1, 1), (100, 1), (101, 2), (5000, 50), (100_000, 50)])
def test_looks_are_rare_but_not_too_rare(steps: int, every: int) -> None:
    assert Log(steps, CPU).every == every


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_the_first_step_that_is_not_finite_is_named(bad: float) -> None:
    log = Log(400, CPU)
    for step, value in enumerate([1.0, 1.0, 1.0, 1.0, 1.0, bad, math.nan, 1.0]):
        if log.add(step, torch.tensor(value), None) and step < 4:
            log.look(step, 0.5)
    with pytest.raises(
        FloatingPointError, match=rf"became {bad} at step 6 of 400, seen after step 8:.* 0\.5"
    ):
        log.look(7, 0.5)
