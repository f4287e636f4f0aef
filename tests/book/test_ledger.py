"""Oracle: the records written for the tiny book."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.book.tiny import TinyBook

pytestmark = pytest.mark.xdist_group("built_book")


def test_each_record_is_a_row_with_its_anchor(built_book: TinyBook) -> None:
    table = BeautifulSoup(built_book.page("ledger"), "html.parser").select_one("table.claim-ledger")
    rows = table.select("tbody tr")
    assert [row.get("id") for row in rows] == ["claim-fe-1", "claim-fe-2"]
    cells = [[cell.get_text().strip() for cell in row.select("td")] for row in rows]
    assert cells == [
        ["FE-1", "proved", "12,000 points", "2.0e-16", "1.0e-12"],
        ["FE-2", "refuted", "–", "–", "–"],
    ]


def test_rows_lead_to_the_theorems(built_book: TinyBook) -> None:
    table = BeautifulSoup(built_book.page("ledger"), "html.parser").select_one("table.claim-ledger")
    assert [link["href"] for link in table.select("a")] == ["theory.html#fe-1", "theory.html#fe-2"]
