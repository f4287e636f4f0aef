"""Everything that is recorded about the curvature of one network, from one forward pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from focalbook.curvature.eigenvalues import extreme_eigenvalues
from focalbook.curvature.forward import Forward
from focalbook.curvature.losses import row_loss
from focalbook.curvature.operators import Operator
from focalbook.curvature.results import Eigenvalue, Trace
from focalbook.curvature.traces import operator_trace

__all__ = ["Measured", "Measurements", "measure"]


@dataclass(frozen=True)
class Measured:
    """One matrix of one loss.

    Attributes
    ----------
    gamma : float
        0 is the cross-entropy.
    matrix : {"hessian", "gauss-newton"}
    top, bottom : Eigenvalue
        Largest and smallest eigenvalue.
    trace : Trace
    converged : bool
        Whether both eigenvalues are within the tolerance.
    products : float
        Products with the matrix for the eigenvalues, and passes over the samples for the trace.
    seconds : float
    """

    gamma: float
    matrix: str
    top: Eigenvalue
    bottom: Eigenvalue
    trace: Trace
    converged: bool
    products: float
    seconds: float


@dataclass(frozen=True)
class Measurements:
    """The curvature of a network at its weights.

    Attributes
    ----------
    results : tuple of Measured
        Hessian and Gauss-Newton matrix of the focal loss, then of the cross-entropy (once where gamma is 0).
    parameters, samples : int
    dtype, device : str
        Precision and kind of device.
    seconds : float
        All of it.
    """

    results: tuple[Measured, ...]
    parameters: int
    samples: int
    dtype: str
    device: str
    seconds: float

    def of(self, gamma: float, matrix: str = "hessian") -> Measured:
        """The result for a loss and a matrix.

        Raises
        ------
        KeyError
            Not measured.
        """
        for result in self.results:
            if result.gamma == gamma and result.matrix == matrix:
                return result
        raise KeyError(
            f"no {matrix} at gamma = {gamma:g}: there are {[(r.gamma, r.matrix) for r in self.results]}"
        )

    def to_dict(self) -> dict[str, Any]:
        """All as JSON values."""
        return asdict(self)


def measure(
    model: nn.Module,
    inputs: Tensor | NDArray[Any],
    labels: Tensor | NDArray[Any],
    gamma: float = 0.0,
    *,
    matrices: tuple[str, ...] = ("hessian", "gauss-newton"),
    tolerance: float = 0.01,
    products: int | None = None,
    limit: int = 60,
    seed: int = 0,
    dtype: torch.dtype = torch.float32,
    chunk: int | None = None,
    memory: float | None = None,
    tick: Callable[[], object] | None = None,
) -> Measurements:
    """Extreme eigenvalues and traces of Hessian and Gauss-Newton matrix, of focal loss and of cross-entropy.

    Parameters
    ----------
    model, inputs, labels, dtype, chunk, memory
        See :class:`focalbook.curvature.forward.Forward`.
    gamma : float, >= 0
        Of the focal loss; the cross-entropy is measured at the same weights.
    matrices : tuple of {"hessian", "gauss-newton"}
    tolerance : float, > 0
        Relative error of the eigenvalues, see :func:`focalbook.curvature.top_eigenvalues`.
    products : int, optional
        For each trace, see :func:`focalbook.curvature.trace`.
    limit : int, >= 1
        Products at most for the eigenvalues of a matrix.
    seed : int
    tick : callable, optional
        Called after each product or chunk, for a progress bar.

    Returns
    -------
    Measurements

    Raises
    ------
    ValueError
        As :func:`focalbook.curvature.curvature_operator`; no matrix or an unknown one.
    """
    began = time.perf_counter()
    if not matrices or any(name not in ("hessian", "gauss-newton") for name in matrices):
        raise ValueError(f"matrices must be among 'hessian' and 'gauss-newton', got {matrices!r}.")
    gammas = dict.fromkeys((row_loss(gamma, None).gamma, 0.0))
    forward = Forward(model, inputs, labels, dtype=dtype, chunk=chunk, memory=memory)
    results = []
    for value in gammas:
        for name in matrices:
            operator = Operator(forward, row_loss(value, None), name)
            start = time.perf_counter()
            found = extreme_eigenvalues(
                operator, bottom=1, tolerance=tolerance, products=limit, seed=seed, tick=tick
            )
            traced = operator_trace(operator, products=products, seed=seed, tick=tick)
            results.append(
                Measured(
                    value,
                    name,
                    found.top[0],
                    found.bottom[0],
                    traced,
                    found.converged,
                    found.products + traced.products,
                    time.perf_counter() - start,
                )
            )
            del operator  # its graphs
    return Measurements(
        tuple(results),
        forward.size,
        forward.samples,
        str(forward.dtype).removeprefix("torch."),
        forward.device.type,
        time.perf_counter() - began,
    )
