"""GC-6: every step holds; bounds and expansion against plain numbers."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from focalbook.symbolic import fisher


def test_every_step_is_verified() -> None:
    derivation = fisher.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 40


@pytest.mark.parametrize("which", ["to", "from"])
@pytest.mark.parametrize("sign", [1, -1])
def test_remainder_lies_between_its_bounds_on_a_grid(which: str, sign: int) -> None:
    low, high = (fisher.remainder(which, sign, upper) for upper in (False, True))
    for value in np.linspace(0.5, 12, 24):
        for step in (low, high):
            assert float(step.difference.subs(fisher.x, sp.Rational(value)).evalf(30)) > 0


def test_terms_are_the_divergences_of_a_pair() -> None:
    """Oracle: the sums of p log(p/q) written out."""
    p, other = np.array([0.2, 0.5, 0.3]), np.array([0.6, 0.3, 0.1])
    ratio = np.log(other / p)
    for which, want in (("to", (p * np.log(p / other)).sum()), ("from", (other * np.log(other / p)).sum())):
        each = sp.lambdify(fisher.x, fisher.term(which, fisher.x))
        assert (p * each(ratio)).sum() == pytest.approx(want)
