"""The embedded digits; oracle: scikit-learn's own copy."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits as shipped

from focalbook.data import load_digits
from focalbook.data.digits import all_digits


def test_values_are_those_of_scikit_learn() -> None:
    ours, theirs = all_digits(), shipped()
    assert np.array_equal(ours.images, theirs.images)
    assert np.array_equal(ours.labels, theirs.target)
    assert np.allclose(ours.pixels(), theirs.images / 16)
    assert not ours.images.flags.writeable
    assert (ours.provenance.n, ours.provenance.shape) == (1797, (8, 8))


def test_default_split_is_frozen() -> None:
    """These two hashes are what every stored result rests on."""
    split = load_digits()
    assert len(split.train) == 1258
    assert len(split.test) == 539
    assert split.train.provenance.sha256.startswith("478138949090a9e1")
    assert split.test.provenance.sha256.startswith("6736b23e7c27ec00")


def test_changed_data_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import sklearn.datasets

    bunch = shipped()
    bunch.target = bunch.target[::-1]
    monkeypatch.setattr(sklearn.datasets, "load_digits", lambda: bunch)
    all_digits.cache_clear()
    try:
        with pytest.raises(RuntimeError, match="the data has changed"):
            load_digits()
    finally:
        all_digits.cache_clear()
