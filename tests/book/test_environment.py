"""Oracles: the metadata of the installed packages, make itself, and files written here."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

from focalbook.book.environment import bibtex, machine, markdown_table, stored_files, targets, versions


def test_versions_are_those_installed_and_pinned(root: Path) -> None:
    found = {version.name: version for version in versions(root)}
    assert {"numpy", "torch", "jupyter-book"} <= set(found)
    assert "ruff" not in found, "tools for development are listed only when asked for"
    assert "ruff" in {version.name for version in versions(root, extras=("book", "dev"))}
    for version in found.values():
        assert version.installed == importlib.metadata.version(version.name).split("+")[0]
        assert version.pinned == version.installed


def test_targets_are_those_that_make_lists(root: Path) -> None:
    # not as a part of the make that may have started the tests
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    help_ = subprocess.run(["make", "help"], cwd=root, env=alone, capture_output=True, text=True, check=True)
    lines = [line.split(maxsplit=2)[1:] for line in help_.stdout.splitlines()]
    assert [[target.name, target.purpose] for target in targets(root)] == lines


def test_machine_names_the_interpreter() -> None:
    assert f"Python {sys.version.split()[0]}" in machine()


def test_stored_files_with_their_hashes(tmp_path: Path) -> None:
    (tmp_path / "results" / "a").mkdir(parents=True)
    (tmp_path / "results" / "a" / "x.json").write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert stored_files(tmp_path) == [("results/a/x.json", 3, digest)]


def test_table_escapes_and_checks_its_cells() -> None:
    assert markdown_table(["a", "b"], [["1", "x|y"]]) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |"
    with pytest.raises(ValueError, match="needs 2 cells"):
        markdown_table(["a", "b"], [["1"]])


def test_bibtex_holds_what_the_citation_file_says(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text(
        "cff-version: 1.2.0\ntitle: A book\nversion: 0.1.0\ndate-released: 2026-01-02\n"
        "authors:\n  - family-names: Key\n    given-names: Ada\n  - name: The others\n"
    )
    assert bibtex(tmp_path, "book").splitlines() == [
        "@software{book,",
        "  author = {Key, Ada and {The others}},",
        "  title = {A book},",
        "  version = {0.1.0},",
        "  year = {2026},",
        "}",
    ]
