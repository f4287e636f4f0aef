"""Stored records of campaigns: a folder each under results/, checked against the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from focalbook.io.manifest import MANIFEST, read_manifest, update_manifest
from focalbook.store import Record, RecordError, read_record, write_record

__all__ = ["keep", "results_folder", "stored"]


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
    paths = []
    for record in records:
        folder = results / record.campaign
        folder.mkdir(exist_ok=True)
        path = write_record(record, folder)
        files = [path, path.with_suffix(".npz")] if record.arrays else [path]
        update_manifest(results, *(f"{record.campaign}/{file.name}" for file in files))
        paths.append(path)
    return paths


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
    folder = results / campaign
    entries = {
        name.removeprefix(f"{campaign}/"): entry
        for name, entry in read_manifest(results).items()
        if name.startswith(f"{campaign}/")
    }
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if odd := sorted(present ^ set(entries)):
        raise RecordError(f"{folder}: {odd} are not both stored and in the manifest.")
    for name, entry in entries.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry["sha256"]:
            raise RecordError(f"{folder / name} differs from what was recorded.")
    return [read_record(folder / name) for name in sorted(entries) if name.endswith(".json")]
