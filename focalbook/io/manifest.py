"""A manifest of result files: names, sizes and SHA-256 sums, so that a changed or lost file is noticed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from focalbook.io.atomic import atomic_output
from focalbook.io.errors import DataFileError
from focalbook.io.lock import locked

__all__ = ["LOCKS", "MANIFEST", "check_manifest", "forget", "read_manifest", "update_manifest"]

MANIFEST = "manifest.json"

#: Folder of the locks of those who write, beside the manifest.
LOCKS = ".locks"
SCHEMA = 1


def _entry(path: Path) -> dict[str, str | int]:
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def read_manifest(folder: Path) -> dict[str, dict[str, str | int]]:
    """Entries of the manifest of a folder by file name; empty where there is no manifest.

    Raises
    ------
    DataFileError
        If the manifest is damaged or of another schema.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise DataFileError(f"{path} has schema {content['schema']}, expected {SCHEMA}: record it again")
        return {str(name): dict(entry) for name, entry in content["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(f"{path} is not a manifest ({error!r}): remove it and record again") from error


def update_manifest(folder: Path, *names: str) -> None:
    """Enter the files as they are now; entries of other files stay, also when others write at the same time.

    Raises
    ------
    DataFileError
        If the manifest is damaged or cannot be written.
    OSError
        If a file cannot be read.
    """
    entries = {name: _entry(folder / name) for name in names}
    with locked(folder / LOCKS / "manifest"):
        _write(folder, read_manifest(folder) | entries)


def forget(folder: Path, *names: str) -> None:
    """Take the entries of these files out of the manifest; those it does not have are no error.

    Raises
    ------
    DataFileError
        If the manifest is damaged or cannot be written.
    """
    with locked(folder / LOCKS / "manifest"):
        entries = read_manifest(folder)
        if any(name in entries for name in names):
            _write(folder, {name: entry for name, entry in entries.items() if name not in names})


def _write(folder: Path, entries: dict[str, dict[str, str | int]]) -> None:
    content = {"schema": SCHEMA, "files": dict(sorted(entries.items()))}
    with atomic_output(folder / MANIFEST) as out:
        out.write((json.dumps(content, indent=2) + "\n").encode())


def check_manifest(folder: Path) -> list[str]:
    """One line for every file of the manifest that is missing or differs; empty when all is well."""
    problems = []
    for name, entry in read_manifest(folder).items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif _entry(path) != entry:
            problems.append(f"{name} differs from what was recorded")
    return problems
