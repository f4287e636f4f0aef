"""Outputs are whole or absent; the oracle is what lies in the folder afterwards."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from focalbook.io.atomic import atomic_output, check_target
from focalbook.io.errors import DataFileError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with atomic_output(target) as handle:
        handle.write(b"half")
        assert not target.exists()
        handle.write(b" and half")
    assert target.read_bytes() == b"half and half"
    assert names(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SystemExit(143)])
def test_an_error_leaves_everything_as_it_was(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    with pytest.raises(type(error)):  # noqa: PT012, SIM117
        with atomic_output(target) as handle:
            handle.write(b"new")
            raise error
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("when", ["write", "sync"])
def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    full = OSError(errno.ENOSPC, "No space left on device")

    def fail(*_: object) -> None:
        raise full

    if when == "sync":
        monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DataFileError, match=r"out\.csv: not written: No space left on device"):  # noqa: PT012, SIM117
        with atomic_output(target) as handle:
            handle.write(b"new")
            if when == "write":
                fail()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["out.csv"]


def test_permissions(tmp_path: Path) -> None:
    """A new file gets what the umask allows, an existing one keeps what it had."""
    new, old = tmp_path / "new", tmp_path / "old"
    old.touch()
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        for target in (new, old):
            with atomic_output(target) as handle:
                handle.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(new.stat().st_mode) == 0o640
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_symbolic_link_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with atomic_output(link) as handle:
        handle.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_long_name(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 250)
    with atomic_output(target) as handle:
        handle.write(b"new")
    assert target.read_bytes() == b"new"


def test_impossible_targets(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"the folder .*nowhere does not exist"):
        check_target(tmp_path / "nowhere" / "out.csv")
    with pytest.raises(DataFileError, match="is a folder"):
        check_target(tmp_path)
    with pytest.raises(DataFileError, match="not a regular file"):
        check_target(Path(os.devnull))


def test_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with (
        pytest.raises(DataFileError, match=r"cannot write in .*: Permission denied"),
        atomic_output(tmp_path / "x"),
    ):
        pass
