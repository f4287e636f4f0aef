"""Augmentation of batches; oracles: a loop over images with NumPy's padding, the formula of mixup."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from focalbook.data import crop_and_flip, mixup


def naive(
    images: np.ndarray, padding: int, down: np.ndarray, right: np.ndarray, flipped: np.ndarray
) -> np.ndarray:
    """Image by image: pad, cut, mirror."""
    out = np.empty_like(images)
    height, width = images.shape[2:]
    for i, image in enumerate(images):
        wide = np.pad(image, ((0, 0), (padding, padding), (padding, padding)), mode="reflect")
        window = wide[:, down[i] : down[i] + height, right[i] : right[i] + width]
        out[i] = window[:, :, ::-1] if flipped[i] else window
    return out


@given(st.data())
def test_equal_to_a_loop_over_images(data: st.DataObject) -> None:
    b, channels, height, width = (data.draw(st.integers(1, top)) for top in (5, 3, 7, 7))
    padding = data.draw(st.integers(0, min(height, width) - 1))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    images = rng.integers(0, 256, (b, channels, height, width), dtype=np.uint8)
    offset = st.lists(st.integers(0, 2 * padding), min_size=b, max_size=b)
    down, right = (np.array(data.draw(offset)) for _ in range(2))
    flipped = np.array(data.draw(st.lists(st.booleans(), min_size=b, max_size=b)))
    found = crop_and_flip(torch.from_numpy(images), padding, *map(torch.from_numpy, (down, right, flipped)))
    assert found.dtype == torch.uint8
    assert np.array_equal(found.numpy(), naive(images, padding, down, right, flipped))


def test_images_that_are_not_contiguous_and_other_types() -> None:
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.normal(size=(4, 3, 6, 6))).to(memory_format=torch.channels_last)
    down, right = torch.tensor([0, 1, 2, 4]), torch.tensor([4, 0, 2, 3])
    flipped = torch.tensor([True, False, True, False])
    expected = naive(images.numpy(), 2, down.numpy(), right.numpy(), flipped.numpy())
    assert np.array_equal(crop_and_flip(images, 2, down, right, flipped).numpy(), expected)


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 5.0), st.integers(1, 9), st.integers(2, 6))
def test_mixup_is_the_formula(seed: int, alpha: float, b: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(b, 2, 3, 3)), rng.integers(0, classes, b)
    mixed, targets = mixup(
        torch.from_numpy(x), torch.from_numpy(y), classes, alpha, np.random.default_rng(seed + 1)
    )
    again = np.random.default_rng(seed + 1)
    weight, partner = again.beta(alpha, alpha), again.permutation(b)
    assert np.allclose(mixed.numpy(), weight * x + (1 - weight) * x[partner], atol=1e-12)
    one_hot = np.eye(classes)[y]
    assert np.allclose(targets.numpy(), weight * one_hot + (1 - weight) * one_hot[partner], atol=1e-6)
    assert np.allclose(targets.sum(dim=1).numpy(), 1.0, atol=1e-6)
    assert targets.dtype == torch.float32


def test_mixup_keeps_the_precision_of_the_images() -> None:
    x = torch.zeros(4, 1, 2, 2, dtype=torch.bfloat16)
    mixed, targets = mixup(x, torch.arange(4), 4, 1.0, np.random.default_rng(0))
    assert mixed.dtype == torch.bfloat16
    assert targets.dtype == torch.float32


@pytest.mark.parametrize("alpha", [0.0, -1.0, float("nan"), float("inf")])
def test_mixup_refuses_an_alpha_that_is_no_positive_number(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha of mixup must be a positive number"):
        mixup(torch.zeros(2, 1, 2, 2), torch.tensor([0, 1]), 2, alpha, np.random.default_rng(0))


def test_mixup_refuses_grey_levels() -> None:
    with pytest.raises(ValueError, match="floating-point images"):
        mixup(
            torch.zeros(2, 1, 2, 2, dtype=torch.uint8), torch.tensor([0, 1]), 2, 1.0, np.random.default_rng(0)
        )
