"""OB-5, third part: the limit and the expansion against quadrature."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp

from focalbook.symbolic import onebit_large_mean as steps
from focalbook.symbolic.kernel.equality import Identity, Series
from focalbook.symbolic.kernel.step import verify


def test_steps_are_verified() -> None:
    assert all(verify(step).ok for step in steps.steps())


@pytest.mark.parametrize("sign", [-1, 1])
def test_expansion_of_the_integrals(sign: int) -> None:
    """Oracle: quadrature; what is left is of third order."""
    step = [s for s in steps.expansion() if isinstance(s, Identity)][0 if sign < 0 else 1]
    for shift in (-1, 0, sp.Rational(4, 5)):
        left = []
        for eps in (0.02, 0.01):
            exponent = steps._exponent(sign).subs({steps.x: shift, steps.e: eps})
            exact = mp.quad(sp.lambdify(steps.u, sp.exp(exponent), "mpmath"), [0, 3, 6, 12])
            left.append(float(exact - step.right.subs({steps.x: shift, steps.e: eps}).evalf(20)))
        assert abs(left[0] / left[1]) == pytest.approx(8.0, rel=0.15)


def test_a_wrong_coefficient_is_refused() -> None:
    step = next(s for s in steps.expansion() if isinstance(s, Series))
    wrong = Series(**{**step.__dict__, "terms": step.terms * (1 + steps.e**2)})
    assert not verify(wrong).ok
