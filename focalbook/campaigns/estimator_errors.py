"""Estimates of curvature against dense matrices, over many seeds: true errors beside the stated ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from focalbook.campaigns.small_networks import KnownMatrix, SmallNetwork, dense
from focalbook.curvature import (
    curvature_operator,
    extreme_eigenvalues,
    operator_spectrum,
    operator_trace,
)

__all__ = [
    "EigenvalueErrors",
    "SpectrumCheck",
    "TraceErrors",
    "eigenvalue_errors",
    "spectrum_check",
    "trace_errors",
]

Float = NDArray[np.float64]

#: Relative rounding error of a trace in single precision, which stated errors leave out.
ROUNDING = 1e-6


@dataclass(frozen=True)
class TraceErrors:
    """Estimates of one trace.

    Attributes
    ----------
    kind : str
        Of :data:`focalbook.campaigns.small_networks.KINDS`.
    gamma : float
    method : str
        As the package's default has it.
    truth : float
        Of the dense Hessian.
    estimate, stated : array, shape (seeds,)
        Values and their standard errors.
    products : float
        Mean over seeds.
    """

    kind: str
    gamma: float
    method: str
    truth: float
    estimate: Float
    stated: Float
    products: float

    @property
    def relative(self) -> float:
        """Root mean square error over the truth."""
        return float(np.sqrt(np.mean((self.estimate - self.truth) ** 2)) / abs(self.truth))

    @property
    def z(self) -> Float:
        """True errors in units of the stated ones, to which the rounding of single precision is added."""
        return (self.estimate - self.truth) / np.hypot(self.stated, ROUNDING * abs(self.truth))

    @property
    def covered(self) -> float:
        """Share of the seeds whose interval of 1.96 standard errors holds the truth."""
        return float((np.abs(self.z) <= 1.96).mean())


@dataclass(frozen=True)
class EigenvalueErrors:
    """Estimates of one extreme eigenvalue, from random starts.

    Attributes
    ----------
    kind : str
    gamma : float
    start : str
        "random" or "gradient", see :func:`focalbook.curvature.top_eigenvalues`.
    truth : float
    tolerance : float
        At which the iteration was told to stop.
    estimate, stated, residual : array, shape (seeds,)
        Ritz value, its stated error, and the residual of the Ritz vector.
    nearest : array, shape (seeds,)
        Distance from the Ritz value to the nearest eigenvalue, which the residual bounds.
    products : float
        Mean over seeds.
    """

    kind: str
    gamma: float
    start: str
    truth: float
    tolerance: float
    estimate: Float
    stated: Float
    residual: Float
    nearest: Float
    products: float

    @property
    def error(self) -> Float:
        """True errors."""
        return np.abs(self.estimate - self.truth)


@dataclass(frozen=True)
class SpectrumCheck:
    """Cumulative share of the eigenvalues: dense, and by quadrature.

    Attributes
    ----------
    kind : str
    eigenvalues : array, shape (parameters,)
        Of the dense Hessian, ascending.
    points : array, shape (m,)
        Where the shares were taken.
    truth, share, stated : array, shape (m,)
        Share of the eigenvalues at most so large, its estimate and its standard error, all smoothed by
        `width`.
    width : float
    products : int
    """

    kind: str
    eigenvalues: Float
    points: Float
    truth: Float
    share: Float
    stated: Float
    width: float
    products: int


def trace_errors(
    networks: Sequence[SmallNetwork], gammas: Sequence[float] = (0.0, 2.0), seeds: int = 60
) -> list[TraceErrors]:
    """Estimate each trace of a Hessian `seeds` times, with the products that are spent by default.

    Products with a remainder are made with the dense matrix, which changes nothing but the time they take.

    Parameters
    ----------
    networks : sequence of SmallNetwork
    gammas : sequence of float
    seeds : int, >= 2

    Returns
    -------
    list of TraceErrors
        One for each network and gamma.
    """
    found = []
    for network in networks:
        for gamma in gammas:
            made = dense(network, gamma)
            truth = float(made.hessian.trace())
            rest = made.hessian - made.gauss_newton
            curved = float(rest.diagonal().abs().max()) > 1e-9 * abs(truth)
            operator = curvature_operator(
                network.model, network.inputs, network.labels, gamma=gamma, matrix="gauss-newton"
            )
            remainder = KnownMatrix(rest, made.gradient)
            each = [operator_trace(operator, seed=seed) for seed in range(seeds)]
            values, errors = np.array([(t.value, t.error) for t in each]).T
            products = float(np.mean([t.products for t in each]))
            method = "samples"
            if curved:
                more = [operator_trace(remainder, method="xtrace", seed=1000 + s) for s in range(seeds)]
                values = values + [t.value for t in more]
                errors = np.hypot(errors, [t.error for t in more])
                products, method = products + more[0].products, "samples + xtrace"
            found.append(TraceErrors(network.kind, gamma, method, truth, values, errors, products))
    return found


def eigenvalue_errors(
    networks: Sequence[SmallNetwork],
    gamma: float = 2.0,
    tolerances: Sequence[float] = (0.1, 0.01, 0.001),
    seeds: int = 40,
) -> list[EigenvalueErrors]:
    """Estimate each top eigenvalue of a Hessian from `seeds` starts of both kinds.

    The iteration works with the dense matrix in double precision, which saves time and changes nothing else.

    Parameters
    ----------
    networks : sequence of SmallNetwork
    gamma : float
    tolerances : sequence of float
    seeds : int, >= 1

    Returns
    -------
    list of EigenvalueErrors
        One for each network, start and tolerance.
    """
    found = []
    for network in networks:
        made = dense(network, gamma)
        values, operator = made.eigenvalues(), KnownMatrix(made.hessian, made.gradient)
        for start in ("random", "gradient"):
            for tolerance in tolerances:
                each = [
                    extreme_eigenvalues(operator, tolerance=tolerance, start=start, seed=seed)
                    for seed in range(seeds)
                ]
                tops = np.array([(e.top[0].value, e.top[0].error, e.top[0].residual) for e in each])
                estimate, stated, residual = tops.T
                nearest = np.abs(values - estimate[:, None]).min(axis=1)
                products = float(np.mean([e.products for e in each]))
                found.append(
                    EigenvalueErrors(
                        kind=network.kind,
                        gamma=gamma,
                        start=start,
                        truth=float(values[-1]),
                        tolerance=tolerance,
                        estimate=estimate,
                        stated=stated,
                        residual=residual,
                        nearest=nearest,
                        products=products,
                    )
                )
    return found


def spectrum_check(
    network: SmallNetwork, gamma: float = 2.0, *, runs: int = 8, steps: int = 40, points: int = 400
) -> SpectrumCheck:
    """Spectral density of a Hessian beside all of its eigenvalues.

    Parameters
    ----------
    network : SmallNetwork
    gamma : float
    runs, steps : int
        See :func:`focalbook.curvature.spectrum`.
    points : int, >= 2
        Where the shares are taken: evenly in the inverse hyperbolic sine of the eigenvalue.

    Returns
    -------
    SpectrumCheck
    """
    values = dense(network, gamma).eigenvalues()
    width = 1e-3 * float(np.abs(values).max())
    ends = np.arcsinh(values[[0, -1]] / width)
    at = width * np.sinh(np.linspace(ends[0] - 1.0, ends[1] + 0.5, points))
    operator = curvature_operator(network.model, network.inputs, network.labels, gamma=gamma)
    found = operator_spectrum(operator, runs=runs, steps=steps)
    share, stated = found.share_below(at, width)
    truth = _smooth_share(values, at, width)
    return SpectrumCheck(network.kind, values, at, truth, share, stated, width, found.products)


def _smooth_share(values: Float, at: Float, width: float) -> Float:
    return np.asarray(ndtr((at[:, None] - values) / width).mean(axis=1))
