"""Arrays in NPZ archives; oracles: the library on the whole array, NumPy reading the archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.base import Options
from focalbook.io.errors import DataFileError
from focalbook.io.files import recover_file
from tests.io.samples import rows, whole


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_other_members_are_kept(tmp_path: Path, save: object) -> None:
    q = rows(300, 4).astype("f4")
    labels, words = np.arange(300), np.array(["ä", "b"])
    save(tmp_path / "in.npz", labels=labels, probs=q, words=words)  # type: ignore[operator]
    summary = recover_file(tmp_path / "in.npz", tmp_path / "out.npz", 2.0)
    with np.load(tmp_path / "out.npz", allow_pickle=False) as out:
        assert out.files == ["labels", "probs", "words"]
        np.testing.assert_array_equal(out["labels"], labels)
        np.testing.assert_array_equal(out["words"], words)
        assert out["probs"].dtype == np.float32
        np.testing.assert_array_equal(out["probs"], whole(q, 2.0))
    assert summary.passed == ["array 'labels'", "array 'words'"]
    with zipfile.ZipFile(tmp_path / "in.npz") as a, zipfile.ZipFile(tmp_path / "out.npz") as b:
        assert [i.compress_type for i in a.infolist()] == [i.compress_type for i in b.infolist()]
        assert b.testzip() is None


@given(st.integers(1, 40), st.integers(2, 5), st.integers(1, 3000), st.sampled_from([0, 1]), st.booleans())
def test_block_size_and_layout_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, count: int, classes: int, block: int, axis: int, fortran: bool
) -> None:
    """Rows that lie together are streamed, others go through the disk: the same bits."""
    folder = tmp_path_factory.mktemp("npz")
    q = rows(count, classes, seed=block)
    stored = np.asarray(q if axis else q.T, order="F" if fortran else "C")
    np.savez_compressed(folder / "in.npz", probs=stored)
    recover_file(folder / "in.npz", folder / "out.npz", 1.5, options=Options(axis=axis), block_bytes=block)
    with np.load(folder / "out.npz") as out:
        np.testing.assert_array_equal(out["probs"], whole(stored, 1.5, axis=axis))
    assert sorted(path.name for path in folder.iterdir()) == ["in.npz", "out.npz"]


def test_choice_of_the_array(tmp_path: Path) -> None:
    a, b = rows(5, 3), rows(5, 3, seed=1)
    np.savez(tmp_path / "two.npz", a=a, b=b)
    with pytest.raises(DataFileError, match=r"which array\? Say --array NAME; the arrays are a, b"):
        recover_file(tmp_path / "two.npz", tmp_path / "out.npz", 2.0)
    with pytest.raises(DataFileError, match="no array 'c': the arrays are a, b"):
        recover_file(tmp_path / "two.npz", tmp_path / "out.npz", 2.0, options=Options(array="c"))
    recover_file(tmp_path / "two.npz", tmp_path / "out.npz", 2.0, options=Options(array="b"))
    with np.load(tmp_path / "out.npz") as out:
        np.testing.assert_array_equal(out["a"], a)
        np.testing.assert_array_equal(out["b"], whole(b, 2.0))


def test_pickled_members_are_copied_but_never_loaded(tmp_path: Path) -> None:
    """Only a name that imports nothing could survive unpickling: a marker shows that nothing was run."""
    objects = io.BytesIO()
    np.save(objects, np.array([{"key": 1}], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "in.npz", probs=rows(5, 3))
    with zipfile.ZipFile(tmp_path / "in.npz", "a") as archive:
        archive.writestr("objects.npy", objects.getvalue())
    recover_file(tmp_path / "in.npz", tmp_path / "out.npz", 2.0)
    with zipfile.ZipFile(tmp_path / "out.npz") as archive:
        assert archive.read("objects.npy") == objects.getvalue()
    with pytest.raises(DataFileError, match="Python objects, which is never loaded"):
        recover_file(tmp_path / "in.npz", tmp_path / "out.npz", 2.0, options=Options(array="objects"))


def test_refused_row(tmp_path: Path) -> None:
    q = rows(50, 3)
    q[20] *= 0.9
    np.savez(tmp_path / "in.npz", probs=q)
    with pytest.raises(
        DataFileError, match=r"in\.npz, array 'probs': row 20 \(counting from 0\): .* sum to 0\.9,"
    ):
        recover_file(tmp_path / "in.npz", tmp_path / "out.npz", 2.0, block_bytes=100)
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.parametrize("damage", ["cut", "changed", "no archive", "short array", "long array"])
def test_damaged_archives(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "in.npz"
    np.savez(path, probs=rows(2000, 3))
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "changed":
        data[20_000:20_008] = np.float64(0.5).tobytes()
    elif damage == "no archive":
        data = bytearray(b"a,b\n0.5,0.5\n")
    path.write_bytes(data)
    if damage.endswith("array"):
        with zipfile.ZipFile(path) as archive:
            member = archive.read("probs.npy")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("probs.npy", member[:-8] if damage == "short array" else member + b"\0" * 8)
    for block_bytes, axis in ((2**20, -1), (2**20, 0), (100, 0)):
        with pytest.raises(DataFileError, match=r"damaged|ends .* early|not to 1"):
            recover_file(path, tmp_path / "out.npz", 2.0, options=Options(axis=axis), block_bytes=block_bytes)
    assert not (tmp_path / "out.npz").exists()


def test_archive_without_arrays(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.npz", "w") as archive:
        archive.writestr("readme.txt", "no array")
    with pytest.raises(DataFileError, match="the arrays are none"):
        recover_file(tmp_path / "in.npz", tmp_path / "out.npz", 2.0)
    with pytest.raises(DataFileError, match="standard input is read as CSV only"):
        recover_file("-", tmp_path / "out.npz", 2.0, kind="npz")
