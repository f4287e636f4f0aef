"""FE-18: the deductions need all of their conditions. Oracle: weaker conditions must not be accepted."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from focalbook.symbolic import confidence, verify
from focalbook.symbolic.focal import gamma, lam, p, q
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.threshold import PEAK


def test_never_needs_p0_and_not_only_the_peak() -> None:
    single, _ = confidence.never()
    weaker = sp.And(sp.Or(confidence.TOP >= PEAK, lam <= 1), lam <= confidence.GAIN_TOP)
    conclusion = sp.Implies(weaker, q >= p)
    assert not verify(replace(single, conclusion=conclusion)).ok
    assert verify(single).ok


def test_always_needs_the_peak_and_not_only_p0() -> None:
    single, _ = confidence.always()
    weaker = sp.And(confidence.TOP <= confidence.CROSS, lam >= confidence.GAIN_TOP)
    assert not verify(replace(single, conclusion=sp.Implies(weaker, q <= p))).ok
    assert verify(single).ok


def test_a_pair_needs_a_top_above_one_half() -> None:
    step = confidence.pair()
    without = tuple(premise for premise in step.given if premise.step is not None)
    assert not verify(replace(step, given=without)).ok


def test_no_bound_on_the_odds_without_a_large_multiplier() -> None:
    own, rest = confidence.bound()[:2]
    assert isinstance(own, Sign)
    domain = {**own.domain, lam: sp.Interval.open(0, sp.oo)}
    cover = {**own.cover, lam: sp.Symbol("b", positive=True)}
    assert not verify(replace(own, domain=domain, cover=cover)).ok
    assert verify(rest).ok


def test_example_in_numbers() -> None:
    _, example, fine, _ = confidence.two_levels()
    assert abs(float(example.left) - 1.1302585) < 1e-7
    assert abs(float(example.right) - 1.0059078) < 1e-7
    near = fine.expr.subs({gamma: 2, confidence.TOP: sp.Rational(1, 5), fine.variable: 30})
    assert abs(float(near) - 1) < 1e-11
