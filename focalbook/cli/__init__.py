"""The ``focalbook`` command. Importing this loads nothing heavy: each subcommand brings what it needs."""

from __future__ import annotations

from focalbook.cli.program import main

__all__ = ["main"]
