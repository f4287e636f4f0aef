"""OB-4. Oracle: its own control, and single parts of the check with one number made wrong."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate
from focalbook.claims.shah2025onebit import gaussian
from focalbook.claims.tally import Tally

(CLAIM,) = gaussian.CLAIMS


def test_proved() -> None:
    result = evaluate(CLAIM)
    assert result.status == "proved", result.reason


@pytest.mark.parametrize("wrong", [{"most": 0.9}, {"rate": 0.5}, {"rate": 0.4}, {"budget": 0.6}])
def test_each_part_of_the_control_fails_by_itself(wrong: dict[str, float]) -> None:
    assert gaussian._one_bit(np.random.default_rng(1), **wrong).residual > 1e-10


def test_information_would_notice_a_wrong_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = gaussian._exact_weight
    monkeypatch.setattr(gaussian, "_exact_weight", lambda z: exact(z) * (1 + 1e-9))
    tally = Tally(1e-12, "nowhere")
    gaussian._information(np.random.default_rng(0), tally)
    assert tally.done().residual > 1e-10
