"""Locks between processes. Oracle: a second process that tries, and one killed while it holds the lock."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from focalbook.io.errors import DataFileError
from focalbook.io.lock import locked

CONTEXT = multiprocessing.get_context("spawn")


def _hold(path: Path, held: Event) -> None:
    with locked(path):
        held.set()
        time.sleep(60)


def test_only_one_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lock"
    with locked(path) as first, locked(path, wait=False) as second:
        assert first
        assert not second
    with locked(path, wait=False) as third:
        assert third
    assert not path.exists()


def test_it_ends_with_a_killed_process(tmp_path: Path) -> None:
    path, held = tmp_path / "lock", CONTEXT.Event()
    process = CONTEXT.Process(target=_hold, args=(path, held))
    process.start()
    assert held.wait(30)
    with locked(path, wait=False) as mine:
        assert not mine
    process.kill()
    process.join()
    assert path.exists(), "the name stays behind"
    with locked(path, wait=False) as mine:
        assert mine


def test_an_error_inside_frees_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "lock"):
        raise KeyError
    with locked(tmp_path / "lock", wait=False) as mine:
        assert mine


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFileError, match="cannot be used as a lock"), locked(tmp_path / "file" / "lock"):
        pass
