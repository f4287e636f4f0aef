"""All claims, in the order of the book, and how to run them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

from focalbook.claims import kimura2024geometric, shah2025onebit, shah2026focal
from focalbook.claims.core import Claim, Result, evaluate

__all__ = ["CLAIMS", "claim", "run", "sources"]

#: Every claim by its id.
CLAIMS: dict[str, Claim] = {
    c.id: c for module in (shah2026focal, kimura2024geometric, shah2025onebit) for c in module.CLAIMS
}


def claim(claim_id: str) -> Claim:
    """The claim with an id, upper or lower case.

    Raises
    ------
    KeyError
        If there is none; the message names the nearest one.
    """
    found = CLAIMS.get(claim_id.upper())
    if found is None:
        near = difflib.get_close_matches(claim_id.upper(), CLAIMS, n=1, cutoff=0.0)
        raise KeyError(f"there is no claim {claim_id!r}; the nearest is {near[0]}")
    return found


def sources() -> tuple[str, ...]:
    """Bibliography keys of the papers, in the order of the book."""
    return tuple(dict.fromkeys(c.source for c in CLAIMS.values()))


def run(
    ids: Iterable[str] | str | None = None, progress: Callable[[Result], None] | None = None
) -> list[Result]:
    """Compute the status of claims.

    Parameters
    ----------
    ids : iterable of str, or str, optional
        Claim ids; all claims when absent.
    progress : callable, optional
        Called with each result as soon as it is there.

    Returns
    -------
    list of Result
        In the order asked for. Seeds depend on the claim alone, so the outcome for one claim does not depend
        on which others are run.

    Raises
    ------
    KeyError
        For an unknown id; the message names the nearest one.

    Examples
    --------
    >>> [result.status for result in run("FE-8")]
    ['proved']
    """
    wanted = list(CLAIMS) if ids is None else [ids] if isinstance(ids, str) else list(ids)
    chosen = [claim(one) for one in wanted]
    results = []
    for one in chosen:
        results.append(evaluate(one))
        if progress is not None:
            progress(results[-1])
    return results
