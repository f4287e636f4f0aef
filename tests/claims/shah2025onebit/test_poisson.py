"""OB-5. Oracle: its own control, single parts with one of them made wrong, SciPy for the exact sums."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson as distribution

from focalbook.claims.core import evaluate
from focalbook.claims.shah2025onebit import poisson
from focalbook.claims.tally import Tally

(CLAIM,) = poisson.CLAIMS


def test_proved() -> None:
    result = evaluate(CLAIM)
    assert result.status == "proved", result.reason


def test_each_part_of_the_control_fails_by_itself() -> None:
    rng = np.random.default_rng(0)
    for part in (
        lambda tally: poisson._derivative(rng, tally, late=True),
        lambda tally: poisson._bound(rng, tally, everywhere=True),
        lambda tally: poisson._crossings(tally, 1 / 3),
    ):
        tally = Tally(1e-9, "nowhere")
        part(tally)
        assert tally.done().residual > 1e-2


@pytest.mark.parametrize(("tau", "mu"), [(1, 0.2), (6, 4.0), (30, 45.0)])
def test_exact_sums(tau: int, mu: float) -> None:
    found, law = poisson.exact(tau, mu), distribution(mu)
    j = np.arange(400)
    assert float(found.one) == pytest.approx(law.sf(tau - 1), rel=1e-12)
    assert float(found.zero) == pytest.approx(law.cdf(tau - 1), rel=1e-12)
    assert float(found.at) == pytest.approx(law.pmf(tau), rel=1e-12)
    assert float(found.excess) == pytest.approx((law.pmf(j) * np.maximum(j - tau, 0)).sum(), rel=1e-10)
    assert float(found.deficit) == pytest.approx((law.pmf(j) * np.maximum(tau - j, 0)).sum(), rel=1e-10)
