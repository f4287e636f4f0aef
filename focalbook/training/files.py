"""Configurations of runs from TOML files and from single settings such as ``gamma=2``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from focalbook.training.run_config import RunConfig

__all__ = ["merged", "parse_settings", "read_config", "read_settings"]


def read_settings(path: Path) -> dict[str, Any]:
    """Settings in a TOML file, as they stand there.

    Raises
    ------
    ValueError
        The file cannot be read or is not TOML; the message names file and place.
    """
    try:
        with Path(path).open("rb") as handle:
            return tomllib.load(handle)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not TOML: {error}") from error


def parse_settings(entries: Iterable[str]) -> dict[str, Any]:
    """Settings written as ``key=value``, the value as in TOML or, where it is none, a word.

    Parameters
    ----------
    entries : iterable of str
        Such as ``gamma=2``, ``flip=true``, ``model=vit``, ``model_options.hidden=[32]``; later ones win.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        An entry of another form.

    Examples
    --------
    >>> parse_settings(["gamma=2", "model=vit", "model_options.hidden=[8]"])
    {'gamma': 2, 'model': 'vit', 'model_options': {'hidden': [8]}}
    """
    found: dict[str, Any] = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        if not equals or not key.strip():
            raise ValueError(f"{entry!r} is no setting: write key=value, such as gamma=2")
        found = merged(found, _one(key.strip(), value.strip(), entry))
    return found


def _one(key: str, value: str, entry: str) -> dict[str, Any]:
    for text in (value, f"'{value}'"):
        try:
            return tomllib.loads(f"{key} = {text}")
        except tomllib.TOMLDecodeError:
            continue
    raise ValueError(f"{entry!r} is no setting: write key=value, such as gamma=2")


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of two sources, those above winning; tables are merged entry by entry."""
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        both[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return both


def read_config(path: Path, above: Mapping[str, Any] | None = None) -> RunConfig:
    """The configuration in a TOML file, with settings that win over it.

    Raises
    ------
    ValueError
        As for :func:`read_settings` and :meth:`RunConfig.from_dict`; the message names the file.
    """
    values = read_settings(path)
    try:
        RunConfig.from_dict(values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
    return RunConfig.from_dict(merged(values, above or {}))
