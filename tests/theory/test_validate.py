"""What the public boundary accepts, refuses, and says about it."""

from __future__ import annotations

import numpy as np
import pytest

import focalbook as fb
from focalbook.theory._validate import check_batch

GOOD = np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]])
FUNCTIONS = [fb.minimizer, fb.multiplier, fb.recover, fb.bayes_risk, fb.zones, fb.classify]


def spoiled(row: int, col: int, value: float) -> np.ndarray:
    p = GOOD.copy()
    p[row, col] = value
    return p


BAD = {
    "negative": (lambda f: f(spoiled(1, 0, -0.5), 1.0), "class 0 of row 1 is negative"),
    "nan": (lambda f: f(spoiled(2, 1, np.nan), 1.0), "class 1 of row 2 is NaN"),
    "infinite": (lambda f: f(spoiled(0, 1, np.inf), 1.0), "class 1 of row 0 is infinite"),
    "sum": (lambda f: f(spoiled(1, 1, 0.7), 1.0), "row 1 sums to 1.2, not to 1"),
    "sum in three dimensions": (lambda f: f(np.full((2, 2, 2), 0.6), 1.0), "row (0, 0) sums to 1.2"),
    "sum of one": (lambda f: f([0.5, 0.4], 1.0), "the distribution sums to 0.9"),
    "integers": (lambda f: f([1, 0], 1.0), "int64: probabilities are floats"),
    "booleans": (lambda f: f([True, False], 1.0), "bool: probabilities are floats"),
    "text": (lambda f: f(["a", "b"], 1.0), "expected real floating-point numbers"),
    "complex": (lambda f: f([0.5 + 0j, 0.5], 1.0), "expected real floating-point numbers"),
    "0-d": (lambda f: f(0.5, 1.0), "is a single number"),
    "empty": (lambda f: f([], 1.0), "has no classes"),
    "axis": (lambda f: f(GOOD, 1.0, axis=2), "axis 2 does not exist"),
    "axis type": (lambda f: f(GOOD, 1.0, axis=0.5), "axis 0.5 does not exist"),
    "wrong axis": (lambda f: f(GOOD, 1.0, axis=0), "row 0 sums to 1.75"),
    "gamma negative": (lambda f: f(GOOD, -0.5), "gamma must be finite and at least 0, got -0.5"),
    "gamma nan": (lambda f: f(GOOD, np.nan), "got nan"),
    "gamma infinite": (lambda f: f(GOOD, np.inf), "got inf"),
    "gamma shape": (lambda f: f(GOOD, [1.0, 2.0]), "gamma of shape (2,) does not fit"),
    "gamma text": (lambda f: f(GOOD, "high"), "gamma must be a number"),
}


@pytest.mark.parametrize("case", BAD, ids=list(BAD))
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_bad_input_is_named(function, case):
    call, message = BAD[case]
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        call(function)
    assert message in str(caught.value)


@pytest.mark.parametrize(("dtype", "slack"), [(np.float64, 5e-7), (np.float32, 5e-5), (np.float16, 5e-3)])
def test_the_tolerance_follows_the_precision(dtype, slack):
    inside = np.array([0.5, 0.5 + slack], dtype=dtype)
    outside = np.array([0.5, 0.5 + 10 * slack], dtype=dtype)
    assert fb.recover(inside, 1.0).dtype == np.float64
    with pytest.raises(ValueError, match="sums to"):
        fb.recover(outside, 1.0)


def test_lists_views_and_zero_rows_are_legal():
    np.testing.assert_array_equal(fb.recover(GOOD.tolist(), 1.0), fb.recover(GOOD, 1.0))
    np.testing.assert_array_equal(fb.recover(GOOD[::-1], 1.0), fb.recover(GOOD, 1.0)[::-1])
    assert fb.minimizer(np.zeros((0, 3)), 1.0).shape == (0, 3)
    np.testing.assert_array_equal(fb.minimizer([1.0], 2.0), [1.0])


def test_input_is_never_changed():
    p = GOOD.copy()
    for function in FUNCTIONS:
        function(p, 2.0)
    np.testing.assert_array_equal(p, GOOD)


def test_restore_undoes_the_axis():
    p = np.random.default_rng(0).dirichlet(np.ones(4), (2, 3))
    batch = check_batch(np.moveaxis(p, -1, 1), 1.0, 1)
    np.testing.assert_array_equal(
        batch.restore(batch.rows), np.moveaxis(p, -1, 1)
    )  # oracle: NumPy's moveaxis
