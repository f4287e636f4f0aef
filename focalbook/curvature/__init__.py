"""Curvature of a trained network: Hessian and Gauss-Newton matrix, never formed, only multiplied.

Source of the setting: ``kimura2024geometric``, which relates focal loss to the curvature of the loss surface.
"""

from focalbook.curvature.density import Spectrum, operator_spectrum, spectrum
from focalbook.curvature.eigenvalues import extreme_eigenvalues, top_eigenvalues
from focalbook.curvature.measurements import Measured, Measurements, measure
from focalbook.curvature.operators import Operator, curvature_operator
from focalbook.curvature.results import Eigenvalue, Eigenvalues, Trace
from focalbook.curvature.traces import operator_trace, trace

__all__ = [
    "Eigenvalue",
    "Eigenvalues",
    "Measured",
    "Measurements",
    "Operator",
    "Spectrum",
    "Trace",
    "curvature_operator",
    "extreme_eigenvalues",
    "measure",
    "operator_spectrum",
    "operator_trace",
    "spectrum",
    "top_eigenvalues",
    "trace",
]
