"""The moment in symbols. Oracles: enumeration of sequences, the numerical package."""

from __future__ import annotations

import pytest
import sympy as sp

from focalbook.symbolic import pacmoment, verify
from focalbook.theory.pacbayes import kl_moment


def test_every_step_is_verified() -> None:
    assert [step.title for step in pacmoment.steps() if not verify(step).ok] == []


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_coder_is_a_distribution_and_the_moment_what_hindsight_gives(n: int) -> None:
    k, m = pacmoment.k, pacmoment.m
    at = [{k: ones, m: n - ones} for ones in range(n + 1)]
    ways = [sp.binomial(n, ones) for ones in range(n + 1)]
    coder = sum(w * pacmoment.CODER.subs(point) for w, point in zip(ways, at, strict=True))
    assert sp.simplify(coder - 1) == 0
    moment = sum(w * pacmoment.HINDSIGHT.subs(point) for w, point in zip(ways, at, strict=True))
    assert float(moment) == pytest.approx(kl_moment(n), rel=1e-14)
