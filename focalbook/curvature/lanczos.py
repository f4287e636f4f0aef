"""Lanczos iteration with full reorthogonalisation, on flat tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["Krylov", "lanczos"]

Float = NDArray[np.float64]


@dataclass
class Krylov:
    """A Krylov space as it grows.

    Attributes
    ----------
    diagonal, beside : list of float
        The tridiagonal matrix: its diagonal, and the numbers beside it, of which the last belongs to the
        residual.
    basis : list of Tensor
        Orthonormal vectors.
    exhausted : bool
        Whether the space is invariant: all residuals are rounding errors.
    """

    diagonal: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    basis: list[Tensor] = field(default_factory=list)
    exhausted: bool = False

    def ritz(self) -> tuple[Float, Float, Float]:
        """Ritz values in ascending order, their residuals, and the eigenvectors of the tridiagonal matrix."""
        between = self.beside[: len(self.diagonal) - 1]
        matrix = np.diag(self.diagonal) + np.diag(between, 1) + np.diag(between, -1)
        values, vectors = np.linalg.eigh(matrix)
        residuals = np.abs(vectors[-1]) * (0.0 if self.exhausted else self.beside[-1])
        return values, residuals, vectors

    def vector(self, coefficients: Float) -> Tensor:
        """A combination of the basis."""
        basis = torch.stack(self.basis[: len(coefficients)])
        return torch.as_tensor(coefficients, dtype=basis.dtype, device=basis.device) @ basis


def lanczos(
    product: Callable[[Tensor], Tensor],
    start: Tensor,
    steps: int,
    done: Callable[[Krylov], bool] | None = None,
) -> Krylov:
    """Grow a Krylov space.

    Parameters
    ----------
    product : callable
        Symmetric matrix times a flat vector.
    start : Tensor, shape (size,)
        Not zero.
    steps : int, >= 1
        Products at most; never more than the size.
    done : callable, optional
        Asked after each product whether to stop.

    Returns
    -------
    Krylov
    """
    krylov = Krylov()
    vector = start / torch.linalg.vector_norm(start)
    largest = 0.0
    for _ in range(min(steps, len(start))):
        krylov.basis.append(vector)
        image = product(vector)
        krylov.diagonal.append(float(torch.dot(image, vector)))
        basis = torch.stack(krylov.basis)
        for _ in range(2):
            image = image - (basis @ image) @ basis
        norm = float(torch.linalg.vector_norm(image))
        krylov.beside.append(norm)
        largest = max(largest, abs(krylov.diagonal[-1]), norm)
        krylov.exhausted = norm <= 4 * torch.finfo(start.dtype).eps * largest or len(krylov.basis) == len(
            start
        )
        if krylov.exhausted or (done is not None and done(krylov)):
            break
        vector = image / norm
    return krylov
