"""GC-9 and GC-10: steps need what they say. Oracle: false variants must not be accepted."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from focalbook.symbolic import hessian, population, relative, verify
from focalbook.symbolic.focal import gain, gamma, q


def test_indefinite_is_not_where_the_gain_rises() -> None:
    split, *_, change, _ = hessian.threshold()
    rising = sp.diff(gain(q), q)
    assert verify(split).ok
    assert not verify(replace(split, left=-rising)).ok  # type: ignore[call-arg]
    assert not verify(replace(change, expr=-rising)).ok  # type: ignore[call-arg]


def test_quadratic_form_needs_the_rank_one_part() -> None:
    form, *_ = hessian.matrix_form()
    h, dh, d = hessian.h, hessian.dh, hessian.d
    assert verify(form).ok
    wrong = form.left + q * dh * ((1 - q) * d) ** 2  # type: ignore[attr-defined]
    assert not verify(replace(form, left=wrong)).ok  # type: ignore[call-arg]
    assert h in form.left.free_symbols  # type: ignore[attr-defined]


def test_weight_of_a_square_is_not_the_gain() -> None:
    _, weight = population.positive()
    assert verify(weight).ok
    assert not verify(replace(weight, right=gain(q))).ok  # type: ignore[call-arg]


def test_limit_of_two_classes_is_one_plus_gamma_and_nothing_else() -> None:
    *_, limit = population.two_classes()
    assert verify(limit).ok
    assert verify(replace(limit, value=1 + gamma / 2)).state == "false"  # type: ignore[call-arg]


def test_a_coin_flip_is_raised_at_two_and_lowered_at_ten() -> None:
    _, more, less, _ = population.coin_flip()
    assert verify(more).ok
    assert verify(less).ok
    assert not verify(replace(more, left=more.right, right=more.left)).ok  # type: ignore[call-arg, attr-defined]


def test_profile_of_the_ratio_has_its_end_values() -> None:
    shape = relative.relative_profile()
    assert shape.start.value == -sp.oo
    assert shape.end.value == 0
    assert "q_m" in shape.latex()
