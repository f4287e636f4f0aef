"""Oracles: small folders written here, whose inputs are known; the hash must move exactly when they do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from focalbook.book.inputs import ChapterError, chapter_inputs, front_matter, input_files, stamp
from tests.book.tiny import chapter


def _package(root: Path) -> None:
    for name, text in {
        "focalbook/__init__.py": "",
        "focalbook/base.py": "X = 1\n",
        "focalbook/part/__init__.py": "",
        "focalbook/part/one.py": "from ..base import X\n",
        "focalbook/part/two.py": "def later():\n    import focalbook.part.one\n",
        "focalbook/alone.py": "",
        "constraints.txt": "numpy==1\n",
        "data.txt": "1\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _names(files: list[Path], root: Path) -> set[str]:
    return {file.relative_to(root).as_posix() for file in files}


def test_imports_are_followed_relative_and_late_ones_too(tmp_path: Path) -> None:
    _package(tmp_path)
    files = _names(input_files(["focalbook/part/two.py"], tmp_path), tmp_path)
    assert files == {
        "constraints.txt",
        "focalbook/__init__.py",
        "focalbook/base.py",
        "focalbook/part/__init__.py",
        "focalbook/part/one.py",
        "focalbook/part/two.py",
    }


def test_folder_stands_for_its_files_but_not_for_compiled_ones(tmp_path: Path) -> None:
    _package(tmp_path)
    (tmp_path / "focalbook/part/__pycache__").mkdir()
    (tmp_path / "focalbook/part/__pycache__/one.cpython-311.pyc").write_bytes(b"x")
    files = _names(input_files(["focalbook/part"], tmp_path), tmp_path)
    assert {"focalbook/part/one.py", "focalbook/part/two.py"} <= files
    assert not any("pycache" in name for name in files)


@pytest.mark.parametrize("entry", ["missing.json", "empty", "../outside.txt"])
def test_unusable_inputs_are_errors(tmp_path: Path, entry: str) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book/empty").mkdir()
    (tmp_path / "outside.txt").write_text("x")
    with pytest.raises(ChapterError, match=r"depends: "):
        input_files([entry], tmp_path / "book")


def test_depends_must_be_a_list(tmp_path: Path) -> None:
    with pytest.raises(ChapterError, match="must be a list"):
        chapter_inputs(chapter("", depends="data.txt"), tmp_path)


@pytest.mark.parametrize(
    ("changed", "moves"),
    [
        ("data.txt", True),
        ("constraints.txt", True),
        ("focalbook/part/two.py", True),
        ("focalbook/base.py", True),
        ("focalbook/alone.py", False),
    ],
)
def test_hash_moves_with_the_inputs_only(tmp_path: Path, changed: str, moves: bool) -> None:
    _package(tmp_path)
    text = chapter("# A\n", depends="[data.txt, focalbook/part/two.py]")
    before, _ = stamp(text, tmp_path)
    path = tmp_path / changed
    path.write_text(path.read_text() + "# changed\n")
    after, _ = stamp(text, tmp_path)
    assert (before != after) is moves


def test_stamp_keeps_lines_and_settings(tmp_path: Path) -> None:
    _package(tmp_path)
    text = chapter("# A\n\nwords\n")
    stamped, files = stamp(text, tmp_path)
    assert len(stamped.splitlines()) == len(text.splitlines())
    assert stamped.splitlines()[-3:] == text.splitlines()[-3:]
    before, after = front_matter(text).data, front_matter(stamped).data
    assert len(after["kernelspec"].pop("inputs_sha256")) == 64
    assert after == before
    assert _names(files, tmp_path) == {"constraints.txt", "data.txt"}


def test_page_without_kernel_is_left_alone(tmp_path: Path) -> None:
    text = "# A page\n\nWords.\n"
    assert stamp(text, tmp_path) == (text, [])


@pytest.mark.parametrize("text", ["---\na: 1\n", "---\na: [1\n---\n", "---\n- 1\n---\n"])
def test_broken_front_matter_is_an_error(text: str) -> None:
    with pytest.raises(ChapterError, match="front matter"):
        front_matter(text)


def test_front_matter_agrees_with_yaml() -> None:
    text = chapter("body\n")
    inner = text.split("---\n")[1]
    split = front_matter(text)
    assert split.data == yaml.safe_load(inner)
    assert split.body == "\nbody\n"
