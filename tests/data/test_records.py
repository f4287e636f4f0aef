"""Order, content sum and checks of records; oracles: hashlib row by row, plain loops."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from focalbook.data.errors import DataError
from focalbook.data.records import checked_part
from tests.data.official import SMALL

SPEC = SMALL["cifar100"]


def records(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(5), 10)).astype(np.uint8)
    return np.hstack([labels[:, None], rng.integers(0, 256, (50, 60), dtype=np.uint8)])


def test_order_and_content_are_those_of_the_hashes() -> None:
    rows = records()
    part = checked_part(SPEC, rows, 10, "train.bin")
    sums = [hashlib.sha256(bytes(row)).digest() for row in rows]
    assert [sums[i] for i in part.order] == sorted(sums)
    assert part.content == hashlib.sha256(b"".join(sorted(sums))).hexdigest()


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = records()
    shuffled = rows[np.random.default_rng(1).permutation(50)]
    one, other = (checked_part(SPEC, r, 10, "train.bin") for r in (rows, shuffled))
    assert one.content == other.content
    a, b = one.images(SPEC, "train"), other.images(SPEC, "train")
    assert np.array_equal(a.images, b.images)
    assert np.array_equal(a.labels, b.labels)
    assert a.provenance == b.provenance


def test_any_changed_byte_changes_the_content() -> None:
    rows = records()
    before = checked_part(SPEC, rows, 10, "train.bin").content
    rows[7, 33] ^= 1
    assert checked_part(SPEC, rows, 10, "train.bin").content != before


def test_images_are_the_bytes_with_channels_last() -> None:
    rows = records()
    part = checked_part(SPEC, rows, 10, "train.bin")
    images = part.images(SPEC, "some", np.array([4, 0]))
    assert images.images.shape == (2, 4, 5, 3)
    assert images.provenance.name == "cifar100/some"
    for i, place in enumerate((part.order[4], part.order[0])):
        assert images.labels[i] == rows[place, 0]
        for c in range(3):
            for y in range(4):
                for x in range(5):
                    assert images.images[i, y, x, c] == rows[place, 1 + 20 * c + 5 * y + x]
    assert np.shares_memory(images.channels_first(), images.images)
    assert images.channels_first().flags.c_contiguous


def test_a_label_out_of_range_is_named() -> None:
    rows = records()
    rows[3, 0] = 200
    with pytest.raises(DataError, match=r"train\.bin: label 200 in row 3, expected 0 to 4"):
        checked_part(SPEC, rows, 10, "train.bin")


def test_a_class_with_the_wrong_number_is_named() -> None:
    rows = records()
    rows[np.flatnonzero(rows[:, 0] == 2)[0], 0] = 3
    with pytest.raises(DataError, match=r"train\.bin: class 2 has 9 images, expected 10 of each"):
        checked_part(SPEC, rows, 10, "train.bin")
