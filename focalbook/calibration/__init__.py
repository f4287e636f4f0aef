"""How far stated probabilities are from what happens: errors and scores with intervals, and remedies."""

from focalbook.calibration.classwise import classwise_error
from focalbook.calibration.confidence import Confidence, confidence_gap
from focalbook.calibration.debiased import debiased_error
from focalbook.calibration.decomposition import BrierParts, brier_decomposition
from focalbook.calibration.error import calibration_error
from focalbook.calibration.estimate import Estimate
from focalbook.calibration.maps import (
    Chain,
    Inverse,
    Isotonic,
    Recalibration,
    Temperature,
    VectorScaling,
)
from focalbook.calibration.recalibrate import fit_isotonic, fit_temperature, fit_vector
from focalbook.calibration.reliability import Reliability, reliability
from focalbook.calibration.scores import brier, nll
from focalbook.calibration.smooth import smooth_error

__all__ = [
    "BrierParts",
    "Chain",
    "Confidence",
    "Estimate",
    "Inverse",
    "Isotonic",
    "Recalibration",
    "Reliability",
    "Temperature",
    "VectorScaling",
    "brier",
    "brier_decomposition",
    "calibration_error",
    "classwise_error",
    "confidence_gap",
    "debiased_error",
    "fit_isotonic",
    "fit_temperature",
    "fit_vector",
    "nll",
    "reliability",
    "smooth_error",
]
