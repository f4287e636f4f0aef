"""Tables of the imbalance design; oracles: the numbers they are made of, from records made by formula."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.agreement import agreements, deepest, wrong_gamma
from focalbook.campaigns.imbalance import Imbalance
from focalbook.campaigns.imbalance_tables import EFFECTIVE, convergence, mixed_up, needed, power, suppression
from focalbook.campaigns.measures import over_seeds
from focalbook.campaigns.power import count_noise, power_of_test
from tests.imbalance import made_cells


def test_suppression_has_a_row_for_each_gamma_above_zero() -> None:
    headings, rows = suppression(made_cells("drawn"))
    assert [row[0] for row in rows] == ["0.5", "1", "2", "3", "5"]
    assert all(len(row) == len(headings) for row in rows)
    one = deepest(made_cells("drawn"), 5.0)
    assert rows[-1][1] == "sixteen equal"
    assert rows[-1][2:4] == [f"{one.bound:.3f}", f"{one.predicted:.3f}"]
    assert rows[-1][4] == f"{one.measured.value:.3f} [{one.measured.low:.3f},\u00a0{one.measured.high:.3f}]"
    over = deepest(made_cells("drawn").over_control(), 5.0)
    assert rows[-1][5].startswith(f"{over.measured.value:.3f} [")
    assert rows[-1][6].startswith(f"{over.part.value:.2f} [")


def test_needed_letters_give_the_power_and_the_design_has_them() -> None:
    headings, rows = needed(Imbalance())
    assert headings[-1] == "letters needed for power 0.9, millions"
    assert [row[0] for row in rows] == ["0.5", "1", "2", "3", "5"]
    for row in rows:
        millions = float(row[3].replace(",", ""))
        noise = count_noise(1e-4, millions * 1e6 * EFFECTIVE / 5)
        effect = np.log1p(-float(row[2]) / 100)
        assert power_of_test(effect, noise, 10) == pytest.approx(0.9, abs=0.03)
        assert millions * 1e6 < Imbalance().letters


def test_power_is_in_per_cent() -> None:
    headings, rows = power(made_cells("drawn"))
    assert all(len(row) == len(headings) for row in rows)
    one = deepest(made_cells("drawn"), 0.5)
    assert float(rows[0][1]) == pytest.approx(100 * (1 - one.predicted), abs=0.05)
    assert float(rows[0][3]) == pytest.approx(100 * one.detectable[0], abs=0.05)
    assert rows[-1][5] == "> 0.999"
    assert float(rows[0][6]) == pytest.approx(100 * np.expm1(one.agreement.bound), abs=0.05)


def test_mixed_up_marks_the_right_gamma() -> None:
    found = made_cells("exact")
    headings, rows = mixed_up(found)
    assert len(headings) == 7
    percent = 100 * np.expm1(wrong_gamma(found))
    for i, row in enumerate(rows):
        assert row[i + 1] == f"**{percent[i, i]:.1f}**"
        assert row[(i + 2) % 7 or 1].strip("*") == f"{percent[i, ((i + 2) % 7 or 1) - 1]:.1f}"


def test_convergence_counts_the_cells_that_agree() -> None:
    found = {name: made_cells(name) for name in ("drawn", "exact")}
    headings, rows = convergence(found)
    assert headings[1:4] == ["p = 0.01", "p = 0.001", "p = 0.0001"]
    assert [row[0] for row in rows] == ["drawn", "exact"]
    held = sum(test.holds for test in agreements(found["drawn"]).ravel())
    assert rows[0][-1] == f"{held} of 150"
    error = over_seeds(100 * found["drawn"].errors[..., 20].mean(axis=(1, 2)))
    assert rows[0][3] == f"{error.value:+.1f} [{error.low:+.1f},\u00a0{error.high:+.1f}]"
