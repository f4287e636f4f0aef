"""Fetching whole data sets; oracles: the builder's bytes, and what lies in the folder afterwards."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from focalbook.data import DataError, catalogue, load
from focalbook.data import fetch as module
from focalbook.data.fetch import fetch
from focalbook.data.sets import RECEIPT, read_contents
from tests.data.official import SMALL, Publisher, make, pack, publish, serving, write

pytestmark = pytest.mark.usefixtures("_direct")


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A server with all small data sets; the catalogue points to it."""
    with serving(Publisher({})) as running:
        for name in SMALL:
            spec, offered = publish(name, make(name), running.url)
            running.files |= offered
            monkeypatch.setitem(catalogue.CATALOGUE, name, spec)
        yield running


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("name", SMALL)
def test_from_the_publisher(publisher: Publisher, tmp_path: Path, name: str) -> None:
    place = fetch(name, tmp_path)
    spec, files = catalogue.CATALOGUE[name], make(name)
    expected = {file: publisher.files[file] for file in publisher.files if file.endswith("ubyte.gz")}
    kept = content(place)
    assert kept.pop(RECEIPT)
    kept.pop(".lock", None)
    assert kept == (expected if spec.kind == "idx" else files)
    assert {path.name for path in (tmp_path / name).iterdir()} <= {place.name, ".lock", RECEIPT, *expected}
    assert read_contents(spec, place).compared == "receipt"
    asked = len(publisher.asked)
    assert fetch(name, tmp_path) == place
    assert len(publisher.asked) == asked
    assert len(load(name, tmp_path, validation=0.0).train) == spec.train * spec.classes


@pytest.mark.parametrize("name", SMALL)
def test_from_unpacked_files(publisher: Publisher, tmp_path: Path, name: str) -> None:
    source = write(tmp_path / "source", make(name))
    place = fetch(name, tmp_path / "data", source)
    assert {file: (place / file).read_bytes() for file in make(name)} == make(name)
    assert publisher.asked == []
    assert content(source) == make(name)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("file_itself", [False, True])
def test_from_downloaded_files(publisher: Publisher, tmp_path: Path, name: str, file_itself: bool) -> None:
    spec = catalogue.CATALOGUE[name]
    source = write(tmp_path / "source", {i.file: publisher.files[i.file] for i in spec.downloads})
    if file_itself and not spec.folder:
        with pytest.raises(DataError, match="is not a folder"):
            fetch(name, tmp_path / "data", source / spec.downloads[0].file)
        return
    place = fetch(name, tmp_path / "data", source / spec.downloads[0].file if file_itself else source)
    assert publisher.asked == []
    assert read_contents(spec, place).compared == "receipt"


def test_damaged_data_is_replaced(publisher: Publisher, tmp_path: Path) -> None:
    place = fetch("cifar10", tmp_path)
    batch = place / "data_batch_2.bin"
    whole = batch.read_bytes()
    batch.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    fetch("cifar10", tmp_path)
    assert batch.read_bytes() == whole
    assert not list((tmp_path / "cifar10").glob("*.old"))


def test_a_bad_source_leaves_nothing(publisher: Publisher, tmp_path: Path) -> None:
    files = make("cifar100")
    source = write(tmp_path / "source", files | {"train.bin": files["train.bin"][:-5]})
    with pytest.raises(DataError, match=r"source/train\.bin: .* the file is truncated"):
        fetch("cifar100", tmp_path / "data", source)
    with pytest.raises(
        DataError, match=r"does not hold CIFAR-10: expected cifar-10-binary\.tar\.gz, or unpacked"
    ):
        fetch("cifar10", tmp_path / "data", source)
    with pytest.raises(DataError, match="nowhere is not a folder"):
        fetch("cifar10", tmp_path / "data", tmp_path / "nowhere")
    assert not (tmp_path / "data").exists()
    assert publisher.asked == []


@pytest.mark.usefixtures("publisher")
def test_the_pickle_version_is_refused(tmp_path: Path) -> None:
    archive = pack(SMALL["cifar100"], {"train": b"\x80\x02}"}, "cifar-100-python")
    source = write(tmp_path / "source", {"cifar-100-python.tar.gz": archive})
    for given in (source, source / "cifar-100-python.tar.gz"):
        with pytest.raises(DataError, match=r"Python \(pickle\) version, which is never loaded"):
            fetch("cifar100", tmp_path / "data", given)


def test_fashion_files_that_are_not_the_published_ones(publisher: Publisher, tmp_path: Path) -> None:
    import gzip

    spec = catalogue.CATALOGUE["fashion-mnist"]
    packed = {i.file: publisher.files[i.file] for i in spec.downloads}
    packed["t10k-labels-idx1-ubyte.gz"] = gzip.compress(b"\0\0\x08\x01" + bytes(16))
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte\.gz: .*expected .*of the published"):
        fetch("fashion-mnist", tmp_path / "data", write(tmp_path / "source", packed))


def test_names_in_the_archive_cannot_leave_the_folder(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive with paths that climb, and with a link in place of a data file."""
    spec, files = catalogue.CATALOGUE["cifar100"], make("cifar100")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name in ("../../outside", "/tmp/outside", "cifar-100-binary/../../outside"):
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("cifar-100-binary/train.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        for name in ("test.bin", "fine_label_names.txt"):
            member = tarfile.TarInfo(f"cifar-100-binary/{name}")
            member.size = len(files[name])
            tar.addfile(member, io.BytesIO(files[name]))
    data = buffer.getvalue()
    source = write(tmp_path / "a" / "b" / "source", {"x.tar.gz": data})
    monkeypatch.setitem(catalogue.CATALOGUE, "cifar100", replace(spec, downloads=(_entry(spec, data),)))
    with pytest.raises(DataError, match=r"cifar-100-binary/train\.bin is not in it"):
        fetch("cifar100", tmp_path / "a" / "b" / "data", source / "x.tar.gz")
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["x.tar.gz", ".lock"]


def _entry(spec: catalogue.DataSet, data: bytes) -> catalogue.Download:
    import hashlib

    return replace(
        spec.downloads[0],
        size=len(data),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def test_an_interruption_while_unpacking(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive, checked, stays; what was unpacked goes; the next call needs no connection."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_write_receipt", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fetch("cifar100", tmp_path)
    names = {path.name for path in (tmp_path / "cifar100").iterdir()}
    assert names == {".lock", "cifar-100-binary.tar.gz"}
    place = fetch("cifar100", tmp_path)
    assert len(publisher.asked) == 1
    assert place.name == "cifar-100-binary"
    assert not (tmp_path / "cifar100" / "cifar-100-binary.tar.gz").exists()


@pytest.mark.usefixtures("publisher")
def test_a_second_process_is_kept_out(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "cifar100").mkdir()
    with (tmp_path / "cifar100" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="another process is fetching"):
            fetch("cifar100", tmp_path)


def test_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="did you mean 'cifar100'"):
        fetch("cifar-100", tmp_path)
