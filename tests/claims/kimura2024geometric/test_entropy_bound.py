"""GC-1 and GC-2: statuses, and the checks see what the controls and the stored example get wrong."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.claims.core import evaluate, rng_for
from focalbook.claims.kimura2024geometric import entropy_bound
from focalbook.theory.entropy import entropy
from focalbook.theory.minimizer import minimizer


@pytest.mark.parametrize(
    ("claim", "status"), list(zip(entropy_bound.CLAIMS, ("proved", "corrected"), strict=True))
)
def test_status(claim, status):
    result = evaluate(claim)
    assert result.status == status, result.reason
    assert result.derivation.ok


def test_bernoulli_below_one_is_far_off():
    assert entropy_bound._bound(rng_for("GC-1", "control"), bernoulli_below_one=True).residual > 1e-3


@pytest.mark.parametrize("constant", [0.99, 1.01])
def test_another_constant_is_noticed(constant):
    assert not entropy_bound._bound(rng_for("GC-1", "constant"), constant=constant).passed


def test_the_two_minimisers_are_far_apart():
    assert entropy_bound._reading(rng_for("GC-2", "control"), same_minimizer=True).residual > 1e-3


def test_stored_truth_loses_entropy():
    truth = entropy_bound.SPLIT_TAIL
    assert truth.sum() == pytest.approx(1.0)
    fall = -(truth * np.log(truth)).sum() - entropy(minimizer(truth, 1.0))
    assert fall > 0.1
    assert not entropy_bound._stored().passed
