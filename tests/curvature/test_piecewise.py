"""Networks with diag H = diag G. Oracle: the diagonals of the dense matrices."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from focalbook.curvature.piecewise import is_piecewise_linear
from focalbook.nn.models import build_model
from tests.curvature.networks import KINDS, PIECEWISE, dense, network, samples


@pytest.mark.parametrize("kind", KINDS)
def test_the_graph_tells_what_the_matrices_say(kind: str) -> None:
    model, (x, y) = network(kind), samples()
    said = is_piecewise_linear(model(x[:1]), list(model.parameters()))
    assert said == (kind in PIECEWISE)
    hessian, gauss_newton = dense(model, x, y, 2.0)
    difference = float((hessian - gauss_newton).diagonal().abs().max())
    assert (difference < 1e-14) == said


class Module(nn.Module):
    """A network of two layers that is put together by a function."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.a, self.b, self.kind = nn.Linear(4, 4), nn.Linear(4, 4), kind

    def forward(self, x: Tensor) -> Tensor:
        """Logits or features."""
        if self.kind == "gated":
            return self.a(x) * self.b(x)
        if self.kind == "tied":
            return self.a(self.b(self.a(x)).relu())
        if self.kind == "product":
            return x @ self.a.weight @ self.b.weight
        if self.kind == "scaled":
            return self.b(self.a(x) * 0.5 / torch.tensor(3.0))
        if self.kind == "quotient":
            return self.a(x) / self.b.weight[0]
        return self.b(torch.cat([self.a(x)[:, :2].relu(), x[:, 2:]], 1)) + x


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("gated", False),
        ("tied", False),
        ("product", True),
        ("scaled", True),
        ("quotient", False),
        ("cat", True),
    ],
)
def test_ways_of_putting_layers_together(kind: str, wanted: bool) -> None:
    model = Module(kind)
    assert is_piecewise_linear(model(torch.ones(2, 4)), list(model.parameters())) is wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("cnn", True), ("mobilenet-v2", True), ("vit", False)],
)
def test_networks_of_the_book(name: str, wanted: bool) -> None:
    options = {"depth": 1} if name == "vit" else {}
    model = build_model(name, (3, 32, 32), 4, **options).eval()
    assert is_piecewise_linear(model(torch.zeros(1, 3, 32, 32)), list(model.parameters())) is wanted
