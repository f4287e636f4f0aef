"""Training of networks: frozen configurations and loops that are deterministic by seed."""

from focalbook.training.checkpoint import Checkpoint, CheckpointError, load_checkpoint, save_checkpoint
from focalbook.training.config import TrainingConfig
from focalbook.training.loop import Fit, fit
from focalbook.training.losses import build_loss
from focalbook.training.run_config import RunConfig

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "Fit",
    "RunConfig",
    "TrainingConfig",
    "build_loss",
    "fit",
    "load_checkpoint",
    "save_checkpoint",
]
