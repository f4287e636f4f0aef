"""Curvature on subsets. Oracles: the trace as a mean over images; Jensen's inequality."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.sampling_error import NETWORK, sampling_error


def test_spread_and_bias() -> None:
    found = sampling_error(sizes=(20, 80, 320), subsets=12)
    assert found.images == 630
    assert found.trace.shape == found.top.shape == (3, 12)
    # unbiased traces: 12 means, each of subsets of one size, within 4 standard errors
    for row in found.trace:
        assert abs(row.mean() - found.whole[0]) < 4 * row.std(ddof=1) / np.sqrt(12)
    spread = found.spread(found.trace)
    assert spread[2] < spread[0]
    assert found.top[0].mean() > found.top[1].mean() > 0.9 * found.whole[1]
    assert (found.stated < 2e-3 * found.top).all()


def test_all_images_leave_nothing_to_chance() -> None:
    found = sampling_error(sizes=(630,), subsets=2)
    np.testing.assert_allclose(found.trace, found.whole[0], rtol=1e-5)
    np.testing.assert_allclose(found.top, found.whole[1], rtol=2e-3)


def test_too_many_images_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 630"):
        sampling_error(NETWORK, sizes=(1000,))
