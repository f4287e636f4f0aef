"""Rising and falling functions. Oracle: the gain at gamma = 1, whose levels can be solved by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from focalbook.symbolic.focal import gain, lam, q, s
from focalbook.symbolic.gain import RISE, crossing, profile
from focalbook.symbolic.kernel.profile import BelowPeak
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify
from focalbook.symbolic.mirror import increasing
from focalbook.symbolic.peak import upper_bound
from focalbook.symbolic.threshold import level_sets


def test_profile_needs_the_factorised_derivative() -> None:
    step = profile()
    assert verify(step).ok
    assert not verify(replace(step, derivative=replace(step.derivative, right=2 * step.derivative.right))).ok
    assert not verify(replace(step, expr=2 * step.expr)).ok
    assert not verify(replace(step, end=replace(step.end, value=sp.S.One))).ok


@pytest.mark.parametrize("pattern", ["-+-", "-", "+"])
def test_wrong_pattern_is_refused(pattern: str) -> None:
    assert not verify(replace(crossing(), pattern=pattern)).ok


def test_levels_have_to_be_reached() -> None:
    one, two = level_sets()
    assert verify(one).ok
    assert verify(two).ok
    assert not verify(replace(one, cover=1 / (2 + s))).ok, "levels between 1/2 and 1 are left out"
    assert not verify(replace(two, pattern="+-")).ok
    assert not verify(replace(one, levels=sp.Interval.Lopen(0, 2), cover=2 / (1 + s))).ok, "beyond the start"


def test_no_level_above_the_maximum() -> None:
    above = replace(
        level_sets()[0],
        pattern="-",
        levels=sp.Interval.open(1 + RISE, sp.oo),
        cover=1 + RISE + s,
    )
    assert verify(above).ok
    assert not verify(replace(above, pattern="-+-")).ok


def test_below_peak_is_about_the_maximum_only() -> None:
    inside = {"domain": {q: sp.Interval.open(0, 1)}, "cover": {q: 1 / (1 + s)}, "relation": ">="}
    good = Sign(title="", left=1 + RISE, right=gain(q), method=BelowPeak(profile(), RISE, q), **inside)
    bad = Sign(title="", left=1 + RISE / 2, right=gain(q), method=BelowPeak(profile(), RISE, q), **inside)
    assert verify(good).ok
    assert not verify(bad).ok


def test_supremum_needs_a_bound_for_every_argument() -> None:
    _, top = upper_bound()
    assert verify(top).ok
    assert not verify(replace(top, left=top.left - 1)).ok


def test_envelope() -> None:
    _, envelope = increasing()
    assert verify(envelope).ok
    assert not verify(replace(envelope, parameter_at=2 * envelope.parameter_at)).ok
    assert not verify(replace(envelope, parameter=lam)).ok
