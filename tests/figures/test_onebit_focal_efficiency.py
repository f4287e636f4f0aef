"""Efficiency of the proper score. Oracles: the bound of one, and the curve for very large gamma."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.onebit_focal import Replicates, run
from focalbook.figures import onebit_focal_efficiency
from focalbook.figures.style import figure
from focalbook.onebit import focal_efficiency


@pytest.fixture(scope="module")
def data():
    return onebit_focal_efficiency.data(run(Replicates(gammas=(2.0,), replicates=200)), points=7)


def test_curves_go_from_one_to_their_limit(data):
    (curve,), (limit,) = data.curves, data.limits
    assert (curve <= 1).all()
    assert curve[0].min() > 0.999
    assert (np.diff(curve[2:], axis=0) < 0).all()
    far = focal_efficiency(data.measured[0].config.model, data.measured[0].config.truth, 300.0)
    np.testing.assert_allclose(far, limit, rtol=5e-3)
    assert (far > limit).all()


def test_bad_input_and_drawing(data):
    with pytest.raises(ValueError, match="at least one"):
        onebit_focal_efficiency.data()
    shown = figure(onebit_focal_efficiency.draw, data, alt="Efficiency against gamma", ncols=1)
    assert shown.light != shown.dark
