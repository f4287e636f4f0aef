"""The one-bit camera on a reduced scene. Oracles: fits of single pixels, z-tests, the binomial law."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.onebit_camera import Camera, Pictures, run, scene
from focalbook.data.digits import all_digits


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return run(Camera(rows=1, columns=4, bits=800, seed=1))


def test_scene_spans_the_range() -> None:
    config = Camera()
    light = scene(config)
    assert light.shape == (24, 64)
    assert config.low * 0.999 <= light.min() < 3 * config.low
    assert config.high / 3 < light.max() <= config.high
    first = all_digits().images[0] / 16.0
    ramp = np.logspace(np.log10(config.low / 0.03), np.log10(config.high), 64)[:8]
    np.testing.assert_allclose(light[:8, :8] / ramp, 0.03 + 0.97 * first)


def test_same_number_of_bits(pictures: Pictures) -> None:
    for shot in (pictures.single, pictures.bracketed):
        assert shot.bits.sum() == 800


def test_bracket_has_no_saturated_pixels_and_reaches_its_bound(pictures: Pictures) -> None:
    shot = pictures.bracketed
    assert (shot.saturated, shot.dark) == (0, 0)
    n = shot.estimate.size
    assert abs(shot.error / shot.bound - 1) < 4 / np.sqrt(2 * n)
    for coverage in (shot.coverage, shot.ratio_coverage):
        assert abs(coverage - 0.95) < 4 * np.sqrt(0.95 * 0.05 / n)
    assert ((shot.low < shot.estimate) & (shot.estimate < shot.high)).all()


def test_single_exposure_saturates_where_it_should(pictures: Pictures) -> None:
    """Oracle: the expected share of pixels whose bits are all one."""
    shot = pictures.single
    p = -np.expm1(-pictures.truth * shot.exposure[0])
    each = p**800
    spread = np.sqrt((each * (1 - each)).sum()) / each.size
    assert abs(shot.saturated - each.mean()) < 4 * spread + 1e-12
    assert np.isnan(shot.estimate).mean() == pytest.approx(shot.saturated + shot.dark)


@pytest.mark.parametrize("change", [{"low": 0.0}, {"ratio": 1.0}, {"bits": 3}, {"rows": 0}])
def test_bad_configurations_are_refused(change: dict) -> None:
    with pytest.raises(ValueError, match="expected"):
        Camera(**change)
