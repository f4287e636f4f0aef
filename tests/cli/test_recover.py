"""``focalbook recover`` as it is typed: outputs, summaries, errors in one line, and sudden ends."""

from __future__ import annotations

import gzip
import io
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from focalbook.cli.program import main
from tests.io.samples import naive_posterior, read_csv, rows, whole

RUN = [sys.executable, "-m", "focalbook", "recover"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a folder of its own as the current one."""
    monkeypatch.chdir(tmp_path)


def table(path: str, count: int = 50) -> np.ndarray:
    """Write a table with an id column; returns its probabilities."""
    q = rows(count, 3)
    frame = pd.DataFrame(q, columns=["cat", "dog", "cow"])
    frame.insert(0, "id", [f"im{i}" for i in range(count)])
    if ".parquet" in path:
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return q


def values(path: str) -> np.ndarray:
    """Class columns of an output."""
    if path.endswith(".parquet"):
        return pd.read_parquet(path)[["cat", "dog", "cow"]].to_numpy()
    return np.array([record[1:] for record in read_csv(Path(path))[1:]], dtype=float)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(
    "choice", [["--id-columns", "id"], ["--columns", "cat, dog,cow"], ["--columns", "c??,dog"]]
)
def test_tables(kind: str, choice: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    q = table(f"in.{kind}")
    assert main(["recover", f"in.{kind}", "-o", f"out.{kind}", "--gamma", "2", *choice]) == 0
    # Another order of the classes is another order of their sum.
    np.testing.assert_allclose(values(f"out.{kind}"), whole(q, 2.0), rtol=1e-14)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"50 rows of 3 classes at gamma = 2 -> out.{kind}",
        f"mean top probability {q.max(axis=1).mean():.4f} -> {whole(q, 2.0).max(axis=1).mean():.4f}; "
        "top class kept in 50 of 50 rows",
        "copied unchanged: column 'id'",
    ]


def test_arrays() -> None:
    q = rows(20, 4).astype("f4")
    np.save("in.npy", q.T)
    np.savez("in.npz", probs=q, other=q)
    assert main(["recover", "in.npy", "-o", "out.npy", "--gamma", "1", "--axis", "0"]) == 0
    assert main(["recover", "in.npz", "-o", "out.npz", "--gamma", "1", "--array", "probs"]) == 0
    np.testing.assert_array_equal(np.load("out.npy").T, whole(q, 1.0))
    with np.load("out.npz") as out:
        np.testing.assert_array_equal(out["probs"], whole(q, 1.0))
        np.testing.assert_array_equal(out["other"], q)


@pytest.mark.parametrize("alpha", ["1,2,0.5", "alpha.txt"])
def test_class_weights(alpha: str) -> None:
    """Oracle: the formula in a loop, weights in the order of the columns."""
    Path("alpha.txt").write_text("1\n2\n0.5\n")
    q = table("in.csv")
    assert (
        main(["recover", "in.csv", "-o", "out.csv", "--gamma", "2", "--id-columns", "id", "--alpha", alpha])
        == 0
    )
    expected = [naive_posterior(row, 2.0, [1.0, 2.0, 0.5]) for row in q]
    np.testing.assert_allclose(values("out.csv"), expected, rtol=1e-10)


def test_logits() -> None:
    q = rows(20, 3)
    np.save("in.npy", np.log(q) + 7)
    assert main(["recover", "in.npy", "-o", "out.npy", "--gamma", "2", "--logits"]) == 0
    np.testing.assert_allclose(np.load("out.npy"), whole(q, 2.0), rtol=1e-12)


def test_format_quiet_and_force(capsys: pytest.CaptureFixture[str]) -> None:
    q = rows(20, 3)
    np.save("in.npy", q)
    Path("in.npy").rename("in.dat")
    assert (
        main(["recover", "in.dat", "-o", "in.dat", "--gamma", "2", "--format", "npy", "--force", "-q"]) == 0
    )
    np.testing.assert_array_equal(np.load("in.dat"), whole(q, 2.0))
    assert capsys.readouterr().err == ""


def test_rescaled_rows_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("in.csv").write_text("a,b\n0.5004,0.5001\n0.5000,0.5000\n")
    assert main(["recover", "in.csv", "-o", "out.csv", "--gamma", "2", "--tolerance", "1e-3"]) == 0
    assert (
        "1 rows divided by their sum (largest distance from one 0.0005, allowed 0.001)"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_standard_input_and_output(packed: bool, unbuffered: str) -> None:
    """Larger than a pipe holds, with Python's own buffer and without it; gzip is recognised by its bytes."""
    q = table("in.csv", 3000)
    data = Path("in.csv").read_bytes()
    done = subprocess.run(
        [*RUN, "-", "-o", "-", "--gamma", "2", "--id-columns", "id"],
        input=gzip.compress(data) if packed else data,
        capture_output=True,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        timeout=60,
        check=True,
    )
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "id,cat,dog,cow"
    np.testing.assert_array_equal(np.array([x.split(",")[1:] for x in lines[1:]], dtype=float), whole(q, 2.0))
    assert b"-> standard output" in done.stderr


def test_no_bar_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table("in.csv")
    assert main(["recover", "in.csv", "-o", "out.csv", "--gamma", "2", "--id-columns", "id"]) == 0
    assert "\r" not in capsys.readouterr().err


@pytest.mark.parametrize(("quiet", "bar"), [([], True), (["--quiet"], False)])
def test_progress_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, quiet: list[str], bar: bool) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    table("in.csv")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["recover", "in.csv", "-o", "out.csv", "--gamma", "2", "--id-columns", "id", *quiet]) == 0
    assert ("\r" in screen.getvalue()) == bar
    assert bool(screen.getvalue()) == bar


CASES = {
    "missing file": (["nowhere.csv"], r"nowhere.csv: there is no such file"),
    "unknown ending": (["in.txt"], "in.txt: unknown format '.txt'"),
    "text column": (
        ["in.csv"],
        "in.csv: column 'id' holds text ('im0'): pass it through with --id-columns id, or",
    ),
    "no such column": (
        ["in.csv", "--columns", "cat,doc"],
        "no column 'doc': the columns are id, cat, dog, cow",
    ),
    "negative gamma": (["in.npy", "--gamma", "-1"], "gamma must be finite and at least 0, got -1"),
    "infinite gamma": (["in.npy", "--gamma", "inf"], "gamma must be finite"),
    "gamma not a number": (["in.npy", "--gamma", "nan"], "gamma must be finite"),
    "short alpha": (["in.npy", "--alpha", "1,2"], "in.npy: 2 class weight(s) for 3 classes"),
    "negative alpha": (["in.npy", "--alpha", "1,2,-1"], "class weights must be positive and finite, got -1"),
    "alpha nothing": (["in.npy", "--alpha", "heavy"], "alpha 'heavy' is neither numbers"),
    "tolerance": (["in.npy", "--tolerance", "-1"], "tolerance must be at least 0"),
    "integers": (["int.npy"], "int.npy: an array of int64: probabilities are floats"),
    "0-d": (["zero.npy"], "zero.npy: a single number (0-d array)"),
    "empty array": (["empty.npy"], "empty.npy: the array is empty, shape (0, 3)"),
    "objects": (["objects.npy"], "objects.npy: an array of Python objects, which is never loaded"),
    "wrong axis": (["in.npy", "--axis", "5"], "in.npy: there is no axis 5: the shape is (20, 3)"),
    "cut array": (["cut.npy"], "cut.npy: the file ends 40 bytes early"),
    "logits": (
        ["logits.npy"],
        "row 0 (counting from 0), class 1: negative probability -1: if these are logits",
    ),
    "other option": (["in.npy", "--columns", "a"], "--columns is for CSV and PARQUET files, this is NPY"),
    "both lists": (["in.csv", "--columns", "cat", "--id-columns", "id"], "give one of them"),
    "empty file": (["empty.csv"], "empty.csv: the file is empty"),
    "input is output": (["out.npy"], "out.npy is the input itself"),
    "parquet": (["bad.parquet"], "bad.parquet: not a Parquet file, or a damaged one"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_one_line_and_status_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And an existing output stays as it was."""
    argv, message = CASES[name]
    table("in.csv")
    np.save("in.npy", rows(20, 3))
    np.save("int.npy", np.eye(3, dtype=int))
    np.save("zero.npy", np.float64(0.5))
    np.save("empty.npy", np.ones((0, 3)))
    np.save("objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    np.save("logits.npy", np.array([[3.0, -1.0, 2.0]]))
    Path("cut.npy").write_bytes(Path("in.npy").read_bytes()[:-40])
    Path("empty.csv").touch()
    Path("bad.parquet").write_bytes(b"PAR1 and nothing more")
    out = "out." + (argv[0].split(".")[1] if "." in argv[0] else "csv")
    Path(out).write_bytes(b"old")
    if name == "input is output":
        np.save("out.npy", rows(5, 3))
    before = Path(out).read_bytes()
    gamma = [] if "--gamma" in argv else ["--gamma", "2"]
    assert main(["recover", *argv, "-o", out, *gamma]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("focalbook recover: ")
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert Path(out).read_bytes() == before
    assert not list(Path().glob(".*.part"))


def test_output_in_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    np.save("in.npy", rows(5, 3))
    assert main(["recover", "in.npy", "-o", "sub/out.npy", "--gamma", "2"]) == 2
    assert "sub/out.npy: the folder" in capsys.readouterr().err
    assert main(["recover", "in.npy", "-o", os.devnull, "--gamma", "2", "--format", "npy"]) == 2
    assert "not a regular file" in capsys.readouterr().err
    assert not Path(os.devnull).is_file()


def test_no_traceback_in_a_real_process() -> None:
    Path("in.csv").write_text("a,b\n0.5,0.6\n")
    done = subprocess.run(
        [*RUN, "in.csv", "-o", "out.csv", "--gamma", "2"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(
        "focalbook recover: in.csv: row 1 (line 2): the probabilities sum to 1.1, not to 1"
    )
    assert done.stderr.count("\n") == 1


def start_and_wait_until_it_writes() -> subprocess.Popen[bytes]:
    """A process that has written a part of its output and waits for the rest of its input."""
    Path("out.csv").write_bytes(b"old")
    process = subprocess.Popen(
        [*RUN, "-", "-o", "out.csv", "--gamma", "2"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )
    assert process.stdin
    block = memoryview(b"a,b\n" + b"0.25,0.75\n" * 1_000_000)
    while block:
        block = block[process.stdin.write(block) :]
    until = time.monotonic() + 60
    while not any(part.stat().st_size for part in Path().glob(".out.csv.*.part")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    assert Path("out.csv").read_bytes() == b"old"
    return process


@pytest.mark.parametrize(
    ("number", "status", "left"),
    [(signal.SIGKILL, -9, 1), (signal.SIGINT, 130, 0), (signal.SIGTERM, 143, 0)],
)
def test_ended_half_way(number: signal.Signals, status: int, left: int) -> None:
    """The old output is intact; only a killed process cannot remove its temporary file."""
    with start_and_wait_until_it_writes() as process:
        process.send_signal(number)
        assert process.wait(timeout=60) == status
        assert process.stderr
        err = process.stderr.read().decode()
    assert Path("out.csv").read_bytes() == b"old"
    assert len(list(Path().glob(".out.csv.*.part"))) == left
    assert "Traceback" not in err
    if number == signal.SIGINT:
        assert err.strip() == "focalbook recover: interrupted"


def test_disk_that_fills_up() -> None:
    """A limit on the size of files stands in for a full disk: the write fails half-way."""
    np.save("in.npy", rows(100_000, 3))
    Path("out.npy").write_bytes(b"old")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, 10**6))

    done = subprocess.run(
        [*RUN, "in.npy", "-o", "out.npy", "--gamma", "2"],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=limit,
    )
    assert done.returncode == 2
    assert done.stderr == "focalbook recover: out.npy: not written: File too large\n"
    assert Path("out.npy").read_bytes() == b"old"
    assert sorted(path.name for path in Path().iterdir()) == ["in.npy", "out.npy"]
