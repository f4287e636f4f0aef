"""The claims of the book: what is said, how it is derived, how it is checked, and with what outcome.

>>> import focalbook as fb
>>> fb.claims.run("FE-2")[0].status
'proved'
"""

from __future__ import annotations

from focalbook.claims.core import ORDER, Check, Claim, Result, Status, evaluate, worse
from focalbook.claims.registry import CLAIMS, claim, run, sources

__all__ = [
    "CLAIMS",
    "ORDER",
    "Check",
    "Claim",
    "Result",
    "Status",
    "claim",
    "evaluate",
    "run",
    "sources",
    "worse",
]
