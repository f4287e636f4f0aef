"""Claims of Shah, Cardone, Rush and Dytso, GLMs with 1-bit measurements (2025), and what extends them."""

from __future__ import annotations

from focalbook.claims.core import Claim
from focalbook.claims.shah2025onebit import (
    asymptotics,
    existence,
    focal,
    gaussian,
    information,
    likelihood,
    poisson,
)

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (
    *likelihood.CLAIMS,
    *information.CLAIMS,
    *asymptotics.CLAIMS,
    *gaussian.CLAIMS,
    *poisson.CLAIMS,
    *existence.CLAIMS,
    *focal.CLAIMS,
)
