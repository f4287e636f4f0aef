"""CIFAR's binary version; oracle: the bytes that the builder wrote, taken apart one by one."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from focalbook.data.cifar import read
from focalbook.data.errors import DataError
from tests.data.official import SMALL, Files, make, publish, write

NAMES = ["cifar10", "cifar100"]


def by_hand(name: str, files: Files, test: bool) -> bytes:
    """Records of one part, row after row."""
    spec = SMALL[name]
    cut = len(spec.files) - spec.test_files
    width = spec.labels + spec.pixels
    out = b""
    for file in spec.files[cut:] if test else spec.files[:cut]:
        data = files[file]
        for start in range(0, len(data), width):
            out += data[start + spec.labels - 1 : start + width]
    return out


@pytest.mark.parametrize("name", NAMES)
def test_records_from_a_folder_and_from_the_archive(tmp_path: Path, name: str) -> None:
    files = make(name)
    spec, offered = publish(name, files)
    folder = write(tmp_path / "folder", files)
    archive = write(tmp_path, offered) / spec.downloads[0].file
    for place in (folder, archive):
        train, test, names = read(spec, place)
        assert train.shape == (10 * spec.classes, 61)
        assert train.tobytes() == by_hand(name, files, test=False)
        assert test.tobytes() == by_hand(name, files, test=True)
        assert names == tuple(f"class {c}" for c in range(spec.classes))


def test_one_file_is_not_copied(tmp_path: Path) -> None:
    train, _, _ = read(SMALL["cifar100"], write(tmp_path, make("cifar100")))
    assert train.base is not None
    assert train.strides == (62, 1)


@pytest.mark.parametrize("name", NAMES)
def test_wrong_sizes_are_named(tmp_path: Path, name: str) -> None:
    files, spec = make(name), SMALL[name]
    whole, width = files[spec.files[0]], spec.labels + spec.pixels
    for data, state in (
        (whole[:-1], "the file is truncated"),
        (b"", "the file is truncated"),
        (whole + b"\0", f"this is not {spec.title}'s file"),
        (pickle.dumps({"data": whole}, protocol=2), r"this is the Python \(pickle\) version"),
        (pickle.dumps({"data": whole}, protocol=4), r"this is the Python \(pickle\) version"),
    ):
        folder = write(tmp_path, files | {spec.files[0]: data})
        message = (
            rf"{spec.files[0]}: {len(data):,} bytes, expected {len(whole):,} "
            rf"\({len(whole) // width:,} rows of {width:,} bytes\): {state}"
        )
        with pytest.raises(DataError, match=message):
            read(spec, folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    files = make("cifar10")
    del files["data_batch_3.bin"]
    with pytest.raises(DataError, match=r"data_batch_3\.bin is missing"):
        read(SMALL["cifar10"], write(tmp_path, files))


def test_names_of_classes_are_counted(tmp_path: Path) -> None:
    files = make("cifar100") | {"fine_label_names.txt": b"apple\n"}
    with pytest.raises(DataError, match=r"fine_label_names\.txt: 1 names of classes, expected 5"):
        read(SMALL["cifar100"], write(tmp_path, files))


def test_a_damaged_archive_is_noticed(tmp_path: Path) -> None:
    """First by its checksum; an archive with the right checksum and other contents is refused too."""
    files = make("cifar100")
    spec, offered = publish("cifar100", files)
    path = write(tmp_path, offered) / spec.downloads[0].file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(
        DataError, match=r"cifar-100-binary\.tar\.gz: MD5 [0-9a-f]{32}, expected [0-9a-f]{32}"
    ):
        read(spec, path)
    other, offered = publish("cifar10", make("cifar10"))
    path.write_bytes(offered[other.downloads[0].file])
    mixed = replace(spec, downloads=(replace(other.downloads[0], file=path.name),))
    with pytest.raises(DataError, match=r"cifar-100-binary/train\.bin is not in it"):
        read(mixed, path)
    path.write_bytes(b"\x1f\x8b" + bytes(40))
    broken = replace(spec, downloads=(_as_published(path),))
    with pytest.raises(DataError, match="truncated or damaged"):
        read(broken, path)


def _as_published(path: Path):  # type: ignore[no-untyped-def]
    import hashlib

    data = path.read_bytes()
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    item = SMALL["cifar100"].downloads[0]
    return replace(item, size=len(data), md5=md5, sha256=hashlib.sha256(data).hexdigest())


def test_pickles_are_never_loaded(root: Path) -> None:
    for path in (root / "focalbook" / "data").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import pickle" not in text
        assert "allow_pickle" not in text
        assert "torch.load" not in text


def test_records_are_bytes(tmp_path: Path) -> None:
    assert {part.dtype for part in read(SMALL["cifar10"], write(tmp_path, make("cifar10")))[:2]} == {
        np.dtype(np.uint8)
    }
