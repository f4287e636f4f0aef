"""Download one file: it continues where it was cut off, and gets its name when its checksums are right.

Proxies are those of the environment (``https_proxy`` and its relatives), as in all of Python's own clients.
"""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError
from urllib.request import Request, build_opener

from focalbook.data.catalogue import Download
from focalbook.data.checksums import check_published
from focalbook.data.errors import DataError

__all__ = ["Progress", "download"]

Progress = Callable[
    [str, int, int], object
]  # called with the file, the bytes that are here, and those of all

_CHUNK = 1 << 18
_ATTEMPTS = 4  # in a row that bring nothing
_TIMEOUT = 30.0  # seconds of silence
_PAUSE = 1.0  # seconds, doubled after each attempt that brings nothing


class _RefusedError(Exception):
    """An address that will not give the file, however often it is asked."""


class _WrongError(Exception):
    """All bytes have arrived, and they are not those of the published file."""


def download(item: Download, target: Path, progress: Progress = lambda *_: None) -> None:
    """Get a published file.

    What has arrived lies in ``<target>.part``; it stays there when the connection or the program is cut off,
    and the next call continues from it. `target` appears in one step, complete and with the right checksums.

    Parameters
    ----------
    item : Download
        Its addresses are tried in turn.
    target : Path
        In a folder that exists.
    progress : callable
        See :data:`Progress`.

    Raises
    ------
    DataError
        No address gives the file, or what they give is not it.
    OSError
        The file cannot be written.
    """
    part = target.with_name(target.name + ".part")
    continued = part.exists() and part.stat().st_size > 0
    try:
        _receive_checked(item, part, progress)
    except _WrongError as error:
        if not continued:
            raise DataError(str(error)) from error
        try:
            _receive_checked(item, part, progress)  # what an earlier call had left may have been at fault
        except _WrongError as again:
            raise DataError(str(again)) from again
    part.replace(target)


def _receive_checked(item: Download, part: Path, progress: Progress) -> None:
    url = _receive(item, part, progress)
    try:
        check_published(item, part, f"{item.file}, as downloaded from {url}")
    except DataError as error:
        part.unlink()
        raise _WrongError(f"{error}; it is not kept") from error


def _receive(item: Download, part: Path, progress: Progress) -> str:
    """Fill `part` up to the size of the file, from one address after the other; return the last one asked."""
    reasons = []
    for url in item.urls:
        try:
            _persist(url, item, part, progress)
        except _RefusedError as refusal:
            reasons.append(f"{url}: {refusal}")
        else:
            return url
    here = part.stat().st_size
    if not here:
        part.unlink()
    kept = (
        f"; {here:,} of {item.size:,} bytes are kept, the same command continues from there" if here else ""
    )
    raise DataError(f"{item.file} cannot be downloaded: {'; '.join(reasons)}{kept}")


def _persist(url: str, item: Download, part: Path, progress: Progress) -> None:
    """Ask one address until all bytes are here; give up after some attempts in a row that bring nothing."""
    failures, reason = 0, ""
    with part.open("ab") as file:
        if file.tell() > item.size:
            _cut(file, 0)
        while file.tell() < item.size:
            before = file.tell()
            try:
                _ask(url, item, file, progress)
                reason = f"the connection was cut after {file.tell():,} of {item.size:,} bytes"
            except (OSError, http.client.HTTPException) as error:
                reason = _in_words(error)
            failures = 0 if file.tell() > before else failures + 1
            if failures == _ATTEMPTS:
                raise _RefusedError(reason)
            if failures:
                time.sleep(_PAUSE * 2 ** (failures - 1))
        os.fsync(file.fileno())


def _ask(url: str, item: Download, file: BinaryIO, progress: Progress) -> None:
    """One request for the bytes that are missing; append what comes."""
    here = file.tell()
    headers = {"User-Agent": "focalbook", "Accept-Encoding": "identity"}
    if here:
        headers["Range"] = f"bytes={here}-"
    try:
        response = build_opener().open(Request(url, headers=headers), timeout=_TIMEOUT)
    except HTTPError as error:
        with error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                _cut(file, 0)
            if error.code < 500 and error.code not in (408, 416, 429):
                raise _RefusedError(f"the server answers {error.code} {error.reason}") from error
            raise
    with response:
        start = _start(response, here)
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and start + int(length) != item.size:
            raise _RefusedError(
                f"the server offers {start + int(length):,} bytes ({response.headers.get_content_type()}), "
                f"expected {item.size:,}: this is not the published file"
            )
        if start != here:
            _cut(file, start)
        _append(response, item, file, progress)


def _start(response: http.client.HTTPResponse, here: int) -> int:
    """Where the bytes of the answer begin: at those that are missing, or at 0 if it knows no ranges."""
    if response.status != http.HTTPStatus.PARTIAL_CONTENT:
        return 0
    begins = response.headers.get("Content-Range", "").removeprefix("bytes ").split("-")[0]
    if begins != str(here):
        raise _RefusedError(f"the server sends bytes from {begins or 'nowhere'}, asked for those from {here}")
    return here


def _append(response: http.client.HTTPResponse, item: Download, file: BinaryIO, progress: Progress) -> None:
    progress(item.file, file.tell(), item.size)
    while chunk := response.read(_CHUNK):
        if file.tell() + len(chunk) > item.size:
            raise _RefusedError(
                f"the server sends more than {item.size:,} bytes: this is not the published file"
            )
        _write(file, chunk)
        progress(item.file, file.tell(), item.size)


def _cut(file: BinaryIO, size: int) -> None:
    file.truncate(size)
    file.seek(size)


def _write(file: BinaryIO, chunk: bytes) -> None:
    """Write through to the system, so that a full disk is not taken for a lost connection."""
    try:
        file.write(chunk)
        file.flush()
    except OSError as error:
        raise DataError(f"{file.name}: cannot be written: {error.strerror}") from error


def _in_words(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return str(reason or error or type(error).__name__)
