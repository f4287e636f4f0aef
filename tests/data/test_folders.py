"""Where data sets lie and how they are found; oracles: folders laid out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from focalbook.data.errors import DataError
from focalbook.data.folders import default_folder, locate
from tests.data.official import SMALL, make, publish, write


def test_default_is_the_variable_or_the_cache_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    monkeypatch.setenv("FOCALBOOK_DATA", "/big/data")
    assert default_folder() == Path("/big/data")
    monkeypatch.delenv("FOCALBOOK_DATA")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/fast/cache")
    assert default_folder() == Path("/fast/cache/focalbook")
    for unusable in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", unusable)
        assert default_folder() == Path("/home/me/.cache/focalbook")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_folder() == Path("/home/me/Library/Caches/focalbook")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/appdata")
    assert default_folder() == Path("/appdata/focalbook/Cache")


@pytest.mark.parametrize("name", SMALL)
def test_found_in_the_folder_or_below_it(tmp_path: Path, name: str) -> None:
    spec = SMALL[name]
    for inside in {"", spec.name, spec.folder, f"{spec.name}/{spec.folder}"}:
        base = tmp_path / f"case-{inside.replace('/', '-')}"
        place = write(base / inside, make(name))
        assert locate(spec, base) == place
    assert locate(spec, tmp_path) is None


def test_unpacked_files_come_before_the_archive(tmp_path: Path) -> None:
    spec, offered = publish("cifar10", make("cifar10"))
    write(tmp_path / "cifar10", offered)
    assert locate(spec, tmp_path) == tmp_path / "cifar10" / "cifar-10-binary.tar.gz"
    folder = write(tmp_path / "cifar-10-batches-bin", make("cifar10"))
    assert locate(spec, tmp_path) == folder


def test_a_part_of_the_files_is_an_error_that_names_the_first_missing(tmp_path: Path) -> None:
    files = make("cifar100")
    del files["test.bin"]
    write(tmp_path / "cifar-100-binary", files)
    with pytest.raises(DataError, match=r"test\.bin is missing: CIFAR-100 is train\.bin, test\.bin, fine"):
        locate(SMALL["cifar100"], tmp_path)


@pytest.mark.parametrize(
    ("name", "file", "kind"),
    [
        ("cifar10", "cifar-10-python.tar.gz", r"Python \(pickle\)"),
        ("cifar10", "cifar-10-batches-py/data_batch_1", r"Python \(pickle\)"),
        ("cifar100", "meta", r"Python \(pickle\)"),
        ("cifar100", "cifar-100-matlab.tar.gz", "MATLAB"),
    ],
)
def test_other_versions_are_told_from_missing_data(tmp_path: Path, name: str, file: str, kind: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(b"\x80\x02}")
    with pytest.raises(
        DataError, match=f"{kind} version, which is never loaded: the binary version is needed"
    ):
        locate(SMALL[name], tmp_path)
