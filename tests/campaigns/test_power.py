"""Power and equivalence; oracles: the noncentral t distribution of SciPy, simulation, arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nct, ttest_1samp
from scipy.stats import t as student

from focalbook.campaigns.power import (
    count_noise,
    detectable_effect,
    equality_power,
    equivalence,
    labels_needed,
    power_of_test,
)


@pytest.mark.parametrize("runs", [2, 5, 10, 40])
@pytest.mark.parametrize("effect", [0.0, 0.3, 1.0, 1.5])
def test_power_is_that_of_the_noncentral_t(runs: int, effect: float) -> None:
    critical, shift = student.ppf(0.975, runs - 1), effect * np.sqrt(runs)
    expected = nct.sf(critical, runs - 1, shift) + np.nan_to_num(nct.cdf(-critical, runs - 1, shift))
    assert power_of_test(effect, 1.0, runs) == pytest.approx(expected, abs=1e-6)


def test_power_is_the_rejection_rate_of_the_t_test() -> None:
    """Fixed-seed z-test against 20,000 simulated experiments."""
    draws = np.random.default_rng(0).normal(0.06, 0.05, size=(20_000, 6))
    rate = (ttest_1samp(draws, 0.0, axis=1).pvalue < 0.05).mean()
    power = power_of_test(0.06, 0.05, 6)
    assert abs(rate - power) < 4 * np.sqrt(power * (1 - power) / 20_000)


def test_power_without_effect_is_the_level_and_with_a_huge_one_is_one() -> None:
    assert power_of_test(0.0, 1.0, 5, 0.01) == pytest.approx(0.01)
    assert power_of_test(1e6, 1.0, 5) == pytest.approx(1.0)
    assert power_of_test(-1.0, 1.0, 5) == power_of_test(1.0, 1.0, 5)


@given(runs=st.integers(2, 50), power=st.floats(0.1, 0.99), sd=st.floats(1e-3, 1e3))
def test_detectable_effect_inverts_the_power(runs: int, power: float, sd: float) -> None:
    assert power_of_test(detectable_effect(sd, runs, power), sd, runs) == pytest.approx(power, abs=1e-6)


def test_labels_needed_make_the_effect_detectable() -> None:
    n = labels_needed(-0.06, 1e-4, 10, share=0.02)
    sd = np.sqrt((1 - 1e-4) / (1e-4 * 0.02 * n))
    assert power_of_test(0.06, sd, 10) == pytest.approx(0.9, abs=1e-6)
    assert labels_needed(0.06, 1e-4, 10, share=0.01) == pytest.approx(2 * n, rel=1e-6)
    assert labels_needed(0.06, 1e-4, 10, share=0.02, power=0.8) < n


def test_count_noise_is_what_labels_needed_assumes() -> None:
    """Fixed-seed check of the variance of the log of a multinomial count."""
    counts = np.random.default_rng(1).multinomial(10**7, [1e-4, 1 - 1e-4], size=4000)[:, 0]
    assert np.log(counts).std() == pytest.approx(count_noise(1e-4, 1e7), rel=0.05)


def test_equivalence_by_hand() -> None:
    found = equivalence(np.array([0.9, 1.0, 1.1]), 1.05, 0.3)
    half = 2.919986 * 0.1 / np.sqrt(3)
    assert found.value == pytest.approx(-0.05)
    assert (found.low, found.high) == pytest.approx((-0.05 - half, -0.05 + half))
    assert found.bound == pytest.approx(0.05 + half)
    assert found.holds
    assert not equivalence(np.array([0.9, 1.0, 1.1]), 1.05, 0.2).holds


def test_equivalence_is_two_one_sided_t_tests() -> None:
    x, margin = np.random.default_rng(2).normal(0.0, 1.0, 8), 0.7
    above = ttest_1samp(x, -margin, alternative="greater").pvalue
    below = ttest_1samp(x, margin, alternative="less").pvalue
    assert equivalence(x, 0.0, margin).holds == (max(above, below) < 0.05)
    bound = equivalence(x, 0.0, margin).bound
    side = "less" if x.mean() > 0 else "greater"
    assert ttest_1samp(x, np.copysign(bound, x.mean()), alternative=side).pvalue == pytest.approx(0.05)


def test_equality_power_is_how_often_equivalence_holds() -> None:
    """Fixed-seed z-tests against 4,000 simulated experiments each, of moderate, small and high power."""
    rng = np.random.default_rng(3)
    for sd in (0.02, 0.045, 0.07):
        draws = rng.normal(0.0, sd, size=(4000, 10))
        rate = np.mean([equivalence(x, 0.0, 0.05).holds for x in draws])
        power = equality_power(0.05, sd, 10)
        assert abs(rate - power) <= 4 * np.sqrt(power * (1 - power) / 4000) + 1e-3
    assert equality_power(0.05, 1e-4, 10) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power_of_test(1.0, 0.0, 5), "spread between runs must be finite and above 0"),
        (lambda: power_of_test(1.0, 1.0, 1), "at least 2 of them, got 1"),
        (lambda: power_of_test(1.0, 1.0, 5, 1.0), "level must lie in"),
        (lambda: detectable_effect(1.0, 5, 0.04), "power must lie between the level 0.05 and 1"),
        (lambda: labels_needed(0.0, 0.1, 5), "cannot be seen"),
        (lambda: labels_needed(0.1, 0.0, 5), "prevalence must lie between 0 and 1"),
        (lambda: labels_needed(0.1, 0.1, 5, share=2.0), "share must lie between 0 and 1"),
        (lambda: equality_power(0.0, 1.0, 5), "margin must be above 0"),
        (lambda: equality_power(1.0, 0.0, 5), "spread between runs"),
        (lambda: equivalence(np.array([1.0]), 0.0, 1.0), "at least 2 runs"),
        (lambda: equivalence(np.array([1.0, 2.0]), 0.0, 0.0), "margin must be above 0"),
    ],
)
def test_bad_arguments_are_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
