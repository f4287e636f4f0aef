"""Check that a file is the one that its publisher put out."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

from focalbook.data.catalogue import Download
from focalbook.data.errors import DataError

__all__ = ["check_published"]

_CHUNK = 1 << 20


def check_published(item: Download, path: Path, label: str = "") -> None:
    """Compare size, MD5 and SHA-256 of a file with those of the published one.

    Parameters
    ----------
    item : Download
    path : Path
    label : str
        What messages call the file; its path by default.

    Raises
    ------
    DataError
        They differ; the message names the file, what was expected and, where we can tell, what the file is.
    """
    size, label = path.stat().st_size, label or str(path)
    if size != item.size:
        state = "it is truncated" if size < item.size else "it is another file"
        raise DataError(
            f"{label}: {size:,} bytes, expected {item.size:,} of the published {item.file}: "
            f"{_nature(path) or state}"
        )
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            md5.update(chunk)
            sha256.update(chunk)
    for kind, found, expected in (
        ("MD5", md5.hexdigest(), item.md5),
        ("SHA-256", sha256.hexdigest(), item.sha256),
    ):
        if found != expected:
            raise DataError(
                f"{label}: {kind} {found}, expected {expected} of the published {item.file}: "
                f"{_nature(path) or 'it is damaged, or another file'}"
            )


def _nature(path: Path) -> str:
    """What the file seems to be, if that explains why it is not the right one; else nothing."""
    with path.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "it is a web page, so something else has answered in the publisher's place"
    try:
        with tarfile.open(path, "r|*") as tar:
            first = tar.next()
    except (tarfile.TarError, EOFError, OSError):
        return ""
    if first is None:
        return ""
    folder = first.name.split("/")[0]
    if folder.endswith(("-python", "-py")):
        return "it is the Python (pickle) version, which is never loaded; the binary version is needed"
    if folder.endswith(("-matlab", "-mat")):
        return "it is the MATLAB version; the binary version is needed"
    return ""
