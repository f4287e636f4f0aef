"""``focalbook serve``: the built book on this computer's own address, for a browser."""

from __future__ import annotations

import argparse
import errno
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from focalbook.cli.errors import CommandError

__all__ = ["add_arguments", "main", "make_server"]

_BUILT = Path("_build/html")

_EXAMPLES = """examples:
  focalbook serve
  focalbook serve --port 9000
  focalbook serve --dir path/to/_build/html
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``focalbook serve``."""
    parser.epilog = _EXAMPLES
    parser.add_argument("--port", type=int, default=8000, help="port, 8000 by default; 0 takes a free one")
    parser.add_argument("--dir", type=Path, metavar="DIR", help=f"the built book, {_BUILT} by default")


class _Handler(SimpleHTTPRequestHandler):
    """Serves files quietly, and never from a browser's cache: the book may have been rebuilt."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal free of one line per request."""


def make_server(folder: Path | None, port: int) -> ThreadingHTTPServer:
    """A server of the book in ``folder`` on 127.0.0.1, bound to ``port`` (0: a free one) and not yet running.

    Raises
    ------
    CommandError
        If there is no built book, or the port cannot be had.
    """
    root = folder if folder is not None else _find_book()
    if not (root / "index.html").is_file():
        raise CommandError(
            f"there is no built book in {root}: run 'make book', or name its folder with --dir"
        )
    if not 0 <= port <= 65535:
        raise CommandError(f"port {port} does not exist: choose one from 1024 to 65535, or 0 for a free one")
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(root)))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"port {port} is taken: choose another with --port (0: a free one)") from error
        raise CommandError(f"port {port}: {error.strerror}: choose another with --port") from error


def _find_book() -> Path:
    """The built book below this folder, or else below the folder that holds the package."""
    beside = Path(__file__).resolve().parents[2] / _BUILT
    return beside if not (_BUILT / "index.html").is_file() and (beside / "index.html").is_file() else _BUILT


def main(args: argparse.Namespace) -> int:
    """Run ``focalbook serve`` until Ctrl-C."""
    with make_server(args.dir, args.port) as server:
        server.daemon_threads = True
        print(f"The book is at http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C to stop)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0
