"""Where means are measured from: oracle differences by hand."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.theory._origin import check_origin, place, real, times


def test_one_place_from_four_origins():
    # energies 2 to 6, centre 1 above the lower end; the mean 2.5
    for mean, origin in ((2.5, "zero"), (0.5, "low"), (3.5, "high"), (-0.5, "centre")):
        assert place(mean, origin, 2.0, 6.0, (1.0, 3.0)) == (0.5, 3.5, -0.5)


def test_distances_keep_what_the_origin_gives():
    assert place(1e-30, "low", 0.0, 1.0, (0.5, 0.5)).above_low == 1e-30
    assert place(1e-30, "high", 0.0, 1.0, (0.5, 0.5)).below_high == 1e-30
    assert place(-1e-30, "centre", 0.0, 1.0, (0.5, 0.5)).from_centre == -1e-30


@pytest.mark.parametrize(("mean", "origin"), [(-1.0, "zero"), (7.0, "zero"), (-1e-9, "low"), (5.0, "high")])
def test_outside(mean, origin):
    with pytest.raises(ValueError, match="outside the energies"):
        place(mean, origin, 2.0, 6.0, (1.0, 3.0))


def test_bad_numbers():
    with pytest.raises(ValueError, match="mean is NaN"):
        place(np.nan, "zero", 0.0, 1.0, (0.5, 0.5))
    with pytest.raises(ValueError, match="must be a number"):
        real("warm", "beta")
    with pytest.raises(ValueError, match="finite"):
        real(np.inf, "beta")
    assert real(np.inf, "beta", infinite=True) == np.inf
    with pytest.raises(ValueError, match="zero, low, high, centre"):
        check_origin("middle")


def test_zero_energy_wins_over_infinite_beta():
    np.testing.assert_array_equal(
        times(np.array([np.inf, -np.inf, 2.0]), np.array([0.0, 1.0, 3.0])), [0.0, -np.inf, 6.0]
    )
