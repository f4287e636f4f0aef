"""GC-7. Oracles: finite differences of the two-class loss, the recorded kind of failure of the reading."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate, rng_for
from focalbook.claims.kimura2024geometric import expansion
from focalbook.theory.entropy import focal_entropy

(CLAIM,) = expansion.CLAIMS


def test_corrected() -> None:
    result = evaluate(CLAIM)
    assert result.status == "corrected", result.reason
    assert result.derivation.ok
    assert result.counterexample is not None
    assert result.counterexample.residual == pytest.approx(1 / 3)  # 3/2 against 1


@pytest.mark.parametrize(("p", "gamma"), [(0.5, 1.0), (0.9, 2.0), (0.99, 2.0), (0.3, 0.5)])
def test_factor_is_the_second_difference(p: float, gamma: float) -> None:
    step, centre = 1e-4, np.log(p / (1 - p))

    def loss(odds: float) -> float:
        q = 1 / (1 + np.exp(-odds))
        return float(focal_entropy([p, 1 - p], [q, 1 - q], gamma))

    bend = (loss(centre + step) - 2 * loss(centre) + loss(centre - step)) / step**2
    both = np.array([p, 1 - p])
    assert p * (1 - p) * (both * expansion._factor(both, gamma)).sum() == pytest.approx(bend, abs=1e-6)


def test_the_reading_is_far_off() -> None:
    control = expansion._expansion(rng_for("GC-7", "control"), reading=True)
    assert control.residual > 0.1
