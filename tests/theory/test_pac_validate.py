"""Arguments of PAC-Bayes bounds: accepted as they are, or refused with the likely cause."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.theory import _pac_validate as v


def test_good_values_pass_unchanged():
    np.testing.assert_array_equal(v.check_sample([1, 10**9]), [1, 1e9])
    assert v.check_delta(1e-300) == 1e-300
    assert v.check_lambda(1.999) == 1.999
    np.testing.assert_array_equal(v.check_kl([0, np.inf]), [0, np.inf])
    np.testing.assert_array_equal(v.check_prior([0.0, 1.0]), [0, 1])
    np.testing.assert_array_equal(v.check_losses([0, 1], 2), [0, 1])


@pytest.mark.parametrize(
    ("check", "value", "says"),
    [
        (v.check_sample, 0.5, "Is this a share"),
        (v.check_sample, np.inf, "whole number"),
        (v.check_sample, "ten", "whole number"),
        (v.check_delta, 95.0, "confidence of 95"),
        (v.check_lambda, 300.0, "rate lambda n"),
        (v.check_kl, -1e-3, "sum to one"),
        (v.check_kl, np.nan, "at least 0"),
        (v.check_prior, [0.5, np.nan], "NaN"),
        (v.check_prior, [3, 4], "integers|int64"),
    ],
)
def test_bad_values_are_named(check, value, says):
    with pytest.raises(ValueError, match=says):
        check(value)


def test_unbounded_losses_are_named():
    with pytest.raises(ValueError, match="zero-one loss"):
        v.check_losses([0.1, 2.3], 2)
