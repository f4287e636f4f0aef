"""Tables and power laws. Oracles: the points themselves, laws made by formula, scipy's weighted mean."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.onebit_coverage import METHODS, OnebitCoverage, run
from focalbook.campaigns.onebit_tables import coverage_power, coverage_rows, moment_rows, power

N = np.array([50.0, 100.0, 400.0, 1600.0])


@pytest.mark.parametrize("exponent", [-1.0, -0.5])
def test_a_power_without_noise_is_found(exponent):
    found = power(N, -3 * N**exponent, np.full(4, 1e-3))
    assert found.exponent == pytest.approx(exponent, abs=1e-6)
    assert found.freedom == 2
    assert (found.chi_square > 100) == (exponent != -1.0)


def test_two_terms_without_noise_are_found():
    found = power(N, -3 / N - 40 / N**2, np.full(4, 1e-3))
    assert (found.first, found.second) == pytest.approx((-3.0, -40.0), rel=1e-9)
    assert found.chi_square == pytest.approx(0.0, abs=1e-12)
    n = found.bits(0.005)
    assert 3 / n + 40 / n**2 == pytest.approx(0.005)
    assert found.exponent < -1


def test_errors_are_those_of_repetitions():
    rng = np.random.default_rng(0)
    error = np.full(4, 2e-3)
    found = [power(N, 3 / N + error * rng.normal(size=4), error) for _ in range(300)]
    first = np.array([one.first for one in found])
    assert abs(first.mean() - 3) < 4 * first.std() / np.sqrt(300)
    assert first.std() == pytest.approx(found[0].first_error, rel=0.15)
    exponents = np.array([one.exponent for one in found])
    assert exponents.std() == pytest.approx(np.median([one.exponent_error for one in found]), rel=0.25)
    assert np.mean([one.chi_square for one in found]) == pytest.approx(2.0, rel=0.25)


def test_too_few_points_are_named():
    with pytest.raises(ValueError, match="three values"):
        power([1, 2], [1.0, 0.5], [0.1, 0.1])
    with pytest.raises(ValueError, match="errors above 0"):
        power([1, 2, 3], [1.0, 0.5, 0.3], [0.1, 0.1, 0.0])


def test_rows_hold_the_numbers_of_the_points():
    points = run(OnebitCoverage(designs=("gaussian",), bits=(70, 140, 280), replicates=500))["gaussian"]
    rows = coverage_rows(points)
    assert len(rows) == 1 + 3 * 2
    assert all(name.split()[-1] in rows[0] for name in METHODS)
    value = points[1].coverage["wald"][1]
    assert f"{100 * value:.2f} ± {100 * float(points[1].error(value)):.2f}" in rows[4]
    moments = moment_rows(points)
    assert len(moments) == 7
    assert f"{points[2].ratio[0]:.4f}" in moments[5]
    assert coverage_power(points, "uncensored", 1).freedom == 1
