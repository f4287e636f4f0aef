"""Rules that every page of the book keeps. Oracles: jupytext's reader and the text itself."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import jupytext
import pytest
from jupytext.config import load_jupytext_configuration_file

from focalbook.book.inputs import front_matter
from focalbook.book.notebooks import chapter_names

ROOT = Path(__file__).resolve().parent.parent
PAGES = chapter_names(ROOT)
EXECUTED = [name for name in PAGES if (ROOT / f"{name}.md").is_file()]
EXECUTED = [
    name for name in EXECUTED if "```{code-cell}" in (ROOT / f"{name}.md").read_text(encoding="utf-8")
]


def _text(name: str) -> str:
    return (ROOT / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXECUTED)
def test_editing_a_chapter_as_a_notebook_loses_nothing(name: str) -> None:
    config = load_jupytext_configuration_file(str(ROOT / "pyproject.toml"))
    notebook = jupytext.reads(_text(name), fmt="md:myst", config=config)
    again = jupytext.writes(notebook, fmt="md:myst", config=config)
    assert front_matter(again).data["depends"] == front_matter(_text(name)).data["depends"]
    reread = jupytext.reads(again, fmt="md:myst", config=config)
    assert [cell.source for cell in reread.cells] == [cell.source for cell in notebook.cells]


@pytest.mark.parametrize("name", EXECUTED)
def test_chapter_says_what_it_covers(name: str) -> None:
    if name == "book/index":
        assert "{claim}`" in _text(name), "the front page names claims one by one instead"
    else:
        assert _text(name).count("```{chapter-box}") == 1


@pytest.mark.parametrize("name", PAGES)
def test_only_pages_with_code_start_a_kernel(name: str) -> None:
    assert ("kernelspec" in front_matter(_text(name)).data) is (name in EXECUTED)


@pytest.mark.parametrize("name", PAGES)
def test_page_has_one_title(name: str) -> None:
    body = re.sub(
        r"^(`{3,}|:{3,}).*?^\1\s*$", "", front_matter(_text(name)).body, flags=re.MULTILINE | re.DOTALL
    )
    assert len(re.findall(r"^# \S", body, re.MULTILINE)) == 1


def test_no_label_stands_twice() -> None:
    labels = Counter(
        label for name in PAGES for label in re.findall(r"^:label:\s*(\S+)", _text(name), re.MULTILINE)
    )
    assert [label for label, count in labels.items() if count > 1] == []
