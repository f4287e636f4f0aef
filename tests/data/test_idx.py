"""IDX files; oracle: files written byte by byte with struct."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from focalbook.data.errors import DataError
from focalbook.data.idx import read_idx
from tests.data.official import idx

ARRAY = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
PACKED = gzip.compress(idx(ARRAY), mtime=0)


@pytest.mark.parametrize("name", ["images", "images.gz"])
@pytest.mark.parametrize("packed", [False, True])
def test_plain_and_gzipped_whatever_the_name(tmp_path: Path, name: str, packed: bool) -> None:
    data = idx(ARRAY)
    (tmp_path / name).write_bytes(gzip.compress(data, mtime=0) if packed else data)
    found = read_idx(tmp_path / name, 3)
    assert found.dtype == np.uint8
    assert np.array_equal(found, ARRAY)
    assert not found.flags.owndata


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (idx(ARRAY)[:-1], r"23 bytes behind the header, expected 24 for shape \(2, 3, 4\).*truncated"),
        (idx(ARRAY) + b"\0", r"25 bytes behind the header, expected 24.*damaged"),
        (idx(ARRAY.reshape(-1)), "IDX type 0x08 with 1 axes, expected an IDX file of unsigned bytes with 3"),
        (idx(ARRAY).replace(b"\x08\x03", b"\x0d\x03", 1), "IDX type 0x0d with 3 axes"),
        (b"", "no IDX header"),
        (b"\0\0\x08\x03\0\0\0\x02", "no IDX header"),
        (b"<html>404 not found</html>", "no IDX header.*this is another file"),
        (PACKED[:-9], "expected a whole gzip file, it is truncated or damaged"),
        (PACKED[:-8] + b"\0" * 8, "expected a whole gzip file.*CRC"),
        (PACKED[:12] + b"\xff" * 20, "expected a whole gzip file"),
    ],
    ids=["short", "long", "axes", "type", "empty", "cut header", "page", "cut gzip", "sum", "stream"],
)
def test_a_bad_file_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "train-images"
    path.write_bytes(data)
    with pytest.raises(DataError, match=rf"train-images: {message}"):
        read_idx(path, 3)
