"""What a chapter depends on, and a hash of it.

The engine's execution cache looks at the code cells and at the kernel specification only: a change in the
package or in stored results would leave old outputs in the book. A chapter therefore names its inputs in the
front matter,

    depends: [focalbook/theory, focalbook/figures/gain.py, results/claims.json]

as paths from the root of the book (files or folders). A hash of these files, of every module of the package
that they import by name, of ``constraints.txt`` and of the Python version is written into the kernel
specification before the chapter is read. A missing file is an error.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ChapterError", "chapter_inputs", "front_matter", "input_files", "stamp"]

PACKAGE = "focalbook"
LOCK = "constraints.txt"
_IGNORED_SUFFIXES = {".pyc", ".pyo", ".tmp"}


class ChapterError(ValueError):
    """A chapter's front matter is unusable or names an input that does not exist."""


@dataclass(frozen=True)
class Split:
    """A chapter cut into its front matter and the rest; ``lines`` is the height of the front matter."""

    data: dict[str, Any]
    lines: int
    body: str


def front_matter(text: str) -> Split:
    """Cut the YAML front matter off a chapter.

    Parameters
    ----------
    text
        The whole chapter.

    Returns
    -------
    Split
        ``data`` is empty and ``lines`` is 0 where there is no front matter.

    Raises
    ------
    ChapterError
        If the front matter is not closed, is not YAML or is not a mapping.
    """
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        return Split({}, 0, text)
    end = next((i for i, line in enumerate(lines) if i > 0 and line.rstrip() == "---"), None)
    if end is None:
        raise ChapterError("the front matter is opened with --- and never closed")
    try:
        data = yaml.safe_load("".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        raise ChapterError(f"the front matter is not YAML: {error}") from error
    if not isinstance(data, dict):
        raise ChapterError(f"the front matter must be a mapping, got {type(data).__name__}")
    return Split(data, end + 1, "".join(lines[end + 1 :]))


def _module_file(root: Path, name: str) -> Path | None:
    path = root.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _imported_names(tree: ast.AST, module: str, is_package: bool) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                drop = node.level - 1 if is_package else node.level
                parts = parts[: len(parts) - drop]
                base = ".".join([*parts, base] if base else parts)
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return {name for name in names if name.split(".")[0] == PACKAGE}


@lru_cache(maxsize=1024)
def _imports_of(path: Path, root: Path, changed: int) -> frozenset[Path]:
    """Files of the package that one module imports by name; ``changed`` is its time stamp, for the cache."""
    relative = path.relative_to(root).with_suffix("")
    is_package = relative.name == "__init__"
    module = ".".join(relative.parts[:-1] if is_package else relative.parts)
    found: set[Path] = set()
    for name in _imported_names(ast.parse(path.read_text(encoding="utf-8")), module, is_package):
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            file = _module_file(root, ".".join(parts[:depth]))
            if file is not None:
                found.add(file)
    return frozenset(found)


def _with_imports(files: set[Path], root: Path) -> set[Path]:
    seen: set[Path] = set()
    queue = list(files)
    while queue:
        path = queue.pop()
        if path in seen:
            continue
        seen.add(path)
        if path.suffix == ".py" and path.relative_to(root).parts[0] == PACKAGE:
            queue.extend(_imports_of(path, root, path.stat().st_mtime_ns))
    return seen


def input_files(depends: list[str], root: Path) -> list[Path]:
    """Every file behind a list of inputs, imported modules and the lock file included.

    Parameters
    ----------
    depends
        Files or folders, as paths from ``root``; a folder stands for all files under it.
    root
        Root of the book.

    Returns
    -------
    list of Path
        Sorted, without duplicates.

    Raises
    ------
    ChapterError
        If an input does not exist, is an empty folder or lies outside ``root``.
    """
    files: set[Path] = set()
    for entry in depends:
        path = Path(os.path.normpath(root / entry))
        if not path.is_relative_to(root):
            raise ChapterError(f"depends: {entry!r} lies outside the book")
        if path.is_file():
            files.add(path)
            continue
        found = [
            file
            for file in sorted(path.rglob("*"))
            if file.is_file() and file.suffix not in _IGNORED_SUFFIXES and "__pycache__" not in file.parts
        ]
        if not found:
            raise ChapterError(f"depends: {entry!r} names no file; give a path from the root of the book")
        files.update(found)
    files = _with_imports(files, root)
    if (root / LOCK).is_file():
        files.add(root / LOCK)
    return sorted(files)


def chapter_inputs(text: str, root: Path) -> list[Path]:
    """Files that a chapter's outputs depend on, by its front matter.

    Raises
    ------
    ChapterError
        If ``depends`` is not a list of paths, or a path names nothing.
    """
    depends = front_matter(text).data.get("depends", [])
    if not isinstance(depends, list) or not all(isinstance(entry, str) for entry in depends):
        raise ChapterError(f"depends must be a list of paths such as [focalbook/theory], got {depends!r}")
    return input_files(depends, root)


def stamp(text: str, root: Path) -> tuple[str, list[Path]]:
    """Write the hash of a chapter's inputs into its kernel specification.

    Parameters
    ----------
    text
        A chapter as its author wrote it.
    root
        Root of the book.

    Returns
    -------
    str
        The chapter with ``kernelspec.inputs_sha256`` added; line numbers stay as they were. A page without a
        ``kernelspec`` has no code to run and is returned unchanged.
    list of Path
        The inputs.

    Raises
    ------
    ChapterError
        If the front matter is unusable or an input is missing.
    """
    split = front_matter(text)
    if not isinstance(split.data.get("kernelspec"), dict):
        return text, []
    files = chapter_inputs(text, root)
    digest = hashlib.sha256(f"python {sys.version_info.major}.{sys.version_info.minor}\n".encode())
    for file in files:
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    split.data["kernelspec"]["inputs_sha256"] = digest.hexdigest()
    padding = "#\n" * (split.lines - 3)
    return f"---\n{json.dumps(split.data, default=str)}\n{padding}---\n{split.body}", files
