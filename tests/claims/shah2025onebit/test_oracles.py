"""Probabilities in high precision and their derivatives. Oracle: SciPy's distributions, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from focalbook.claims.shah2025onebit import oracles
from focalbook.onebit.families import BernoulliFamily, ExponentialFamily, GaussianFamily, PoissonFamily


@pytest.mark.parametrize(
    ("family", "eta", "tau", "survival"),
    [
        (GaussianFamily(), (0.3 / 1.44, -0.5 / 1.44), 1.0, stats.norm(0.3, 1.2).sf(1.0)),
        (PoissonFamily(), (np.log(2.5),), 3.0, stats.poisson(2.5).sf(2)),
        (ExponentialFamily(), (-0.7,), 2.0, stats.expon(scale=1 / 0.7).sf(2.0)),
        (BernoulliFamily(), (0.4,), 1.0, 1 / (1 + np.exp(-0.4))),
    ],
)
def test_probabilities(family, eta, tau, survival) -> None:
    for bit, want in ((1, survival), (0, 1 - survival)):
        assert float(oracles.log_probability(family, tau, bit)(*eta)) == pytest.approx(np.log(want))


def test_derivatives_of_a_polynomial() -> None:
    def form(x, y):
        return x**2 * y + 3 * y**2

    np.testing.assert_allclose(oracles.first(form, (2.0, 5.0)), [20.0, 34.0], rtol=1e-15)
    np.testing.assert_allclose(oracles.second(form, (2.0, 5.0)), [[10.0, 4.0], [4.0, 6.0]], rtol=1e-15)
