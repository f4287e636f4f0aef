"""Hints at the name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the known name that is nearest, to end a message with; empty where none is near.

    >>> nearest("gama", ["gamma", "seed"])
    "; did you mean 'gamma'?"
    """
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
