r"""Spectral density by stochastic Lanczos quadrature.

For a random unit vector v, the eigenvalues theta_j of the Lanczos matrix started at v and the squared first
entries w_j of its eigenvectors are a Gauss quadrature of the measure v'delta(x - A)v, exact for polynomials
up to degree 2 m - 1 after m products; its mean over v is the spectral density
(``ghorbani2019investigation``).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr
from torch import Tensor, nn

from focalbook.curvature.lanczos import lanczos
from focalbook.curvature.operators import Operator, curvature_operator

__all__ = ["Spectrum", "operator_spectrum", "spectrum"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Spectrum:
    """Spectral density of a matrix of the given size.

    Attributes
    ----------
    nodes, weights : tuple of array
        For each run its quadrature: nodes ascending, weights of sum one.
    size : int
        Number of parameters, and of eigenvalues.
    products, samples : int
        Products with the matrix; number of samples.
    seconds : float
    """

    nodes: tuple[Float, ...]
    weights: tuple[Float, ...]
    size: int
    products: int
    samples: int
    seconds: float

    def _mean(self, each: list[Float]) -> tuple[Float, Float]:
        values = np.stack(each)
        error = (
            values.std(axis=0, ddof=1) / math.sqrt(len(values))
            if len(values) > 1
            else np.inf * np.ones_like(values[0])
        )
        return values.mean(axis=0), error

    def mean_of(self, function: Callable[[Float], Float]) -> tuple[float, float]:
        """Mean of a function over the eigenvalues, with standard error over the runs."""
        each = [np.asarray(w @ function(x)) for x, w in zip(self.nodes, self.weights, strict=True)]
        value, error = self._mean(each)
        return float(value), float(error)

    def trace(self) -> tuple[float, float]:
        """Trace, which these runs see as Hutchinson's estimator does, with standard error."""
        value, error = self.mean_of(lambda x: x)
        return self.size * value, self.size * error

    def squared_norm(self) -> tuple[float, float]:
        """Squared Frobenius norm, the sum of the squared eigenvalues, with standard error."""
        value, error = self.mean_of(np.square)
        return self.size * value, self.size * error

    def density(self, x: ArrayLike, width: float) -> tuple[Float, Float]:
        """Density at `x`, smoothed by a Gaussian, and its standard error over the runs.

        Parameters
        ----------
        x : array_like
            Points.
        width : float, > 0
            Standard deviation of the Gaussian, in the unit of the eigenvalues.
        """
        points = np.asarray(x, dtype=np.float64)
        if not width > 0:
            raise ValueError(f"width must be above 0, got {width}.")
        return self._mean(
            [
                np.exp(-0.5 * ((points[..., None] - n) / width) ** 2) @ w / (width * math.sqrt(2 * math.pi))
                for n, w in zip(self.nodes, self.weights, strict=True)
            ]
        )

    def share_below(self, x: ArrayLike, width: float = 0.0) -> tuple[Float, Float]:
        """Share of the eigenvalues that is at most `x`, with standard error; smoothed where `width` > 0."""
        points = np.asarray(x, dtype=np.float64)[..., None]

        def step(n: Float) -> Float:
            return ndtr((points - n) / width) if width > 0 else (n <= points).astype(float)

        return self._mean([step(n) @ w for n, w in zip(self.nodes, self.weights, strict=True)])


def spectrum(
    model: nn.Module,
    inputs: Tensor | NDArray[Any],
    labels: Tensor | NDArray[Any],
    *,
    gamma: float = 0.0,
    loss: nn.Module | None = None,
    matrix: str = "hessian",
    runs: int = 8,
    steps: int = 40,
    seed: int = 0,
    **options: Any,
) -> Spectrum:
    """Spectral density of a curvature matrix of the mean loss.

    Parameters
    ----------
    model, inputs, labels, gamma, loss, matrix, **options
        See :func:`focalbook.curvature.curvature_operator`.
    runs : int, >= 1
        Random starts; the error is their spread, so it takes at least two.
    steps : int, >= 1
        Products in each run, which are the nodes of its quadrature. Vectors kept: steps times parameters.
    seed : int

    Returns
    -------
    Spectrum

    Raises
    ------
    ValueError
        As :func:`focalbook.curvature.curvature_operator`; runs or steps below 1.
    """
    operator = curvature_operator(model, inputs, labels, gamma=gamma, loss=loss, matrix=matrix, **options)
    return operator_spectrum(operator, runs=runs, steps=steps, seed=seed)


def operator_spectrum(
    operator: Operator,
    *,
    runs: int = 8,
    steps: int = 40,
    seed: int = 0,
    tick: Callable[[], object] | None = None,
) -> Spectrum:
    """The same as :func:`spectrum` for an operator; `tick` is called after each product."""
    began = time.perf_counter()
    if runs < 1 or steps < 1:
        raise ValueError(f"runs and steps must be at least 1, got {runs} and {steps}.")
    generator = torch.Generator().manual_seed(seed)
    before = operator.products
    nodes, weights = [], []
    for _ in range(runs):
        start = torch.randn(operator.size, generator=generator, dtype=operator.dtype).to(operator.device)
        krylov = lanczos(operator.product, start, steps, None if tick is None else lambda _: bool(tick()))
        values, _, vectors = krylov.ritz()
        nodes.append(values)
        weights.append(vectors[0] ** 2)
    seconds = time.perf_counter() - began
    return Spectrum(
        tuple(nodes), tuple(weights), operator.size, operator.products - before, operator.samples, seconds
    )
