"""Tables and outcomes. Oracles: invented records whose effects are known, and words worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns import recovery_tables as tables
from focalbook.campaigns.recovery_study import study
from tests.campaigns.invented_recovery import plan, records

ALL = (tables.changes, tables.temperatures, tables.against_plain, tables.cost_of_rules, tables.hypotheses)


@pytest.mark.parametrize("stored", [0, 1, 5, 18])
@pytest.mark.parametrize("table", ALL)
def test_every_row_has_its_columns(table, stored: int) -> None:
    headings, rows = table(study(plan(), records(slice(stored))))
    assert all(len(row) == len(headings) for row in rows)
    assert not any("nan" in cell for row in rows for cell in row)


def test_changes_in_thousandths_with_clear_ones_in_bold() -> None:
    headings, rows = tables.changes(study(plan(), records()))
    assert [row[:3] for row in rows][:3] == [["all", "0", "3"], ["all", "1", "3"], ["all", "2", "3"]]
    half = 4.302652729911275 / np.sqrt(
        3
    )  # Student's quantile for two degrees of freedom; spread one thousandth
    assert rows[1][5] == f"**-50.0 [{-50 - half:.1f},\u00a0{-50 + half:.1f}]**"
    assert rows[0][5:] == ["", ""]
    assert len(headings) == 7


def test_outcomes_follow_the_signs_put_in() -> None:
    found = {(o.prediction[:2], o.cell): o.verdict for o in tables.outcomes(study(plan(), records()))}
    # the gap was given the slope 0.1 as it is; recovered, 0.05 and 0.5
    assert found["H1", "all"] == found["H1", "few"] == "contradicted"
    assert found["H2", "all"] == found["H3", "few"] == "contradicted"
    assert found["H4", "all"] == "not contradicted"
    assert found["H4", "few"] == "contradicted"
    rows = {tuple(row[:2]): row[2:] for row in tables.hypotheses(study(plan(), records()))[1]}
    assert rows["H5: temperatures foretell the sign of ΔNLL", "few"] == ["6 of 6 networks", "supported"]


def test_nothing_is_concluded_without_data() -> None:
    none = tables.outcomes(study(plan(), []))
    assert {o.verdict for o in none} == {"no data"}
    single = tables.outcomes(study(plan(), records(slice(6))))
    assert {o.verdict for o in single} == {"cannot be told"}
    assert "none is stored" in tables.summary(study(plan(), []))


def test_summary_names_the_gammas() -> None:
    text = tables.summary(study(plan(), records()))
    assert "**all.** NLL after recovery: lower at γ = 1, 2." in text
    assert "**few.** NLL after recovery: higher at γ = 1, 2." in text
    assert text.count("higher at γ = 1, 2") == 3  # NLL, ECE, and the pair of treatments of the second cell


def test_networks_are_compared_with_those_of_gamma_zero() -> None:
    _, rows = tables.against_plain(study(plan(), records()))
    assert len(rows) == 4
    assert rows[0][3].startswith("**+80.0")  # 0.1 - 0.02 above the same seed
    assert rows[0][5] == "+0.0 [+0.0,\u00a0+0.0]"
