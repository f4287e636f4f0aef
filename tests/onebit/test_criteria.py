"""What designs share. Oracles: the information of each row by the model, and pseudo-inverses."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.onebit import Bernoulli, Exponential, Gaussian, Poisson, _criteria
from focalbook.onebit.models.base import Model

RNG = np.random.default_rng(3)


@pytest.mark.parametrize(
    ("model", "at"),
    [
        (Gaussian([1.0, -2.0, 1.0, 0.0, 1.0], [0.3, 4.0, 0.3, 1.0, 0.3]), [0.5, 1.5]),
        (Poisson([1.0, 2.0, 1.0], [1, 4, 1]), [2.0]),
        (Exponential([0.5, 0.5, 3.0]), [0.7]),
        (Bernoulli(RNG.normal(size=(6, 3))), [0.1, -1.0, 2.0]),
    ],
)
def test_vectors_square_to_the_information_of_each_row(model: Model, at: list[float]) -> None:
    f = _criteria.factors(model, at)[0]
    for row in range(model.rows):
        trials = np.zeros(model.rows)
        trials[row] = 1
        np.testing.assert_allclose(np.outer(f[row], f[row]), model.fisher_information(at, trials), atol=1e-15)


def test_names_of_criteria() -> None:
    model = Gaussian(1.0, [0.0, 1.0])
    assert _criteria.criterion(model, "D") == ("D", None)
    name, target = _criteria.criterion(model, "s")
    assert name == "s"
    np.testing.assert_array_equal(target, [0, 1])
    np.testing.assert_array_equal(_criteria.criterion(model, "A")[1], np.eye(2))
    assert _criteria.criterion(model, [1.0, 2.0])[0] == "c"


def test_priors_and_shares_have_sum_one() -> None:
    np.testing.assert_allclose(_criteria.prior([1.0, 3.0], 2), [0.25, 0.75])
    np.testing.assert_allclose(_criteria.prior(None, 4), 0.25)
    np.testing.assert_allclose(_criteria.shares(Gaussian(1.0, [0.0, 1.0]), [2, 6]), [0.25, 0.75])
    for wrong in ([1.0], [1.0, 0.0], [1.0, np.nan]):
        with pytest.raises(ValueError, match="prior"):
            _criteria.prior(wrong, 2)


def test_variance_of_a_contrast_by_the_pseudo_inverse() -> None:
    f, c = RNG.normal(size=(5, 3)), np.array([1.0, 2.0, -1.0])
    regular = f.T @ f
    want = 0.1 / (c @ np.linalg.pinv(regular) @ c)
    assert _criteria.contrast_efficiency(regular, c, 0.1) == pytest.approx(want)
    flat = np.outer(c, c)
    assert _criteria.contrast_efficiency(flat, c, 0.1) == pytest.approx(0.1 / (c @ np.linalg.pinv(flat) @ c))
    assert _criteria.contrast_efficiency(flat, np.array([2.0, -1.0, 0.0]), 0.1) == 0.0
