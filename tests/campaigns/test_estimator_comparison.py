"""Trace estimators at equal products. Oracle: the variance of Hutchinson's estimator in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.estimator_comparison import OURS, compare
from focalbook.campaigns.small_networks import dense, small_network


@pytest.mark.parametrize("kind", ["perceptron", "attention"])
def test_errors(kind: str) -> None:
    network = small_network(kind, images=16, steps=40)
    found = compare(network, products=(6, 24), seeds=60)
    matrix = dense(network, 2.0).hessian.numpy()
    off = matrix - np.diag(np.diag(matrix))
    theory = np.sqrt(2 * (off**2).sum() / np.array([6, 24])) / abs(np.trace(matrix))
    np.testing.assert_allclose(found.theory, theory, rtol=1e-10)
    # the root mean square of 60 nearly normal errors has a relative deviation of about 1 / sqrt(120)
    np.testing.assert_allclose(found.error["Hutchinson"], theory, rtol=5 / np.sqrt(120))
    assert found.error["XTrace"][1] < found.error["Hutchinson"][1]
    if kind == "perceptron":
        # two passes over the images against up to twenty-four products
        assert found.error[OURS][1] < 0.1 * found.error["XTrace"].min()
        assert (np.diff(found.products[OURS]) > 0).all()
    else:
        np.testing.assert_allclose(found.products[OURS], [6, 24], atol=0.5)


def test_products_must_suit_all() -> None:
    with pytest.raises(ValueError, match="multiples of 6"):
        compare(small_network("perceptron", images=5, steps=1), products=(8,))
