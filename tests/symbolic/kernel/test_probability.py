"""Limit theorems are used only with their premises. Oracle: premises that fail one by one."""

from __future__ import annotations

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.probability import CentralLimit, Slutsky, WeakLaw
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify

n, M, J = sp.symbols("n M J", positive=True)
S, d = sp.symbols("S d", real=True)
BOUND = Sign(title="", left=M / n, right=M / (2 * n), method=Terms())
CENTRED = Identity(title="", left=S - S, right=sp.S.Zero)


def _to(expr, value=sp.S.Zero, point=sp.oo):
    return Limit(title="", expr=expr, variable=n, point=point, value=sp.sympify(value))


def _law(bound=BOUND, limit=None, expectation=J):
    limit = _to(M / n) if limit is None else limit
    return WeakLaw(title="", variance=bound, limit=limit, mean=S, expectation=expectation)


def _clt(centred=CENTRED, ratio=BOUND, limit=None):
    limit = _to(M / n) if limit is None else limit
    return CentralLimit(title="", centred=centred, ratio=ratio, limit=limit, total=S, deviation=J)


def test_weak_law_needs_a_vanishing_bound_of_the_same_quantity():
    assert verify(_law()).ok
    assert not verify(_law(limit=_to(M + 1 / n, M))).ok
    assert not verify(_law(limit=_to(1 / n))).ok
    assert not verify(_law(limit=_to(M / n, sp.oo, sp.S.Zero))).ok
    broken = Sign(title="", left=M / (2 * n), right=M / n, method=Terms())
    assert not verify(_law(bound=broken, limit=_to(M / (2 * n)))).ok


def test_central_limit_needs_centred_summands_too():
    assert verify(_clt()).ok
    assert not verify(_clt(centred=Identity(title="", left=M, right=M))).ok
    assert not verify(_clt(limit=_to(1 / n))).ok


def test_slutsky_needs_a_positive_limit_and_the_right_variance():
    def step(variance=1 / J, positive=None, law=None, equation=None):
        return Slutsky(
            title="",
            equation=equation or Identity(title="", left=S, right=J * d, condition=(S, J * d)),
            numerator=_clt(),
            denominator=law or _law(),
            positive=positive or Sign(title="", left=J, method=Terms()),
            quotient=d,
            scale=J,
            variance=variance,
        )

    assert verify(step()).ok
    assert not verify(step(variance=J)).ok
    assert not verify(step(positive=Sign(title="", left=M, method=Terms()))).ok
    assert not verify(step(law=_law(limit=_to(1 / n)))).ok
    assert not verify(step(equation=Identity(title="", left=S, right=J * d))).ok
    for shown in (step(), _law(), _clt()):
        assert r"\xrightarrow" in shown.latex()
