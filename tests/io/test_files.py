"""From file to file: what is replaced, what is refused, and how much memory it takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from focalbook.io.base import Advance, Options, Source
from focalbook.io.errors import DataFileError
from focalbook.io.files import recover_file
from tests.io.samples import rows, whole


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.npy"
    np.save(path, rows(100, 3))
    return path


def test_an_existing_output_is_replaced(source: Path) -> None:
    target = source.with_name("out.npy")
    target.write_bytes(b"old")
    recover_file(source, target, 2.0)
    np.testing.assert_array_equal(np.load(target), whole(np.load(source), 2.0))


def test_an_existing_output_survives_a_bad_row(source: Path) -> None:
    """The bad row is the last one: everything before it has been written to the temporary file by then."""
    target = source.with_name("out.npy")
    target.write_bytes(b"old")
    q = rows(100, 3)
    q[-1] = 1.0
    np.save(source, q)
    with pytest.raises(DataFileError, match="row 99"):
        recover_file(source, target, 2.0, block_bytes=100)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in source.parent.iterdir()) == ["in.npy", "out.npy"]


def test_input_as_output(source: Path) -> None:
    q = np.load(source)
    link = source.with_name("link.npy")
    link.symlink_to(source)
    hard = source.with_name("hard.npy")
    hard.hardlink_to(source)
    for target in (source, link, hard):
        with pytest.raises(DataFileError, match=r"is the input itself: .* --force"):
            recover_file(source, target, 2.0)
    np.testing.assert_array_equal(np.load(source), q)
    recover_file(source, source, 2.0, force=True)
    np.testing.assert_array_equal(np.load(source), whole(q, 2.0))


def test_formats_are_not_converted(source: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"out\.csv: the output has the format of the input, NPY: rename it"
    ):
        recover_file(source, source.with_name("out.csv"), 2.0)


def test_names_without_a_known_ending(source: Path) -> None:
    other = source.rename(source.with_name("scores.bin"))
    with pytest.raises(DataFileError, match=r"unknown format '\.bin'"):
        recover_file(other, other.with_name("out"), 2.0)
    recover_file(other, other.with_name("out"), 2.0, kind="npy")
    np.testing.assert_array_equal(np.load(other.with_name("out")), whole(np.load(other), 2.0))


def test_parameters_are_checked_before_anything_is_written(source: Path) -> None:
    with pytest.raises(DataFileError, match=r"in\.npy: 2 class weight\(s\) for 3 classes"):
        recover_file(source, source.with_name("out.npy"), 2.0, weights=[1, 2])
    with pytest.raises(DataFileError, match="gamma must be finite and at least 0, got -2"):
        recover_file(source, source.with_name("out.npy"), -2.0)
    assert [path.name for path in source.parent.iterdir()] == ["in.npy"]


def test_progress_adds_up(source: Path) -> None:
    """Rows for arrays; bytes of the file, compressed ones where it is compressed, for text."""
    table = source.with_name("in.csv.gz")
    pd.DataFrame(rows(60_000, 3)).to_csv(table, index=False)
    for path, size in ((source, 100), (table, table.stat().st_size)):
        steps: list[int] = []
        totals: list[int | None] = []

        def start(opened: Source, totals: list[int | None] = totals, steps: list[int] = steps) -> Advance:
            totals.append(opened.total)
            return steps.append

        target = path.with_name(f"out.{path.name}")
        recover_file(path, target, 2.0, progress=start, block_bytes=size // 20)
        assert totals == [size]
        assert sum(steps) == size
        assert len(steps) > 5


MEASURE = """
import sys
from focalbook.io.base import Advance, Options, Source
from focalbook.io.files import recover_file
source, target, others = sys.argv[1:]
recover_file(source, target, 2.0, options=Options(id_columns=[others] if others else None), block_bytes=2**18)
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def peak_kib(source: Path, others: str) -> int:
    """Largest resident memory of a process that recovers a file in blocks of 256 KiB."""
    command = [
        sys.executable,
        "-c",
        MEASURE,
        str(source),
        str(source.with_name(f"out.{source.name}")),
        others,
    ]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak of memory from /proc")
@pytest.mark.parametrize("kind", ["csv", "npy", "npz", "npy-columns", "parquet"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    """A file ten times as long, 150 times the block, takes the same memory to a third of the difference."""
    peaks, sizes = [], []
    for count in (50_000, 500_000):
        path = tmp_path / f"{count}.{kind.split('-')[0]}"
        q = rows(count, 10)
        if kind == "csv":
            path.write_text("id," + ",".join(f"c{i}" for i in range(10)) + "\n")
            with path.open("a") as handle:
                line = "image," + ",".join(f"{x:.7f}" for x in q[0]) + "\n"
                handle.write(line * count)
        elif kind == "parquet":
            table = pd.DataFrame(q, columns=[f"c{i}" for i in range(10)])
            table.insert(0, "id", "image")
            table.to_parquet(path, row_group_size=20_000, compression=None)
        elif kind == "npz":
            np.savez_compressed(path, q=q)
        else:
            np.save(path, np.asfortranarray(q) if kind == "npy-columns" else q)
        peaks.append(peak_kib(path, "id" if kind in ("csv", "parquet") else ""))
        sizes.append(q.nbytes / 1024)
    assert sizes[1] > 150 * 256
    assert peaks[1] - peaks[0] < (sizes[1] - sizes[0]) / 3, (peaks, sizes)


def test_options_reach_the_format(tmp_path: Path) -> None:
    q = rows(10, 3)
    np.save(tmp_path / "in.npy", q.T)
    recover_file(tmp_path / "in.npy", tmp_path / "out.npy", 2.0, options=Options(axis=0))
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy").T, whole(q, 2.0))
