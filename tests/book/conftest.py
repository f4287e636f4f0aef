"""Makes tiny books, with the settings of the real one, to build for tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.book.tiny import TinyBook, chapter


def _toc(names: list[str]) -> str:
    entries = "".join(f"      - file: book/{name}\n" for name in names)
    head = "format: jb-book\nroot: book/index\nparts:\n  - caption: Part\n    numbered: true\n    chapters:\n"
    return head + entries


@pytest.fixture(scope="session")
def make_book(root: Path) -> Callable[..., TinyBook]:
    """Make a tiny book from pages, with the real configuration, style sheet and extension."""

    def make(folder: Path, pages: dict[str, str]) -> TinyBook:
        book = TinyBook(folder)
        shutil.copy(root / "_config.yml", folder)
        shutil.copytree(root / "book" / "_static", folder / "book" / "_static")
        book.write(
            "book/references.bib",
            "@book{key2000, author={Key, Ada}, title={On keys}, publisher={Press}, year={2000}}\n",
        )
        book.write("data.txt", "1\n")
        book.write("book/index.md", "# Index\n\nWords.\n")
        for name, text in pages.items():
            book.write(f"book/{name}.md", text)
        book.write("_toc.yml", _toc(list(pages)))
        return book

    return make


THEORY = """# Theory

```{chapter-box}
:claims: FE-1, FE-2
:source: key2000
:section: Section 2, where $\\gamma > 0$
```

By {claim}`FE-1` it holds.

```{prf:theorem} First
:label: fe-1

$F_\\gamma(P, Q) \\le H(P, Q)$
```

```{prf:theorem} Second
:label: fe-2

$x^2 \\ge 0$
```

```{code-cell} ipython3
print("six times seven is", 6 * 7)
```
"""

PLOT = """# Plot

```{chapter-box}
:claims: FE-2
```

```{code-cell} ipython3
import plotly.graph_objects as go
from focalbook.figures.style import interactive
interactive(go.Figure(go.Scatter(x=[1, 2], y=[3, 4])), alt="A line between two points")
```

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: Two versions of one curve.
    name: fig-two
---
from focalbook.figures.style import figure
figure(lambda data, ax: ax.plot(data), [0, 1, 4], alt="A curve that rises ever faster")
```
"""

RECORDS = """{"claims": [
  {"id": "FE-1", "status": "proved", "residual": 2e-16, "tolerance": 1e-12, "count": 12000},
  {"id": "FE-2", "status": "refuted"}
]}
"""


@pytest.fixture(scope="session")
def built_book(make_book: Callable[..., TinyBook], tmp_path_factory: pytest.TempPathFactory) -> TinyBook:
    """A tiny book with claims, a ledger and figures, built from outputs that were executed beforehand."""
    pages = {
        "theory": chapter(THEORY),
        "plot": chapter(PLOT),
        "ledger": '# Ledger\n\n<p id="claim-fe-1">One</p>\n\n<p id="claim-fe-2">Two</p>\n',
        "references": "# References\n\n```{bibliography}\n```\n",
    }
    book = make_book(tmp_path_factory.mktemp("book"), pages)
    book.write("results/claims.json", RECORDS)
    executed = book.execute()
    assert executed.returncode == 0, executed.stderr
    built = book.build()
    assert built.returncode == 0, built.stdout + built.stderr
    return book
