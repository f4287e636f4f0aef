"""Training of networks: frozen configurations and a loop that is deterministic by seed."""

from focalbook.training.config import TrainingConfig, configuration_id
from focalbook.training.loop import Fit, fit

__all__ = ["Fit", "TrainingConfig", "configuration_id", "fit"]
