"""Downloads against a server on this computer that cuts, refuses and lies; oracle: the bytes it offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from focalbook.data import download as module
from focalbook.data.catalogue import Download
from focalbook.data.download import download
from focalbook.data.errors import DataError
from tests.data.official import Publisher, make, publish, serving

pytestmark = pytest.mark.usefixtures("_direct")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    _, offered = publish("cifar100", make("cifar100"))
    with serving(Publisher(dict(offered))) as running:
        yield running


def offered(publisher: Publisher, *paths: str) -> tuple[Download, bytes]:
    """The catalogue's entry for what the server offers, and the bytes."""
    spec, files = publish("cifar100", make("cifar100"), publisher.url)
    item = spec.downloads[0]
    urls = tuple(f"{publisher.url}{path}" for path in paths) or item.urls
    return replace(item, urls=urls), files[item.file]


def test_a_whole_download(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    seen: list[tuple[str, int, int]] = []
    download(item, tmp_path / "x", lambda *step: seen.append(step))
    assert (tmp_path / "x").read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert publisher.asked == [(item.file, None)]
    assert seen[0] == (item.file, 0, len(data))
    assert seen[-1] == (item.file, len(data), len(data))


def test_cut_connections_are_resumed_where_they_broke(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    publisher.cuts = [700, 300, 0, 0, 50]
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data
    assert [wanted for _, wanted in publisher.asked] == [
        None, "bytes=700-", "bytes=1000-", "bytes=1000-", "bytes=1000-", "bytes=1050-",
    ]  # fmt: skip


def test_a_later_call_continues(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    publisher.cuts = [700, 0, 0, 0, 0, 0]
    message = rf"cut after 700 of {len(data):,} bytes; 700 of {len(data):,} bytes are kept, the same command"
    with pytest.raises(DataError, match=message):
        download(item, tmp_path / "x")
    assert (tmp_path / "x.part").read_bytes() == data[:700]
    assert not (tmp_path / "x").exists()
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data
    assert publisher.asked[-1][1] == "bytes=700-"


def test_a_server_without_ranges_starts_again(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    publisher.ranges = False
    publisher.cuts = [700]
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data
    assert publisher.asked == [(item.file, None), (item.file, "bytes=700-")]


def test_ctrl_c_leaves_what_has_come(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, data = offered(publisher)
    monkeypatch.setattr(module, "_CHUNK", 256)

    def interrupt(_: str, here: int, __: int) -> None:
        if here >= 512:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(item, tmp_path / "x", interrupt)
    assert (tmp_path / "x.part").read_bytes() == data[:512]
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data


def test_wrong_bytes_are_not_kept(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    publisher.files[item.file] = data[:-1] + b"\1"
    message = f"{item.file}, as downloaded from {item.urls[0]}: MD5 .* expected {item.md5}.*it is not kept"
    with pytest.raises(DataError, match=message):
        download(item, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_wrong_bytes_from_an_earlier_call_are_fetched_again(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    (tmp_path / "x.part").write_bytes(bytes(900))
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data
    assert [wanted for _, wanted in publisher.asked] == ["bytes=900-", None]


@pytest.mark.parametrize("extra", [0, 1])
def test_a_part_that_is_complete_or_too_long(publisher: Publisher, tmp_path: Path, extra: int) -> None:
    item, data = offered(publisher)
    (tmp_path / "x.part").write_bytes(data + bytes(extra))
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data
    assert len(publisher.asked) == extra


def test_a_file_of_another_size_is_refused_at_once(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    publisher.files[item.file] = b"<html>maintenance</html>"
    (tmp_path / "x.part").write_bytes(data[:10])
    publisher.ranges = False
    with pytest.raises(DataError, match=rf"the server offers 24 bytes .*, expected {len(data):,}"):
        download(item, tmp_path / "x")
    assert len(publisher.asked) == 1
    assert (tmp_path / "x.part").read_bytes() == data[:10]


def test_a_server_that_is_busy_is_asked_again(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher)
    publisher.statuses = [503, 429, 500]
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data


def test_the_next_address_is_tried(publisher: Publisher, tmp_path: Path) -> None:
    item, data = offered(publisher, "gone", "cifar-100-binary.tar.gz")
    download(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data
    assert [path for path, _ in publisher.asked] == ["gone", "cifar-100-binary.tar.gz"]


def test_every_address_gives_its_reason(publisher: Publisher, tmp_path: Path) -> None:
    item, _ = offered(publisher, "gone", "away")
    with pytest.raises(
        DataError, match=r"cannot be downloaded: .*/gone: the server answers 404 .*/away: .* 404"
    ):
        download(item, tmp_path / "x")


def test_no_connection(tmp_path: Path) -> None:
    item = Download("x", ("http://127.0.0.1:1/x",), 10, "0" * 32, "0" * 64)
    with pytest.raises(DataError, match=r"x cannot be downloaded: http://127\.0\.0\.1:1/x: .*refused"):
        download(item, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_proxies_of_the_environment_are_used(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, data = offered(publisher)
    monkeypatch.setenv("http_proxy", publisher.url)
    download(replace(item, urls=(f"http://publisher.invalid/{item.file}",)), tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_not_a_lost_connection(publisher: Publisher, tmp_path: Path) -> None:
    item, _ = offered(publisher)
    (tmp_path / "x.part").symlink_to("/dev/full")
    with pytest.raises(DataError, match=r"x\.part: cannot be written: No space left on device"):
        download(item, tmp_path / "x")
    assert len(publisher.asked) == 1
