"""From a grid to the line. Oracle: the certificate, and solutions that do not depend on the grid."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.onebit import _line
from focalbook.onebit._ceiling import ceiling


@pytest.mark.parametrize("target", [None, np.eye(2), np.array([0.0, 1.0])])
@pytest.mark.parametrize("reach", [4.0, 6.3, 9.1])
def test_the_grid_does_not_show(target: np.ndarray | None, reach: float) -> None:
    guess, one = np.array([[0.4, 2.5]]), np.ones(1)
    model, weights, values, duals = _line.on_the_line(one, guess, one, target, reach)
    _, _, reference, _ = _line.on_the_line(one, guess, one, target, 5.0)
    np.testing.assert_allclose(values, reference, rtol=1e-9)
    assert weights.sum() == pytest.approx(1.0)
    assert model.rows == weights.size == 2
    assert min(ceiling(1.0, guess, dual, one) for dual in duals) == pytest.approx(1.0, abs=1e-6)


def test_a_failed_polish_leaves_the_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the polished value, which the grid nearly reaches."""
    guess, one = np.array([[0.0, 1.0]]), np.ones(1)
    _, _, exact, _ = _line.on_the_line(one, guess, one, None, 6.0)
    monkeypatch.setattr(_line, "smooth", lambda *_: None)
    model, weights, values, duals = _line.on_the_line(one, guess, one, None, 6.0)
    assert exact[0] < values[0] < 1.001 * exact[0]
    assert weights.sum() == pytest.approx(1.0)
    assert model.rows == weights.size
    assert len(duals) == 1
