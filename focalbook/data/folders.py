"""Where data sets lie on this computer, and how to find one there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from focalbook.data.catalogue import DataSet
from focalbook.data.errors import DataError
from focalbook.data.fashion import present

__all__ = ["default_folder", "locate", "refuse_other_versions"]

_PYTHON = {
    "cifar10": ("cifar-10-python.tar.gz", "cifar-10-batches-py", "data_batch_1"),
    "cifar100": ("cifar-100-python.tar.gz", "cifar-100-python", "meta"),
}
_MATLAB = {
    "cifar10": ("cifar-10-matlab.tar.gz", "cifar-10-batches-mat", "data_batch_1.mat"),
    "cifar100": ("cifar-100-matlab.tar.gz", "cifar-100-matlab", "meta.mat"),
}


def default_folder() -> Path:
    r"""The folder below which data sets lie: $FOCALBOOK_DATA, or else in this user's cache folder.

    That is ``$XDG_CACHE_HOME/focalbook`` or ``~/.cache/focalbook``, on macOS ``~/Library/Caches/focalbook``,
    on Windows ``%LOCALAPPDATA%\focalbook\Cache``.
    """
    if given := os.environ.get("FOCALBOOK_DATA"):
        return Path(given).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "focalbook" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "focalbook"
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "focalbook"


def _candidates(spec: DataSet, folder: Path) -> Iterator[Path]:
    for base in (folder / spec.name, folder):
        if spec.folder:
            yield base / spec.folder
        yield base


def locate(spec: DataSet, folder: Path) -> Path | None:
    """The folder or the publisher's archive that holds this data set, in `folder` or ``folder/<name>``.

    Raises
    ------
    DataError
        Some of its files are there, but not all, or another version of it.
    """
    places = list(_candidates(spec, folder))
    for place in places:
        if all(present(place, file) for file in spec.needed):
            return place
    if spec.folder:
        for place in places:
            if (archive := place / spec.downloads[0].file).is_file():
                return archive
    for place in places:
        missing = [file for file in spec.needed if not present(place, file)]
        if any(file not in missing for file in spec.files):
            raise DataError(f"{place / missing[0]} is missing: {spec.title} is {', '.join(spec.needed)}")
        refuse_other_versions(spec, place)
    return None


def refuse_other_versions(spec: DataSet, place: Path) -> None:
    """Say so if `place` holds the Python or MATLAB version of CIFAR.

    Raises
    ------
    DataError
        It does.
    """
    for kind, known in (("Python (pickle)", _PYTHON), ("MATLAB", _MATLAB)):
        for file in known.get(spec.name, ()):
            if (place / file).exists():
                raise DataError(
                    f"{place / file} belongs to the {kind} version, which is never loaded: the binary "
                    f"version is needed, {spec.downloads[0].file}"
                )
