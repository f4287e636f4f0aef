"""Curvature of a trained network: Hessian and Gauss-Newton matrix, never formed, only multiplied."""

from focalbook.curvature.eigenvalues import extreme_eigenvalues, top_eigenvalues
from focalbook.curvature.operators import Operator, curvature_operator
from focalbook.curvature.results import Eigenvalue, Eigenvalues, Trace
from focalbook.curvature.traces import operator_trace, trace

__all__ = [
    "Eigenvalue",
    "Eigenvalues",
    "Operator",
    "Trace",
    "curvature_operator",
    "extreme_eigenvalues",
    "operator_trace",
    "top_eigenvalues",
    "trace",
]
