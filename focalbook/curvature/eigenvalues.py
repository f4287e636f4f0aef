"""Extreme eigenvalues of a curvature matrix."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from focalbook.curvature.lanczos import Krylov, lanczos
from focalbook.curvature.operators import Operator, curvature_operator
from focalbook.curvature.results import Eigenvalue, Eigenvalues

__all__ = ["extreme_eigenvalues", "top_eigenvalues"]

#: A smallest eigenvalue much closer to 0 than the largest need not be known to better than the tolerance
#: times this share of the largest in size.
FLOOR = 0.1

#: Share of the random vector in a start at the gradient.
MIXED = 0.5


def top_eigenvalues(
    model: nn.Module,
    inputs: Tensor | NDArray[Any],
    labels: Tensor | NDArray[Any],
    *,
    gamma: float = 0.0,
    loss: nn.Module | None = None,
    matrix: str = "hessian",
    count: int = 1,
    bottom: int = 0,
    tolerance: float = 0.01,
    products: int = 100,
    confirm: int = 1,
    start: str | Tensor = "gradient",
    seed: int = 0,
    **options: Any,
) -> Eigenvalues:
    """Largest (and smallest) eigenvalues of a curvature matrix of the mean loss.

    Parameters
    ----------
    model, inputs, labels, gamma, loss, matrix, **options
        See :func:`focalbook.curvature.curvature_operator`.
    count, bottom : int, >= 0
        How many of the largest and of the smallest.
    tolerance : float, > 0
        Stop when each error is at most this share of the eigenvalue (or of a tenth of the largest in size,
        where the eigenvalue is smaller than that).
    products : int, >= 1
        Stop after so many products in any case; ``converged`` says which it was.
    confirm : int, >= 0
        Further products for which the errors must stay within the tolerance: a larger eigenvalue that the
        start hardly contains then has time to appear.
    start : {"gradient", "random"} or Tensor of shape (parameters,)
        Where the iteration starts. The gradient of a network that is being trained lies largely in the space
        of the top eigenvectors, which saves products; a random vector of half its length is mixed in so that
        no eigenvector is out of reach. A tensor is taken as it is, for example an eigenvector of
        earlier weights.
    seed : int
        Seed of the random vector.

    Returns
    -------
    Eigenvalues

    Raises
    ------
    ValueError
        As :func:`focalbook.curvature.curvature_operator`; counts, tolerance or products out of range.

    Notes
    -----
    Lanczos iteration with full reorthogonalisation. An eigenvalue of multiplicity two or more is found once.
    As with every method that only sees products, a larger eigenvalue whose eigenvector is almost orthogonal
    to the start can be missed: compare two starts where that matters.
    """
    operator = curvature_operator(model, inputs, labels, gamma=gamma, loss=loss, matrix=matrix, **options)
    return extreme_eigenvalues(
        operator,
        count=count,
        bottom=bottom,
        tolerance=tolerance,
        products=products,
        confirm=confirm,
        start=start,
        seed=seed,
    )


def extreme_eigenvalues(
    operator: Operator,
    *,
    count: int = 1,
    bottom: int = 0,
    tolerance: float = 0.01,
    products: int = 100,
    confirm: int = 1,
    start: str | Tensor = "gradient",
    seed: int = 0,
    tick: Callable[[], object] | None = None,
) -> Eigenvalues:
    """The same as :func:`top_eigenvalues` for an operator; `tick` is called after each product."""
    began = time.perf_counter()
    if count < 0 or bottom < 0 or count + bottom == 0 or count + bottom > operator.size:
        raise ValueError(
            f"count and bottom must be at least 0 and together 1 to {operator.size}, the number of "
            f"parameters, got {count} and {bottom}."
        )
    if not tolerance > 0 or products < 1 or confirm < 0:
        raise ValueError(
            f"tolerance and products must be positive and confirm at least 0, got {tolerance}, {products}, "
            f"{confirm}."
        )

    agreed = 0

    def done(krylov: Krylov) -> bool:
        nonlocal agreed
        if tick is not None:
            tick()
        met = _converged(*_select(krylov, count, bottom), count + bottom, tolerance)
        agreed = agreed + 1 if met else 0
        return agreed > confirm

    krylov = lanczos(operator.product, _start(operator, start, seed), products, done)
    top, low = _select(krylov, count, bottom)
    return Eigenvalues(
        top,
        low,
        _converged(top, low, count + bottom, tolerance),
        len(krylov.diagonal),
        operator.samples,
        time.perf_counter() - began,
    )


def _start(operator: Operator, start: str | Tensor, seed: int) -> Tensor:
    if isinstance(start, Tensor):
        if start.shape != (operator.size,) or not bool(torch.isfinite(start).all()) or not bool(start.any()):
            raise ValueError(
                f"start must be a finite vector of shape ({operator.size},) that is not 0, got shape "
                f"{tuple(start.shape)}."
            )
        return start.to(operator.device, operator.dtype)
    if start not in ("gradient", "random"):
        raise ValueError(f"start must be 'gradient', 'random' or a tensor, got {start!r}.")
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(operator.size, generator=generator, dtype=operator.dtype).to(operator.device)
    if start == "random":
        return noise
    gradient = operator.gradient()
    norm = torch.linalg.vector_norm(gradient)
    if not float(norm) > 0:
        return noise
    return gradient / norm + MIXED * noise / torch.linalg.vector_norm(noise)


def _select(krylov: Krylov, count: int, bottom: int) -> tuple[tuple[Eigenvalue, ...], tuple[Eigenvalue, ...]]:
    """The largest and smallest Ritz values with their errors, as many as there are."""
    values, residuals, _ = krylov.ritz()
    rounding = 4 * torch.finfo(krylov.basis[0].dtype).eps * float(np.abs(values).max())
    residuals = np.maximum(residuals, rounding)

    def one(index: int) -> Eigenvalue:
        others = np.delete(np.arange(len(values)), index)
        residual = float(residuals[index])
        error = residual
        if len(others):
            gap = float((np.abs(values[others] - values[index]) - residuals[others]).min())
            if gap > residual:
                error = max(residual**2 / gap, rounding)
        return Eigenvalue(float(values[index]), error, residual)

    there = len(values)
    top = tuple(one(there - 1 - k) for k in range(min(count, there)))
    return top, tuple(one(k) for k in range(min(bottom, there)))


def _converged(
    top: tuple[Eigenvalue, ...], bottom: tuple[Eigenvalue, ...], wanted: int, tolerance: float
) -> bool:
    found = (*top, *bottom)
    if len(found) < wanted:
        return False
    largest = max(abs(e.value) for e in found)
    return all(e.error <= tolerance * max(abs(e.value), FLOOR * largest) for e in found)
