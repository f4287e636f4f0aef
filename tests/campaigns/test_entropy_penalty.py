"""Three losses on the digits: oracles NumPy for the losses, the prediction of GC-2 for the outcome."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from focalbook.campaigns.entropy_penalty import LOSSES, train, train_all
from focalbook.theory.penalty import penalised_minimizer


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_losses_against_numpy(gamma: float) -> None:
    logits = torch.tensor(np.random.default_rng(0).normal(size=(6, 4)))
    labels = torch.tensor([0, 1, 2, 3, 0, 1])
    q = torch.softmax(logits, dim=1).numpy()
    own = q[np.arange(6), labels.numpy()]
    entropy = -(q * np.log(q)).sum(axis=1)
    want = {
        "cross-entropy": -np.log(own),
        "focal": (1 - own) ** gamma * -np.log(own),
        "penalised": -np.log(own) - gamma * entropy,
    }
    for name, loss in LOSSES.items():
        assert float(loss(logits, labels, gamma)) == pytest.approx(want[name].mean(), rel=1e-10)


def test_outcome_and_repetition() -> None:
    runs = train_all(1.0, steps=150)
    again = train("penalised", 1.0, steps=150)
    np.testing.assert_array_equal(runs[2].train_probabilities, again.train_probabilities)
    floor = penalised_minimizer(np.eye(10)[0], 1.0)[0]
    assert runs[2].confidence[-1] == pytest.approx(floor, abs=0.03)
    assert runs[1].confidence[-1] > 0.95
    assert runs[0].confidence[-1] > runs[1].confidence[-1]
    for run in runs:
        np.testing.assert_allclose(run.test_probabilities.sum(axis=1), 1.0, rtol=1e-12)
        assert run.test_accuracy > 0.9


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("hinge", 1.0), "unknown loss"), (("focal", -1.0), "gamma"), (("focal", np.nan), "gamma")],
)
def test_bad_arguments(arguments: tuple[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        train(*arguments)
    with pytest.raises(ValueError, match="steps"):
        train("focal", 1.0, steps=0)
