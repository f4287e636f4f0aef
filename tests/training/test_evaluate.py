"""Logits in chunks; oracles: one pass over all images, and a network that runs out of memory when told to."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from focalbook.data import Batches, load
from focalbook.training import logits_of
from focalbook.training.evaluate import evaluation_mode
from tests.training.networks import TinyConv

IMAGES = load("digits").test
MEAN, STD = (0.3,), (0.4,)


class Limited(nn.Module):
    """Raises an error where more than `most` images come at once."""

    def __init__(self, most: int, error: Exception) -> None:
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(0)
            self.network = TinyConv((1, 8, 8), 10, dropout=0.5)
        self.most, self.error, self.sizes = most, error, list[int]()

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        self.sizes.append(len(x))
        if len(x) > self.most:
            raise self.error
        return self.network(x)


def whole(model: nn.Module) -> Tensor:
    x, _ = Batches(IMAGES, len(IMAGES), shuffle=False, mean=MEAN, std=STD).select()
    with evaluation_mode(model), torch.no_grad():
        return model(x)


@pytest.mark.parametrize("chunk", [1, 7, 539, 5000])
def test_chunks_make_no_difference(chunk: int) -> None:
    model = Limited(10_000, RuntimeError())
    model.train()
    model.network.norm.eval()
    found = logits_of(model, IMAGES, MEAN, STD, chunk=chunk)
    torch.testing.assert_close(found, whole(model))
    assert (found.dtype, found.device.type, found.requires_grad) == (torch.float32, "cpu", False)
    assert [part.training for part in (model, model.network, model.network.norm)] == [True, True, False]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError(
            "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
        ),
        MemoryError(),
    ],
    ids=["gpu", "cpu", "python"],
)
def test_out_of_memory_halves_the_chunk_and_says_so(error: Exception) -> None:
    model = Limited(100, error)
    with pytest.warns(RuntimeWarning) as caught:
        found = logits_of(model, IMAGES, MEAN, STD, chunk=300)
    assert [str(w.message) for w in caught] == [
        "out of memory after 0 images: going on with chunks of 150, half as large",
        "out of memory after 0 images: going on with chunks of 75, half as large",
    ]
    assert model.sizes[:3] == [300, 150, 75]
    assert set(model.sizes[2:-1]) == {75}
    model.most = 10_000
    torch.testing.assert_close(found, whole(model))


def test_memory_for_not_even_one_image() -> None:
    with pytest.raises(MemoryError, match="logits of one image"), pytest.warns(RuntimeWarning, match="half"):
        logits_of(Limited(0, torch.OutOfMemoryError("out")), IMAGES, MEAN, STD, chunk=2)


def test_other_errors_pass_through() -> None:
    model = Limited(0, RuntimeError("shapes do not fit"))
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        logits_of(model, IMAGES, MEAN, STD)
    assert model.training


def test_autocast_around_it_makes_no_difference() -> None:
    model = Limited(10_000, RuntimeError())
    with torch.autocast("cpu", torch.bfloat16):
        found = logits_of(model, IMAGES, MEAN, STD)
    torch.testing.assert_close(found, whole(model))


def test_what_cannot_be_evaluated_is_refused() -> None:
    model = TinyConv((1, 8, 8), 4)
    with pytest.raises(ValueError, match="the network has 4 classes, the images have 10"):
        logits_of(model, IMAGES, MEAN, STD)
    with pytest.raises(ValueError, match="at least one image"):
        logits_of(model, IMAGES.subset(np.array([], dtype=np.int64), "none"), MEAN, STD)
    with pytest.raises(ValueError, match="one in a chunk"):
        logits_of(model, IMAGES, MEAN, STD, chunk=0)
