"""The data of a run. Oracle: rows counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.data import load
from focalbook.training import RunConfig, load_parts


def test_all_images_unless_told_otherwise() -> None:
    parts, whole = load_parts(RunConfig()), load("digits")
    assert parts.train.provenance == whole.train.provenance
    assert parts.validation.provenance == whole.validation.provenance


def test_the_first_of_each_class() -> None:
    whole = load("digits").train
    few = load_parts(RunConfig(per_class=7)).train
    rows = np.sort(np.concatenate([np.flatnonzero(whole.labels == c)[:7] for c in range(10)]))
    np.testing.assert_array_equal(few.images, whole.images[rows])
    np.testing.assert_array_equal(np.bincount(few.labels), np.full(10, 7))
    assert load_parts(RunConfig(per_class=7)).test.provenance == load("digits").test.provenance


def test_more_than_there_are() -> None:
    with pytest.raises(ValueError, match="per_class asks for 1000"):
        load_parts(RunConfig(per_class=1000))
