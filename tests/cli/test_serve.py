"""The book on a local address, fetched by urllib; nothing leaves 127.0.0.1."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from focalbook.cli.errors import CommandError
from focalbook.cli.program import main
from focalbook.cli.serve import make_server


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    folder.mkdir()
    (folder / "index.html").write_text("<p>the book</p>")
    return folder


@pytest.fixture
def address(book: Path) -> Iterator[str]:
    with make_server(book, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_pages_are_served_and_not_kept_by_the_browser(
    address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with urllib.request.urlopen(f"{address}/") as response:
        assert response.read() == b"<p>the book</p>"
        assert response.headers["Cache-Control"] == "no-cache"
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{address}/missing.html")
    caught.value.close()
    assert capfd.readouterr().err == ""


def test_only_this_computer_can_reach_it(book: Path) -> None:
    with make_server(book, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_files_outside_the_book_are_not_served(address: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{address}/../secret")
    caught.value.close()


def test_no_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--dir", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert f"there is no built book in {tmp_path}: run 'make book'" in err
    assert err.count("\n") == 1


def test_the_book_is_found_in_this_folder(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_build").mkdir()
    book.rename(tmp_path / "_build" / "html")
    monkeypatch.chdir(tmp_path)
    with make_server(None, 0) as server:
        assert server.server_address[1] > 0


def test_port_taken(book: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"port {port} is taken: choose another with --port"):
            make_server(book, port)


def test_port_that_does_not_exist(book: Path) -> None:
    with pytest.raises(CommandError, match="port 70000 does not exist"):
        make_server(book, 70000)


def test_ctrl_c_stops_it_cleanly(book: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "focalbook", "serve", "--port", "0", "--dir", str(book)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    url = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert url
    with urllib.request.urlopen(url[0]) as response:
        assert response.status == 200
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert err == ""
