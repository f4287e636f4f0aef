"""Spectral density. Oracle: all eigenvalues of the dense matrix."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from focalbook.curvature import spectrum
from tests.curvature.networks import dense, network, samples


@pytest.fixture(scope="module")
def case():
    model, (x, y) = network("smooth mlp"), samples()
    found = spectrum(model, x, y, gamma=2.0, runs=20, steps=25, seed=1, dtype=torch.float64)
    return found, torch.linalg.eigvalsh(dense(model, x, y, 2.0)[0]).numpy()


def test_moments(case) -> None:
    found, eigenvalues = case
    for (value, error), truth in (
        (found.trace(), eigenvalues.sum()),
        (found.squared_norm(), (eigenvalues**2).sum()),
        (found.mean_of(np.exp), np.exp(eigenvalues).mean()),
    ):
        assert abs(value - truth) < 3.5 * error
    assert found.products == 500
    assert found.size == len(eigenvalues)


def test_density_and_share_within_their_errors(case) -> None:
    found, eigenvalues = case
    x, width = np.linspace(eigenvalues[0], eigenvalues[-1], 25), 0.1
    value, error = found.density(x, width)
    each = np.exp(-0.5 * ((x[:, None] - eigenvalues) / width) ** 2) / (width * np.sqrt(2 * np.pi))
    assert (np.abs(value - each.mean(1)) <= 4.5 * error + 1e-3 * value.max()).all()
    value, error = found.share_below(x, width)
    assert (np.diff(value) >= 0).all()
    assert abs(found.share_below(eigenvalues[-1] + 1)[0] - 1) < 1e-12


def test_density_integrates_to_one(case) -> None:
    found, eigenvalues = case
    x = np.linspace(eigenvalues[0] - 1, eigenvalues[-1] + 1, 4001)
    assert np.trapezoid(found.density(x, 0.05)[0], x) == pytest.approx(1.0, abs=1e-6)


def test_bad_options_are_refused(case) -> None:
    with pytest.raises(ValueError, match="runs and steps"):
        spectrum(network("mlp"), *samples(), runs=0)
    with pytest.raises(ValueError, match="width"):
        case[0].density([0.0], 0.0)
