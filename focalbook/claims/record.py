"""The recorded statuses: what ``make claims`` writes, and how a new run compares with it."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from focalbook.claims.core import ORDER, Check, Result, worse
from focalbook.claims.registry import CLAIMS
from focalbook.io.atomic import atomic_output
from focalbook.io.errors import DataFileError
from focalbook.io.manifest import update_manifest

__all__ = ["FILE", "SCHEMA", "as_json", "read", "regressions", "statuses", "write"]

FILE = "claims.json"
SCHEMA = 1
LIBRARIES = ("numpy", "scipy", "sympy", "mpmath", "torch")


def as_json(result: Result) -> dict[str, Any]:
    """One result as it is recorded: no timings, and residuals to two digits: equal runs give equal files."""
    ok = sum(verdict.ok for verdict in result.derivation.verdicts)
    return {
        "id": result.id,
        "status": result.status,
        "reason": result.reason,
        "source": result.claim.source,
        "kind": result.claim.kind,
        "title": result.claim.title,
        "chapter": result.claim.chapter,
        **_numbers(result.check),
        "domain": result.check.domain,
        "steps": len(result.derivation),
        "verified": ok,
        "control": {
            "says": result.claim.control_says,
            "fails": not result.control.passed,
            **_numbers(result.control),
        },
    }


def _numbers(check: Check) -> dict[str, Any]:
    """Residual (null when a yes-or-no statement is false), tolerance and count."""
    residual = float(f"{check.residual:.1e}") if math.isfinite(check.residual) else None
    return {"residual": residual, "tolerance": check.tolerance, "count": check.count}


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Recorded claims by id; empty where nothing has been recorded.

    Raises
    ------
    DataFileError
        If the file is damaged or of another schema.
    """
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise DataFileError(f"{path} has schema {content['schema']}, expected {SCHEMA}: record it again")
        return {str(record["id"]): dict(record) for record in content["claims"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(f"{path} is not a record of claims ({error!r}): record it again") from error


def statuses(recorded: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Recorded status of each claim."""
    return {claim: str(record.get("status")) for claim, record in recorded.items()}


def regressions(results: Sequence[Result], recorded: Mapping[str, str], whole: bool) -> list[str]:
    """One line for every status that is worse than the recorded one.

    Parameters
    ----------
    results
        What was computed now.
    recorded
        Status of each claim before.
    whole
        Whether all claims were run: a recorded claim that is gone then counts as worse.
    """
    lines = [
        f"{r.id} was {recorded[r.id]} and is now {r.status}: {r.reason}"
        for r in results
        if r.id in recorded and worse(r.status, recorded[r.id])
    ]
    if whole:
        lines += [
            f"{claim} was {status} and is gone" for claim, status in recorded.items() if claim not in CLAIMS
        ]
    return lines


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that decide the outcome."""
    found = {"python": platform.python_version()}
    return found | {name: metadata.version(name) for name in LIBRARIES}


def write(results: Sequence[Result], path: Path) -> None:
    """Record results, atomically; claims that were not run keep what was recorded, unknown ones go.

    Raises
    ------
    DataFileError
        If the old file is damaged or the new one cannot be written.
    """
    records = {claim: record for claim, record in read(path).items() if claim in CLAIMS}
    records |= {result.id: as_json(result) for result in results}
    content = {
        "schema": SCHEMA,
        "order": list(ORDER),
        "versions": versions(),
        "claims": [records[claim] for claim in CLAIMS if claim in records],
    }
    with atomic_output(path) as out:
        out.write((json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())
    update_manifest(path.parent, path.name)
