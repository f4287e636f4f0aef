"""Small one-bit samples. Oracle: sums over all possible counts with their exact probabilities."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom, norm

from focalbook.campaigns.onebit_small_samples import INTERVALS, OUTCOMES, SmallSamples, run
from focalbook.onebit import Gaussian


def _exact(bits: int) -> np.ndarray:
    """Probability of each outcome, by the rule of OB-6: neither the package's overlap nor its fits."""
    tau = np.array([-1.0, 0.0, 1.0])
    p = norm.sf((tau - 0.3) / 1.2)
    out = np.zeros(3)
    for counts in product(range(bits + 1), repeat=3):
        k = np.array(counts)
        ones, total = k.sum(), 3 * bits
        separated = ones in (0, total) or _one_rule(k, bits)
        falls = not separated and tau @ k / ones < tau @ (bits - k) / (total - ones)
        out[1 if separated else 0 if falls else 2] += binom.pmf(k, bits, p).prod()
    return out


def _one_rule(k: np.ndarray, bits: int) -> bool:
    """One threshold at most shows both values, and those beside it differ in one direction only."""
    for order in (k, k[::-1]):
        mixed = [j for j in range(3) if 0 < order[j] < bits]
        if len(mixed) > 1:
            continue
        below, above = order[: mixed[0] if mixed else 3], order[mixed[0] + 1 if mixed else 3 :]
        if mixed and (below == bits).all() and (above == 0).all():
            return True
        if not mixed and (np.diff(order) <= 0).all():
            return True
    return False


def test_shares_agree_with_exact_probabilities() -> None:
    measured = run(SmallSamples(bits=(2, 3), replicates=4000, seed=3))
    for bits, share in zip((2, 3), measured.share, strict=True):
        want = _exact(bits)
        error = np.sqrt(want * (1 - want) / 4000)
        assert (np.abs(share - want) < 4 * error).all(), (share, want)


def test_coverage_of_large_samples_is_nominal() -> None:
    """Oracle: the normal limit; fixed seed, four standard errors, the slow Wald interval of s left out."""
    measured = run(SmallSamples(bits=(2000,), replicates=2000))
    assert measured.size.tolist() == [6000]
    assert measured.share[0].tolist() == [1.0, 0.0, 0.0]
    np.testing.assert_allclose(measured.coverage[0], 0.95, atol=4 * np.sqrt(0.05 * 0.95 / 2000))


def test_shapes_and_repeatability() -> None:
    config = SmallSamples(bits=(2, 5), replicates=100)
    one, two = run(config), run(config)
    assert one.share.shape == (2, len(OUTCOMES))
    assert one.coverage.shape == (2, len(INTERVALS))
    np.testing.assert_array_equal(one.share, two.share)
    np.testing.assert_allclose(one.share.sum(axis=1), 1.0)
    model = Gaussian(1.0, [-1.0, 0.0, 1.0])
    assert model.rows * 5 == one.size[1]


def test_error_bars_are_wilsons_up_to_their_centre() -> None:
    measured = run(SmallSamples(bits=(2,), replicates=100))
    assert measured.errors(np.array(0.5), 1000) == pytest.approx(1.96 * np.sqrt(0.25 / 1002))
    assert measured.errors(np.array(1.0), 100) > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"deviation": 0.0}, "deviation"),
        ({"thresholds": (1.0, 1.0)}, "two different"),
        ({"bits": ()}, "bits"),
        ({"replicates": 5}, "replicates"),
        ({"level": 1.0}, "level"),
    ],
)
def test_bad_configurations_are_refused(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SmallSamples(**change)
