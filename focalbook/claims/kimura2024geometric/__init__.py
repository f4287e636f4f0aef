"""Claims of Kimura and Naganuma, Geometric Insights into Focal Loss (2024), and what extends them."""

from __future__ import annotations

from focalbook.claims.core import Claim
from focalbook.claims.kimura2024geometric import (
    calibration,
    curvature,
    entropy_bound,
    expansion,
    experiments,
    fisher,
    gradient,
    maximum_entropy,
    pacbayes,
)

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (
    *calibration.CLAIMS,
    *entropy_bound.CLAIMS,
    *maximum_entropy.CLAIMS,
    *pacbayes.CLAIMS,
    *fisher.CLAIMS,
    *expansion.CLAIMS,
    *gradient.CLAIMS,
    *curvature.CLAIMS,
    *experiments.CLAIMS,
)
