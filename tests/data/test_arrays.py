"""Arrays, fingerprints and the split; oracles: hashlib on the raw bytes, counting by hand."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from focalbook.data.arrays import Images, Provenance, fingerprint, stratified_rows, stratified_split


def toy(counts: tuple[int, ...]) -> Images:
    labels = np.repeat(np.arange(len(counts)), counts)
    images = np.arange(labels.size * 4, dtype=np.uint8).reshape(-1, 2, 2)
    provenance = Provenance("toy", "made here", labels.size, (2, 2), fingerprint(images, labels))
    return Images(images, labels, len(counts), 255, provenance)


def test_fingerprint_is_sha256_of_the_bytes() -> None:
    data = toy((2, 3))
    expected = hashlib.sha256(data.images.tobytes() + data.labels.astype("<i8").tobytes()).hexdigest()
    assert data.provenance.sha256 == expected


def test_fingerprint_sees_a_swapped_label_and_does_not_see_memory_order() -> None:
    data = toy((2, 3))
    assert fingerprint(data.images, data.labels[::-1].copy()) != data.provenance.sha256
    assert fingerprint(np.asfortranarray(data.images), data.labels) == data.provenance.sha256


def test_split_is_a_partition_in_proportion() -> None:
    data = toy((10, 21, 30))
    split = stratified_split(data, 0.3, seed=4)
    assert np.bincount(split.test.labels).tolist() == [3, 6, 9]
    assert np.bincount(split.train.labels).tolist() == [7, 15, 21]
    both = np.concatenate([split.train.images, split.test.images])
    assert np.array_equal(np.sort(both[:, 0, 0]), np.sort(data.images[:, 0, 0]))
    assert split.test.provenance.name == "toy/test"
    assert split.test.provenance.sha256 == fingerprint(split.test.images, split.test.labels)


def test_split_depends_on_the_seed_alone() -> None:
    data = toy((20, 20))
    first, again, other = (stratified_split(data, 0.5, seed).test.provenance.sha256 for seed in (1, 1, 2))
    assert first == again != other


def test_every_image_is_held_out_equally_often() -> None:
    """Fixed-seed z-test: over 400 seeds each of 20 images falls into the test part half of the time."""
    data = toy((20,))
    times = np.zeros(20)
    for seed in range(400):
        times[stratified_split(data, 0.5, seed).test.images[:, 0, 0] // 4] += 1
    z = (times - 200) / np.sqrt(400 * 0.25)
    assert np.abs(z).max() < 3.7


def test_pixels_span_zero_to_one() -> None:
    data = toy((32, 32))
    pixels = data.pixels()
    assert pixels.dtype == np.float32
    assert (pixels.min(), pixels.max()) == (0.0, 1.0)


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.1, float("nan")])
def test_a_fraction_outside_the_interval_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match="test_fraction must lie"):
        stratified_split(toy((4, 4)), fraction, 0)


def test_a_class_too_small_to_divide_is_refused() -> None:
    with pytest.raises(ValueError, match=r"class 1 has 1 image"):
        stratified_split(toy((10, 1)), 0.3, 0)


def test_channels_first_is_a_view() -> None:
    grey = toy((2, 3))
    assert grey.channels_first().shape == (5, 1, 2, 2)
    images = np.arange(5 * 2 * 3 * 4, dtype=np.uint8).reshape(5, 2, 3, 4)
    colour = Images(images, grey.labels, 2, 255, grey.provenance)
    first = colour.channels_first()
    assert first.shape == (5, 4, 2, 3)
    assert np.shares_memory(first, images)
    assert first[3, 2, 1, 0] == images[3, 1, 0, 2]


def test_fingerprint_in_blocks_is_that_of_the_whole() -> None:
    """More images than are hashed at a time, in an order of memory other than that of the axes."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (600, 3, 2, 2), dtype=np.uint8).transpose(0, 2, 3, 1)
    labels = rng.integers(0, 4, 600)
    assert fingerprint(images, labels) == hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()


def test_rows_of_a_split_are_in_proportion_and_in_order() -> None:
    labels = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [10, 20, 40]))
    kept, held_out = stratified_rows(labels, 3, 0.1, 4)
    assert np.bincount(labels[held_out]).tolist() == [1, 2, 4]
    assert sorted([*kept, *held_out]) == list(range(70))
    assert (np.diff(kept) > 0).all()
    assert (np.diff(held_out) > 0).all()
