"""Powers of positive quantities. Oracle: a quantity that is positive only by an earlier step."""

from __future__ import annotations

import pytest
import sympy as sp

from focalbook.symbolic.kernel.methods import Growth
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
