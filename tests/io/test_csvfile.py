"""Tables of separated values; oracles: the library on the whole array, Python's csv module."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focalbook.io.base import Options
from focalbook.io.csvfile import CsvSource
from focalbook.io.errors import DataFileError
from focalbook.io.files import recover_file
from tests.io.samples import naive_posterior, read_csv, rows, whole


def run(
    text: str | bytes, folder: Path, gamma: float = 2.0, options: Options | None = None, **more: Any
) -> str:
    """The output for a file of this text."""
    source, target = folder / "in.csv", folder / "out.csv"
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    recover_file(source, target, gamma, options=options or Options(), **more)
    return target.read_bytes().decode("utf-8", "surrogateescape")


def refuse(
    text: str | bytes, folder: Path, message: str, options: Options | None = None, **more: Any
) -> None:
    """The file is refused with this message and nothing is written."""
    with pytest.raises(DataFileError, match=message) as caught:
        run(text, folder, options=options, **more)
    assert "\n" not in str(caught.value)
    assert not (folder / "out.csv").exists()


def test_table_with_other_columns(tmp_path: Path) -> None:
    q = rows(500, 4)
    table = pd.DataFrame(q, columns=list("abcd"))
    table.insert(0, "id", [f"00{i}" for i in range(500)])
    table["note"] = ['with, "marks"\nand a break', "NA", "", "1e400", "plain"] * 100
    table.to_csv(tmp_path / "in.csv", index=False)
    summary = recover_file(
        tmp_path / "in.csv", tmp_path / "out.csv", 2.0, options=Options(id_columns=["id", "note"])
    )
    header, *back = read_csv(tmp_path / "out.csv")
    assert header == list(table.columns)
    assert [record[0] for record in back] == table["id"].tolist()
    assert [record[5] for record in back] == table["note"].tolist()
    np.testing.assert_array_equal(np.array([r[1:5] for r in back], dtype=float), whole(q, 2.0))
    assert (summary.rows, summary.classes, summary.kept) == (500, 4, 500)
    assert summary.top_before == pytest.approx(q.max(axis=1).mean())
    assert summary.top_after == pytest.approx(whole(q, 2.0).max(axis=1).mean())
    assert summary.passed == ["column 'id'", "column 'note'"]


def test_against_the_formula(tmp_path: Path) -> None:
    """Naive loop over the paper's formula, class weights in the order of --columns."""
    out = run("b,a\n0.25,0.75\n", tmp_path, 1.5, Options(columns=["a", "b"]), weights=[1.0, 3.0])
    a, b = naive_posterior([0.75, 0.25], 1.5, [1.0, 3.0])
    np.testing.assert_allclose([float(x) for x in out.splitlines()[1].split(",")], [b, a], rtol=1e-12)


FIELD = st.text(alphabet='ab,"\n\r ;é0', max_size=5)


@given(
    st.lists(FIELD, min_size=1, max_size=25),
    st.integers(1, 400),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_block_size_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, notes: list[str], size: int, packed: bool, end: str
) -> None:
    """Not a bit: the bytes written are those of reading the file as one block, whatever the text between."""
    folder = tmp_path_factory.mktemp("blocks")
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, lineterminator=end, quoting=csv.QUOTE_ALL if "\r" in "".join(notes) else csv.QUOTE_MINIMAL
    )
    writer.writerow(["a", "note", "b", "c"])
    q = rows(len(notes), 3, seed=size)
    writer.writerows(
        [[f"{x[0]:.6f}", note, f"{x[1]:.6f}", f"{x[2]:.6f}"] for x, note in zip(q, notes, strict=True)]
    )
    data = text.getvalue().encode()
    source = folder / "in.csv"
    source.write_bytes(gzip.compress(data) if packed else data)
    outputs = []
    for block_bytes in (size, 2**20):
        target = io.BytesIO()
        recover_file(source, target, 1.5, options=Options(id_columns=["note"]), block_bytes=block_bytes)
        outputs.append(target.getvalue())
    assert outputs[0] == outputs[1]
    back = list(csv.reader(io.StringIO(outputs[0].decode(), newline="")))
    assert [record[1] for record in back[1:]] == notes
    np.testing.assert_array_equal(
        [[float(r[0]), float(r[2]), float(r[3])] for r in back[1:]], whole(np.round(q, 6), 1.5)
    )


def test_numbers_read_back_exactly(tmp_path: Path) -> None:
    q = rows(2000, 5, seed=3) ** 8
    q /= q.sum(axis=1, keepdims=True)
    out = run(
        "\n".join(",".join(repr(float(x)) for x in row) for row in q), tmp_path, options=Options(header=False)
    )
    np.testing.assert_array_equal(
        [[float(x) for x in line.split(",")] for line in out.splitlines()], whole(q, 2.0)
    )


def test_rounded_rows_are_divided_by_their_sum(tmp_path: Path) -> None:
    q = rows(200, 10).round(4)
    text = pd.DataFrame(q, columns=[f"c{i}" for i in range(10)]).to_csv(index=False)
    (tmp_path / "in.csv").write_text(text)
    summary = recover_file(tmp_path / "in.csv", tmp_path / "out.csv", 2.0)
    assert summary.tolerance == pytest.approx(5e-4)
    assert summary.rescaled == (np.abs(q.sum(axis=1) - 1) > 1e-9).sum()
    assert summary.deviation == pytest.approx(np.abs(q.sum(axis=1) - 1).max())
    out = np.array(read_csv(tmp_path / "out.csv")[1:], dtype=float)
    np.testing.assert_array_equal(out, whole(q, 2.0))
    np.testing.assert_allclose(out.sum(axis=1), 1)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 50.0])
def test_logits(tmp_path: Path, gamma: float) -> None:
    """Oracle: the library's own path for logits on the whole array, and softmax by hand at a moderate row."""
    from focalbook.theory.minimizer import recover_logits

    z = np.random.default_rng(0).normal(scale=20, size=(300, 4))
    out = run(pd.DataFrame(z, columns=list("abcd")).to_csv(index=False), tmp_path, gamma, logits=True)
    values = np.array([[float(x) for x in line.split(",")] for line in out.splitlines()[1:]])
    np.testing.assert_array_equal(values, recover_logits(z, gamma))
    np.testing.assert_allclose(values.sum(axis=1), 1)


def test_labels_are_not_taken_for_logits(tmp_path: Path) -> None:
    """No sum would give them away."""
    text = "label,a,b\n0,1.5,-2.5\n1,-0.5,0.25\n"
    refuse(text, tmp_path, "column 'label' holds whole numbers, unlike the others.*--id-columns", logits=True)
    assert run(text, tmp_path, 0.0, Options(id_columns=["label"]), logits=True).startswith(
        "label,a,b\n0,0.98"
    )
    assert run(text, tmp_path, 0.0, Options(columns=["label", "a", "b"]), logits=True)
    assert run("a,b\n1,-2\n3,0\n", tmp_path, logits=True)


def test_zero_and_certain_rows(tmp_path: Path) -> None:
    assert run("a,b,c\n1,0,0\n0,0.5,0.5\n", tmp_path) == "a,b,c\n1,0,0\n0,0.5,0.5\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\r\n0.5,0.5\r\n", "a,b\r\n0.5,0.5\r\n"),
        ("\ufeffa,b\n0.5,0.5\n", "\ufeffa,b\n0.5,0.5\n"),
        ("a,b\n\n0.5,0.5\n\n\n0.5,0.5", "a,b\n0.5,0.5\n0.5,0.5\n"),
        ("\n\na,b\n0.5,0.5\n", "a,b\n0.5,0.5\n"),
        ('"a, 1","b ""2"""\n0.5, 0.5 \n', '"a, 1","b ""2"""\n0.5,0.5\n'),
        ("0.5,0.5\n", "0.5,0.5\n"),
        ("0,1,2\n0.5,0.5,0\n", "0,1,2\n0.5,0.5,0\n"),
        (",0,1\n7,0.5,0.5\n8,0.5,0.5\n", ",0,1\n7,0.5,0.5\n8,0.5,0.5\n"),
        ("a,b\n5e-1,.5\n", "a,b\n0.5,0.5\n"),
        ("a,a\n0.5,0.5\n", "a,a\n0.5,0.5\n"),
        ("a\rb\n", None),
    ],
)
def test_shapes_of_text(tmp_path: Path, text: str, expected: str | None) -> None:
    """Line ends, byte order marks, quotes, headers of numbers and row indices of pandas are kept."""
    if expected is None:
        refuse(text, tmp_path, "only one column|one column of probabilities")
    else:
        assert run(text, tmp_path) == expected


def test_other_encodings_pass_through(tmp_path: Path) -> None:
    text = "naïve,a,b\ncafé,0.5,0.5\n".encode("latin-1")
    assert run(text, tmp_path, options=Options(columns=["a", "b"])).encode("utf-8", "surrogateescape") == text


@pytest.mark.parametrize(
    ("delimiter", "name"), [(";", ";"), ("\t", "tab"), ("|", "|"), (" ", " "), ("^", "^")]
)
def test_delimiters(tmp_path: Path, delimiter: str, name: str) -> None:
    text = f"n,o{delimiter}a{delimiter}b\nx,y{delimiter}0.5{delimiter}0.5\n"
    assert run(text, tmp_path, options=Options(id_columns=["n,o"], delimiter=name)) == text


def test_tab_is_the_delimiter_of_tsv(tmp_path: Path) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv.gz"
    source.write_text("a\tb\n0.5\t0.5\n")
    recover_file(source, target, 2.0)
    assert gzip.decompress(target.read_bytes()) == source.read_bytes()


def test_gzipped_output_is_reproducible(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("a,b\n0.5,0.5\n")
    for name in ("1.csv.gz", "2.csv.gz"):
        recover_file(source, tmp_path / name, 2.0)
    data = (tmp_path / "1.csv.gz").read_bytes()
    assert data == (tmp_path / "2.csv.gz").read_bytes()
    assert data[3:8] == bytes(5), "neither name nor time in the header"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("a,b\n", "there are no rows in it"),
        ("a,b\n0.5,0.5\n-0.1,1.1\n", r"row 2 \(line 3\), column 'a': negative probability -0.1: .* --logits"),
        ("a,b\n0.5,0.5\n\n0.5,nan\n", r"row 2 \(line 4\), column 'b': a missing value \(NaN\)"),
        ("a,b\n0.5,inf\n", r"row 1 \(line 2\), column 'b': an infinite value \(inf\)"),
        ("a,b\n0.5,0.4\n", r"row 1 \(line 2\): the probabilities sum to 0.9, not to 1 .* --tolerance"),
        ("a,b\n0.50001,0.49999\n3.5001,-2\n", r"row 2 \(line 3\), column 'b': negative"),
        ("a,b\n50.5,49.5\n", "sum to 100, .* percentages: divide them by 100"),
        ("a,b,c\n3,0.5,0.5\n", "sum to 4, .*--id-columns.*--logits"),
        ("a,b\n1e308,1e308\n", "sum to inf"),
        ("a,b\n0.5,0.5\n0.5,x\n", r"row 2 \(line 3\), column 'b': 'x' is not a number"),
        ("a,b\n0.5,0.5\n0.5,\n", r"row 2 \(line 3\), column 'b': the field is empty"),
        ("a,b\n0.5,0.5\n0.5,NA\n", r"column 'b': 'NA' is not a number"),
        ("a,b\n0.5,0.5\n0.5\n", r"row 2 \(line 3\) has 1 field\(s\), the header has 2: is it cut off\?"),
        ("a,b\n0.5,0.5,0\n", r"row 1 \(line 2\) has 3 field\(s\)"),
        ("0.5,0.5\n0.5\n", r"row 2 \(line 2\) has 1 field\(s\), the first row has 2"),
        (
            "id,a,t,b\nx,0.5,y,0.5\n",
            r"column 'id' holds text \('x'\): pass it through with --id-columns id,t, or",
        ),
        ("x,0.5,0.5\ny,0.5,0.5\n", r"column 'x' holds text \('y'\)"),
        ("p\n0.5\n", "there is one column of probabilities .*two classes"),
        ("a;b\n0.5;0.5\n", "only one column.*--delimiter ';'"),
        ("a\tb\n0.5\t0.5\n", "only one column.*--delimiter tab"),
        ("0,1\n0.5,0.5\n", "may be names or probabilities: say --header or --no-header"),
        (
            'a,b\n0.5,"0.5\n0.5,0.5\n',
            r"row 1 \(line 3\), column 'b': .* is not a number|column 'b' holds text",
        ),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, message: str) -> None:
    refuse(text, tmp_path, message)


def test_line_numbers_beyond_the_first_block(tmp_path: Path) -> None:
    """Rows and lines are counted through the whole file, breaks inside quotes included."""
    good = '"two\nlines",0.5,0.5\n' * 100
    refuse(
        f"id,a,b\n{good}x,0.5,0.6\n",
        tmp_path,
        r"row 101 \(line 202\): the probabilities sum to 1.1",
        Options(id_columns=["id"]),
        block_bytes=64,
    )
    refuse(
        f"id,a,b\n{good}x,0.5,oops\n",
        tmp_path,
        r"row 101 \(line 202\), column 'b': 'oops'",
        Options(id_columns=["id"]),
        block_bytes=64,
    )


def test_empty_lines_may_fill_whole_blocks(tmp_path: Path) -> None:
    text = "\n" * 50 + "a,b\n" + "\n" * 50 + "0.5,0.5\n" + "\r\n" * 50 + "1,0\n\n\n"
    assert run(text, tmp_path, block_bytes=8) == "a,b\n0.5,0.5\n1,0\n"
    refuse_in = tmp_path / "refused"
    refuse_in.mkdir()
    refuse(text + "0.5,x\n", refuse_in, r"row 3 \(line 156\), column 'b': 'x'", block_bytes=8)


def test_not_text(tmp_path: Path) -> None:
    refuse("a,b\n0.5,0.5\n".encode("utf-16"), tmp_path, "not text in UTF-8")
    refuse("a,b\n0.5,0.5\n", tmp_path, "delimiter must be one character", Options(delimiter=";;"))


def test_tolerance_is_settled_before_the_first_row(tmp_path: Path) -> None:
    """A sample of the start decides, also where lines are longer than the sample's usual size."""
    q = rows(3, 60_000)
    header = ",".join(f"column_with_a_long_name_{i}" for i in range(q.shape[1]))
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([header, *(",".join(f"{x:.12g}" for x in row) for row in q)]) + "\n")
    with CsvSource(path, Options()) as source:
        assert source.tolerance == 1e-6
        assert source.classes == 60_000
    summary = recover_file(path, tmp_path / "out.csv", 2.0)
    assert summary.rows == 3


def test_allowed_tolerance(tmp_path: Path) -> None:
    refuse("a,b\n0.500,0.498\n", tmp_path, "sum to 0.998", tolerance=1e-3)
    out = run("a,b\n0.500,0.498\n", tmp_path, tolerance=3e-3)
    a, b = naive_posterior([0.5 / 0.998, 0.498 / 0.998], 2.0)
    np.testing.assert_allclose([float(x) for x in out.splitlines()[1].split(",")], [a, b], rtol=1e-12)
