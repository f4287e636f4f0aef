"""Every refusal names what was given, what was expected and the likely cause."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.onebit import _validate


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: _validate.vector("abc", "w"), "w must hold real numbers, got str"),
        (lambda: _validate.vector([[1.0]], "w"), r"w has shape \(1, 1\): expected one number for each bit"),
        (lambda: _validate.together(w=np.ones(3), tau=np.ones(2)), "lengths differ: w has 3, tau has 2"),
        (lambda: _validate.together(w=np.ones(0), tau=np.ones(0)), "w and tau are empty"),
        (lambda: _validate.bits([0, 1, 1], 2), r"b has shape \(3,\) where the design has 2 row"),
        (lambda: _validate.bits([0, 2], 2), r"b\[1\] is 2: expected 0 or 1"),
        (lambda: _validate.bits([np.nan, 1.0], 2), r"b\[0\] is nan: .*missing bits must be dropped"),
        (lambda: _validate.bits(["a", "b"], 2), "b has dtype <U1"),
        (lambda: _validate.counts(3, 5, 1), "ones has shape"),
        (lambda: _validate.counts([1, 2, 3], [5, 5, 5], 2), "ones has shape"),
        (lambda: _validate.counts([1, 2], [5, 5, 5], 2), "trials of shape"),
        (lambda: _validate.counts([1, 0.5], 5, 2), "ones holds 0.5: expected whole numbers"),
        (lambda: _validate.counts([1, -1], 5, 2), "ones holds -1.0"),
        (lambda: _validate.counts([1, 1], [5, np.nan], 2), "trials holds nan"),
        (lambda: _validate.counts([1, 6], 5, 2), "ones 6 exceed trials 5 at entry 1"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_fine_passes_unchanged():
    assert _validate.bits([True, False], 2).dtype == bool
    np.testing.assert_array_equal(_validate.bits([1.0, 0.0], 2), [1, 0])
    ones, trials = _validate.counts([[1, 2], [0, 5]], [5, 5], 2)
    assert ones.shape == trials.shape == (2, 2)
    w, tau = _validate.together(w=np.array(2.0), tau=np.arange(3.0))
    np.testing.assert_array_equal(w, [2, 2, 2])
    assert tau.size == 3


def test_both_errors_are_value_errors():
    assert issubclass(_validate.ExistenceError, ValueError)
    assert issubclass(_validate.IdentifiabilityError, ValueError)


def test_the_first_offender_is_named():
    with pytest.raises(ValueError, match=r"x holds -1\.0: expected positive; too small"):
        _validate.check_cells("x", np.array([1.0, -1.0]), np.array([True, False]), "positive", "too small")
    with pytest.raises(ValueError, match="x holds inf: expected positive; missing or infinite values"):
        _validate.check_cells("x", np.array([np.inf]), np.array([False]), "positive", "too small")
