"""Which columns are classes."""

from __future__ import annotations

import pytest

from focalbook.io.base import Options
from focalbook.io.columns import choose_columns
from focalbook.io.errors import DataFileError

NAMES = ["id", "p_cat", "p_dog", "label"]


@pytest.mark.parametrize(
    ("options", "names", "expected"),
    [
        (Options(), NAMES, [0, 1, 2, 3]),
        (Options(id_columns=["id", "label"]), NAMES, [1, 2]),
        (Options(columns=["p_dog", "p_cat"]), NAMES, [2, 1]),
        (Options(columns=["p_*"]), NAMES, [1, 2]),
        (Options(columns=["p_?at", "label"]), NAMES, [1, 3]),
        (Options(columns=["2-3"]), NAMES, [1, 2]),
        (Options(columns=["2"]), ["", "", ""], [1]),
        (Options(columns=["2"]), ["1", "2", "3"], [1]),
        (Options(columns=["p[0]", "p[1*"]), ["p[0]", "p[1]", "x"], [0, 1]),
    ],
)
def test_choices(options: Options, names: list[str], expected: list[int]) -> None:
    assert choose_columns(names, options, "f.csv") == expected


def test_row_index_is_no_class_unless_chosen() -> None:
    assert choose_columns(["", "a", "b"], Options(), "f.csv", automatic=[0]) == [1, 2]
    assert choose_columns(["i", "a"], Options(columns=["i", "a"]), "f.csv", automatic=[0]) == [0, 1]


@pytest.mark.parametrize(
    ("options", "names", "message"),
    [
        (Options(columns=["p_cow"]), NAMES, "no column 'p_cow': the columns are id, p_cat, p_dog, label"),
        (Options(columns=["x_*"]), NAMES, r"no column 'x_\*'"),
        (Options(columns=["a"]), ["a", "b", "a"], "columns 1, 3 are all called 'a'"),
        (Options(columns=["p_cat", "p_*"]), NAMES, "column 'p_cat' is chosen twice"),
        (Options(columns=["4-9"]), NAMES, "no column 4-9: the file has 4 columns"),
        (Options(columns=["0"]), NAMES, "no column 0"),
        (Options(columns=["7"]), ["1", "2"], "no column '7'"),
        (Options(columns=["x"]), ["", ""], "the columns are numbered 1 to 2"),
        (Options(columns=["a"], id_columns=["b"]), ["a", "b"], "give one of them"),
    ],
)
def test_errors(options: Options, names: list[str], message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        choose_columns(names, options, "f.csv")
