"""Where rows lie in an NPY file; the oracle is NumPy's own indexing of the loaded array."""

from __future__ import annotations

import ast
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.errors import DataFileError
from focalbook.io.npylayout import read_layout


def saved(array: np.ndarray, **more: bool) -> io.BytesIO:
    handle = io.BytesIO()
    np.save(handle, array, **more)
    handle.seek(0)
    return handle


@given(st.lists(st.integers(2, 4), min_size=2, max_size=4), st.data(), st.booleans())
def test_places_are_those_of_the_array(shape: list[int], data: st.DataObject, fortran: bool) -> None:
    """Row (outer, inner) of the file is the row at the named index of the array."""
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    array = np.asarray(np.arange(np.prod(shape), dtype=float).reshape(shape), order="F" if fortran else "C")
    handle = saved(array)
    layout = read_layout(handle, "a.npy", axis)
    flat = np.frombuffer(handle.read(), float).reshape(layout.outer, layout.classes, layout.inner)
    rows = np.moveaxis(array, axis, -1)
    for outer in range(layout.outer):
        for inner in range(layout.inner):
            index = ast.literal_eval(layout.place(outer, inner).removeprefix("row ").split(" (counting")[0])
            np.testing.assert_array_equal(rows[index], flat[outer, :, inner])


def test_one_distribution() -> None:
    layout = read_layout(saved(np.array([0.5, 0.5])), "a.npy", None)
    assert (layout.outer, layout.classes, layout.inner) == (1, 2, 1)
    assert layout.place(0, 0) == "the distribution"


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_header_is_kept_byte_for_byte(version: tuple[int, int]) -> None:
    handle = io.BytesIO()
    np.lib.format.write_array(handle, np.ones((3, 2)), version=version)
    handle.seek(0)
    layout = read_layout(handle, "a.npy", None)
    assert handle.getvalue().startswith(layout.header)
    assert len(layout.header) + layout.nbytes == len(handle.getvalue())


@pytest.mark.parametrize(
    ("array", "axis", "message"),
    [
        (np.float64(0.5), None, r"single number \(0-d array\)"),
        (np.ones((2, 2), int), None, "an array of int64: probabilities are floats.*astype"),
        (np.ones((2, 2), bool), None, "an array of bool"),
        (np.ones((2, 2), complex), None, "an array of complex128: expected float16, float32 or float64"),
        (np.array([["a", "b"]]), None, "an array of <U1"),
        (np.ones((2, 2), [("a", "f8")]), None, "expected float16"),
        (np.ones((2, 2), np.longdouble), None, "expected float16"),
        (np.ones((0, 3)), None, r"the array is empty, shape \(0, 3\)"),
        (np.ones((3, 0)), None, "the array is empty"),
        (np.ones((3, 1)), None, r"axis -1 of shape \(3, 1\) has length 1, .*two classes"),
        (np.ones((3, 2)), 2, r"there is no axis 2: the shape is \(3, 2\)"),
        (np.ones((3, 2)), -3, "there is no axis -3"),
    ],
)
def test_unsuitable_arrays(array: np.ndarray, axis: int | None, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_layout(saved(array), "a.npy", axis)


def test_python_objects_are_never_loaded() -> None:
    """The object's unpickling would fail loudly; only the header is read."""
    handle = saved(np.array([{}, []], dtype=object), allow_pickle=True)
    with pytest.raises(DataFileError, match="Python objects, which is never loaded"):
        read_layout(handle, "a.npy", None)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a,b\n0.5,0.5\n",
        b"\x93NUMPY",
        b"\x93NUMPY\x09\x00" + b"x" * 100,
        b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f8'",
    ],
)
def test_damaged_headers(text: bytes) -> None:
    with pytest.raises(DataFileError, match=r"a\.npy: not an NPY array, or a damaged one: .+"):
        read_layout(io.BytesIO(text), "a.npy", None)
