"""The ledger as HTML. Oracle: what has to be on the page, and tags that balance."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from focalbook.claims import Result, run
from focalbook.claims.core import ORDER, Check
from focalbook.claims.report import MEANING, Cards, Overview, Statuses, card, domain_html, number

from ..symbolic.test_render import check_html


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return run(["FE-8", "GC-8"])


def test_every_status_has_a_meaning() -> None:
    assert set(MEANING) == set(ORDER)


def test_statuses_count(results: list[Result]) -> None:
    shown = Statuses(results)
    check_html(shown._repr_html_())
    assert shown.rows()[0][:2] == ("proved", 2)
    assert sum(count for _, count, _ in shown.rows()) == 2
    assert shown._repr_markdown_().count("\n") == len(ORDER) + 1


def test_overview_leads_to_the_cards(results: list[Result]) -> None:
    page = Overview(results)._repr_html_()
    check_html(page)
    assert 'href="#ledger-fe-8"' in page
    assert page.count("<tr>") == 3
    assert "$" not in page
    assert "FE-8" in Overview(results)._repr_markdown_()


def test_cards_of_one_source(results: list[Result]) -> None:
    page = Cards(results, "shah2026focal")._repr_html_()
    check_html(page)
    assert 'id="claim-fe-8"' in page
    assert 'id="ledger-fe-8"' in page
    assert 'href="three-zones.html#fe-8"' in page
    assert "gc-8" not in page
    assert "$" not in page
    assert "<details>" in page
    assert "15 of 15 steps verified by a program" in page
    assert "FE-8" in Cards(results, "shah2026focal")._repr_markdown_()


def test_a_check_without_power_is_shown(results: list[Result]) -> None:
    powerless = replace(results[0], status="failed", control=results[0].check)
    page = card(powerless)
    assert "so it has no power" in page
    assert "status-failed" in page
    assert "passes: no power" in Overview([powerless])._repr_html_()


def test_a_failing_check_is_shown(results: list[Result]) -> None:
    page = card(replace(results[0], check=Check(math.inf, 1.0, 2, "here")))
    assert "Residual false, beyond the tolerance 1" in page


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (0.25, "0.25"), (math.inf, "false"), (math.nan, "not a number"), (1e-11, r"\(10^{-11}\)")],
)
def test_numbers(value: float, shown: str) -> None:
    assert shown in number(value)


def test_domains_are_typeset() -> None:
    assert domain_html("gamma to 1e-300 & 2^-53") == "γ to 10<sup>−300</sup> &amp; 2<sup>−53</sup>"
