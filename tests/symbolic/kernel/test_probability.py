"""Limit theorems are used only with their premises. Oracle: premises that fail one by one."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.probability import CentralLimit, Slutsky, WeakLaw
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

n, M, J, y = sp.symbols("n M J y", positive=True)
S, A, d, r = sp.symbols("S A d r", real=True)
BOUND = Sign(title="", left=M / n, right=M / (2 * n), method=Terms())
CENTRED = Identity(title="", left=S - S, right=sp.S.Zero)
IS_J = Identity(title="", left=2 * J - J, right=J)
SMALL = Sign(title="", left=M * y, right=M * y / 2, method=Terms())


def _to(expr, value=sp.S.Zero, point=sp.oo, variable=n):
    return Limit(title="", expr=expr, variable=variable, point=point, value=sp.sympify(value))


def _law(bound=BOUND, limit=None, centre=IS_J):
    limit = _to(M / n) if limit is None else limit
    return WeakLaw(title="", centre=centre, variance=bound, limit=limit, mean=A)


def _clt(centred=CENTRED, ratio=BOUND, limit=None, spread=IS_J):
    limit = _to(M / n) if limit is None else limit
    return CentralLimit(title="", centred=centred, spread=spread, ratio=ratio, limit=limit, total=S)


def _slutsky(**change):
    parts = {
        "equation": Identity(
            title="", left=S / sp.sqrt(n), right=(A - r) * sp.sqrt(n) * d, condition=(S, n * (A - r) * d)
        ),
        "numerator": _clt(),
        "denominator": _law(),
        "positive": Sign(title="", left=J, method=Terms()),
        "remainder": r,
        "small": SMALL,
        "vanishing": _to(M * y, point=sp.S.Zero, variable=y),
        "quotient": sp.sqrt(n) * d,
        "variance": 1 / J,
    }
    return Slutsky(title="", **(parts | change))


def test_weak_law_needs_a_vanishing_bound_of_the_same_quantity():
    assert verify(_law()).ok
    assert _law().expectation == J
    assert not verify(_law(limit=_to(M + 1 / n, M))).ok
    assert not verify(_law(limit=_to(1 / n))).ok
    assert not verify(_law(limit=_to(M / n, sp.oo, sp.S.Zero))).ok
    broken = Sign(title="", left=M / (2 * n), right=M / n, method=Terms())
    assert not verify(_law(bound=broken, limit=_to(M / (2 * n)))).ok


def test_a_bound_for_few_rows_is_no_bound_for_many():
    few = {"domain": {n: sp.Interval.open(0, 1)}, "cover": {n: 1 / (1 + y)}}
    bound = Sign(title="", left=M / n, right=M, method=Terms(), **few)
    assert verify(bound).ok
    assert not verify(_law(bound=bound)).ok


def test_weak_law_needs_the_right_expectation():
    assert not verify(_law(centre=Identity(title="", left=J, right=2 * J))).ok


def test_central_limit_needs_centred_summands_too():
    assert verify(_clt()).ok
    assert not verify(_clt(centred=Identity(title="", left=M, right=M))).ok
    assert not verify(_clt(limit=_to(1 / n))).ok
    assert not verify(_clt(spread=Identity(title="", left=J, right=2 * J))).ok


def test_slutsky_needs_a_positive_limit_and_the_right_variance():
    assert verify(_slutsky()).ok
    assert not verify(_slutsky(variance=J)).ok
    assert not verify(_slutsky(positive=Sign(title="", left=M, method=Terms()))).ok
    assert not verify(_slutsky(denominator=_law(limit=_to(1 / n)))).ok
    double = Identity(title="", left=J + J, right=2 * J)
    assert not verify(_slutsky(numerator=_clt(spread=double))).ok, "the variance would be 2/J"
    assert verify(_slutsky(numerator=_clt(spread=double), variance=2 / J)).ok
    assert not verify(_slutsky(denominator=_law(centre=double))).ok, "the slope would be 2J"
    for shown in (_slutsky(), _law(), _clt()):
        assert r"\xrightarrow" in shown.latex()


def test_slutsky_is_about_the_parts_of_its_premises():
    assert not verify(_slutsky(equation=Identity(title="", left=S, right=J * d, condition=(S, J * d)))).ok
    assert not verify(_slutsky(quotient=2 * sp.sqrt(n) * d)).ok, "twice the quotient has four times 1/J"
    other = sp.Symbol("B", real=True)
    equation = Identity(
        title="", left=S / sp.sqrt(n), right=(other - r) * sp.sqrt(n) * d, condition=(S, n * (other - r) * d)
    )
    assert not verify(_slutsky(equation=equation)).ok, "no law of large numbers is known for B"


def test_slutsky_needs_a_remainder_that_vanishes():
    assert not verify(_slutsky(vanishing=_to(M + y, M, sp.S.Zero, y))).ok
    assert not verify(_slutsky(vanishing=_to(y, point=sp.S.Zero, variable=y))).ok
