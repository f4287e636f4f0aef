"""Small data sets in the official layouts, byte for byte, and a publisher's server on this computer."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np

from focalbook.data.catalogue import CATALOGUE, DataSet, Download

Files = dict[str, bytes]

SMALL = {
    "fashion-mnist": replace(
        CATALOGUE["fashion-mnist"],
        classes=3,
        shape=(1, 5, 4),
        train=10,
        test=4,
        names=("shirt", "bag", "boot"),
    ),
    "cifar10": replace(CATALOGUE["cifar10"], classes=4, shape=(3, 4, 5), train=10, test=3),
    "cifar100": replace(CATALOGUE["cifar100"], classes=5, shape=(3, 4, 5), train=10, test=3, content=None),
}


def make(name: str, seed: int = 0) -> Files:
    """The unpacked files of a small data set, images drawn at random, classes in random order."""
    spec = SMALL[name]
    rng = np.random.default_rng(seed)
    parts = []
    for per_class in (spec.train, spec.test):
        labels = rng.permutation(np.repeat(np.arange(spec.classes), per_class)).astype(np.uint8)
        parts.append((labels, rng.integers(0, 256, (labels.size, spec.pixels), dtype=np.uint8)))
    if spec.kind == "idx":
        return _idx_files(spec, parts)
    names = "".join(f"class {c}\n" for c in range(spec.classes)) + "\n"
    files: Files = {}
    cut = len(spec.files) - spec.test_files
    for (labels, pixels), own in zip(parts, (spec.files[:cut], spec.files[cut:]), strict=True):
        coarse = rng.integers(0, 256, (labels.size, spec.labels - 1), dtype=np.uint8)
        rows = np.hstack([coarse, labels[:, None], pixels])
        files |= {file: block.tobytes() for file, block in zip(own, np.split(rows, len(own)), strict=True)}
    assert isinstance(spec.names, str)
    return files | {spec.names: names.encode()}


def idx(array: np.ndarray) -> bytes:
    """An IDX file of unsigned bytes."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def _idx_files(spec: DataSet, parts: list[tuple[np.ndarray, np.ndarray]]) -> Files:
    files = {}
    for (labels, pixels), (images_file, labels_file) in zip(
        parts, (spec.files[:2], spec.files[2:]), strict=True
    ):
        files[images_file] = idx(pixels.reshape(-1, *spec.shape[1:]))
        files[labels_file] = idx(labels)
    return files


def write(folder: Path, files: Files) -> Path:
    """Write the files into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def pack(spec: DataSet, files: Files, folder: str | None = None) -> bytes:
    """The publisher's archive: a gzipped tar of a folder, with a page beside the data."""
    buffer = io.BytesIO()
    inside = spec.folder if folder is None else folder
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in {"readme.html": b"<html></html>", **files}.items():
            member = tarfile.TarInfo(f"{inside}/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


def publish(name: str, files: Files, base: str = "http://127.0.0.1:9/") -> tuple[DataSet, Files]:
    """What the publisher offers, and the catalogue's entry for it."""
    spec = SMALL[name]
    if spec.kind == "idx":
        offered = {f"{file}.gz": gzip.compress(files[file], mtime=0) for file in spec.files}
    else:
        offered = {spec.downloads[0].file: pack(spec, files)}
    downloads = tuple(
        Download(
            file,
            (base + file,),
            len(data),
            hashlib.md5(data, usedforsecurity=False).hexdigest(),
            hashlib.sha256(data).hexdigest(),
        )
        for file, data in offered.items()
    )
    return replace(spec, downloads=downloads), offered


@dataclass
class Publisher:
    """A server with a publisher's files, and how it behaves.

    Attributes
    ----------
    files : dict
        What it offers.
    ranges : bool
        It answers a request for a range with that range.
    cuts : list of int
        After so many bytes the next answers break off.
    statuses : list of int
        The next answers are these errors.
    asked : list of tuple
        Path and Range header of each request so far.
    """

    files: Files
    ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(publisher: Publisher) -> Iterator[Publisher]:
    """Run the server on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(publisher, self)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the terminal free."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        publisher.url = f"http://127.0.0.1:{server.server_address[1]}/"
        try:
            yield publisher
        finally:
            server.shutdown()
            thread.join()


def _answer(publisher: Publisher, handler: BaseHTTPRequestHandler) -> None:
    wanted = handler.headers.get("Range")
    file = handler.path.rsplit("/", 1)[-1]
    publisher.asked.append((file, wanted))
    status = publisher.statuses.pop(0) if publisher.statuses else 200 if file in publisher.files else 404
    if status != 200:
        handler.send_error(status)
        return
    data, start = publisher.files[file], 0
    if wanted and publisher.ranges:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(data):
            handler.send_error(416)
            return
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    else:
        handler.send_response(200)
    handler.send_header("Content-Length", str(len(data) - start))
    handler.end_headers()
    stop = start + publisher.cuts.pop(0) if publisher.cuts else len(data)
    handler.wfile.write(data[start:stop])
