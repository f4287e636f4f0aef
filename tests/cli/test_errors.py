"""The error of the subcommands."""

from __future__ import annotations

from focalbook.cli.errors import CommandError


def test_it_is_not_caught_by_accident() -> None:
    """Library code that catches ValueError or OSError lets it pass."""
    assert not issubclass(CommandError, ValueError | OSError)
    assert str(CommandError("say --force")) == "say --force"
