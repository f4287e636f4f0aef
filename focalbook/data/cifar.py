"""CIFAR-10 and CIFAR-100, binary version: rows of label bytes and 3,072 pixels. No pickle is ever loaded."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from focalbook.data.catalogue import DataSet
from focalbook.data.checksums import check_published
from focalbook.data.errors import DataError

__all__ = ["read"]

_PICKLE = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))


def read(spec: DataSet, place: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[str, ...]]:
    """Records of train and test part, and the names of the classes.

    Parameters
    ----------
    spec : DataSet
        Of kind "cifar".
    place : Path
        The folder that holds all of ``spec.needed``, or the publisher's archive.

    Returns
    -------
    train, test : uint8 arrays, shape (n, 1 + pixels)
        Views into what was read; several files of one part are joined.
    names : tuple of str

    Raises
    ------
    DataError
        A file that is missing or has the wrong size, or a damaged archive.
    """
    contents = _from_folder(spec, place) if place.is_dir() else _from_archive(spec, place)
    cut, rest = len(spec.files) - spec.test_files, spec.test_files
    train = [_rows(spec, contents[file], place / file, spec.train, cut) for file in spec.files[:cut]]
    test = [_rows(spec, contents[file], place / file, spec.test, rest) for file in spec.files[cut:]]
    return _joined(train), _joined(test), _names(spec, contents, place)


def _names(spec: DataSet, contents: dict[str, NDArray[np.uint8]], place: Path) -> tuple[str, ...]:
    if not isinstance(spec.names, str):
        return spec.names
    text = contents[spec.names].tobytes().decode("utf-8", errors="replace")
    names = tuple(line.strip() for line in text.splitlines() if line.strip())
    if len(names) != spec.classes:
        raise DataError(f"{place / spec.names}: {len(names)} names of classes, expected {spec.classes}")
    return names


def _from_folder(spec: DataSet, folder: Path) -> dict[str, NDArray[np.uint8]]:
    contents = {}
    for file in spec.needed:
        try:
            contents[file] = np.fromfile(folder / file, dtype=np.uint8)
        except FileNotFoundError as error:
            raise DataError(f"{folder / file} is missing") from error
    return contents


def _from_archive(spec: DataSet, archive: Path) -> dict[str, NDArray[np.uint8]]:
    check_published(spec.downloads[0], archive)
    wanted = {f"{spec.folder}/{file}": file for file in spec.needed}
    contents: dict[str, NDArray[np.uint8]] = {}
    try:
        with tarfile.open(archive, "r|*") as tar:
            for member in tar:
                file = wanted.get(member.name.removeprefix("./"))
                stream = tar.extractfile(member) if file and member.isreg() else None
                if file and stream:
                    contents[file] = np.frombuffer(stream.read(), dtype=np.uint8)
                if len(contents) == len(wanted):
                    break
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise DataError(
            f"{archive}: expected {spec.title}'s archive, but it is truncated or damaged: {error}"
        ) from error
    missing = [name for name, file in wanted.items() if file not in contents]
    if missing:
        raise DataError(f"{archive}: {missing[0]} is not in it: this is not {spec.title}'s binary version")
    return contents


def _rows(
    spec: DataSet, content: NDArray[np.uint8], path: Path, per_class: int, files: int
) -> NDArray[np.uint8]:
    width = spec.labels + spec.pixels
    n = per_class * spec.classes // files
    if content.size != n * width:
        if content[:2].tobytes() in _PICKLE:
            state = "this is the Python (pickle) version, the binary version is needed"
        elif content.size < n * width:
            state = "the file is truncated"
        else:
            state = f"this is not {spec.title}'s file"
        raise DataError(
            f"{path}: {content.size:,} bytes, expected {n * width:,} ({n:,} rows of {width:,} bytes): {state}"
        )
    return content.reshape(n, width)[:, spec.labels - 1 :]


def _joined(parts: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
