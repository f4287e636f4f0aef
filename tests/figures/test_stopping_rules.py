"""Stopping rules. Oracle: the eigenvalue that was put in, and errors by hand."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.stopping_rules import Settled
from focalbook.figures import stopping_rules
from focalbook.figures.style import figure


def test_it_draws_what_was_measured() -> None:
    stopped = np.array([9.0, 12.0])
    settled = Settled(10.0, stopped, stopped, np.ones(2), np.array([3, 40]))
    made = stopping_rules.data(settled, steps=25)
    np.testing.assert_allclose(made.stopped, [-0.1, 0.2])
    assert made.ritz[-1] == pytest.approx(1.0, abs=1e-3)
    assert made.power[made.settled - 1] == pytest.approx(0.98, abs=2e-3)
    shown = figure(stopping_rules.draw, made, alt="Dots and two curves", ncols=2)
    assert shown.light != shown.dark
