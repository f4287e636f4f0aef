"""Registry, theorem boxes and bibliography belong to each other one to one.

Oracle: the sources of the chapters and the bibliography themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from focalbook.claims import CLAIMS

BOX = re.compile(r"^(`{3,}|:{3,})\{prf:(?P<kind>\w+)\}(?P<body>.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
LABEL = re.compile(r"^:label:\s*(?P<label>[a-z]{2}-\d+)\s*$", re.MULTILINE)
COVERED = re.compile(r"^:claims:(?P<ids>.*)$", re.MULTILINE)


def _chapters(root: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((root / "book").glob("*.md"))}


def _boxes(root: Path) -> list[tuple[str, str]]:
    """Label and chapter of every theorem box that carries a claim id."""
    return [
        (found["label"], name)
        for name, text in _chapters(root).items()
        for box in BOX.finditer(text)
        for found in LABEL.finditer(box["body"])
    ]


def test_every_claim_has_exactly_one_box(root: Path) -> None:
    counts = Counter(label for label, _ in _boxes(root))
    assert {label: n for label, n in counts.items() if n > 1} == {}
    assert sorted(counts) == sorted(claim.id.lower() for claim in CLAIMS.values())


def test_boxes_are_where_the_registry_says(root: Path) -> None:
    where = dict(_boxes(root))
    assert where == {claim.id.lower(): claim.chapter for claim in CLAIMS.values()}


def test_chapters_announce_the_claims_they_hold(root: Path) -> None:
    for name, text in _chapters(root).items():
        announced = {
            one for found in COVERED.finditer(text) for one in re.findall(r"[A-Z]{2}-\d+", found["ids"])
        }
        assert announced <= set(CLAIMS), f"{name} announces an unknown claim"
        held = {claim.id for claim in CLAIMS.values() if claim.chapter == name}
        assert held <= announced or not held, f"{name} holds {sorted(held - announced)} without announcing it"


def test_sources_are_in_the_bibliography(root: Path) -> None:
    keys = set(re.findall(r"^@\w+\{([^,\s]+),", (root / "book" / "references.bib").read_text(), re.MULTILINE))
    assert {claim.source for claim in CLAIMS.values()} <= keys


def test_each_source_has_a_module_of_its_name() -> None:
    import importlib

    for key in {claim.source for claim in CLAIMS.values()}:
        module = importlib.import_module(f"focalbook.claims.{key}")
        assert {claim.source for claim in module.CLAIMS} == {key}


@pytest.mark.parametrize("key", sorted({claim.source for claim in CLAIMS.values()}))
def test_the_ledger_shows_every_source(root: Path, key: str) -> None:
    assert f'Cards(results, "{key}")' in _chapters(root)["ledger"]
