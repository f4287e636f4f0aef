"""Claims of Kimura and Naganuma, Geometric Insights into Focal Loss (2024), and what extends them."""

from __future__ import annotations

from focalbook.claims.core import Claim
from focalbook.claims.kimura2024geometric import curvature, gradient, pacbayes

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (*pacbayes.CLAIMS, *gradient.CLAIMS, *curvature.CLAIMS)
