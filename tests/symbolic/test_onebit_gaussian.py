"""OB-4: every step holds."""

from __future__ import annotations

from focalbook.symbolic import onebit_gaussian


def test_every_step_is_verified() -> None:
    derivation = onebit_gaussian.derivation()
    assert [step.title for step, _ in derivation.unverified()] == []
    assert len(derivation) > 40
