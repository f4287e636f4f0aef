"""A good book builds, a book that is broken in a way that matters does not.

Oracle: the exit status, and the messages where one build shows several faults.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.book.tiny import TinyBook, chapter

GOOD = """# Good

```{code-cell} ipython3
print("fine")
```

Words that refer to {doc}`index`.
"""


def _cell(code: str) -> str:
    return f"# Broken\n\n```{{code-cell}} ipython3\n{code}\n```\n"


FATAL = {
    "a cell that raises": (chapter(_cell("1 / 0")), "ZeroDivisionError"),
    "an input that is missing": (chapter(GOOD, depends="[gone.json]"), "'gone.json' names no file"),
}
WARNED = {
    "python": (chapter(_cell("import warnings; warnings.warn('careful')")), "stderr was found"),
    "stream": (chapter(_cell("import sys; print('noise', file=sys.stderr)")), "stderr was found"),
    "reference": ("# Page\n\n{prf:ref}`nowhere`\n", "nowhere"),
    "citation": ("# Page\n\n{cite}`nobody1900`\n", "nobody1900"),
    "claim": ("# Page\n\n{claim}`FE-99`\n", "FE-99 has no recorded status"),
}


@pytest.mark.parametrize("fault", FATAL, ids=lambda fault: fault.replace(" ", "-"))
def test_broken_chapter_fails_the_build(
    make_book: Callable[..., TinyBook], tmp_path: Path, fault: str
) -> None:
    page, message = FATAL[fault]
    built = make_book(tmp_path, {"broken": page}).build()
    assert built.returncode != 0, f"{fault} must fail the build:\n{built.stdout}{built.stderr}"
    assert message in built.stdout + built.stderr


def test_each_warning_is_given_and_fails_the_build(
    make_book: Callable[..., TinyBook], tmp_path: Path
) -> None:
    pages = {name: page for name, (page, _) in WARNED.items()}
    built = make_book(tmp_path, pages).build()
    assert built.returncode != 0
    for name, (_, message) in WARNED.items():
        lines = [line for line in built.stderr.splitlines() if f"book/{name}.md" in line]
        assert any(message in line for line in lines), f"no warning about {name}:\n{built.stderr}"


def test_good_chapter_builds(make_book: Callable[..., TinyBook], tmp_path: Path) -> None:
    built = make_book(tmp_path, {"good": chapter(GOOD)}).build()
    assert built.returncode == 0, built.stdout + built.stderr
