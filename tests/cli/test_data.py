"""``focalbook data`` as a user meets it; oracles: the builder's files, a server on this computer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from focalbook.cli import main
from focalbook.data import catalogue
from tests.data.official import SMALL, Publisher, make, pack, publish, serving, write


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOCALBOOK_DATA", str(tmp_path / "data"))
    for name in SMALL:
        monkeypatch.setitem(catalogue.CATALOGUE, name, publish(name, make(name))[0])


pytestmark = pytest.mark.usefixtures("_small")
Capture = pytest.CaptureFixture[str]


def test_list_says_what_is_here(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path / "data" / "cifar100" / "cifar-100-binary", make("cifar100"))
    files = make("cifar10")
    del files["test_batch.bin"]
    write(tmp_path / "data" / "cifar10", files)
    assert main(["data", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["name", *catalogue.NAMES]
    assert lines[1].endswith("with scikit-learn")
    assert lines[2].endswith("not here")
    assert "test_batch.bin is missing" in lines[3]
    assert lines[4].endswith("cifar-100-binary")
    assert lines[4].split()[:7] == ["cifar100", "65", "4", "x", "5", "x", "3"]


def test_fetch_verify_info_from_local_files(tmp_path: Path, capsys: Capture) -> None:
    source = write(tmp_path / "source", make("cifar10"))
    assert main(["data", "fetch", "cifar10", "--from", str(source)]) == 0
    place = tmp_path / "data" / "cifar10" / "cifar-10-batches-bin"
    captured = capsys.readouterr()
    assert captured.out == f"cifar10 is in {place}\n"
    assert captured.err == ""
    assert main(["data", "verify", "cifar10"]) == 0
    assert f"40 training and 12 test images in {place}: as fetched" in capsys.readouterr().out
    assert main(["data", "info", "cifar10"]) == 0
    out = capsys.readouterr().out
    assert "cifar10/train: 40 images, 10 of each of 4 classes" in out
    assert "class 0, class 1, class 2, class 3" in out
    assert "Krizhevsky 2009" in out


def test_verify_of_damaged_data_fails_with_status_1(tmp_path: Path, capsys: Capture) -> None:
    source = write(tmp_path / "source", make("cifar100"))
    assert main(["data", "fetch", "cifar100", "--from", str(source)]) == 0
    path = tmp_path / "data" / "cifar100" / "cifar-100-binary" / "test.bin"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    capsys.readouterr()
    assert main(["data", "verify", "cifar100"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"cifar100: {path}: the content has SHA-256" in captured.err
    assert captured.err.count("\n") == 1
    assert main(["data", "fetch", "cifar100", "--from", str(source)]) == 0
    assert main(["data", "verify", "cifar100"]) == 0


def test_digits_need_nothing(capsys: Capture) -> None:
    assert main(["data", "fetch", "digits"]) == 0
    assert main(["data", "verify", "digits"]) == 0
    assert main(["data", "info", "digits"]) == 0
    out = capsys.readouterr().out
    assert "nothing to fetch" in out
    assert "1,797 images with scikit-learn: as recorded" in out
    assert "digits/train: 1,258 images, 122 to 128 of each of 10 classes" in out


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["info", "cifar10"], r"CIFAR-10 is not in"),
        (["verify", "cifar-10"], "there is no data set 'cifar-10': did you mean 'cifar10'?"),
        (["fetch", "cifar10", "--from", "/nowhere"], "/nowhere is not a folder"),
        (["fetch", "cifar10", "--folder", "/dev/null", "--from", "SOURCE"], "/dev/null"),
        (["fetch"], "the following arguments are required: NAME"),
        (["fech", "cifar10"], "invalid choice: 'fech'"),
        ([], "the following arguments are required: ACTION"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(
    argv: list[str], message: str, tmp_path: Path, capsys: Capture
) -> None:
    source = write(tmp_path / "source", make("cifar10"))
    assert main(["data", *(str(source) if word == "SOURCE" else word for word in argv)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_the_pickle_version_given_by_mistake(tmp_path: Path, capsys: Capture) -> None:
    archive = pack(SMALL["cifar10"], {"data_batch_1": b"\x80\x02}"}, "cifar-10-batches-py")
    source = write(tmp_path / "source", {"cifar-10-python.tar.gz": archive, "renamed.tar.gz": archive})
    for given in (source, source / "renamed.tar.gz"):
        assert main(["data", "fetch", "cifar10", "--from", str(given)]) == 2
        assert "the binary version is needed" in capsys.readouterr().err


_PROGRAM = """
import sys, time
from dataclasses import replace
from focalbook.cli import main
from focalbook.data import catalogue, download
from tests.data.official import make, publish
catalogue.CATALOGUE["cifar100"] = publish("cifar100", make("cifar100"), sys.argv[1])[0]
download._CHUNK = 64
if sys.argv[2] == "slow":
    ask = download._append
    download._append = lambda *a: ask(*a[:-1], lambda *p: (print(p[1], flush=True), time.sleep(0.05)))
sys.exit(main(["data", "fetch", "cifar100"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_in_the_middle_it_goes_on_later(tmp_path: Path, root: Path, number: int) -> None:
    _, offered = publish("cifar100", make("cifar100"))
    folder = tmp_path / "data" / "cifar100"
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    environment |= {"PYTHONPATH": str(root)}
    with serving(Publisher(offered)) as publisher:
        command = [sys.executable, "-c", _PROGRAM, publisher.url]
        with subprocess.Popen(
            [*command, "slow"], cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout
            assert process.stderr
            while int(process.stdout.readline()) < 640:
                time.sleep(0)
            process.send_signal(number)
            errors = process.stderr.read().decode()
        assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
        assert "Traceback" not in errors
        assert {p.name for p in folder.iterdir()} == {".lock", "cifar-100-binary.tar.gz.part"}
        here = (folder / "cifar-100-binary.tar.gz.part").stat().st_size
        assert here >= 640
        done = subprocess.run(
            [*command, "fast"], cwd=root, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout == f"cifar100 is in {folder / 'cifar-100-binary'}\n"
        assert publisher.asked[-1][1] == f"bytes={here}-"
