"""Claims of Shah, Cardone and Dytso, Functional Properties of the Focal-Entropy, and what extends them."""

from __future__ import annotations

from focalbook.claims.core import Claim
from focalbook.claims.shah2026focal import (
    bayes,
    confidence,
    entropy,
    extremes,
    optimum,
    posterior,
    recovered,
    suppression,
    weights,
    zones,
)

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (
    *entropy.CLAIMS,
    *optimum.CLAIMS,
    *zones.CLAIMS,
    *suppression.CLAIMS,
    *extremes.CLAIMS,
    *bayes.CLAIMS,
    *weights.CLAIMS,
    *posterior.CLAIMS,
    *recovered.CLAIMS,
    *confidence.CLAIMS,
)
