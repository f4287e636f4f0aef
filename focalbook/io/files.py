"""From a file of probabilities to a file of class posteriors, whatever its size."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from focalbook.io.atomic import atomic_output, check_target
from focalbook.io.base import BLOCK_BYTES, Advance, Options, Source
from focalbook.io.errors import DataFileError
from focalbook.io.formats import detect_format, open_source
from focalbook.io.recovery import Recovery, Summary

__all__ = ["recover_file"]


def recover_file(
    source: str | Path,
    target: str | Path | BinaryIO,
    gamma: float,
    *,
    weights: Sequence[float] | None = None,
    logits: bool = False,
    tolerance: float | None = None,
    options: Options | None = None,
    kind: str | None = None,
    force: bool = False,
    progress: Callable[[Source], Advance] | None = None,
    block_bytes: int = BLOCK_BYTES,
) -> Summary:
    """Read a file of class probabilities, write the class posteriors, in the same format.

    Parameters
    ----------
    source
        CSV, NPY, NPZ or Parquet file; ``"-"`` for CSV from standard input.
    target
        File to write; it is replaced in one step when everything went well. Or an open binary file.
    gamma, weights, logits, tolerance
        See `Recovery`. ``tolerance=None`` takes what the precision of the file allows.
    options
        How to read the file.
    kind
        ``"csv"``, ``"npy"``, ``"npz"`` or ``"parquet"``; None goes by the ending of the name.
    force
        Allow ``target`` to be ``source``.
    progress
        Called once with the open source; what it returns is called with each amount of work done.
    block_bytes
        Size of the pieces that are worked on; it has no influence on the numbers.

    Returns
    -------
    Summary

    Raises
    ------
    DataFileError
        For anything wrong with the file or the parameters; an existing ``target`` is then as it was.
    """
    source = Path(source)
    kind = kind or detect_format(source)
    if isinstance(target, str | Path):
        target = Path(target)
        _check_pair(source, target, kind, force)
    with ExitStack() as stack:
        opened = stack.enter_context(open_source(source, kind, options or Options()))
        try:
            work = Recovery(
                gamma,
                opened.classes,
                weights=weights,
                logits=logits,
                tolerance=opened.tolerance if tolerance is None else tolerance,
                suspect=opened.suspect,
            )
        except DataFileError as error:
            raise opened.fail(str(error)) from error
        if logits and opened.doubtful:
            raise opened.fail(
                f"{opened.doubtful[0]} holds whole numbers, unlike the others: is it a class? If not, name "
                f"it in --id-columns; if so, name all class columns in --columns"
            )
        advance = progress(opened) if progress else _ignore
        out = stack.enter_context(_output(target)) if isinstance(target, Path) else target
        opened.transform(out, work, advance, block_bytes)
        if work.summary.rows == 0:
            raise opened.fail("there are no rows in it")
        work.summary.passed = opened.passed
    return work.summary


@contextmanager
def _output(target: Path) -> Iterator[BinaryIO]:
    with atomic_output(target) as handle:
        if target.suffix.lower() == ".gz":
            # No name and no time inside: equal contents make equal files.
            with gzip.GzipFile(filename="", mode="wb", fileobj=handle, mtime=0) as packed:
                yield cast(BinaryIO, packed)
        else:
            yield handle


def _ignore(_: int) -> None:
    return None


def _check_pair(source: Path, target: Path, kind: str, force: bool) -> None:
    resolved = check_target(target)
    try:
        other = detect_format(target)
    except DataFileError:
        other = kind  # a name without a known ending says nothing
    if other != kind:
        raise DataFileError(f"{target}: the output has the format of the input, {kind.upper()}: rename it")
    if source.exists() and resolved.exists() and source.samefile(resolved) and not force:
        raise DataFileError(
            f"{target} is the input itself: choose another name, or say --force to replace the "
            f"model's probabilities by the posteriors"
        )
