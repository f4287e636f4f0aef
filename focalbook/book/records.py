"""Recorded claim statuses, as the book shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

__all__ = ["RECORD_FILE", "anchor", "read_records", "split_ids"]

#: Where ``focalbook claims --record`` stores the computed statuses, from the root of the book.
RECORD_FILE = "results/claims.json"

_ID = re.compile(r"[A-Z]{2}-\d+")


def anchor(claim_id: str) -> str:
    """HTML id of a claim's row in the ledger, for example ``claim-fe-8``."""
    return f"claim-{claim_id.lower()}"


def split_ids(text: str) -> list[str]:
    """Cut a list such as ``FE-1 FE-2, GC-8`` into claim ids.

    Raises
    ------
    ValueError
        If a part is not an id of the form ``FE-8``.
    """
    ids = re.split(r"[\s,]+", text.strip())
    for claim_id in ids:
        if not _ID.fullmatch(claim_id):
            raise ValueError(f"not a claim id: {claim_id!r} (expected for example FE-8)")
    return ids


def read_records(root: Path) -> dict[str, dict[str, Any]]:
    """Recorded claims by id; empty where nothing has been recorded.

    Parameters
    ----------
    root
        Root of the book.

    Raises
    ------
    ValueError
        If the file is not a list of records with ``id`` and ``status`` under the key ``claims``.
    """
    path = root / RECORD_FILE
    if not path.is_file():
        return {}
    try:
        claims = json.loads(path.read_text(encoding="utf-8"))["claims"]
        if isinstance(claims, dict):
            claims = [{"id": key, **value} for key, value in claims.items()]
        records = {str(record["id"]): dict(record) for record in claims}
        for record in records.values():
            record["status"] = str(record["status"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{RECORD_FILE} is not a record of claims: {error!r}") from error
    return records
