"""Finds the subcommand, hands over to its module and turns what goes wrong into one line and an exit status.

A subcommand is a module with ``add_arguments(parser)`` and ``main(args) -> int``; it is imported only when it
is called for. Exit statuses: 0 for success, 1 where a check failed, 2 for wrong use or input, 130 for Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, NoReturn

from focalbook.cli.errors import CommandError

__all__ = ["COMMANDS", "build_parser", "main"]


class Command(NamedTuple):
    """Where a subcommand lives, and what it is for."""

    module: str
    help: str


COMMANDS = {
    "recover": Command(
        "focalbook.cli.recover", "turn probabilities of a focal-loss model into class posteriors"
    ),
    "train": Command("focalbook.cli.train", "train one network and measure its calibration"),
    "campaign": Command("focalbook.cli.campaign", "run grids of experiments and keep their records"),
    "curvature": Command("focalbook.cli.curvature", "measure the curvature of the loss of a trained network"),
    "claims": Command("focalbook.claims.command", "check every claim of the book and print the ledger"),
    "data": Command("focalbook.cli.data", "list, fetch and check the data sets of the experiments"),
    "serve": Command("focalbook.cli.serve", "show the built book in a browser"),
}

_EXAMPLES = """examples:
  focalbook recover probs.csv -o posteriors.csv --gamma 2
  focalbook recover logits.npy -o posteriors.npy --gamma 2 --logits
  focalbook train --data digits --model mlp --gamma 2
  focalbook curvature run.npz --samples 1000
  focalbook claims
  focalbook data fetch cifar100
  focalbook serve

'focalbook COMMAND --help' explains a command.
"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where to read more, then leave with status 2."""
        self.exit(2, f"{self.prog}: {message} (see '{self.prog} --help')\n")


class _Version(argparse.Action):
    """Prints the version; importing it waits until it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from focalbook import __version__

        print(f"focalbook {__version__}")
        parser.exit()


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser with every subcommand named and the arguments of one, ``command``, filled in."""
    parser = Parser(
        prog="focalbook",
        description="What focal loss does to probabilities: the companion's tools.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (module, summary) in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == command:
            importlib.import_module(module).add_arguments(sub)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``focalbook`` with the given arguments, by default those of the process; return the status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in arguments if not word.startswith("-")), None)
    parser = build_parser(command if command in COMMANDS else None)
    try:
        args = parser.parse_args(arguments)
    except SystemExit as leave:
        return int(leave.code or 0)
    if args.command is None:
        parser.print_help(sys.stderr)
        return 2
    with _termination_as_exit():
        return _run(f"focalbook {args.command}", COMMANDS[args.command].module, args)


def _run(name: str, module: str, args: argparse.Namespace) -> int:
    try:
        status = int(importlib.import_module(module).main(args) or 0)
        sys.stdout.flush()
    except CommandError as error:
        return _say(f"{name}: {error}", 2)
    except BrokenPipeError:  # the reader of a pipe has left: so do we, without a word
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _say(f"\n{name}: interrupted", 130)
    return status


def _say(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status


@contextmanager
def _termination_as_exit() -> Iterator[None]:
    """Let a termination signal unwind the stack, so that temporary files are removed."""

    def leave(number: int, _: object) -> NoReturn:
        sys.exit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
