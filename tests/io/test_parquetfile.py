"""Parquet tables; the oracles are the library on the whole array and pandas' reading of the output."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.base import Options
from focalbook.io.errors import DataFileError
from focalbook.io.files import recover_file
from tests.io.samples import rows, whole

NAMES = ["a", "b", "c"]


def frame(count: int, dtype: str = "f8") -> pd.DataFrame:
    table = pd.DataFrame(rows(count, 3).astype(dtype), columns=NAMES)
    table["id"] = [f"image {i}" for i in range(count)]
    table["when"] = pd.date_range("2024-01-01", periods=count, freq="h", tz="UTC")
    table["kind"] = pd.Categorical(["x", "y"] * (count // 2) + ["x"] * (count % 2))
    table["nested"] = [[i, i + 1] if i % 3 else None for i in range(count)]
    return table


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_other_columns_schema_and_metadata_are_kept(tmp_path: Path, dtype: str) -> None:
    table = frame(1000, dtype).set_index("id", drop=True)
    table.to_parquet(tmp_path / "in.parquet", row_group_size=300, compression="zstd")
    summary = recover_file(
        tmp_path / "in.parquet",
        tmp_path / "out.parquet",
        2.0,
        options=Options(columns=NAMES),
        block_bytes=2000,
    )
    back = pd.read_parquet(tmp_path / "out.parquet")
    others = ["when", "kind", "nested"]
    pd.testing.assert_frame_equal(back[others], table[others])
    assert (back.dtypes[NAMES] == dtype).all()
    np.testing.assert_array_equal(back[NAMES].to_numpy(), whole(table[NAMES].to_numpy(), 2.0))
    before, after = pq.ParquetFile(tmp_path / "in.parquet"), pq.ParquetFile(tmp_path / "out.parquet")
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.metadata.row_group(0).column(0).compression == "ZSTD"
    assert summary.rows == 1000
    before.close()
    after.close()


def test_row_index_of_pandas_is_no_class(tmp_path: Path) -> None:
    table = pd.DataFrame(rows(20, 3), columns=NAMES, index=np.arange(20) * 0.5)
    table.to_parquet(tmp_path / "in.parquet")
    summary = recover_file(tmp_path / "in.parquet", tmp_path / "out.parquet", 2.0)
    back = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_index_equal(back.index, table.index)
    np.testing.assert_array_equal(back.to_numpy(), whole(table.to_numpy(), 2.0))
    assert summary.passed == ["column '__index_level_0__'"]


@given(st.integers(1, 60), st.integers(1, 2000), st.integers(1, 70), st.sampled_from(["f2", "f4", "f8"]))
def test_block_size_and_row_groups_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, count: int, block_bytes: int, group: int, dtype: str
) -> None:
    folder = tmp_path_factory.mktemp("parquet")
    q = rows(count, 3, seed=block_bytes).astype(dtype)
    table = pa.table([pa.array(q[:, j]) for j in range(3)], NAMES)
    pq.write_table(table, folder / "in.parquet", row_group_size=group)
    recover_file(folder / "in.parquet", folder / "out.parquet", 1.5, block_bytes=block_bytes)
    out = pq.read_table(folder / "out.parquet")
    np.testing.assert_array_equal(np.column_stack([c.to_numpy() for c in out.columns]), whole(q, 1.5))


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.float64()),
        pa.large_list(pa.float32()),
        pa.list_(pa.float64(), 4),
        pa.list_(pa.field("item", pa.float32(), nullable=False)),
    ],
)
def test_a_column_of_lists(tmp_path: Path, kind: pa.DataType) -> None:
    q = rows(100, 4).astype("f4" if kind.value_type == pa.float32() else "f8")
    table = pa.table({"id": pa.array(range(100)), "probs": pa.array(q.tolist(), kind)})
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=30)
    recover_file(
        tmp_path / "in.parquet",
        tmp_path / "out.parquet",
        2.0,
        options=Options(columns=["probs"]),
        block_bytes=300,
    )
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.schema.equals(pq.read_schema(tmp_path / "in.parquet"))
    np.testing.assert_array_equal(np.array(out["probs"].to_pylist(), q.dtype), whole(q, 2.0))
    assert out["id"].to_pylist() == list(range(100))


def refuse(table: pa.Table, folder: Path, message: str, options: Options | None = None) -> None:
    pq.write_table(table, folder / "in.parquet", row_group_size=2)
    with pytest.raises(DataFileError, match=message) as caught:
        recover_file(folder / "in.parquet", folder / "out.parquet", 2.0, options=options)
    assert "\n" not in str(caught.value)
    assert not (folder / "out.parquet").exists()


def test_refused_tables(tmp_path: Path) -> None:
    half = pa.array([0.5] * 5)
    refuse(
        pa.table({"id": ["x"] * 5, "a": half, "b": half}),
        tmp_path,
        "column 'id' holds string.*--id-columns id",
    )
    refuse(pa.table({"n": [1] * 5, "a": half, "b": half}), tmp_path, "column 'n' holds int64, not floats")
    refuse(pa.table({"a": half}), tmp_path, "one column of probabilities .'a'.*two classes")
    refuse(
        pa.table({"a": half, "b": [0.5, 0.5, None, 0.5, 0.5]}),
        tmp_path,
        r"row 3 .*column 'b': a missing value",
    )
    refuse(
        pa.table({"a": half, "b": [0.5, 0.5, 0.5, 0.4, 0.5]}),
        tmp_path,
        r"row 4 \(counting from 1\): .* sum to 0\.9",
    )
    refuse(pa.table({"a": half, "b": [0.5, -0.5, 0.5, 0.4, 0.5]}), tmp_path, "row 2 .*column 'b': negative")
    refuse(pa.table({"a": half[:0], "b": half[:0]}), tmp_path, "there are no rows in it")
    refuse(pa.table({"a": half}), tmp_path, "no column is left", Options(id_columns=["a"]))


def test_refused_lists(tmp_path: Path) -> None:
    def lists(values: list[object]) -> pa.Table:
        return pa.table({"q": pa.array(values, pa.list_(pa.float64()))})

    refuse(
        lists([[0.5, 0.5], [0.5, 0.5], [0.2, 0.3, 0.5]]), tmp_path, "row 3 .*has 3 probabilities, .* has 2"
    )
    refuse(lists([[0.5, 0.5], [0.5, None]]), tmp_path, "row 2 .*a missing value")
    refuse(lists([[0.5, 0.5], None]), tmp_path, "row 2 .*column 'q': a missing value")
    refuse(lists([None, [0.5, 0.5]]), tmp_path, "row 1 .*column 'q': a missing value")
    refuse(lists([[1.0], [1.0]]), tmp_path, "two classes")
    refuse(lists([[0.5, 0.5], [0.5, 0.6]]), tmp_path, r"row 2 .*sum to 1\.1")
    refuse(
        lists([[0.5, 0.5], [0.5, float("inf")]]),
        tmp_path,
        r"row 2 .*column 'q', class 1 \(counting from 0\): an inf",
    )


@pytest.mark.parametrize("damage", ["cut", "changed", "other"])
def test_damaged_files(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "in.parquet"
    frame(2000)[NAMES].to_parquet(path)
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "changed":
        data[4:400] = b"\xff" * 396
    else:
        data = bytearray(b"a,b\n0.5,0.5\n")
    path.write_bytes(data)
    with pytest.raises(DataFileError, match="damaged"):
        recover_file(path, tmp_path / "out.parquet", 2.0)
    assert not (tmp_path / "out.parquet").exists()


def test_standard_input_is_csv(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="standard input is read as CSV only"):
        recover_file("-", tmp_path / "out.parquet", 2.0, kind="parquet")
