"""Building networks by name; oracle: shapes and parameter counts worked out by hand."""

from __future__ import annotations

import pytest
import torch

from focalbook.nn.models import build_model


def test_mlp_has_the_layers_asked_for() -> None:
    network = build_model("mlp", (8, 8), 10, hidden=(32, 16))
    assert network(torch.zeros(5, 8, 8)).shape == (5, 10)
    assert sum(p.numel() for p in network.parameters()) == 64 * 32 + 32 + 32 * 16 + 16 + 16 * 10 + 10


def test_mlp_without_hidden_layers_is_linear() -> None:
    network = build_model("mlp", (3,), 2, hidden=())
    x, y = torch.randn(2, 1, 3, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(network(x + y) + network(0 * x), network(x) + network(y))


def test_unknown_name_says_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'mlp'"):
        build_model("mpl", (3,), 2)


def test_bad_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="at least two classes"):
        build_model("mlp", (3,), 1)
    with pytest.raises(ValueError, match="hidden widths"):
        build_model("mlp", (3,), 2, hidden=(0,))


def test_tanh_network_is_smooth() -> None:
    """Oracle: a network of one unit written out."""
    network = build_model("tanh-mlp", (1,), 2, hidden=(1,))
    first, last = network.layers[1], network.layers[3]
    x = torch.tensor([[0.7]])
    by_hand = torch.tanh(x * first.weight + first.bias) @ last.weight.T + last.bias
    torch.testing.assert_close(network(x), by_hand)
