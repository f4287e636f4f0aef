"""Rules that mislead: a mean that seems to have settled, an iteration that seems to have stopped.

The rules are those of common programs: a trace is done when one more sample changes the running mean by less
than 0.1 %, a power iteration when one more step changes the eigenvalue by less than that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from focalbook.curvature.estimators import signs
from focalbook.curvature.lanczos import Krylov, lanczos

__all__ = ["Settled", "clustered", "lanczos_top", "power_iteration", "settled_traces"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Settled:
    """Traces by Hutchinson's estimator, stopped by a rule and at a fixed number of products.

    Attributes
    ----------
    truth : float
    stopped, fixed : array, shape (repeats,)
        Estimates where the rule stopped, and after as many products for all of them (the mean of `products`,
        rounded up).
    stated : array, shape (repeats,)
        Standard errors of `stopped`, computed as if the number of products had been fixed.
    products : int array, shape (repeats,)
        Where the rule stopped.
    """

    truth: float
    stopped: Float
    fixed: Float
    stated: Float
    products: NDArray[np.int64]

    def error(self, estimate: Float) -> Float:
        """Relative errors of estimates."""
        return (estimate - self.truth) / abs(self.truth)

    @property
    def covered(self) -> float:
        """Share of the stopped estimates whose interval of 1.96 standard errors holds the truth."""
        return float((np.abs(self.stopped - self.truth) <= 1.96 * self.stated).mean())


def settled_traces(
    matrix: Tensor, *, tolerance: float = 1e-3, limit: int = 100, repeats: int = 400, seed: int = 0
) -> Settled:
    """Stop when the running mean changes by less than a tolerance.

    Parameters
    ----------
    matrix : Tensor, shape (size, size)
    tolerance : float, > 0
        Relative change of the mean that ends the sampling.
    limit : int, >= 3
        Products at most.
    repeats, seed : int

    Returns
    -------
    Settled
    """
    generator = torch.Generator().manual_seed(seed)
    small = matrix.float()
    forms = np.empty((repeats, limit))
    for row in range(repeats):
        v = signs(limit, len(matrix), generator, small)
        forms[row] = torch.linalg.vecdot(v, v @ small).double().numpy()
    counts = np.arange(1, limit + 1)
    means = forms.cumsum(axis=1) / counts
    change = np.abs(np.diff(means, axis=1)) / (np.abs(means[:, :-1]) + 1e-6)
    done = change < tolerance
    done[:, -1] = True
    stop = done.argmax(axis=1) + 1  # place of the last sample used
    rows = np.arange(repeats)
    squares = (forms**2).cumsum(axis=1) / counts
    n = stop + 1
    variance = (squares[rows, stop] - means[rows, stop] ** 2) * n / (n - 1)
    average = int(np.ceil(n.mean()))
    return Settled(
        float(matrix.trace()),
        means[rows, stop],
        means[:, average - 1],
        np.sqrt(np.maximum(variance, 0.0) / n),
        n,
    )


def clustered(
    size: int = 400, ratio: float = 0.98, share: float = 1e-3, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """A diagonal matrix with two top eigenvalues 1 and `ratio`, and a start that hardly sees the first.

    Parameters
    ----------
    size : int, >= 3
    ratio : float, in (0.5, 1)
    share : float, in (0, 1)
        Component of the start along the first eigenvector, in units of that along the second.
    seed : int
        Of the other eigenvalues, which lie in (0, 0.5), and of the start.

    Returns
    -------
    matrix : Tensor, shape (size, size)
    start : Tensor, shape (size,)
    """
    generator = torch.Generator().manual_seed(seed)
    values = 0.5 * torch.rand(size, generator=generator, dtype=torch.float64)
    values[0], values[1] = 1.0, ratio
    start = torch.randn(size, generator=generator, dtype=torch.float64)
    start[1], start[0] = 1.0, share
    return torch.diag(values), start


def power_iteration(matrix: Tensor, start: Tensor, steps: int) -> tuple[Float, int]:
    """Rayleigh quotients of a power iteration, and the product at which a change below 0.1 % ends it."""
    values, vector = [], start / start.norm()
    for _ in range(steps):
        image = matrix @ vector
        values.append(float(vector @ image))
        vector = image / image.norm()
    found = np.array(values)
    settled = np.abs(np.diff(found)) < 1e-3 * np.abs(found[:-1])
    return found, int(settled.argmax()) + 2 if settled.any() else steps


def lanczos_top(matrix: Tensor, start: Tensor, steps: int) -> tuple[Float, Float]:
    """Largest Ritz value after each product of a Lanczos iteration, and its residual."""
    values: list[float] = []
    residuals: list[float] = []

    def note(krylov: Krylov) -> bool:
        found, left, _ = krylov.ritz()
        values.append(float(found[-1]))
        residuals.append(float(left[-1]))
        return False

    lanczos(lambda v: matrix @ v, start, steps, note)
    return np.array(values), np.array(residuals)
