"""Records in one file, to carry them from the machine that made them to the one that keeps them."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from focalbook.campaigns.archive import keep
from focalbook.io.atomic import atomic_output
from focalbook.io.lock import locked
from focalbook.io.manifest import LOCKS
from focalbook.store import Record, RecordError, read_record

__all__ = ["Merged", "merge", "pack"]

_NAME = re.compile(r"(?P<campaign>[A-Za-z0-9][A-Za-z0-9-]*)/(?P<run>[0-9a-f]{16})\.(?P<ending>json|npz)")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # equal records give equal archives
_LARGEST = 1 << 28  # bytes of one file


@dataclass
class Merged:
    """What a merge did.

    Attributes
    ----------
    added, present, replaced, conflicts : list of str
        ``campaign/run`` of records that were new, that were there already and equal, that took the place of
        another one because the caller said so, and that differ from the one that is there and were left out.
    """

    added: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def pack(folders: Iterable[Path], archive: Path) -> int:
    """Put all records of some folders into one archive.

    Parameters
    ----------
    folders : iterable of Path
        Folders of campaigns.
    archive : Path
        A ZIP file; it appears whole or not at all.

    Returns
    -------
    int
        Number of records.

    Raises
    ------
    RecordError
        A damaged record.
    DataFileError
        The archive cannot be written.
    """
    count = 0
    with atomic_output(archive) as handle, zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as out:
        for folder in folders:
            for path in sorted(folder.glob("[0-9a-f]*.json")):
                record = read_record(path)
                for file in (path, path.with_suffix(".npz")) if record.arrays else (path,):
                    out.writestr(zipfile.ZipInfo(f"{folder.name}/{file.name}", _EPOCH), file.read_bytes())
                count += 1
    return count


def merge(archive: Path, results: Path, replace: bool = False) -> Merged:
    """Take over the records of an archive.

    Parameters
    ----------
    archive : Path
        Written by :func:`pack`.
    results : Path
        Folder of the records and their manifest.
    replace : bool
        Let records of the archive take the place of different ones with the same id.

    Returns
    -------
    Merged
        Records with the same id and another content are conflicts: they are named and, unless `replace`, left
        as they are.

    Raises
    ------
    RecordError
        The archive, or a record in it, is damaged, or holds something else than records: nothing is merged.
    """
    outcome = Merged()
    with tempfile.TemporaryDirectory() as unpacked:
        records = _unpack(archive, Path(unpacked))
        for record in records:
            _take(record, results, replace, outcome)
    return outcome


def _take(record: Record, results: Path, replace: bool, outcome: Merged) -> None:
    name = f"{record.campaign}/{record.id}"
    with locked(results / LOCKS / record.campaign / record.id):
        path = results / f"{name}.json"
        if not path.exists():
            keep([record], results)
            outcome.added.append(name)
        elif _same(read_record(path), record):
            outcome.present.append(name)
        elif replace:
            keep([record], results)
            outcome.replaced.append(name)
        else:
            outcome.conflicts.append(name)


def _same(one: Record, other: Record) -> bool:
    if set(one.arrays) != set(other.arrays):
        return False
    equal = all(
        a.dtype == (b := other.arrays[name]).dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        for name, a in one.arrays.items()
    )
    # repr, unlike ==, finds a NaN equal to itself
    return equal and all(
        repr(getattr(one, name)) == repr(getattr(other, name))
        for name in ("metrics", "seconds", "provenance", "configuration")
    )


def _unpack(archive: Path, folder: Path) -> list[Record]:
    """All records of an archive, checked one by one."""
    try:
        with zipfile.ZipFile(archive) as file:
            return _read_all(file, archive, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise RecordError(f"{archive}: not an archive of records, or a damaged one ({error})") from error


def _read_all(file: zipfile.ZipFile, archive: Path, folder: Path) -> list[Record]:
    for entry in file.infolist():
        if not _NAME.fullmatch(entry.filename) or entry.file_size > _LARGEST:
            raise RecordError(f"{archive}: {entry.filename!r} is not a file of a record")
        target = folder / entry.filename
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read(entry))
    records = []
    for path in sorted(folder.glob("*/*.json")):
        record = read_record(path)
        if record.campaign != path.parent.name or record.id != path.stem:
            raise RecordError(f"{archive}: {path.parent.name}/{path.name} is a record of {record.campaign}")
        records.append(record)
    lonely = {p.stem for p in folder.glob("*/*.npz")} - {r.id for r in records if r.arrays}
    if lonely:
        raise RecordError(f"{archive}: arrays without a record: {', '.join(sorted(lonely))}")
    return records
