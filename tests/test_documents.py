"""What the documents say is true: examples are run, paths exist, citation and bibliography agree."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from focalbook.cli import main
from focalbook.theory.minimizer import recover

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Code blocks of a document."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text(name), re.MULTILINE | re.DOTALL)


def test_the_example_prints_what_the_readme_says() -> None:
    (code,), (expected,) = blocks("README.md", "python"), blocks("README.md", "text")
    assert len(code.splitlines()) <= 20
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue() == expected


def test_the_command_lines_of_the_readme_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is run on a small file of the kind it names; oracle: the library on the same numbers."""
    monkeypatch.chdir(tmp_path)
    q = np.random.default_rng(0).dirichlet(np.ones(2), 20)
    table = pd.DataFrame(q, columns=["p_a", "p_b"])
    table.insert(0, "image", [f"{i}.png" for i in range(20)])
    table.to_csv("probs.csv", index=False)
    table.to_parquet("probs.parquet")
    np.save("logits.npy", np.log(q))
    lines = [line for block in blocks("README.md", "sh") for line in block.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("focalbook ")]
    assert [main(command) for command in commands] == [0, 0, 0]
    np.testing.assert_allclose(np.load("posteriors.npy"), recover(q, 2.0), rtol=1e-12)
    frame = pd.read_csv("posteriors.csv")
    np.testing.assert_allclose(frame[["p_a", "p_b"]], recover(q, 2.0), rtol=1e-12)
    weighted = pd.read_parquet("posteriors.parquet")[["p_a", "p_b"]]
    np.testing.assert_allclose(weighted, recover(q, 2.0, weights=[0.25, 0.75]), rtol=1e-12)


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {word for name in DOCUMENTS for word in re.findall(r"\bmake ([a-z]+)\b", text(name))}
    assert {"book", "test", "check"} <= named <= targets
    assert "$(TORCH_ARGS)" in text("Makefile")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_and_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"", text(name))
    paths = [a or b for a, b in links if "://" not in (a or b)]
    # Paths in code font, such as `focalbook/theory/` and `pyproject.toml`; not what the build writes.
    paths += [
        path
        for path in re.findall(r"`([\w./-]+/|[\w-]+\.toml)`", text(name))
        if not path.startswith(("_", "."))
    ]
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert missing == []


def test_every_package_is_in_the_layout() -> None:
    """The README's table names every package, and nothing else."""
    packages = {f"focalbook/{path.parent.name}/" for path in (ROOT / "focalbook").glob("*/__init__.py")}
    assert set(re.findall(r"focalbook/\w+/", text("README.md").split("## Layout")[1])) == packages


def test_citation_and_bibliography_agree() -> None:
    """The papers this project is a companion of: same title, authors, year and arXiv number in both files."""
    entries = re.findall(r"^@\w+\{(\w+),\n(.*?)^\}", text("book/references.bib"), re.MULTILINE | re.DOTALL)
    fields = {key: dict(re.findall(r"^  (\w+) = \{(.*?)\},$", body, re.MULTILINE)) for key, body in entries}
    references = yaml.safe_load(text("CITATION.cff"))["references"]
    for key, reference in zip(
        ["shah2026focal", "kimura2024geometric", "shah2025onebit"], references, strict=True
    ):
        authors = " and ".join(f"{a['family-names']}, {a['given-names']}" for a in reference["authors"])
        assert authors == fields[key]["author"]
        assert reference["title"] == fields[key]["title"]
        assert str(reference["year"]) == fields[key]["year"]
        assert reference["identifiers"][0]["value"] == f"arXiv:{fields[key]['eprint']}"
        assert reference["url"] == f"https://arxiv.org/abs/{fields[key]['eprint']}"
        assert reference["url"] in text("README.md")


def test_changelog_keeps_its_form() -> None:
    """Keep a Changelog: versions from the newest, changes under the kinds that it knows."""
    titles = re.findall(r"^## (.*)$", text("CHANGELOG.md"), re.MULTILINE)
    assert titles[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", title) for title in titles[1:])
    kinds = re.findall(r"^### (.*)$", text("CHANGELOG.md"), re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_licences() -> None:
    assert text("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 The focalbook authors\n")
    attribution = text("LICENSE-text")
    assert "https://creativecommons.org/licenses/by/4.0/" in attribution
    for section in range(1, 9):
        assert re.search(rf"^Section {section} ", attribution, re.MULTILINE)
