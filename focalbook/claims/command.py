"""``focalbook claims``: check every claim, print the ledger, compare it with what is recorded."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from focalbook.claims.core import ORDER, Result
from focalbook.claims.record import FILE, as_json, read, regressions, statuses, write
from focalbook.claims.registry import CLAIMS, claim, run
from focalbook.io.errors import DataFileError
from focalbook.symbolic import verify

__all__ = ["add_arguments", "main"]

_EXAMPLES = f"""examples:
  focalbook claims                    check everything and compare with the recorded statuses
  focalbook claims FE-8 FE-9          check two claims
  focalbook claims FE-8 --steps       show the derivation, with a tick for each verified step
  focalbook claims --list             list the claims without checking them
  focalbook claims --record           check everything and record the outcome in results/{FILE}
  focalbook claims --json > out.json  the same as data

A status is computed from three things: the derivation, whose steps a program verifies; the check, which tests
the claim numerically; and the control, the same check of a false statement, which has to fail.
From best to worst: {", ".join(ORDER)}.

exit status: 0 all as good as recorded; 1 a status is worse than the recorded one, or failed; 2 wrong use.
"""

_COLOURS = {"proved": "32", "certified": "32", "corrected": "36", "checked": "36", "empirical": "36"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``focalbook claims``."""
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="claims to check, for example FE-8; all by default"
    )
    parser.add_argument("--record", action="store_true", help="record the statuses, unless one got worse")
    parser.add_argument(
        "--accept-worse", action="store_true", help="with --record: record worse statuses too"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--steps", action="store_true", help="print the steps of each derivation")
    parser.add_argument("--list", action="store_true", help="list the claims without checking them")
    parser.add_argument(
        "--results",
        type=Path,
        metavar="DIR",
        help="folder of the recorded statuses, ./results or above by default",
    )


def main(args: argparse.Namespace) -> int:
    """Run ``focalbook claims``; return the exit status."""
    try:
        return _main(args)
    except KeyError as error:
        return _complain(str(error.args[0]))
    except DataFileError as error:
        return _complain(str(error))


def _complain(message: str) -> int:
    print(f"focalbook claims: {message}", file=sys.stderr)
    return 2


def _main(args: argparse.Namespace) -> int:
    chosen = [claim(one).id for one in dict.fromkeys(args.ids)] or list(CLAIMS)
    if args.list:
        _print_list(chosen)
        return 0
    if args.accept_worse and not args.record:
        return _complain("--accept-worse says what to do with --record: give both")
    path = (args.results or _results_folder()) / FILE
    if args.record and not path.parent.is_dir():
        return _complain(f"there is no folder {path.parent}: create it, or name another with --results")
    before = statuses(read(path))
    started = time.perf_counter()
    results = _run_with_progress(chosen)
    if args.json:
        print(json.dumps([as_json(result) for result in results], indent=2, ensure_ascii=False))
    else:
        _print_table(results, before, time.perf_counter() - started)
        if args.steps:
            _print_steps(results)
    return _compare(results, before, path, args)


def _compare(results: Sequence[Result], before: dict[str, str], path: Path, args: argparse.Namespace) -> int:
    """Say what got worse, record if asked to, and return the exit status."""
    worse = regressions(results, before, whole=not args.ids)
    for line in worse:
        print(f"worse than recorded: {line}", file=sys.stderr)
    failed = [result.id for result in results if result.status == "failed"]
    if failed and not worse:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    if args.record and worse and not args.accept_worse:
        print(f"{path} is unchanged: --accept-worse records the worse statuses", file=sys.stderr)
    elif args.record:
        write(results, path)
        print(f"recorded in {path}", file=sys.stderr)
    elif not before:
        print(f"nothing is recorded in {path} to compare with", file=sys.stderr)
    return 1 if worse or failed else 0


def _results_folder() -> Path:
    """The folder ``results`` here or in the nearest folder above that has one."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "results" / FILE).is_file():
            return folder / "results"
    return here / "results"


def _run_with_progress(ids: Sequence[str]) -> list[Result]:
    from tqdm import tqdm

    with tqdm(total=len(ids), unit="claim", leave=False, file=sys.stderr) as bar:

        def show(result: Result) -> None:
            bar.set_postfix_str(f"{result.id} {result.status}", refresh=False)
            bar.update()

        return run(ids, progress=show)


def _print_list(ids: Sequence[str]) -> None:
    for one in ids:
        print(f"{one:<6}  {CLAIMS[one].source:<19}  {CLAIMS[one].title}")


def _print_table(results: Sequence[Result], before: dict[str, str], seconds: float) -> None:
    head = ("claim", "status", "steps", "residual", "tolerance", "comparisons", "recorded", "title")
    rows = [
        (
            r.id,
            r.status,
            f"{sum(verify(step).ok for step in r.derivation)}/{len(r.derivation)}" if r.derivation else "-",
            f"{r.residual:.1e}" if math.isfinite(r.residual) else str(r.residual),
            f"{r.tolerance:.0e}" if r.tolerance < 0.01 else f"{r.tolerance:g}",
            f"{r.count:,}",
            before.get(r.id, "-"),
            r.claim.title.replace("$", "").replace("\\", ""),
        )
        for r in results
    ]
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    right = {2, 3, 4, 5}
    for row in (head, *rows):
        cells = [
            c.rjust(w) if k in right else c.ljust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        cells[1] = _coloured(cells[1], row[1])
        print("  ".join(cells).rstrip())
    counts = Counter(r.status for r in results)
    summary = ", ".join(f"{counts[status]} {status}" for status in ORDER if counts[status])
    print(f"\n{len(results)} {'claim' if len(results) == 1 else 'claims'}: {summary}; {seconds:.0f} s")


def _coloured(text: str, status: str) -> str:
    """Colour a status on a terminal that shows colours."""
    if status not in ORDER or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{_COLOURS.get(status, '31')}m{text}\033[0m"


def _print_steps(results: Sequence[Result]) -> None:
    for result in results:
        print(f"\n{result.id}: {result.reason}")
        for number, step in enumerate(result.derivation, 1):
            verdict = verify(step)
            print(f"  {'✓' if verdict.ok else '✗'} {number:>2}. {step.title} [{step.kind}: {verdict.method}]")
