"""Is a file the published one; oracles: sums from hashlib, archives made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.data.checksums import check_published
from focalbook.data.errors import DataError
from tests.data.official import SMALL, make, pack, publish, write


def test_the_published_file_passes(tmp_path: Path) -> None:
    spec, offered = publish("cifar100", make("cifar100"))
    item = spec.downloads[0]
    check_published(item, write(tmp_path, offered) / item.file)


@pytest.mark.parametrize("attribute", ["md5", "sha256"])
def test_both_sums_count(tmp_path: Path, attribute: str) -> None:
    from dataclasses import replace

    spec, offered = publish("cifar100", make("cifar100"))
    item = replace(spec.downloads[0], **{attribute: "0" * 32})  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"expected 0{32} of the published"):
        check_published(item, write(tmp_path, offered) / item.file)


def test_what_the_file_is_instead(tmp_path: Path) -> None:
    files = make("cifar100")
    spec, offered = publish("cifar100", files)
    item = spec.downloads[0]
    whole = offered[item.file]
    path = tmp_path / "given.tar.gz"
    for data, message in (
        (whole[:-1], f"given.tar.gz: {len(whole) - 1:,} bytes, expected {len(whole):,} .*: it is truncated"),
        (whole + b"\0", "bytes, expected .*: it is another file"),
        (b"<!DOCTYPE html><title>Log in</title>", "it is a web page"),
        (
            pack(SMALL["cifar100"], files, "cifar-100-python"),
            r"it is the Python \(pickle\) version, which is never",
        ),
        (pack(SMALL["cifar100"], files, "cifar-100-matlab"), "it is the MATLAB version"),
        (
            whole[:-1] + bytes([whole[-1] ^ 1]),
            "MD5 [0-9a-f]{32}, expected .*: it is damaged, or another file",
        ),
    ):
        path.write_bytes(data)
        with pytest.raises(DataError, match=message):
            check_published(item, path)
    with pytest.raises(DataError, match=r"^the download: "):
        check_published(item, path, "the download")
