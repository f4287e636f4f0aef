"""Oracles: records written here by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.book.records import RECORD_FILE, anchor, read_records, split_ids


def _record(root: Path, text: str) -> Path:
    path = root / RECORD_FILE
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return root


def test_ids_are_split_at_spaces_and_commas() -> None:
    assert split_ids(" FE-1, FE-2  GC-10\n") == ["FE-1", "FE-2", "GC-10"]


@pytest.mark.parametrize("text", ["", "fe-1", "FE1", "FE-1;FE-2"])
def test_wrong_ids_are_named(text: str) -> None:
    with pytest.raises(ValueError, match="not a claim id"):
        split_ids(text)


def test_anchor_is_lower_case() -> None:
    assert anchor("FE-8") == "claim-fe-8"


def test_nothing_recorded_is_not_an_error(tmp_path: Path) -> None:
    assert read_records(tmp_path) == {}


def test_list_and_mapping_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    as_list = _record(tmp_path / "a", '{"claims": [{"id": "FE-1", "status": "proved", "count": 3}]}')
    as_mapping = _record(tmp_path / "b", '{"claims": {"FE-1": {"status": "proved", "count": 3}}}')
    assert read_records(as_list) == read_records(as_mapping)
    assert read_records(as_list)["FE-1"]["status"] == "proved"


@pytest.mark.parametrize("text", ["{", "{}", '{"claims": [{"id": "FE-1"}]}', '{"claims": 3}'])
def test_unreadable_records_are_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="not a record of claims"):
        read_records(_record(tmp_path, text))
