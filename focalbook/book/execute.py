"""Execute changed chapters in parallel into the cache that the build then reads.

Run ``python -m focalbook.book.execute`` from the root of the book. The engine itself executes one chapter
after the other; this command does the same work in several processes, with the same hash of code and inputs,
so that the build finds every output. It ends with status 1 when a chapter fails.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from focalbook.book.inputs import ChapterError
from focalbook.book.notebooks import CACHE_FOLDER, BookSettings, chapter_names, read_chapter

__all__ = ["Outcome", "execute_book", "main"]

_COLOUR_CODES = re.compile(r"\x1b\[[0-9;]*m")
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Outcome:
    """What became of one chapter.

    Attributes
    ----------
    name : str
        For example ``book/minimizer``.
    state : str
        ``"executed"``, ``"cached"`` (outputs were up to date) or ``"failed"``.
    seconds : float
        Execution time; of the earlier execution where cached.
    message : str
        The traceback of a failure, else empty.
    """

    name: str
    state: str
    seconds: float
    message: str = ""


def _run(notebook: Any, folder: str, timeout: int) -> tuple[Any, float, str]:
    from jupyter_cache.executors.utils import single_nb_execution

    result = single_nb_execution(
        notebook, cwd=folder, timeout=timeout, allow_errors=False, extra_arguments=["--log-level=ERROR"]
    )
    return notebook, result.time, _COLOUR_CODES.sub("", result.exc_string or "")


def _cached(cache: Any, notebook: Any) -> float | None:
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return None
    return float(record.data.get("execution_seconds", 0.0))


def _known_seconds(cache: Any) -> dict[str, float]:
    return {
        str(record.uri): float(record.data.get("execution_seconds", 0.0))
        for record in cache.list_cache_records()
    }


def _store(cache: Any, path: Path, notebook: Any, seconds: float) -> None:
    from jupyter_cache.base import CacheBundleIn

    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _look_up(
    names: list[str], root: Path, settings: BookSettings, cache: Any, note: Callable[[Outcome], None]
) -> list[tuple[str, Path, Any]]:
    """Note the chapters whose outputs are cached; return the others, the longest first."""
    stale: list[tuple[str, Path, Any]] = []
    for name in names:
        path = root / f"{name}.md"
        try:
            notebook = read_chapter(path, root, settings)
        except ChapterError as error:
            raise ChapterError(f"{name}: {error}") from error
        if notebook is None:
            continue
        seconds = _cached(cache, notebook)
        if seconds is None:
            stale.append((name, path, notebook))
        else:
            note(Outcome(name, "cached", seconds))
    known = _known_seconds(cache)
    return sorted(stale, key=lambda item: -known.get(str(item[1]), float("inf")))


def execute_book(
    root: Path,
    jobs: int = 2,
    names: list[str] | None = None,
    report: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Bring the outputs of all chapters up to date.

    Parameters
    ----------
    root
        Root of the book, where ``_config.yml`` is.
    jobs
        Chapters to execute at the same time.
    names
        Chapters to look at; all in the table of contents where None.
    report
        Called with each `Outcome` as soon as it is known.

    Returns
    -------
    list of Outcome
        One for each chapter with code, in the order in which they were finished.

    Raises
    ------
    ChapterError
        If the front matter of a chapter is unusable, or names an input that does not exist.
    """
    from jupyter_cache import get_cache

    settings = BookSettings(root)
    cache = get_cache(str(root / CACHE_FOLDER))
    outcomes: list[Outcome] = []

    def note(outcome: Outcome) -> None:
        outcomes.append(outcome)
        report(outcome)

    stale = _look_up(names or chapter_names(root), root, settings, cache, note)
    if not stale:
        return outcomes
    with ProcessPoolExecutor(max_workers=jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = {
            pool.submit(_run, notebook, str(path.parent), settings.timeout): (name, path)
            for name, path, notebook in stale
        }
        for future in as_completed(running):
            name, path = running[future]
            notebook, seconds, message = future.result()
            if not message:
                _store(cache, path, notebook, seconds)
            note(Outcome(name, "failed" if message else "executed", seconds, message))
    return outcomes


def _limit_threads(jobs: int) -> None:
    """Give each of several kernels its share of the cores, unless the caller has decided already."""
    share = str(max(1, (os.cpu_count() or 1) // jobs))
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, share)


def main(arguments: list[str] | None = None) -> int:
    """Command line: see ``--help``."""
    parser = argparse.ArgumentParser(prog="python -m focalbook.book.execute", description=__doc__)
    parser.add_argument(
        "chapters", nargs="*", help="for example book/minimizer; all chapters where none is given"
    )
    parser.add_argument("--root", type=Path, default=Path(), help="root of the book (default: this folder)")
    parser.add_argument("--jobs", type=int, default=2, help="chapters at the same time (default: 2)")
    options = parser.parse_args(arguments)
    _limit_threads(options.jobs)

    def report(outcome: Outcome) -> None:
        print(f"{outcome.state:>9} {outcome.seconds:6.1f} s  {outcome.name}", flush=True)
        if outcome.message:
            print(outcome.message, file=sys.stderr, flush=True)

    try:
        outcomes = execute_book(options.root.resolve(), options.jobs, options.chapters or None, report)
    except ChapterError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 1 if any(outcome.state == "failed" for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
