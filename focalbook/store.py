"""Records of runs: what was configured, what was measured, and where it comes from. Knows no science.

A record is one small JSON file, ``<id>.json``, with arrays beside it in ``<id>.npz``. The id is a hash of the
campaign's name and the configuration, so equal runs have equal names. Files appear whole or not at all, and
reading checks everything that writing promised.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.io.atomic import atomic_output

__all__ = [
    "SCHEMA",
    "Metric",
    "Provenance",
    "Record",
    "RecordError",
    "configuration_id",
    "provenance",
    "read_record",
    "record_text",
    "write_record",
]

SCHEMA = 1
LIBRARIES = ("numpy", "scipy", "scikit-learn", "torch")
_KEYS = {"schema", "id", "campaign", "configuration", "metrics", "seconds", "provenance", "arrays"}


class RecordError(ValueError):
    """A record that is damaged, incomplete or of another schema; the message names file and reason."""


def configuration_id(configuration: Mapping[str, Any]) -> str:
    """Identifier of a configuration: 16 hexadecimal digits of the SHA-256 of its canonical JSON.

    Parameters
    ----------
    configuration : mapping of str to JSON values
        Tuples count as lists; the order of the keys does not matter.

    Returns
    -------
    str

    Raises
    ------
    ValueError, TypeError
        A value that JSON cannot hold, NaN and infinities included.
    """
    text = json.dumps(configuration, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Metric:
    """A measured number.

    Attributes
    ----------
    value : float
    low, high : float
        Ends of its interval; NaN where there is none.
    n : int, >= 1
        Samples behind it.
    """

    value: float
    low: float
    high: float
    n: int

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"a metric rests on at least one sample, got n = {self.n}.")


@dataclass(frozen=True)
class Provenance:
    """Where a record was made.

    Attributes
    ----------
    device : str
    versions : dict of str
        Versions of Python and of the libraries.
    commit : str or None
        Commit of the source; None outside a checkout.
    dirty : bool or None
        Whether tracked files differed from that commit.
    created : str
        Time, ISO 8601, UTC.
    """

    device: str
    versions: dict[str, str]
    commit: str | None
    dirty: bool | None
    created: str


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes
    ----------
    campaign : str
    configuration : dict of JSON values
        Everything that decides the outcome.
    metrics : dict of Metric
    seconds : float, >= 0
    provenance : Provenance
    arrays : dict of ndarray
        Larger results, kept beside the JSON file.
    """

    campaign: str
    configuration: dict[str, Any]
    metrics: dict[str, Metric]
    seconds: float
    provenance: Provenance
    arrays: dict[str, NDArray] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Identifier made from campaign and configuration."""
        return configuration_id({"campaign": self.campaign, "configuration": self.configuration})


def provenance(device: str = "cpu") -> Provenance:
    """Provenance of a record made now, by this process, on a device that the caller names."""
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        versions[name] = metadata.version(name)
    commit, dirty = _source()
    processor = platform.processor() or platform.machine()
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Provenance(f"{device} ({processor})", versions, commit, dirty, created)


@lru_cache(maxsize=1)
def _source() -> tuple[str | None, bool | None]:
    def git(*arguments: str) -> str:
        folder = Path(__file__).resolve().parent
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True, timeout=10
        )
        return done.stdout.strip()

    try:
        if not git("ls-files", "store.py"):  # an installed copy inside somebody else's checkout
            return None, None
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.SubprocessError):
        return None, None


def _number(value: float) -> float | str:
    """A float as JSON holds it; NaN and infinities as text, because standard JSON has none."""
    value = float(value)
    return value if math.isfinite(value) else str(value)


def _digest(array: NDArray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def record_text(record: Record) -> str:
    """The JSON of a record; its arrays are described there by shape, kind and SHA-256.

    Raises
    ------
    RecordError
        An array of Python objects.
    """
    for name, array in record.arrays.items():
        if array.dtype.hasobject:
            raise RecordError(f"array {name!r} holds Python objects: only numbers and text are stored.")
    described = {
        name: {"shape": list(array.shape), "dtype": array.dtype.str, "sha256": _digest(array)}
        for name, array in record.arrays.items()
    }
    metrics = {
        name: {"value": _number(m.value), "low": _number(m.low), "high": _number(m.high), "n": int(m.n)}
        for name, m in record.metrics.items()
    }
    content = {
        "schema": SCHEMA,
        "id": record.id,
        "campaign": record.campaign,
        "configuration": record.configuration,
        "metrics": metrics,
        "seconds": float(record.seconds),
        "provenance": vars(record.provenance),
        "arrays": described,
    }
    return json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n"


def write_record(record: Record, folder: Path, name: str | None = None) -> Path:
    """Write a record and its arrays.

    Parameters
    ----------
    record : Record
    folder : Path
        An existing folder.
    name : str, optional
        Name of the JSON file, which ends in ``.json``; ``<id>.json`` where None.

    Returns
    -------
    Path
        The JSON file; the arrays lie beside it in an ``.npz`` of the same name. An older record of that name
        is replaced. The arrays are written first, so that a JSON file never lacks them.

    Raises
    ------
    RecordError
        An array of Python objects, or a name with another ending.
    DataFileError
        The folder does not exist or cannot be written to.
    """
    path = folder / (f"{record.id}.json" if name is None else name)
    if path.suffix != ".json":
        raise RecordError(f"{path}: the name of a record ends in .json, because its arrays lie beside it.")
    text = record_text(record)
    if record.arrays:
        with atomic_output(path.with_suffix(".npz")) as handle:
            np.savez_compressed(handle, **record.arrays)  # type: ignore[arg-type]
    with atomic_output(path) as handle:
        handle.write(text.encode())
    return path


def read_record(path: Path, arrays: bool = True) -> Record:
    """Read a record written by :func:`write_record`, checking all of it.

    Parameters
    ----------
    path : Path
        The JSON file.
    arrays : bool
        Read the arrays too; without them the record has none, and the file beside it is not looked at.

    Returns
    -------
    Record

    Raises
    ------
    RecordError
        Not JSON, a missing or unknown key, another schema, an id that does not fit the configuration, or
        arrays that are missing or not the ones described.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise RecordError(f"{path}: not a JSON file, perhaps truncated ({error})") from error
    found = content.get("schema") if isinstance(content, dict) else None
    if found != SCHEMA:
        newer = isinstance(found, int) and found > SCHEMA
        hint = ": the record was written by a newer version, update focalbook" if newer else ""
        raise RecordError(f"{path}: schema {found!r}, this version of focalbook reads {SCHEMA}{hint}")
    if set(content) != _KEYS:
        odd = sorted(set(content) ^ _KEYS)
        raise RecordError(f"{path}: missing or unknown keys {odd}")
    try:
        metrics = {name: _metric(values) for name, values in content["metrics"].items()}
        record = Record(
            str(content["campaign"]),
            dict(content["configuration"]),
            metrics,
            float(content["seconds"]),
            Provenance(**content["provenance"]),
            _read_arrays(path, content["arrays"] if arrays else {}),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise RecordError(f"{path}: a value of the wrong kind ({error})") from error
    if record.id != content["id"]:
        raise RecordError(f"{path}: id {content['id']} does not fit the configuration, expected {record.id}")
    return record


def _metric(values: dict[str, Any]) -> Metric:
    return Metric(float(values["value"]), float(values["low"]), float(values["high"]), int(values["n"]))


def _read_arrays(path: Path, described: dict[str, dict[str, Any]]) -> dict[str, NDArray]:
    if not described:
        return {}
    beside = path.with_suffix(".npz")
    try:
        with np.load(io.BytesIO(beside.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except Exception as error:  # zipfile, zlib and NumPy each have their own errors for a damaged file
        raise RecordError(f"{beside}: cannot be read, perhaps truncated ({error})") from error
    if set(arrays) != set(described):
        raise RecordError(f"{beside}: holds {sorted(arrays)}, expected {sorted(described)}")
    for name, array in arrays.items():
        if described[name]["sha256"] != _digest(array) or described[name]["shape"] != list(array.shape):
            raise RecordError(f"{beside}: array {name!r} is not the one the record was written with")
    return arrays
