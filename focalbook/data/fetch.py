"""Bring a data set to this computer: from its publisher, or from files that are here already."""

from __future__ import annotations

import json
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from focalbook.data.catalogue import DataSet, Download, described
from focalbook.data.checksums import check_published
from focalbook.data.download import Progress, download
from focalbook.data.errors import DataError
from focalbook.data.fashion import present
from focalbook.data.folders import default_folder, locate
from focalbook.data.sets import RECEIPT, read_contents

__all__ = ["fetch"]


def fetch(
    name: str,
    folder: str | Path | None = None,
    source: str | Path | None = None,
    progress: Progress = lambda *_: None,
) -> Path:
    """Bring a data set into ``folder/<name>``, checked, and return where its files are.

    Data that is there and whole is left alone; data that is damaged is replaced. Files get their names when
    they are complete and right, so that cutting this off at any moment leaves nothing half-written; calling
    it again goes on.

    Parameters
    ----------
    name : str
        A name of the catalogue.
    folder : str or Path, optional
        Default: :func:`~focalbook.data.folders.default_folder`.
    source : str or Path, optional
        A folder with the publisher's files, as downloaded or unpacked, or the archive: they are checked and
        copied, and nothing is downloaded.
    progress : callable
        See :data:`~focalbook.data.download.Progress`.

    Raises
    ------
    DataError
        An unknown name; files that are missing, damaged or not the published ones; no connection.
    OSError
        The folder cannot be written.
    """
    spec = described(name)
    base = default_folder() if folder is None else Path(folder).expanduser()
    if (place := _whole(spec, base)) is not None:
        return place
    given = None if source is None else _given(spec, Path(source).expanduser())
    root = base / spec.name
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root):
        if spec.folder:
            return _fetch_archive(spec, root, given, progress)
        return _fetch_files(spec, root, given, progress)


def _whole(spec: DataSet, base: Path) -> Path | None:
    """Where the unpacked data is, if it is there and nothing is wrong with it."""
    try:
        place = locate(spec, base)
        if place is None or place.is_file():
            return None
        read_contents(spec, place)
    except DataError:
        return None
    return place


def _given(spec: DataSet, source: Path) -> Path:
    """The folder or archive that the caller named, checked."""
    place: Path | None = source
    if not (source.is_file() and spec.folder):
        if not source.is_dir():
            raise DataError(f"{source} is not a folder")
        place = locate(spec, source)
    if place is None:
        archive = f"{spec.downloads[0].file}, or unpacked " if spec.folder else ""
        raise DataError(f"{source} does not hold {spec.title}: expected {archive}{', '.join(spec.needed)}")
    if place.is_file():
        check_published(spec.downloads[0], place)
        return place
    for item in spec.downloads:
        if not spec.folder and (path := place / item.file).is_file():
            check_published(item, path)
    read_contents(spec, place)
    return place


def _fetch_archive(spec: DataSet, root: Path, given: Path | None, progress: Progress) -> Path:
    if given is not None and given.is_dir():
        return _install(spec, root, lambda new: _copy(spec, given, new))
    if given is not None:
        return _install(spec, root, lambda new: _unpack(spec, given, new))
    item = spec.downloads[0]
    archive = root / item.file
    if not _is_published(item, archive):
        download(item, archive, progress)
    place = _install(spec, root, lambda new: _unpack(spec, archive, new))
    archive.unlink()
    return place


def _fetch_files(spec: DataSet, root: Path, given: Path | None, progress: Progress) -> Path:
    """Files that need no unpacking: each is put in its place when it is right."""
    for item in spec.downloads:
        target = root / item.file
        if given is not None:
            found = present(given, item.file.removesuffix(".gz")) or given / item.file
            _copy_file(found, root / found.name)
            if found.name != item.file:
                target.unlink(missing_ok=True)
        elif not _is_published(item, target):
            download(item, target, progress)
    (root / RECEIPT).unlink(missing_ok=True)
    _write_receipt(spec, root)
    return root


def _is_published(item: Download, path: Path) -> bool:
    try:
        check_published(item, path)
    except (DataError, FileNotFoundError):
        return False
    return True


def _install(spec: DataSet, root: Path, fill: Callable[[Path], None]) -> Path:
    """Fill a new folder, check what is in it, and put it in the place of the old one."""
    place, new, old = (root / f"{spec.folder}{suffix}" for suffix in ("", ".new", ".old"))
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir()
        fill(new)
        _write_receipt(spec, new)
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        new.rename(place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return place


def _write_receipt(spec: DataSet, folder: Path) -> None:
    """Check the data in `folder`, and note the sums of its content so that later damage is seen."""
    contents = read_contents(spec, folder)
    noted = {"name": spec.name, "train": contents.train.content, "test": contents.test.content}
    part = folder / f"{RECEIPT}.part"
    part.write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")
    part.replace(folder / RECEIPT)


def _copy(spec: DataSet, given: Path, new: Path) -> None:
    for file in spec.needed:
        shutil.copyfile(given / file, new / file)


def _copy_file(source: Path, target: Path) -> None:
    if target.exists() and target.samefile(source):
        return
    part = target.with_name(target.name + ".part")
    shutil.copyfile(source, part)
    part.replace(target)


def _unpack(spec: DataSet, archive: Path, new: Path) -> None:
    """Write the files that are needed under their own names, and nothing else that is in the archive."""
    wanted = {f"{spec.folder}/{file}": new / file for file in spec.needed}
    try:
        with tarfile.open(archive, "r|*") as tar:
            for member in tar:
                target = wanted.get(member.name.removeprefix("./"))
                stream = tar.extractfile(member) if target and member.isreg() else None
                if target and stream:
                    with target.open("wb") as file:
                        shutil.copyfileobj(stream, file, 1 << 20)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise DataError(f"{archive}: the archive is truncated or damaged: {error}") from error
    missing = [name for name, target in wanted.items() if not target.exists()]
    if missing:
        raise DataError(f"{archive}: {missing[0]} is not in it: this is not {spec.title}'s binary version")


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep a second process from fetching the same data at the same time, where the system has file locks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataError(f"another process is fetching data into {root}: wait until it is done") from error
        yield
