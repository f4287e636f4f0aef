"""Estimators of a trace at equal numbers of products, on one network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from focalbook.campaigns.small_networks import SmallNetwork, dense
from focalbook.curvature import curvature_operator, operator_trace
from focalbook.curvature.estimators import hutch_plus_plus, hutchinson, signs, xtrace

__all__ = ["OURS", "Comparison", "compare"]

#: Name of this package's default among the methods.
OURS = "single samples"

Float = NDArray[np.float64]

#: Estimators that know nothing of networks, and how many of the products go into random vectors.
_BLIND: dict[str, tuple[Callable[..., tuple[float, float]], int]] = {
    "Hutchinson": (hutchinson, 1),
    "Hutch++": (hutch_plus_plus, 1),
    "XTrace": (xtrace, 2),
}


@dataclass(frozen=True)
class Comparison:
    """Errors of several estimators of one trace.

    Attributes
    ----------
    kind : str
        Of the network.
    truth : float
    norm : float
        Frobenius norm of the Hessian.
    products : dict of array
        Products (and passes over the samples) behind each estimate, by method.
    error : dict of array
        Root mean square of the relative error over the seeds, by method.
    theory : array
        What Hutchinson's error must be: sqrt(2 (|A|^2 - sum of squared diagonal entries) / m) / |trace A|.
    seeds : int
    """

    kind: str
    truth: float
    norm: float
    products: dict[str, Float]
    error: dict[str, Float]
    theory: Float
    seeds: int


def compare(
    network: SmallNetwork,
    gamma: float = 2.0,
    products: Sequence[int] = (6, 12, 24, 48),
    seeds: int = 30,
) -> Comparison:
    """Errors of Hutchinson's estimator, Hutch++, XTrace and this package's default.

    Products with the Hessian or its remainder are made with dense matrices, which changes nothing but the
    time they take; gradients of single samples come from the network, in single precision. Their passes over
    the samples, each a single backward pass, are counted as products, which are dearer.

    Parameters
    ----------
    network : SmallNetwork
    gamma : float
    products : sequence of int
        Multiples of 6.
    seeds : int, >= 2

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        A number of products that is no multiple of 6.
    """
    if any(m < 6 or m % 6 for m in products):
        raise ValueError(f"products must be multiples of 6, got {tuple(products)}.")
    matrix = dense(network, gamma).hessian
    truth = float(matrix.trace())
    generator = torch.Generator().manual_seed(1)
    spent = {name: np.array(products, dtype=np.float64) for name in _BLIND}
    errors: dict[str, list[float]] = {name: [] for name in _BLIND}
    for name, (estimator, share) in _BLIND.items():
        for m in products:
            found = [
                estimator(lambda rows: rows @ matrix, signs(m // share, len(matrix), generator, matrix))[0]
                for _ in range(seeds)
            ]
            errors[name].append(_relative(found, truth))
    spent[OURS], errors[OURS] = _ours(network, gamma, products, seeds, truth)
    norm = float(matrix.norm())
    beside = float(matrix.square().sum() - matrix.diagonal().square().sum())
    theory = np.sqrt(2 * beside / np.array(products)) / abs(truth)
    shown = {key: np.array(value) for key, value in errors.items()}
    return Comparison(network.kind, truth, norm, spent, shown, theory, seeds)


def _relative(found: Sequence[float], truth: float) -> float:
    return float(np.sqrt(np.mean((np.array(found) - truth) ** 2)) / abs(truth))


def _ours(
    network: SmallNetwork, gamma: float, products: Sequence[int], seeds: int, truth: float
) -> tuple[Float, list[float]]:
    """Products spent, and errors; where there is no remainder, passes of 1 to 4."""
    operator = curvature_operator(
        network.model, network.inputs, network.labels, gamma=gamma, matrix="gauss-newton"
    )
    made = dense(network, gamma)
    rest = made.hessian - made.gauss_newton
    whole = float(rest.diagonal().abs().max()) < 1e-9 * abs(truth)
    spent, errors = [], []
    for budget in (1, 2, 3, 4) if whole else [m - 2 for m in products]:
        each = [operator_trace(operator, products=budget if whole else 2, seed=s) for s in range(seeds)]
        values = [t.value for t in each]
        if not whole:
            generator = torch.Generator().manual_seed(2)
            probes = [signs(budget // 2, len(rest), generator, rest) for _ in range(seeds)]
            values = [v + xtrace(lambda rows: rows @ rest, p)[0] for v, p in zip(values, probes, strict=True)]
        spent.append(float(np.mean([t.products for t in each])) + (0 if whole else budget))
        errors.append(_relative(values, truth))
    return np.array(spent), errors
