"""Errors of maximum likelihood. Oracles: the sum over all binomial counts in closed form, z-tests."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from focalbook.campaigns.onebit_photons import Measured, PhotonBits, run


@pytest.fixture(scope="module")
def measured() -> Measured:
    return run(PhotonBits(cells=((1, 0.7), (20, 19.5)), bits=(40, 4000), replicates=20_000, seed=3))


def test_threshold_one_against_the_binomial_sum(measured: Measured) -> None:
    """At threshold one the estimate is -log(share of zeros); its law is known exactly."""
    for column, n in enumerate(measured.config.bits):
        k = np.arange(1, n)
        p = binom.pmf(k, n, -np.expm1(-0.7))
        error = -np.log1p(-k / n) / 0.7 - 1
        mean, square = (p * error).sum() / p.sum(), (p * error**2).sum() / p.sum()
        assert abs(measured.bias[0, column] - mean) < 4 * measured.bias_error[0, column]
        want = np.sqrt(square) / measured.bound[0, column]
        assert abs(measured.ratio[0, column] - want) < 4 * measured.ratio_error[0, column]
        assert measured.missing[0, column] == pytest.approx(1 - p.sum(), abs=1e-3)


def test_the_bound_is_reached(measured: Measured) -> None:
    z = (measured.ratio[:, 1] - 1) / measured.ratio_error[:, 1]
    assert np.abs(z).max() < 4
    z = (measured.coverage[:, 1] - 0.95) / measured.coverage_error[:, 1]
    assert np.abs(z).max() < 4


def test_the_same_again(measured: Measured) -> None:
    np.testing.assert_array_equal(run(measured.config).ratio, measured.ratio)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cells": ()}, "cells"),
        ({"cells": ((0, 1.0),)}, "cells"),
        ({"bits": (1,)}, "bits"),
        ({"replicates": 9}, "100"),
    ],
)
def test_bad_configurations_are_refused(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PhotonBits(**change)
