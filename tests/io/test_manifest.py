"""The manifest. Oracle: hashlib, and files that are changed, lost or damaged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from focalbook.io.errors import DataFileError
from focalbook.io.manifest import MANIFEST, check_manifest, forget, read_manifest, update_manifest


def test_entries(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"one")
    (tmp_path / "b.json").write_bytes(b"two, longer")
    update_manifest(tmp_path, "b.json")
    update_manifest(tmp_path, "a.json")
    entries = read_manifest(tmp_path)
    assert list(entries) == ["a.json", "b.json"]
    assert entries["a.json"] == {"bytes": 3, "sha256": hashlib.sha256(b"one").hexdigest()}
    assert check_manifest(tmp_path) == []


def test_changed_and_missing_files_are_named(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(b"one")
    update_manifest(tmp_path, "a.json", "b.json")
    (tmp_path / "a.json").write_bytes(b"One")
    (tmp_path / "b.json").unlink()
    assert check_manifest(tmp_path) == ["a.json differs from what was recorded", "b.json is missing"]


def test_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == {}
    assert check_manifest(tmp_path) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 9, "files": {}}', '{"schema": 1, "files": 3}'])
def test_damaged_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(DataFileError, match=MANIFEST):
        read_manifest(tmp_path)


def test_updating_twice_gives_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"one")
    update_manifest(tmp_path, "a.json")
    before = (tmp_path / MANIFEST).read_bytes()
    update_manifest(tmp_path, "a.json")
    assert (tmp_path / MANIFEST).read_bytes() == before


def test_forgetting_leaves_the_rest(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(b"one")
    update_manifest(tmp_path, "a.json", "b.json")
    forget(tmp_path, "b.json", "never.json")
    assert list(read_manifest(tmp_path)) == ["a.json"]
    before = (tmp_path / MANIFEST).stat().st_mtime_ns
    forget(tmp_path, "never.json")
    assert (tmp_path / MANIFEST).stat().st_mtime_ns == before
