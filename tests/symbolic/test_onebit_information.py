"""OB-2: every step holds; entries against NumPy's covariance of a two-valued mean."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.symbolic import onebit_information as derived


def test_every_step_is_verified() -> None:
    derivation = derived.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 12


def test_entry_is_the_covariance_of_the_conditional_mean() -> None:
    means = np.array([[2.0, -1.0], [0.5, 3.0]])  # given 1, given 0
    first = derived.bit()[0]
    at = dict(zip((derived.mk, derived.ml, derived.nk, derived.nl), means.ravel(), strict=True))
    want = np.cov(means.T, aweights=[0.25, 0.75], ddof=0)[0, 1]
    for side in (first.left, first.right):
        assert float(side.subs(at).subs(derived.p1, 0.25)) == pytest.approx(want)


def test_two_values_on_one_side_are_a_loss_and_one_is_none() -> None:
    """Oracle: the double sum over two atoms written out."""
    step = derived.total()[-1]
    i, j = step.first, step.second
    p, t = derived.mass, derived.statistic
    for values, want in (((1.0, 3.0), 0.2 * 0.3 * 4.0), ((2.0, 2.0), 0.0)):
        total = 0.0
        for one in (1, 2):
            for two in (1, 2):
                term = step.term.subs({i: one, j: two})
                total += float(term.subs({p[1]: 0.2, p[2]: 0.3, t[1]: values[0], t[2]: values[1]}))
        assert total == pytest.approx(want)
