"""Fashion-MNIST's reader; oracle: the bytes that the builder wrote, taken apart by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from focalbook.data.errors import DataError
from focalbook.data.fashion import present, read
from tests.data.official import SMALL, idx, make, write

SPEC = SMALL["fashion-mnist"]


def test_records_are_label_and_pixels(tmp_path: Path) -> None:
    files = make("fashion-mnist")
    train, test, names = read(SPEC, write(tmp_path, files))
    assert names == ("shirt", "bag", "boot")
    for records, (images, labels), n in zip(
        (train, test), (SPEC.files[:2], SPEC.files[2:]), (30, 12), strict=True
    ):
        assert records.shape == (n, 21)
        assert records[:, 0].tobytes() == files[labels][8:]
        assert records[:, 1:].tobytes() == files[images][16:]


def test_gzipped_files_give_the_same(tmp_path: Path) -> None:
    files = make("fashion-mnist")
    plain = read(SPEC, write(tmp_path / "a", files))
    packed = {f"{name}.gz": gzip.compress(data) for name, data in files.items()}
    for one, other in zip(plain[:2], read(SPEC, write(tmp_path / "b", packed))[:2], strict=True):
        assert np.array_equal(one, other)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    files = make("fashion-mnist")
    del files["t10k-labels-idx1-ubyte"]
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte\(.gz\) is missing"):
        read(SPEC, write(tmp_path, files))


def test_files_of_another_set_are_refused(tmp_path: Path) -> None:
    files = make("fashion-mnist")
    files["train-images-idx3-ubyte"] = idx(np.zeros((30, 4, 4), dtype=np.uint8))
    with pytest.raises(
        DataError, match=r"shape \(30, 4, 4\), expected \(30, 5, 4\): this is not Fashion-MNIST"
    ):
        read(SPEC, write(tmp_path, files))


def test_present_prefers_the_published_form(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"", "b": b"", "b.gz": b""})
    assert present(tmp_path, "a") == tmp_path / "a"
    assert present(tmp_path, "b") == tmp_path / "b.gz"
    assert present(tmp_path, "c") is None
