"""Training of networks: frozen configurations and a loop that is deterministic by seed."""

from focalbook.training.config import TrainingConfig
from focalbook.training.loop import Fit, fit

__all__ = ["Fit", "TrainingConfig", "fit"]
