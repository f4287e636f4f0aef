"""Predicted ratios. Oracles: dense Hessians by autograd, a linear model where the prediction is exact."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from focalbook.campaigns.rescaling import classes_of, predicted_ratio, rescaling
from tests.curvature_runs import run


def _trace(rows: NDArray[np.float64], gamma: float) -> float:
    total = 0.0
    for row in rows:

        def loss(z: torch.Tensor) -> torch.Tensor:
            log_q = torch.log_softmax(z, 0)[0]
            return -((1 - log_q.exp()) ** gamma) * log_q

        total += float(torch.autograd.functional.hessian(loss, torch.log(torch.tensor(row))).trace())
    return total


@pytest.mark.parametrize("gamma", [0.5, 2.0, 5.0])
@pytest.mark.parametrize("classes", [2, 4])
def test_both_ends_are_ratios_of_traces_by_differentiation(gamma: float, classes: int) -> None:
    label = np.array([0.05, 0.3, 0.6, 0.9, 0.99])
    one = np.zeros((5, classes))
    one[:, 0], one[:, 1] = label, 1 - label
    one = np.clip(one, 1e-12, 1)
    equal = np.repeat(((1 - label) / (classes - 1))[:, None], classes, axis=1)
    equal[:, 0] = label
    ends = sorted(_trace(rows, gamma) / _trace(rows, 0.0) for rows in (one, equal))
    found = predicted_ratio(label, gamma, classes)
    np.testing.assert_allclose([found.low, found.high], ends, rtol=1e-6)
    assert found.n == 5


def test_made_networks_lie_at_an_end_of_their_prediction() -> None:
    for gamma in (1.0, 2.0, 5.0):
        record = run(gamma, 0)
        m = record.metrics
        ratio = m["training loss hessian trace"].value / m["cross-entropy hessian trace"].value
        found = rescaling(record)
        assert found.excess(ratio) < 1e-12
        assert min(abs(ratio / found.low - 1), abs(ratio / found.high - 1)) < 1e-12
        assert found.excess(1.1 * found.high) == pytest.approx(0.1)
        assert found.excess(found.low / 1.2) == pytest.approx(0.2)
    assert rescaling(run(0.0, 0)).low == rescaling(run(0.0, 0)).high == 1.0
    assert rescaling(run(1.0, 0)).excess(-1.0) == float("inf")


def test_certain_labels_and_data_sets() -> None:
    assert predicted_ratio(np.array([1.0, 0.5]), 2.0, 3).low > 0
    assert classes_of(run(0.0, 0)) == 10
    assert classes_of(run(0.0, 0, data="cifar100")) == 100


@pytest.mark.parametrize(
    ("label", "classes"),
    [(np.array([]), 3), (np.array([0.5]), 1), (np.array([1.5]), 3), (np.ones((2, 2)), 3)],
)
def test_what_is_no_probability_is_refused(label: NDArray[np.float64], classes: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        predicted_ratio(label, 1.0, classes)
