"""Arrays in NPY files; the oracle is the library called on the whole array, bit for bit."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.base import Options
from focalbook.io.errors import DataFileError
from focalbook.io.files import recover_file
from tests.io.samples import naive_posterior, rows, whole


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f4", ">f8"])
def test_precision_and_byte_order_are_kept(tmp_path: Path, dtype: str) -> None:
    q = rows(400, 6).astype(dtype)
    np.save(tmp_path / "in.npy", q)
    summary = recover_file(tmp_path / "in.npy", tmp_path / "out.npy", 2.0)
    p = np.load(tmp_path / "out.npy", allow_pickle=False)
    assert p.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(p, whole(q, 2.0))
    assert (summary.rows, summary.classes) == (400, 6)
    expected = [naive_posterior(row / row.sum(), 2.0) for row in q.astype(float)]
    np.testing.assert_allclose(
        p, expected, rtol=20 * np.finfo(dtype).eps, atol=np.finfo(dtype).smallest_normal
    )


@given(
    st.lists(st.integers(1, 6), min_size=0, max_size=3),
    st.integers(2, 5),
    st.data(),
    st.booleans(),
    st.integers(1, 2000),
    st.sampled_from(["f4", "f8"]),
)
def test_block_size_and_layout_change_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    batch: list[int],
    classes: int,
    data: st.DataObject,
    fortran: bool,
    block_bytes: int,
    dtype: str,
) -> None:
    """Any number of dimensions, any class axis, either memory order, any block: the same bits."""
    folder = tmp_path_factory.mktemp("npy")
    axis = data.draw(st.integers(-len(batch) - 1, len(batch)))
    q = rows(int(np.prod(batch)), classes, seed=block_bytes).reshape(*batch, classes)
    q = np.asarray(np.moveaxis(q, -1, axis), dtype, order="F" if fortran else "C")
    np.save(folder / "in.npy", q)
    recover_file(
        folder / "in.npy", folder / "out.npy", 1.5, options=Options(axis=axis), block_bytes=block_bytes
    )
    p = np.load(folder / "out.npy")
    np.testing.assert_array_equal(p, whole(q, 1.5, axis=axis))
    assert (folder / "out.npy").stat().st_size == (folder / "in.npy").stat().st_size
    assert p.flags.f_contiguous == np.load(folder / "in.npy").flags.f_contiguous


def test_row_spread_over_more_than_a_block(tmp_path: Path) -> None:
    """Classes first, and an array in Fortran order: read and written by seeking."""
    q = rows(5000, 3)
    for name, array, axis in (("c", np.ascontiguousarray(q.T), 0), ("f", np.asfortranarray(q), None)):
        np.save(tmp_path / "in.npy", array)
        recover_file(
            tmp_path / "in.npy", tmp_path / f"{name}.npy", 2.0, options=Options(axis=axis), block_bytes=1000
        )
    np.testing.assert_array_equal(np.load(tmp_path / "c.npy").T, whole(q, 2.0))
    np.testing.assert_array_equal(np.load(tmp_path / "f.npy"), whole(q, 2.0))


def test_refused_rows_are_named_as_the_array_counts(tmp_path: Path) -> None:
    q = rows(60, 3).reshape(5, 12, 3)
    q[3, 7, 1] = np.nan
    np.save(tmp_path / "c.npy", q)
    np.save(tmp_path / "f.npy", np.asfortranarray(q))
    for name in ("c", "f"):
        for block_bytes in (50, 2**20):
            with pytest.raises(
                DataFileError, match=r"row \(3, 7\) \(counting from 0\), class 1: a missing value"
            ):
                recover_file(tmp_path / f"{name}.npy", tmp_path / "out.npy", 2.0, block_bytes=block_bytes)
    assert not (tmp_path / "out.npy").exists()
    np.save(tmp_path / "t.npy", rows(10, 3).T)
    with pytest.raises(
        DataFileError, match=r"row 0 .*sum to .*is another axis the class axis \(--axis\)|class missing"
    ):
        recover_file(tmp_path / "t.npy", tmp_path / "out.npy", 2.0)


def test_sums_allowed_by_precision(tmp_path: Path) -> None:
    """1e-2, 1e-4 and 1e-6 for half, single and double precision, as in the library."""
    for dtype, off, fine in (("f2", 2e-2, 5e-3), ("f4", 2e-4, 5e-5), ("f8", 2e-6, 5e-7)):
        for excess, good in ((fine, True), (off, False)):
            np.save(tmp_path / "in.npy", np.array([[0.25, 0.75 + excess]], dtype))
            if good:
                assert recover_file(tmp_path / "in.npy", io.BytesIO(), 2.0).rescaled == 1
            else:
                with pytest.raises(DataFileError, match="not to 1"):
                    recover_file(tmp_path / "in.npy", io.BytesIO(), 2.0)


@pytest.mark.parametrize("change", ["shorter", "longer"])
def test_file_of_the_wrong_length(tmp_path: Path, change: str) -> None:
    path = tmp_path / "in.npy"
    np.save(path, rows(100, 3))
    data = path.read_bytes()
    path.write_bytes(data[:-10] if change == "shorter" else data + b"\0" * 10)
    message = "ends 10 bytes early" if change == "shorter" else "10 bytes follow the array"
    with pytest.raises(DataFileError, match=message):
        recover_file(path, tmp_path / "out.npy", 2.0)
    assert not (tmp_path / "out.npy").exists()


def test_standard_input_is_csv(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="standard input is read as CSV only"):
        recover_file("-", tmp_path / "out.npy", 2.0, kind="npy")


def test_small_classes_of_sure_rows_survive(tmp_path: Path) -> None:
    """Where the top probability rounds to one, what is left of one is the sum of the others.

    Oracle: p_2/p_1 = q_2/q_1 h(q_1)/h(q_2), with h(q_1) -> c**gamma (1 + gamma) for c = 1 - q_1 -> 0.
    """
    c = 1e-40
    np.save(tmp_path / "in.npy", np.array([[1.0, c]]))
    np.save(tmp_path / "z.npy", np.array([[-np.log(c), 0.0]]))
    for name, logits in (("in", False), ("z", True)):
        recover_file(tmp_path / f"{name}.npy", tmp_path / "out.npy", 2.0, logits=logits)
        assert np.load(tmp_path / "out.npy")[0, 1] == pytest.approx(3 * c**3, rel=1e-12)
