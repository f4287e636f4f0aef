"""Choosing the class columns of a table by name, pattern or number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from focalbook.io.base import Options
from focalbook.io.errors import DataFileError

__all__ = ["choose_columns", "shown"]

_NUMBERS = re.compile(r"(\d+)(?:-(\d+))?")


def shown(name: str, index: int) -> str:
    """How a message refers to a column."""
    return f"column {name!r}" if name else f"column {index + 1}"


def choose_columns(
    names: Sequence[str], options: Options, label: str, automatic: Sequence[int] = ()
) -> list[int]:
    """Indices of the class columns, in the order in which class weights refer to them.

    Parameters
    ----------
    names
        All columns, in the order of the file; empty strings where they have no name.
    options
        ``columns`` lists the class columns; ``id_columns`` the others. An entry is a name, a pattern with
        ``*`` or ``?``, or, where no column is called by a number, a position from 1 or a range (``2-11``).
    label
        The file, for messages.
    automatic
        Columns that are never classes unless they are chosen (row indices written by pandas).

    Raises
    ------
    DataFileError
        If an entry matches no column or several of the same name, or both lists are given.
    """
    if options.columns is not None and options.id_columns is not None:
        raise DataFileError(f"{label}: --columns and --id-columns say the same thing twice: give one of them")
    if options.columns is not None:
        return _resolve(options.columns, names, label)
    others = set(automatic)
    if options.id_columns is not None:
        others |= set(_resolve(options.id_columns, names, label))
    return [i for i in range(len(names)) if i not in others]


def _resolve(entries: Sequence[str], names: Sequence[str], label: str) -> list[int]:
    found: list[int] = []
    for entry in entries:
        for index in _matches(entry, names, label):
            if index in found:
                raise DataFileError(f"{label}: {shown(names[index], index)} is chosen twice")
            found.append(index)
    return found


def _matches(entry: str, names: Sequence[str], label: str) -> list[int]:
    exact = [i for i, name in enumerate(names) if name == entry and name]
    if len(exact) > 1:
        places = ", ".join(str(i + 1) for i in exact)
        raise DataFileError(f"{label}: columns {places} are all called {entry!r}: rename them")
    if exact:
        return exact
    if any(mark in entry for mark in "*?"):
        hits = [i for i, name in enumerate(names) if fnmatchcase(name, entry.replace("[", "[[]"))]
        if hits:
            return hits
    numbers = _NUMBERS.fullmatch(entry)
    if numbers and not any(name.isdigit() for name in names):
        first = int(numbers[1])
        last = int(numbers[2] or first)
        if 1 <= first <= last <= len(names):
            return list(range(first - 1, last))
        raise DataFileError(f"{label}: there is no column {entry}: the file has {len(names)} columns")
    listed = ", ".join(" ".join(name.split()) for name in names if name)
    listed = listed if len(listed) <= 200 else listed[:200] + " ..."
    listed = listed or f"numbered 1 to {len(names)}"
    raise DataFileError(f"{label}: no column {entry!r}: the columns are {listed}")
