"""How far stated probabilities are from what happens: errors and scores, each with an interval."""

from focalbook.calibration.error import calibration_error
from focalbook.calibration.estimate import Estimate
from focalbook.calibration.reliability import Reliability, reliability
from focalbook.calibration.scores import brier, nll

__all__ = ["Estimate", "Reliability", "brier", "calibration_error", "nll", "reliability"]
