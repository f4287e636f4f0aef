"""Numbers of a reliability diagram; oracles: plain loops, the binomial root of Wilson's equation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from focalbook.calibration import calibration_error, reliability
from focalbook.calibration.reliability import wilson_interval


def test_bins_agree_with_a_loop() -> None:
    rng = np.random.default_rng(0)
    probs, labels = rng.dirichlet(np.full(3, 0.7), 300), rng.integers(3, size=300)
    found = reliability(probs, labels, bins=10)
    for b in range(10):
        inside = [i for i in range(300) if b / 10 < probs[i].max() <= (b + 1) / 10]
        assert found.count[b] == len(inside)
        if inside:
            assert found.confidence[b] == pytest.approx(np.mean([probs[i].max() for i in inside]))
            assert found.accuracy[b] == pytest.approx(
                np.mean([probs[i].argmax() == labels[i] for i in inside])
            )
            assert found.low[b] <= found.accuracy[b] <= found.high[b]
        else:
            assert np.isnan([found.confidence[b], found.accuracy[b], found.low[b], found.high[b]]).all()
    assert found.calibration_error == pytest.approx(calibration_error(probs, labels, 10).value, abs=1e-14)


def test_wilson_ends_solve_their_equation() -> None:
    """(share - p)^2 = z^2 p (1 - p) / n at both ends, found by bracketing."""
    z = norm.ppf(0.975)
    for share, n in ((0.3, 10), (0.5, 100), (0.9, 7)):
        low, high = wilson_interval(np.array([share]), np.array([n]), 0.95)

        def equation(p: float, share: float = share, n: int = n) -> float:
            return (share - p) ** 2 - z**2 * p * (1 - p) / n

        assert low[0] == pytest.approx(brentq(equation, 0, share))
        assert high[0] == pytest.approx(brentq(equation, share, 1))


def test_all_right_and_all_wrong_have_intervals_inside_the_unit_interval() -> None:
    low, high = wilson_interval(np.array([0.0, 1.0]), np.array([5, 5]), 0.95)
    assert low[0] == pytest.approx(0, abs=1e-15)
    assert high[1] == pytest.approx(1)
    assert 0.4 < high[0] < 0.5


def test_label_distributions_are_accepted() -> None:
    found = reliability([[0.8, 0.2], [0.8, 0.2]], [[0.6, 0.4], [0.8, 0.2]], bins=5)
    assert found.accuracy[3] == pytest.approx(0.7)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="bins"):
        reliability([[0.5, 0.5]], [0], bins=-1)
