"""Training of networks: frozen configurations and loops that are deterministic by seed."""

from focalbook.training.checkpoint import Checkpoint, CheckpointError, load_checkpoint, save_checkpoint
from focalbook.training.config import TrainingConfig
from focalbook.training.evaluate import logits_of
from focalbook.training.history import History
from focalbook.training.loop import Fit, fit
from focalbook.training.losses import build_loss
from focalbook.training.parts import load_parts
from focalbook.training.run_config import RunConfig
from focalbook.training.runner import TrainedRun, train

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "Fit",
    "History",
    "RunConfig",
    "TrainedRun",
    "TrainingConfig",
    "build_loss",
    "fit",
    "load_checkpoint",
    "load_parts",
    "logits_of",
    "save_checkpoint",
    "train",
]
