"""Families of GC-6: every step holds, and a wrong moment does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from focalbook.symbolic import families, verify
from focalbook.symbolic.kernel.equality import Identity

PARTS = (families.exponential, families.softmax, families.gaussian, families.poisson, families.exceptions)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_step_is_verified(part) -> None:
    assert [step.title for step in part() if not verify(step).ok] == []


def test_a_wrong_moment_is_not_verified() -> None:
    moment = families.gaussian()[1]
    assert isinstance(moment, Identity)
    assert not verify(replace(moment, right=2 * moment.right)).ok
