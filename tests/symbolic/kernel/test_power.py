"""Powers of positive quantities. Oracle: a quantity that is positive only by an earlier step."""

from __future__ import annotations

import pytest
import sympy as sp

from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.power import PositivePower
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

x, c = sp.symbols("x c", positive=True)
GAP = x - sp.log(1 + x)
EARLIER = Sign(title="", left=GAP, method=Growth(x, sp.S.Zero))


def _ok(left: sp.Expr, step: Sign, exponent: object, **at: object) -> bool:
    return verify(Sign(title="", left=left, method=PositivePower(step, exponent, **at))).ok  # type: ignore[arg-type]


@pytest.mark.parametrize("exponent", [-3, -1, 2, sp.Rational(1, 2), -sp.pi])
def test_real_powers(exponent: sp.Expr) -> None:
    assert _ok(GAP**exponent, EARLIER, exponent)


def test_at_another_argument() -> None:
    assert _ok(1 / GAP.subs(x, 2 * c), EARLIER, -1, at={x: 2 * c})
    assert not _ok(1 / GAP.subs(x, -c / 2), EARLIER, -1, at={x: -c / 2}), "outside the range"


def test_what_is_refused() -> None:
    weak = Sign(title="", left=GAP, method=Growth(x, sp.S.Zero), relation=">=")
    assert not _ok(1 / GAP, weak, -1), "it might be zero"
    assert not _ok(-1 / GAP, EARLIER, -1)
    assert not _ok(GAP**c, EARLIER, c), "the exponent is a symbol"
    assert not _ok(
        (x - sp.log(1 + 2 * x)) ** -1,
        Sign(title="", left=x, right=sp.log(1 + 2 * x), method=Growth(x, sp.S.Zero)),
        -1,
    )


def test_the_range_of_the_earlier_inequality_goes_with_it() -> None:
    """1/(1 - x) > 0 holds on (0, 1), and not for every positive x."""
    unit = {"domain": {x: sp.Interval.open(0, 1)}, "cover": {x: 1 / (1 + c)}}
    step = Sign(title="", left=1 - x, method=Terms(), **unit)
    power = PositivePower(step, sp.Integer(-1))
    assert verify(Sign(title="", left=1 / (1 - x), method=power, **unit)).ok
    assert not verify(Sign(title="", left=1 / (1 - x), method=power)).ok


def test_a_root_of_a_square_is_not_the_number() -> None:
    r = sp.Symbol("r", real=True)
    square = Sign(title="", left=1 + r**2, right=sp.S.One, relation=">=", method=Terms())
    assert not _ok(r, square, sp.Rational(1, 2))
    assert not _ok(1 / r**2, square, sp.Integer(-1)), "it is infinite at zero"


def test_an_earlier_inequality_that_fails_decides_nothing() -> None:
    assert not _ok(1 / (x - 1), Sign(title="", left=x - 1, method=Terms()), -1)
