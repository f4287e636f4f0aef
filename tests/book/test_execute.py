"""Oracle: each chapter counts its own runs in a file, so that every execution leaves a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from focalbook.book.execute import main
from tests.book.tiny import TinyBook, chapter

COUNTING = """# {title}

```{{code-cell}} ipython3
from pathlib import Path
with Path("../runs-{title}.txt").open("a") as file:
    file.write("run\\n")
print("data", Path("../data.txt").read_text().strip())
```
"""


def _counting(title: str, depends: str) -> str:
    return chapter(COUNTING.format(title=title), depends)


def _runs(book: TinyBook) -> tuple[int, int]:
    counts = [book.root / f"runs-{title}.txt" for title in ("one", "two")]
    return tuple(len(path.read_text().splitlines()) if path.exists() else 0 for path in counts)  # type: ignore[return-value]


@pytest.fixture
def counted(make_book: Callable[..., TinyBook], tmp_path: Path) -> TinyBook:
    """Two chapters; only the first depends on data.txt."""
    pages = {"one": _counting("one", "[data.txt]"), "two": _counting("two", "[book/references.bib]")}
    return make_book(tmp_path, pages)


def test_only_changed_inputs_make_a_chapter_run_again(counted: TinyBook) -> None:
    assert counted.execute().returncode == 0
    assert _runs(counted) == (1, 1)
    assert counted.execute().returncode == 0
    assert _runs(counted) == (1, 1), "nothing had changed"
    counted.write("data.txt", "2\n")
    assert counted.execute().returncode == 0
    assert _runs(counted) == (2, 1), "only the chapter that depends on the file runs again"
    counted.write("data.txt", "1\n")
    again = counted.execute()
    assert _runs(counted) == (2, 1), "the outputs of the first state are still known"
    assert again.stdout.count("cached") == 2


def test_build_uses_what_was_executed(counted: TinyBook) -> None:
    assert counted.execute().returncode == 0
    built = counted.build()
    assert built.returncode == 0, built.stdout + built.stderr
    assert _runs(counted) == (1, 1), "the build must find the outputs in the cache"
    assert "data 1" in counted.page("one")
    counted.write("data.txt", "2\n")
    built = counted.build()
    assert built.returncode == 0, built.stdout + built.stderr
    assert _runs(counted) == (2, 1), "the build executes what is stale by itself"
    assert "data 2" in counted.page("one")


def test_chapters_can_be_named(counted: TinyBook) -> None:
    assert counted.execute("book/two").returncode == 0
    assert _runs(counted) == (0, 1)


def test_failing_chapter_is_reported_and_not_stored(
    make_book: Callable[..., TinyBook], tmp_path: Path
) -> None:
    broken = "# Broken\n\n```{code-cell} ipython3\nraise RuntimeError('deliberately')\n```\n"
    book = make_book(tmp_path, {"one": _counting("one", "[data.txt]"), "broken": chapter(broken)})
    first = book.execute()
    assert first.returncode == 1
    assert "RuntimeError: deliberately" in first.stderr
    assert "executed" in first.stdout, "the other chapter is not lost"
    second = book.execute()
    assert second.returncode == 1
    assert "failed" in second.stdout


def test_missing_input_is_one_line(
    make_book: Callable[..., TinyBook], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path, {"one": _counting("one", "[gone.json]")})
    assert main(["--root", str(book.root)]) == 1
    message = capsys.readouterr().err
    assert message.startswith("error: book/one: depends: 'gone.json' names no file")
