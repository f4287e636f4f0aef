"""Stored records of campaigns: a folder each under results/, checked against the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from focalbook.io.manifest import MANIFEST, read_manifest, update_manifest
from focalbook.store import Record, RecordError, read_record, write_record

__all__ = ["files", "keep", "known_files", "results_folder", "sha256", "stored"]


def results_folder(start: Path | None = None) -> Path:
    """The folder ``results`` with a manifest, here or above.

    Parameters
    ----------
    start : Path, optional
        Where to begin; the working directory where None.

    Raises
    ------
    RecordError
        There is none.
    """
    begin = (Path.cwd() if start is None else start).resolve()
    for folder in (begin, *begin.parents):
        if (folder / "results" / MANIFEST).is_file():
            return folder / "results"
    raise RecordError(f"no results/{MANIFEST} in {begin} or above: run this inside the project.")


def keep(records: Iterable[Record], results: Path) -> list[Path]:
    """Write records to the folder of their campaign and enter them in the manifest.

    Parameters
    ----------
    records : iterable of Record
    results : Path
        An existing folder.

    Returns
    -------
    list of Path
        The JSON files. A record of the same configuration is replaced.

    Raises
    ------
    RecordError, DataFileError
        As for :func:`focalbook.store.write_record`.
    """
    paths, written = [], []
    try:
        for record in records:
            folder = results / record.campaign
            folder.mkdir(exist_ok=True)
            path = write_record(record, folder)
            written += [path, path.with_suffix(".npz")] if record.arrays else [path]
            paths.append(path)
    finally:
        update_manifest(results, *(f"{file.parent.name}/{file.name}" for file in written))
    return paths


def known_files(campaign: str, results: Path) -> dict[str, str]:
    """SHA-256 of each file of a campaign that the manifest knows, by its name."""
    return {
        name.removeprefix(f"{campaign}/"): str(entry["sha256"])
        for name, entry in read_manifest(results).items()
        if name.startswith(f"{campaign}/")
    }


def files(campaign: str, results: Path) -> set[str]:
    """Names of the files that lie in the folder of a campaign."""
    folder = results / campaign
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stored(campaign: str, results: Path) -> list[Record]:
    """Read all records of a campaign.

    Parameters
    ----------
    campaign : str
        Name of the campaign, which is that of its folder.
    results : Path
        Folder with the manifest.

    Returns
    -------
    list of Record
        In the order of their names; empty where nothing is stored.

    Raises
    ------
    RecordError
        A file of the manifest is missing or differs from what was recorded, a record is damaged, or a file
        lies in the folder that the manifest does not know.
    """
    folder, known, present = results / campaign, known_files(campaign, results), files(campaign, results)
    if odd := sorted(present ^ set(known)):
        raise RecordError(f"{folder}: {odd} are not both stored and in the manifest.")
    for name, digest in known.items():
        if sha256(folder / name) != digest:
            raise RecordError(f"{folder / name} differs from what was recorded.")
    return [read_record(folder / name) for name in sorted(known) if name.endswith(".json")]
