"""PyTorch side of the book: focal loss on logits, recovery of posteriors, small networks."""

from focalbook.nn.loss import FocalLoss, focal_cross_entropy
from focalbook.nn.recover import Recover, recover_log_posterior

__all__ = ["FocalLoss", "Recover", "focal_cross_entropy", "recover_log_posterior"]
