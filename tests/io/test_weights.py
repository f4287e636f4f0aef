"""Class weights from text and files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from focalbook.io.errors import DataFileError
from focalbook.io.weights import read_weights


def test_numbers() -> None:
    assert read_weights("0.25,0.75") == [0.25, 0.75]
    assert read_weights(" 1, 2e-1 ,3") == [1.0, 0.2, 3.0]


@pytest.mark.parametrize("text", ["1\n2\n3\n", "1,2,3", "1 2 3\n", "\ufeff1\r\n2\r\n3"])
def test_text_files(tmp_path: Path, text: str) -> None:
    path = tmp_path / "alpha.txt"
    path.write_text(text, encoding="utf-8")
    assert read_weights(str(path)) == [1.0, 2.0, 3.0]


def test_npy_file(tmp_path: Path) -> None:
    path = tmp_path / "alpha.npy"
    np.save(path, np.array([1, 2, 3]))
    assert read_weights(str(path)) == [1.0, 2.0, 3.0]


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="neither numbers"):
        read_weights("0.25;0.75")
    (tmp_path / "words.txt").write_text("cat dog")
    with pytest.raises(DataFileError, match="expected class weights"):
        read_weights(str(tmp_path / "words.txt"))
    np.save(tmp_path / "objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    with pytest.raises(DataFileError, match=r"objects\.npy: class weights cannot be read"):
        read_weights(str(tmp_path / "objects.npy"))
