"""Synthetic claims whose status is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from focalbook.claims.core import Check, Claim

Make = Callable[..., Claim]


def outcome(residual: float, count: int = 1) -> Callable[[np.random.Generator], Check]:
    """A check with a given residual and the tolerance one."""
    return lambda rng: Check(residual, 1.0, count, "nowhere")


@pytest.fixture
def make() -> Make:
    """Makes a claim whose check passes and whose control fails, unless told otherwise."""

    def build(**settings: object) -> Claim:
        common: dict[str, object] = {
            "id": "XX-1",
            "source": "nobody2000nothing",
            "kind": "theorem",
            "title": "A claim",
            "statement": "Nothing.",
            "assumptions": ("none",),
            "origin": "Here.",
            "chapter": "nowhere",
            "check": outcome(0.5),
            "control": outcome(2.0),
            "control_says": "the opposite",
            "derived": False,
        }
        return Claim(**(common | settings))  # type: ignore[arg-type]

    return build
