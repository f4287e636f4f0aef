"""Locks between processes that vanish with the process that holds them, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from focalbook.io.errors import DataFileError

__all__ = ["locked"]


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise DataFileError(f"{path}: cannot be used as a lock: {error.strerror}") from error


def _acquire(path: Path, wait: bool) -> int | None:
    """An open, locked file that still carries its name; None where somebody else has it."""
    try:
        import fcntl
    except ImportError as error:
        raise DataFileError(
            "locks between processes need a POSIX system: use Linux, macOS or the Windows Subsystem for Linux"
        ) from error
    while True:
        descriptor = _open(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        try:
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except FileNotFoundError:
            pass
        os.close(descriptor)  # the holder before us took the name away: what we hold is nobody's lock


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock for the time of the ``with`` block.

    Parameters
    ----------
    path : Path
        The file that stands for the lock; it is created, with its folder, and removed afterwards.
    wait : bool
        Wait until the lock is free. If False and somebody else holds it, the block is entered with False.

    Yields
    ------
    bool
        Whether the lock is held. The system frees it when the process ends, killed or not.

    Raises
    ------
    DataFileError
        The file cannot be made, or the system has no such locks.
    """
    descriptor = _acquire(path, wait)
    if descriptor is None:
        yield False
        return
    try:
        yield True
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)
