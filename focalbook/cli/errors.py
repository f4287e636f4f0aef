"""The error that every subcommand may raise."""

from __future__ import annotations

__all__ = ["CommandError"]


class CommandError(Exception):
    """Wrong use or input; the message is one line that says what to do. The command leaves with status 2."""
