"""Measured against predicted; oracles: records made by formula with known noise, SciPy's t-test."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from focalbook.campaigns.agreement import (
    MARGIN,
    Cells,
    agreements,
    cells,
    deepest,
    effective_share,
    off_by,
    wrong_gamma,
)
from focalbook.campaigns.contexts import COMMON, CONTEXTS, contexts
from focalbook.campaigns.power import equivalence, power_of_test
from focalbook.campaigns.record_imbalance import VARIANTS
from focalbook.theory.loss import gain_maximum
from focalbook.theory.minimizer import minimizer
from tests.imbalance import SPREAD, made_cells, made_records


def test_cells_hold_every_seed_and_the_prediction() -> None:
    found, records = made_cells("drawn"), made_records("drawn")
    assert found.runs.shape == (10, 6, 5, 21)
    assert np.array_equal(found.runs[3], records[3].arrays["output"])
    q = minimizer(contexts()[1], 2.0)
    np.testing.assert_allclose(found.predicted[3, 1], np.log(q / contexts()[1]))
    assert (cells(records, "recovered").predicted == 0).all()
    assert np.array_equal(cells(records, "recovered").runs[2], records[2].arrays["recovered"])


def test_interval_of_a_cell_is_student_s() -> None:
    found = made_cells("drawn")
    estimate = found.estimate(2.0, 0, 20)
    x = found.runs[:, 3, 0, 20]
    interval = ttest_1samp(x, 0.0).confidence_interval(0.95)
    assert (estimate.low, estimate.high) == pytest.approx((interval.low, interval.high))
    assert estimate.value == pytest.approx(x.mean())


def test_over_the_control_is_the_ratio_of_two_outputs_of_one_seed() -> None:
    found, records = made_cells("drawn"), made_records("drawn")
    relative = found.over_control()
    assert relative.gammas.tolist() == [0.5, 1.0, 2.0, 3.0, 5.0]
    expected = records[7].arrays["output"][4, 2, 19] - records[7].arrays["output"][0, 2, 19]
    assert relative.runs[7, 3, 2, 19] == pytest.approx(expected)
    assert np.array_equal(relative.predicted, found.predicted[1:])
    with pytest.raises(ValueError, match="no networks with gamma = 0"):
        relative.over_control()


def test_every_rare_letter_is_compared() -> None:
    found = made_cells("exact")
    tests = agreements(found)
    assert tests.shape == (6, 5, 5)
    one = equivalence(found.runs[:, 4, 2, 18], found.predicted[4, 2, 18], MARGIN)
    assert tests[4, 2, 2] == one
    assert all(test.holds for test in tests.ravel())
    assert off_by(found, 3.0) == max(test.bound for test in tests[4].ravel())


def test_only_the_gamma_of_training_agrees() -> None:
    table = wrong_gamma(made_cells("exact"))
    assert (np.diag(table) < MARGIN).all()
    assert (table[~np.eye(6, dtype=bool)] > MARGIN).all()
    assert table[0, 5] == pytest.approx(
        np.abs(np.log(minimizer(contexts()[4], 5.0) / contexts()[4])[16:]).max(), rel=0.05
    )


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 3.0, 5.0])
def test_deepest_is_found_and_stays_above_the_bound(gamma: float) -> None:
    one = deepest(made_cells("drawn"), gamma)
    factors = [minimizer(row, gamma)[-1] / 1e-4 for row in contexts()]
    assert one.predicted == pytest.approx(min(factors))
    assert CONTEXTS[one.context] == CONTEXTS[int(np.argmin(factors))]
    assert one.bound == pytest.approx(1 / float(gain_maximum(gamma)))
    assert one.bound < one.predicted < 1
    assert one.measured.low < one.measured.value < one.measured.high < 1
    assert one.power == pytest.approx(power_of_test(np.log(one.predicted), one.spread, 10))
    assert one.power > 0.9
    assert 0 < one.detectable[0] < one.detectable[1] < 1 - one.predicted
    assert one.part.value == pytest.approx(np.log(one.measured.value) / np.log(one.predicted))
    assert one.agreement.value == pytest.approx(np.log(one.measured.value / one.predicted))


def test_deepest_of_another_letter() -> None:
    one = deepest(made_cells("drawn"), 5.0, rare=0)
    assert one.predicted == pytest.approx(min(minimizer(row, 5.0)[COMMON] / 0.01 for row in contexts()))


def test_share_of_letters_is_got_back_from_the_noise() -> None:
    """The noise of the made records is that of a known number of letters; fixed seed."""
    letters = VARIANTS["drawn"].letters
    extra = SPREAD["drawn"] ** 2 - SPREAD["exact"] ** 2
    expected = (1 - 1e-4) / (1e-4 * extra) / (letters / 5)
    found = effective_share(made_cells("drawn"), made_cells("exact"), letters)
    assert found == pytest.approx(expected, rel=0.25)
    assert effective_share(made_cells("exact"), made_cells("drawn"), letters) == np.inf


def test_bad_requests_are_refused() -> None:
    found, records = made_cells("drawn"), made_records("drawn")
    with pytest.raises(ValueError, match=r"no networks with gamma = 4"):
        found.index(4.0)
    with pytest.raises(ValueError, match="gamma must be above 0"):
        deepest(found, 0.0)
    with pytest.raises(ValueError, match="one list of gammas, got \\[\\]"):
        cells([])
    other = dataclasses.replace(records[0], configuration=records[0].configuration | {"gammas": [1.0]})
    with pytest.raises(ValueError, match="one list of gammas"):
        cells([records[0], other])
    with pytest.raises(ValueError, match="at least 2 runs"):
        agreements(Cells(found.gammas, found.predicted, found.runs[:1]))
