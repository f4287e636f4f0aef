"""Outputs that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from focalbook.io.errors import DataFileError

__all__ = ["atomic_output", "check_target"]


def check_target(path: Path) -> Path:
    """The regular file that writing to ``path`` would create or replace, symbolic links followed.

    Raises
    ------
    DataFileError
        If the folder does not exist, or ``path`` is a folder or a device.
    """
    target = path.resolve()
    if not target.parent.is_dir():
        raise DataFileError(f"{path}: the folder {target.parent} does not exist: create it first")
    if target.is_dir():
        raise DataFileError(f"{path} is a folder: give the name of a file in it")
    if target.exists() and not target.is_file():
        raise DataFileError(f"{path} is not a regular file: write to '-' for standard output")
    return target


@contextmanager
def atomic_output(path: Path) -> Iterator[BinaryIO]:
    """A temporary file beside ``path`` that takes its place when the ``with`` block ends without an error.

    The bytes are on the disk before the name changes. On an error, an interrupt included, the temporary file
    is removed and whatever was at ``path`` stays as it was; only a killed process leaves a ``.part`` file
    behind. An existing file keeps its permissions.

    Raises
    ------
    DataFileError
        If ``path`` cannot be written to.
    """
    target = check_target(path)
    part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        # os.open, unlike tempfile, gives a new file the permissions that the user's umask asks for.
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError as error:
        raise DataFileError(f"{path}: cannot write in {target.parent}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "w+b") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DataFileError(f"{path}: not written: {error.strerror or error}") from error
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows has no handle for a folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
