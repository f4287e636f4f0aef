"""Posteriors without a graph; oracles: mpmath, the log-space route, focalbook.theory."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from focalbook.nn import _posterior
from focalbook.nn._posterior import GRAPH_GAMMA, posterior, posterior_graph
from focalbook.nn.recover import recover_log_posterior

GAMMAS = [0.25, 0.5, 1.0, 1.5, 2.0, 2.3, 5.0, 9.0]


def exact(logits: list[float], gamma: float, weights: list[float] | None) -> list[float]:
    """p_i ~ q_i / (w_i h(q_i)), every 1 - q summed over the other classes, at 60 digits."""
    with mp.workdps(60):
        e = [mp.exp(mp.mpf(x) - max(logits)) for x in logits]
        total, g, scores = mp.fsum(e), mp.mpf(gamma), []
        for i, x in enumerate(e):
            q = x / total
            c = mp.fsum(y for j, y in enumerate(e) if j != i) / total
            h = c**g - g * q * c ** (g - 1) * mp.log(q)
            scores.append(q / (h * (weights[i] if weights else 1)))
        return [float(s / mp.fsum(scores)) for s in scores]


@given(
    logits=st.lists(st.floats(-30, 30), min_size=2, max_size=7),
    offset=st.sampled_from([0.0, 2.0**40, -(2.0**40)]),
    gamma=st.sampled_from(GAMMAS),
    weighted=st.booleans(),
)
def test_both_routes_against_mpmath(logits: list[float], offset: float, gamma: float, weighted: bool) -> None:
    logits = [x + offset for x in logits]
    weights = [0.5 + 0.3 * i for i in range(len(logits))] if weighted else None
    z = torch.tensor([logits], dtype=torch.float64)
    weight = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    expected = exact(logits, gamma, weights)
    for route in (posterior, posterior_graph):
        found = route(z, gamma, weight, 1)
        assert found is not None
        np.testing.assert_allclose(found[0].numpy(), expected, rtol=1e-13 * (1 + gamma), atol=1e-300)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("gamma", [0.5, 2.0, 2.3])
def test_lower_precision_loses_only_the_rounding(dtype: torch.dtype, gamma: float) -> None:
    z = (5 * torch.randn(200, 7, generator=torch.Generator().manual_seed(3))).to(dtype)
    expected = recover_log_posterior(z.double(), gamma, dim=1).exp()
    limits = torch.finfo(dtype)
    for route in (posterior, posterior_graph):
        found = route(z, gamma, None, 1)
        assert found is not None
        assert found.dtype is dtype
        torch.testing.assert_close(
            found.double(), expected, rtol=40 * limits.eps, atol=limits.smallest_normal
        )


@pytest.mark.parametrize("shape", [(6,), (5, 6), (5, 6, 3), (2, 6, 3, 2)])
def test_any_shape_and_any_class_axis(shape: tuple[int, ...]) -> None:
    z = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    weight = torch.linspace(0.5, 2.0, 6, dtype=torch.float64)
    for dim in {shape.index(6), shape.index(6) - len(shape)}:
        expected = recover_log_posterior(z, 1.5, weight, dim).exp()
        for route in (posterior, posterior_graph):
            torch.testing.assert_close(route(z, 1.5, weight, dim), expected, rtol=1e-12, atol=0)


def test_result_does_not_depend_on_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    z = 3 * torch.randn(50, 7, generator=torch.Generator().manual_seed(1))
    whole = posterior(z, 2.0, None, 1)
    monkeypatch.setattr(_posterior, "_BLOCK", 21)
    torch.testing.assert_close(posterior(z, 2.0, None, 1), whole, rtol=1e-6, atol=0)
    monkeypatch.setattr(_posterior, "_BLOCK", 1)  # a row is never split
    torch.testing.assert_close(posterior(z, 2.0, None, 1), whole, rtol=1e-6, atol=0)


def test_empty_batch_gives_an_empty_result() -> None:
    found = posterior(torch.zeros(0, 4), 2.0, None, 1)
    assert found is not None
    assert found.shape == (0, 4)


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_says_so_where_a_row_is_not_finite(bad: float) -> None:
    z = torch.zeros(3, 4)
    z[1, 2] = bad
    assert posterior(z, 2.0, None, 1) is None


@pytest.mark.parametrize("gamma", [1e-6, 0.5, 1.0, 2.3, GRAPH_GAMMA])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_branchless_route_is_finite_for_every_finite_logit(gamma: float, dtype: torch.dtype) -> None:
    edge = float(torch.finfo(dtype).max)
    rows: list[list[float]] = [[edge, -edge, 0.0], [1e4, -1e4, 1e4], [0.0, -200.0, 90.0], [0.0, 0.0, 0.0]]
    found = posterior_graph(torch.tensor(rows, dtype=dtype), gamma, None, 1)
    assert torch.isfinite(found).all()
    total: Tensor = found.sum(1)
    torch.testing.assert_close(total, torch.ones_like(total))
