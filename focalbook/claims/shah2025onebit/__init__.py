"""Claims of Shah, Cardone, Rush and Dytso, GLMs with 1-bit measurements (2025), and what extends them."""

from __future__ import annotations

from focalbook.claims.core import Claim
from focalbook.claims.shah2025onebit import gaussian

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (*gaussian.CLAIMS,)
