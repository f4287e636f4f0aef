"""What the book was built with and how to cite it: versions, make targets, stored files; Markdown tables."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Target", "Version", "bibtex", "machine", "markdown_table", "stored_files", "targets", "versions"]

_TARGET = re.compile(r"^([a-z]+):[^#\n]*## (.+)$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Version:
    """A package with the version in use and the one in ``constraints.txt``, None where it is not pinned."""

    name: str
    installed: str
    pinned: str | None


@dataclass(frozen=True)
class Target:
    """A target of the Makefile and what it does."""

    name: str
    purpose: str


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {_canonical(name): version for name, version in pairs}


def versions(root: Path, extras: tuple[str, ...] = ("book",)) -> list[Version]:
    """Versions of the packages that the book asks for.

    Parameters
    ----------
    root
        Root of the checkout, where ``constraints.txt`` is.
    extras
        Groups of optional packages to list besides those that are always needed.

    Returns
    -------
    list of Version
        In alphabetical order.
    """
    pins = _pins(root / "constraints.txt")
    found = []
    for line in importlib.metadata.requires("focalbook") or []:
        requirement, _, marker = line.partition(";")
        if marker and not any(f'extra == "{extra}"' in marker for extra in extras):
            continue
        match = _NAME.match(requirement)
        assert match is not None, f"a requirement begins with a name: {requirement}"
        name = match[0]
        installed = importlib.metadata.version(name).split("+")[0]
        found.append(Version(name, installed, pins.get(_canonical(name))))
    return sorted(found, key=lambda version: version.name.lower())


def machine() -> str:
    """One sentence on the interpreter and the machine that runs it."""
    cores = os.cpu_count() or 1
    return f"Python {platform.python_version()} on {platform.system()} ({platform.machine()}), {cores} cores"


def targets(root: Path) -> list[Target]:
    """Targets of the Makefile that explain themselves, in its order."""
    text = (root / "Makefile").read_text(encoding="utf-8")
    return [Target(name, purpose) for name, purpose in _TARGET.findall(text)]


def stored_files(root: Path, folder: str = "results") -> list[tuple[str, int, str]]:
    """Path from ``root``, size in bytes and SHA-256 of every stored file, in alphabetical order."""
    paths = sorted(path for path in (root / folder).rglob("*") if path.is_file())
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    return [
        (path.relative_to(root).as_posix(), path.stat().st_size, digest)
        for path, digest in zip(paths, digests, strict=True)
    ]


def markdown_table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table.

    Raises
    ------
    ValueError
        If a row has not as many cells as the head.
    """
    wrong = [row for row in rows if len(row) != len(head)]
    if wrong:
        raise ValueError(f"a row needs {len(head)} cells, got {wrong[0]}")
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def _author(person: dict[str, Any]) -> str:
    if "name" in person:
        return "{" + person["name"] + "}"
    return ", ".join(part for part in (person.get("family-names"), person.get("given-names")) if part)


def bibtex(root: Path, key: str = "focalbook") -> str:
    """A BibTeX entry made of ``CITATION.cff``."""
    citation = yaml.load((root / "CITATION.cff").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    fields = {
        "author": " and ".join(_author(person) for person in citation["authors"]),
        "title": citation["title"],
        "version": citation.get("version"),
        "year": str(citation.get("date-released", ""))[:4],
        "url": citation.get("url") or citation.get("repository-code"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@software{{{key},", *lines, "}"])
