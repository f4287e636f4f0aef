"""Claims of Shah, Cardone, Rush and Dytso, GLMs with 1-bit measurements (2025), and what extends them."""

from __future__ import annotations

from focalbook.claims.core import Claim
from focalbook.claims.shah2025onebit import existence, information, likelihood

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (
    *likelihood.CLAIMS,
    *information.CLAIMS,
    *existence.CLAIMS,
)
from focalbook.claims.shah2025onebit import poisson

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (*poisson.CLAIMS,)
from focalbook.claims.shah2025onebit import focal

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (*focal.CLAIMS,)
