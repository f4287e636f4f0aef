"""Batches; oracles: loops over images in float64, z-tests with fixed seeds, counting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from focalbook.data import Batches, Images, Provenance, load, statistics
from focalbook.data.arrays import fingerprint


def toy(n: int = 50, channels: int = 3, size: int = 6, seed: int = 0, levels: int = 255) -> Images:
    rng = np.random.default_rng(seed)
    shape = (n, size, size, channels) if channels > 1 else (n, size, size)
    images = rng.integers(0, levels + 1, shape, dtype=np.uint8)
    labels = rng.integers(0, 4, n)
    provenance = Provenance("toy", "made here", n, shape[1:], fingerprint(images, labels))
    return Images(images, labels, 4, levels, provenance)


def numbered(n: int, size: int = 9) -> Images:
    """Image i holds i in every pixel and has label i: nothing augmented changes it."""
    images = np.repeat(np.arange(n, dtype=np.uint8), size * size).reshape(n, size, size)
    provenance = Provenance("numbered", "made here", n, (size, size), fingerprint(images, np.arange(n)))
    return Images(images, np.arange(n), n, 255, provenance)


def rows_of(batches: Batches, k: int) -> list[int]:
    return torch.cat([y for _, y in batches.epoch(k)]).tolist()


def test_without_augmentation_it_is_the_images_normalised() -> None:
    data = toy()
    batches = Batches(data, 8, shuffle=False, drop_last=False, dtype=torch.float64)
    pixels = data.images.astype(np.float64) / 255
    mean, std = pixels.mean(axis=(0, 1, 2)), pixels.std(axis=(0, 1, 2))
    expected = ((pixels - mean) / std).transpose(0, 3, 1, 2)
    found = list(batches.epoch(0))
    assert len(batches) == len(found) == 7
    assert [len(y) for _, y in found] == [8] * 6 + [2]
    assert np.allclose(torch.cat([x for x, _ in found]).numpy(), expected, atol=1e-12)
    assert torch.cat([y for _, y in found]).tolist() == data.labels.tolist()
    assert np.allclose(batches.mean, mean, atol=1e-14)
    assert np.allclose(batches.std, std, atol=1e-14)


def test_statistics_are_exact() -> None:
    """Oracle: integer sums in Python, over more than one block and an incomplete one."""
    data = toy(n=600, size=3)
    mean, std = statistics(data)
    for c in range(3):
        values = [int(v) for v in data.images[..., c].ravel()]
        n, total, squares = len(values), sum(values), sum(v * v for v in values)
        assert mean[c] * 255 == pytest.approx(total / n, rel=1e-15)
        assert std[c] * 255 == pytest.approx(((squares * n - total**2) / n**2) ** 0.5, rel=1e-12)
    with pytest.raises(ValueError, match="at least one image"):
        statistics(data.subset(np.arange(0), "none"))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_lower_precision_is_rounded_once(dtype: torch.dtype) -> None:
    data = toy(levels=16)
    single = torch.cat([x for x, _ in Batches(data, 10, crop=2, flip=True).epoch(3)])
    found = torch.cat([x for x, _ in Batches(data, 10, crop=2, flip=True, dtype=dtype).epoch(3)])
    assert found.dtype == dtype
    assert torch.equal(found, single.to(dtype))


def test_the_same_epoch_is_the_same_to_the_bit_and_others_differ() -> None:
    batches = Batches(toy(), 8, seed=5, crop=2, flip=True)
    first, again, later = (torch.cat([x for x, _ in batches.epoch(k)]) for k in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, later)
    other = Batches(toy(), 8, seed=6, crop=2, flip=True)
    assert not torch.equal(first, torch.cat([x for x, _ in other.epoch(1)]))
    fresh = Batches(toy(), 8, seed=5, crop=2, flip=True)
    assert torch.equal(first, torch.cat([x for x, _ in fresh.epoch(1)]))


def test_the_stream_does_not_depend_on_the_batch_size_nor_the_order_on_augmentation() -> None:
    data = toy()
    one, other = (
        torch.cat([x for x, _ in Batches(data, b, crop=2, flip=True, drop_last=False).epoch(4)])
        for b in (7, 50)
    )
    assert torch.equal(one, other)
    plain, augmented = Batches(numbered(50), 10), Batches(numbered(50), 10, crop=3, flip=True)
    assert rows_of(plain, 2) == rows_of(augmented, 2)


def test_epochs_are_interleaved_freely() -> None:
    batches = Batches(numbered(12), 4)
    one, two = batches.epoch(0), batches.epoch(0)
    next(one)
    assert torch.equal(next(two)[1], rows(batches, 0)[:4])
    assert torch.equal(next(one)[1], rows(batches, 0)[4:8])


def rows(batches: Batches, k: int) -> torch.Tensor:
    return torch.tensor(rows_of(batches, k))


def test_every_image_comes_once_but_for_the_last_batch() -> None:
    kept = Batches(numbered(50), 8, drop_last=False)
    assert sorted(rows_of(kept, 0)) == list(range(50))
    dropped = Batches(numbered(50), 8)
    assert len(dropped) == 6
    assert rows_of(dropped, 0) == rows_of(kept, 0)[:48]


def test_each_image_gets_its_own_crop_and_flip() -> None:
    """Pixels tell their place, so offsets and mirror are read off: uniform, and without correlation."""
    size, n = 5, 2000
    ramp = (np.arange(size)[:, None] * 10 + np.arange(size)).astype(np.uint8)
    labels = np.zeros(n, dtype=np.int64)
    images = np.repeat(ramp[None], n, axis=0)
    data = Images(
        images, labels, 1, 255, Provenance("ramp", "here", n, ramp.shape, fingerprint(images, labels))
    )
    batches = Batches(data, n, crop=1, flip=True, mean=[0.0], std=[1 / 255], dtype=torch.float64)
    x = next(batches.epoch(0))[0].numpy().round().astype(int)[:, 0]
    middle = x[:, 2, 2]
    down, right = middle // 10 - 2, middle % 10 - 2
    flipped = x[:, 2, 1] > x[:, 2, 3]
    for shift in (down, right):
        counts = np.bincount(shift + 1, minlength=3)
        assert np.abs((counts - n / 3) / np.sqrt(n * 2 / 9)).max() < 3.7
    assert abs(flipped.sum() - n / 2) / np.sqrt(n / 4) < 3.7
    pairs = np.stack([down, right * np.where(flipped, -1, 1), flipped])
    correlation = np.corrcoef(pairs)[np.triu_indices(3, 1)]
    assert np.abs(correlation).max() * np.sqrt(n) < 3.7


def test_order_is_uniform() -> None:
    """Fixed-seed z-test: the first place of an epoch holds each of 10 images equally often."""
    batches = Batches(numbered(10), 10)
    first = np.bincount([rows_of(batches, k)[0] for k in range(1000)], minlength=10)
    assert np.abs((first - 100) / np.sqrt(90)).max() < 3.7


def test_evaluation_takes_what_training_computed() -> None:
    parts = load("digits")
    train = Batches(parts.train, 100, crop=1, flip=True, dtype=torch.float64)
    test = train.evaluation(parts.test)
    assert (test.mean, test.std, test.dtype, test.batch_size) == (train.mean, train.std, train.dtype, 100)
    x = torch.cat([x for x, _ in test.epoch()]).numpy()[:, 0]
    pixels = parts.train.pixels().astype(np.float64)
    assert np.allclose(x, (parts.test.images / 16 - pixels.mean()) / pixels.std(), atol=1e-6)
    assert train.evaluation(parts.test.subset(np.arange(3), "few")).batch_size == 3
    assert len(train.evaluation(parts.test, 500)) == 2


def test_select_is_never_augmented() -> None:
    data = toy()
    batches = Batches(data, 8, crop=2, flip=True)
    x, y = batches.select([3, 3, 1])
    plain = torch.cat([x for x, _ in Batches(data, 50, shuffle=False).epoch()])
    assert torch.equal(x, plain[[3, 3, 1]])
    assert y.tolist() == data.labels[[3, 3, 1]].tolist()
    everything, labels = batches.select()
    assert torch.equal(everything, plain)
    assert torch.equal(batches.select(torch.arange(50))[0], plain)
    assert labels.tolist() == data.labels.tolist()


@pytest.mark.parametrize("augment", [{}, {"crop": 2, "flip": True}])
def test_channels_last_changes_the_layout_alone(augment: dict[str, Any]) -> None:
    x, _ = next(Batches(toy(), 8, **augment).epoch())
    z, _ = next(Batches(toy(), 8, channels_last=True, **augment).epoch())
    assert x.is_contiguous()
    assert z.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(x, z)


def test_the_set_lies_there_once_as_bytes_and_stays_as_it_is() -> None:
    data = toy()
    before = data.images.copy()
    batches = Batches(data, 8, crop=2, flip=True)
    for x, _ in batches.epoch():
        x.zero_()
    batches.select()[0].zero_()
    assert batches.pixels.dtype == torch.uint8
    assert batches.labels.dtype == torch.int64
    assert np.array_equal(data.images, before)
    assert np.array_equal(batches.pixels.numpy(), before.transpose(0, 3, 1, 2))


def test_read_only_arrays_are_copied() -> None:
    data = toy(channels=1)
    data.images.flags.writeable = data.labels.flags.writeable = False
    assert len(list(Batches(data, 8).epoch())) == 6


def test_on_another_device() -> None:
    """On the meta device nothing is computed: all tensors must have been sent there, none stays behind."""
    batches = Batches(toy(), 8, device="meta", crop=2, flip=True)
    shapes = [(x.device.type, tuple(x.shape), y.device.type) for x, y in batches.epoch()]
    assert shapes == [("meta", (8, 3, 6, 6), "meta")] * 6


@pytest.mark.parametrize("device", [d for d in ("cuda", "mps") if getattr(torch, d).is_available()])
def test_an_accelerator_gives_the_same_images(device: str) -> None:
    here = Batches(toy(), 8, crop=2, flip=True)
    there = Batches(toy(), 8, crop=2, flip=True, device=device)
    for (x, y), (u, v) in zip(here.epoch(1), there.epoch(1), strict=True):
        assert torch.allclose(x, u.cpu(), atol=1e-6)
        assert torch.equal(y, v.cpu())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"batch_size": 0}, "batch_size must lie between 1 and the number of images, 50, got 0"),
        ({"batch_size": 51}, "batch_size must lie between 1 and"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"crop": 6}, r"crop must lie between 0 and 5 for images of 6 x 6 pixels"),
        ({"crop": -1}, "crop must lie between"),
        ({"dtype": torch.int32}, "floating-point type"),
        ({"mean": [0.5]}, r"mean must be 3 finite numbers, one a channel, got \[0.5\]"),
        ({"std": [0.1, 0.1, float("nan")]}, "std must be 3 finite numbers"),
        ({"std": [0.1, 0.0, 0.1]}, "std must be positive"),
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, Any], message: str) -> None:
    options = {"batch_size": 8} | wrong
    with pytest.raises(ValueError, match=message):
        Batches(toy(), **options)


def test_a_constant_channel_needs_a_deviation_by_hand() -> None:
    data = numbered(1)
    with pytest.raises(ValueError, match="constant needs a std given by hand"):
        Batches(data, 1)
    assert len(Batches(data, 1, std=[0.5])) == 1


def test_epochs_count_from_zero() -> None:
    with pytest.raises(ValueError, match="count from 0"):
        Batches(toy(), 8).epoch(-1)
