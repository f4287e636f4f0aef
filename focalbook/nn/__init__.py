"""PyTorch side of the book: focal losses on logits, recovery of posteriors, the minimiser, small networks."""

from focalbook.nn.adaptive import FLSD53, AdaFocal
from focalbook.nn.dual import DualFocalLoss, dual_focal_cross_entropy
from focalbook.nn.loss import FocalLoss, focal_cross_entropy
from focalbook.nn.minimizer import minimizer, multiplier
from focalbook.nn.recover import Recover, SigmoidRecover, recover_log_posterior, recover_sigmoid_log_odds
from focalbook.nn.sigmoid import SigmoidFocalLoss, sigmoid_focal_cross_entropy

__all__ = [
    "FLSD53",
    "AdaFocal",
    "DualFocalLoss",
    "FocalLoss",
    "Recover",
    "SigmoidFocalLoss",
    "SigmoidRecover",
    "dual_focal_cross_entropy",
    "focal_cross_entropy",
    "minimizer",
    "multiplier",
    "recover_log_posterior",
    "recover_sigmoid_log_odds",
    "sigmoid_focal_cross_entropy",
]
