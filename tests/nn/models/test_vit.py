"""The vision transformer. Oracles: attention written out, one token at a time; patches cut by hand."""

from __future__ import annotations

import math

import pytest
import torch

from focalbook.nn.models import ViT


def test_attention_by_hand() -> None:
    torch.manual_seed(0)
    network = ViT((1, 4, 4), 3, patch=2, dimension=6, depth=1, heads=2).double()
    block = network.blocks[0]
    torch.nn.init.normal_(block.qkv.weight)
    torch.nn.init.normal_(block.qkv.bias)
    x = torch.randn(5, 6, dtype=torch.float64)
    q, k, v = (x @ block.qkv.weight.T + block.qkv.bias).split(6, dim=1)
    rows = []
    for token in range(5):
        heads = []
        for part in (slice(0, 3), slice(3, 6)):
            scores = torch.stack([q[token, part] @ k[other, part] for other in range(5)]) / math.sqrt(3)
            weights = scores.exp() / scores.exp().sum()
            heads.append(sum(weights[other] * v[other, part] for other in range(5)))
        rows.append(torch.cat(heads))  # type: ignore[arg-type]
    by_hand = torch.stack(rows) @ block.out.weight.T + block.out.bias
    torch.testing.assert_close(block._attend(x[None])[0], by_hand)


def test_patches_by_hand() -> None:
    network = ViT((2, 4, 6), 3, patch=2, dimension=6, depth=1, heads=2).double()
    x = torch.randn(1, 2, 4, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    tokens = network.patches(x).flatten(2).transpose(1, 2)[0]
    assert tokens.shape == (6, 6)
    cut = x[0, :, 2:4, 2:4].reshape(-1)  # second row of patches, second in the row
    flat = network.patches.weight.reshape(6, -1)
    torch.testing.assert_close(tokens[4], flat @ cut + network.patches.bias)


def test_positions_tell_the_patches_apart() -> None:
    network = ViT((1, 8, 8), 3).eval()
    x = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        difference = (network(x) - network(x.roll(4, dims=2))).abs().max()
    assert float(difference) > 1e-6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"patch": 3}, "patches of 3 x 3"),
        ({"patch": 0}, "patch must be at least 1"),
        ({"depth": 0}, "depth must be at least 1"),
        ({"heads": 5}, "multiple of the 5 heads"),
    ],
)
def test_sizes_that_do_not_fit(options: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ViT((3, 8, 8), 3, **options)
