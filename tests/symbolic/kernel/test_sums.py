"""Sums over an alphabet. Oracle: sums written out by hand, with one sign or one name wrong."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from focalbook.symbolic.continuity import domination, in_gamma, semicontinuity
from focalbook.symbolic.exponent import log_convexity
from focalbook.symbolic.finiteness import divergent_example, sandwich
from focalbook.symbolic.kernel.step import verify
from focalbook.symbolic.kernel.sums import SumIdentity, split_sum

i = sp.Symbol("i", integer=True, positive=True)
p, q = sp.IndexedBase("p", nonnegative=True), sp.IndexedBase("q", positive=True)
A, B, c = sp.symbols("A B c", positive=True)


def test_split_sum() -> None:
    names = {p[i] * sp.log(q[i]): A, p[i]: sp.S.One}
    assert split_sum(p[i] * (c - 2 * sp.log(q[i])), names, i) == c - 2 * A
    assert split_sum(p[i] * q[i], names, i) is None


def test_split_sum_leaves_powers_of_sums_alone() -> None:
    names = {p[i] * (1 - q[i]) ** c: A, p[i]: B}
    assert split_sum(3 * p[i] * ((1 - q[i]) ** c + 2), names, i) == 3 * A + 6 * B


def test_total_has_to_state_what_was_summed() -> None:
    upper, lower = sandwich()
    for step in (upper, lower):
        assert verify(step).ok
        assert not verify(replace(step, left=step.left / 2)).ok
        assert not verify(replace(step, left=step.right, right=step.left)).ok
        assert not verify(replace(step, weight=-step.weight)).ok
        assert not verify(replace(step, names={})).ok


def test_sum_identity() -> None:
    assert verify(SumIdentity(title="", summand=3 * p[i], names={p[i]: A}, value=3 * A, index=i)).ok
    assert not verify(SumIdentity(title="", summand=3 * p[i], names={p[i]: A}, value=A, index=i)).ok


def test_double_sum() -> None:
    step = log_convexity()
    assert verify(step).ok
    assert not verify(replace(step, term=2 * step.term)).ok
    flipped = tuple((-k, a, b) for k, a, b in step.products)
    assert not verify(replace(step, products=flipped, term=-step.term)).ok, "the term would be negative"


def test_limit_under_the_sum_needs_a_summable_bound() -> None:
    _, dominated = domination()
    for step in (dominated, in_gamma()):
        assert verify(step).ok
        assert not verify(replace(step, bound=None)).ok
        assert not verify(replace(step, names={})).ok, "nothing is known about the dominating sum"
    assert verify(semicontinuity()[1]).ok
    assert not verify(replace(dominated, nonnegative=replace(dominated.nonnegative, left=c))).ok


def test_divergence_needs_terms_that_stay_away_from_zero() -> None:
    step = divergent_example()[2]
    assert verify(step).ok
    n = step.term.variable
    vanishing = replace(step.term, expr=1 / n, value=sp.S.Zero)
    assert not verify(replace(step, term=vanishing)).ok


def test_a_bound_that_moves_with_the_term_does_not_dominate() -> None:
    _, dominated = domination()
    moving = replace(dominated.bound, left=dominated.bound.left + dominated.term.variable)
    assert not verify(replace(dominated, bound=moving)).ok
