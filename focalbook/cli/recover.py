"""``focalbook recover``: class posteriors for a file of probabilities or logits."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from focalbook.cli.errors import CommandError

if TYPE_CHECKING:
    from focalbook.io.base import Source
    from focalbook.io.recovery import Summary

__all__ = ["add_arguments", "main"]

_DETAILS = """
A model trained with focal loss does not report the class posterior P but the
minimiser Q of the focal-entropy. This command reads rows of Q and writes rows
of P, p_i ~ 1 / (w_i phi(q_i)), in the format of the input. Without class
weights the order of the classes, and so the prediction, stays the same.

CSV (.csv, .tsv, either with .gz) and Parquet: every column is a class unless
--columns or --id-columns says otherwise; the others are copied. Parquet may
hold the classes in one column of lists. NPY and NPZ: the last axis holds the
classes unless --axis says otherwise. Files larger than memory are fine. OUT
replaces an existing file in one step, once everything is written; if anything
goes wrong, it stays as it was.
"""

_EXAMPLES = """examples:
  focalbook recover probs.csv -o posteriors.csv --gamma 2
  focalbook recover probs.csv -o posteriors.csv --gamma 2 --id-columns image,label
  focalbook recover probs.parquet -o posteriors.parquet --gamma 2 --columns 'p_*'
  focalbook recover logits.npy -o posteriors.npy --gamma 3 --logits
  focalbook recover run.npz -o run-recovered.npz --gamma 2 --array probs
  focalbook recover detections.csv -o - --gamma 2 --alpha 0.75,0.25 | head
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``focalbook recover``."""
    parser.description = f"{parser.description}\n{_DETAILS}"
    parser.epilog = _EXAMPLES
    add = parser.add_argument
    add("input", metavar="IN", help="file to read, or - for CSV from standard input")
    add("-o", "--output", metavar="OUT", required=True, help="file to write, or - for CSV to standard output")
    add("--gamma", type=float, required=True, metavar="G", help="gamma of the training loss, at least 0")
    add(
        "--alpha",
        metavar="W",
        help="class weights of the loss, in the order of the class columns: numbers with commas between, "
        "or a file of them (text or .npy)",
    )
    add("--logits", action="store_true", help="the numbers are logits; softmax is applied first")
    add(
        "--tolerance",
        type=float,
        metavar="T",
        help="how far the sum of a row may be from one; such a row is divided by its sum. Default: what the "
        "precision or the number of decimals of the file explains",
    )
    add("--format", choices=("csv", "npy", "npz", "parquet"), help="format, if the name of IN does not tell")
    add("--force", action="store_true", help="allow OUT to be IN")
    add("-q", "--quiet", action="store_true", help="no progress bar and no summary")
    _add_table_arguments(parser)
    arrays = parser.add_argument_group("arrays (NPY, NPZ)")
    arrays.add_argument("--array", metavar="NAME", help="array of an NPZ file, if several can be meant")
    arrays.add_argument("--axis", type=int, metavar="A", help="class axis, -1 by default")


def _add_table_arguments(parser: argparse.ArgumentParser) -> None:
    tables = parser.add_argument_group(
        "tables (CSV, Parquet)",
        "LIST: names, patterns such as 'p_*', or positions such as 2-11, with commas.",
    )
    tables.add_argument("--columns", metavar="LIST", type=_entries, help="the class columns")
    tables.add_argument("--id-columns", metavar="LIST", type=_entries, help="the columns that are no classes")
    tables.add_argument("--delimiter", metavar="C", help="CSV: character between fields, or 'tab'")
    header = tables.add_mutually_exclusive_group()
    header.add_argument(
        "--header",
        action="store_true",
        default=None,
        help="CSV: the first line holds names (default: find out)",
    )
    header.add_argument("--no-header", action="store_false", dest="header", help="CSV: it holds numbers")


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def main(args: argparse.Namespace) -> int:
    """Run ``focalbook recover``."""
    from focalbook.io.base import Options
    from focalbook.io.errors import DataFileError
    from focalbook.io.files import recover_file
    from focalbook.io.weights import read_weights

    options = Options(
        columns=args.columns,
        id_columns=args.id_columns,
        header=args.header,
        delimiter=args.delimiter,
        array=args.array,
        axis=args.axis,
    )
    with ExitStack() as stack:
        try:
            summary = recover_file(
                args.input,
                stack.enter_context(_standard_output()) if args.output == "-" else args.output,
                args.gamma,
                weights=None if args.alpha is None else read_weights(args.alpha),
                logits=args.logits,
                tolerance=args.tolerance,
                options=options,
                kind=args.format,
                force=args.force,
                progress=_progress_bar(stack, args.quiet),
            )
        except DataFileError as error:
            raise CommandError(str(error)) from error
    if not args.quiet:
        print(_report(summary, Path(args.output)), file=sys.stderr)
    return 0


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    """Standard output for bytes; unbuffered (``python -u``) it may take only a part of them, so buffer it."""
    out = sys.stdout.buffer
    if not isinstance(out, io.RawIOBase):
        yield out
        return
    buffered = io.BufferedWriter(out)
    try:
        yield buffered
        buffered.flush()
    finally:
        buffered.detach()


def _progress_bar(stack: ExitStack, quiet: bool) -> Callable[[Source], Callable[[int], object]] | None:
    if quiet or not sys.stderr.isatty():
        return None

    def start(source: Source) -> Callable[[int], object]:
        from tqdm import tqdm

        divisor = 1024 if source.unit == "B" else 1000
        bar = tqdm(total=source.total, unit=source.unit, unit_scale=True, unit_divisor=divisor, leave=False)
        return stack.enter_context(bar).update

    return start


def _report(summary: Summary, target: Path) -> str:
    lines = [
        f"{summary.rows:,} rows of {summary.classes:,} classes at gamma = {summary.gamma:g} -> "
        f"{'standard output' if str(target) == '-' else target}",
        f"mean top probability {summary.top_before:.4f} -> {summary.top_after:.4f}; "
        f"top class kept in {summary.kept:,} of {summary.rows:,} rows",
    ]
    if summary.rescaled:
        lines.append(
            f"{summary.rescaled:,} rows divided by their sum "
            f"(largest distance from one {summary.deviation:.2g}, allowed {summary.tolerance:.2g})"
        )
    if summary.passed:
        more = f" and {len(summary.passed) - 5} more" if len(summary.passed) > 5 else ""
        lines.append(f"copied unchanged: {', '.join(summary.passed[:5])}{more}")
    return "\n".join(lines)
