"""Oracle: the built pages of the tiny book, read with an HTML parser."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.book.tiny import TinyBook

pytestmark = pytest.mark.xdist_group("built_book")


def _box(book: TinyBook, name: str) -> BeautifulSoup:
    boxes = BeautifulSoup(book.page(name), "html.parser").select("div.chapter-box")
    assert len(boxes) == 1
    return boxes[0]


def test_box_names_source_claims_and_time(built_book: TinyBook) -> None:
    box = _box(built_book, "theory")
    assert [term.get_text() for term in box.select("dt")] == ["Source", "Claims", "Run time"]
    source, claims, time = box.select("dd")
    assert "Key" in source.get_text()
    assert "Section 2, where" in source.get_text()
    assert source.select_one("a[href^='references.html#']") is not None
    assert [claim.get_text() for claim in claims.select(".claim")] == ["FE-1 proved", "FE-2 refuted"]
    seconds = float(time.get_text().split(" s ")[0])
    assert 0 < seconds < 120


def test_options_may_be_left_out(built_book: TinyBook) -> None:
    assert [term.get_text() for term in _box(built_book, "plot").select("dt")] == ["Claims", "Run time"]


def test_claims_show_their_status_and_lead_to_the_ledger(built_book: TinyBook) -> None:
    page = BeautifulSoup(built_book.page("theory"), "html.parser")
    claim = page.select_one("p > .claim")
    assert claim is not None
    assert claim.select_one("a")["href"] == "ledger.html#claim-fe-1"
    assert claim.select_one(".claim-status.status-proved").get_text() == "proved"


def test_wrong_id_in_the_box_fails(built_book: TinyBook) -> None:
    page = built_book.root / "book/plot.md"
    text = page.read_text()
    try:
        page.write_text(text.replace(":claims: FE-2", ":claims: FE2"))
        built = built_book.build()
    finally:
        page.write_text(text)
    assert built.returncode != 0
    assert "not a claim id: 'FE2'" in built.stderr
