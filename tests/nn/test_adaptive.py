"""Schedules of gamma; oracles: loops over samples and bins written from the papers' definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from focalbook.nn import FLSD53, AdaFocal, focal_cross_entropy
from tests.logit_rows import DTYPES, extreme_rows


def batch(n: int = 60) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)
    z = 2 * torch.randn(n, 5, generator=generator, dtype=torch.float64)
    return z, torch.randint(5, (n,), generator=generator)


def test_flsd_against_a_loop() -> None:
    z, target = batch()
    q = z.softmax(1)[torch.arange(len(z)), target].tolist()
    expected = [(1 - x) ** (5 if x < 0.2 else 3) * -math.log(x) for x in q]
    assert {x < 0.2 for x in q} == {True, False}
    found = FLSD53(reduction="none")(z, target)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-12)


def test_flsd_with_one_interval_is_the_focal_loss() -> None:
    z, target = batch()
    weight = torch.linspace(0.5, 2, 5, dtype=torch.float64)
    target[0] = 9
    found = FLSD53((2.0,), (), weight, ignore_index=9)(z, target)
    torch.testing.assert_close(found, focal_cross_entropy(z, target, 2.0, weight, ignore_index=9))
    torch.testing.assert_close(FLSD53((2.0,), ())(z[1], target[1]), focal_cross_entropy(z[1], target[1], 2.0))


def test_flsd_sends_no_gradient_through_its_choice() -> None:
    z, target = batch()
    z.requires_grad_()
    q = z.detach().softmax(1).gather(1, target[:, None])[:, 0]
    gamma = torch.where(q < 0.2, 5.0, 3.0)
    (found,) = torch.autograd.grad(FLSD53()(z, target), z)
    (expected,) = torch.autograd.grad(focal_cross_entropy(z, target, gamma), z)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)


def inverse_or_focal(q: float, gamma: float) -> float:
    factor = (1 - q) ** gamma if gamma > 0 else (1 + q) ** -gamma
    return factor * -math.log(q)


def test_adafocal_loss_of_each_bin_against_a_loop() -> None:
    z, target = batch()
    loss = AdaFocal(bins=4, reduction="none")
    loss.gamma.copy_(torch.tensor([-1.5, 0.3, 2.0, -0.2]))
    loss.edges.copy_(torch.tensor([0.0, 0.1, 0.4, 0.7, 1.0]))
    q = z.softmax(1)[torch.arange(len(z)), target].tolist()
    gammas = [float(loss.gamma[int(np.searchsorted([0.1, 0.4, 0.7], x))]) for x in q]
    expected = [inverse_or_focal(x, g) for x, g in zip(q, gammas, strict=True)]
    np.testing.assert_allclose(loss(z, target).numpy(), expected, rtol=1e-6)  # gamma is kept in float32


def updated(gamma: list[float], z: Tensor, target: Tensor, settings: AdaFocal) -> list[float]:
    """Update of gamma in a loop over bins of equal mass, the edges by NumPy's linear interpolation."""
    bins, n = len(gamma), len(z)
    confidence, label = (t.numpy() for t in z.softmax(1).max(1))
    edges = np.interp(np.linspace(0, n, bins + 1), np.arange(n), np.sort(confidence))
    out = []
    for i, g in enumerate(gamma):
        inside = (confidence > edges[i]) & (confidence <= edges[i + 1])
        gap = (confidence[inside] - (label == target.numpy())[inside]).mean() if inside.any() else 0.0
        new = g * math.exp(settings.rate * gap * (1 if g > 0 else -1))
        if abs(new) < settings.switch:
            new = math.copysign(settings.switch, -new)
        out.append(min(max(new, settings.lowest), settings.highest))
    return out


def test_adafocal_update_against_a_loop() -> None:
    loss = AdaFocal(bins=6, rate=3.0)
    gamma = loss.gamma.tolist()
    for round_ in range(6):
        z, target = batch(200 + round_)
        gamma = updated(gamma, z, target, loss)
        loss.update(z, target)
        np.testing.assert_allclose(loss.gamma.numpy(), gamma, rtol=2e-6)
    assert max(gamma) == 20.0  # random labels: as overconfident as can be
    assert loss.edges.diff().min() > 0


def test_adafocal_turns_to_the_inverse_loss_where_the_network_is_underconfident() -> None:
    z, _ = batch(400)
    loss = AdaFocal(bins=3, rate=5.0)
    for _ in range(8):
        loss.update(0.3 * z, z.argmax(1))  # always right, never sure
    assert loss.gamma.max() < 0
    assert loss.gamma.min() >= -2.0


def test_adafocal_with_gamma_one_everywhere_is_the_focal_loss() -> None:
    z, target = batch()
    torch.testing.assert_close(AdaFocal()(z, target), focal_cross_entropy(z, target, 1.0))


def test_adafocal_state_survives_saving() -> None:
    z, target = batch()
    loss, other = AdaFocal(bins=4), AdaFocal(bins=4)
    loss.update(z, target)
    other.load_state_dict(loss.state_dict())
    assert set(loss.state_dict()) == {"gamma", "edges"}
    torch.testing.assert_close(other(z, target), loss(z, target))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("gamma", [-2.0, -0.2, 0.2, 20.0])
def test_values_and_gradients_are_finite_everywhere(dtype: torch.dtype, gamma: float) -> None:
    z = extreme_rows(dtype).requires_grad_()
    target = torch.zeros(len(z), dtype=torch.long)
    for module in (AdaFocal(bins=2, initial=gamma, reduction="none"), FLSD53(reduction="none")):
        loss = module(z, target)
        (gradient,) = torch.autograd.grad(loss.sum(), z)
        assert loss.dtype is dtype
        assert torch.isfinite(loss).all()
        assert torch.isfinite(gradient).all()


def test_ignored_rows_do_not_count() -> None:
    z, target = batch(10)
    target[3] = -100
    kept = [i for i in range(10) if i != 3]
    loss = AdaFocal()
    torch.testing.assert_close(loss(z, target), loss(z[kept], target[kept]))
    loss.gamma.fill_(-1.0)
    q = z.softmax(1)[kept].gather(1, target[kept][:, None])[:, 0]
    surprisal = cross_entropy(z[kept], target[kept], reduction="none")
    torch.testing.assert_close(loss(z, target), ((1 + q) * surprisal).mean())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bins": 0}, "bins must be"),
        ({"switch": 0.0}, "switch"),
        ({"lowest": -0.1}, "lowest"),
        ({"initial": 0.1}, "initial must be"),
        ({"rate": -1.0}, "rate must be"),
    ],
)
def test_bad_settings_of_adafocal_are_refused(settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AdaFocal(**settings)


def test_bad_settings_of_flsd_and_bad_updates_are_refused() -> None:
    with pytest.raises(ValueError, match="as many gammas"):
        FLSD53((1.0, 2.0, 3.0))
    with pytest.raises(ValueError, match="increase strictly"):
        FLSD53((1.0, 2.0, 3.0), (0.5, 0.5))
    with pytest.raises(ValueError, match="N >= 15 bins"):
        AdaFocal().update(torch.zeros(3, 2), torch.zeros(3, dtype=torch.long))
    assert "thresholds=[0.2]" in repr(FLSD53())
    assert "bins=15" in repr(AdaFocal())
