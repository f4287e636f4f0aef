"""FE-15: every step holds, and the inequalities turned round do not."""

from __future__ import annotations

import dataclasses

import pytest

from focalbook.symbolic import bernoulli, verify


def test_every_step_is_verified() -> None:
    assert bernoulli.derivation().ok


@pytest.mark.parametrize("which", ["large", "small"])
@pytest.mark.parametrize("make", ["bernoulli", "single", "power_tangent", "sharper"])
def test_turned_round_no_inequality_is_verified(make: str, which: str) -> None:
    step = getattr(bernoulli, make)(which)
    turned = dataclasses.replace(step, left=step.right, right=step.left)
    assert verify(step).ok
    assert not verify(turned).ok


def test_the_exponent_decides_the_direction() -> None:
    large, small = bernoulli.bernoulli("large"), bernoulli.bernoulli("small")
    assert not verify(dataclasses.replace(large, domain=small.domain, cover=small.cover)).ok
    assert not verify(dataclasses.replace(small, domain=large.domain, cover=large.cover)).ok
