"""The registry. Oracle: its documentation."""

from __future__ import annotations

import pytest

from focalbook.claims import CLAIMS, claim, run, sources
from focalbook.claims.core import Result
from focalbook.symbolic import DERIVATIONS


def test_ids_are_keys_and_unique() -> None:
    assert all(key == value.id for key, value in CLAIMS.items())


def test_sources_in_order() -> None:
    assert sources() == ("shah2026focal", "kimura2024geometric", "shah2025onebit")


def test_every_derivation_belongs_to_a_claim_and_back() -> None:
    assert {c.id for c in CLAIMS.values() if c.derived} == set(DERIVATIONS)


def test_texts_are_whole() -> None:
    for one in CLAIMS.values():
        for text in (one.title, one.statement, one.origin, one.control_says, *one.assumptions):
            assert text.strip(), one.id
            assert text.count("$") % 2 == 0, (one.id, text)
        assert one.assumptions, one.id
        assert one.statement.rstrip("$").endswith("."), one.id


def test_claim_by_id_in_any_case() -> None:
    assert claim("fe-8") is CLAIMS["FE-8"]


@pytest.mark.parametrize(("wrong", "near"), [("FE-88", "FE-8"), ("GC-88", "GC-8"), ("x", "")])
def test_unknown_id_names_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(KeyError, match=f"no claim '{wrong}'; the nearest is {near}"):
        claim(wrong)


def test_run_keeps_the_order_and_reports_progress() -> None:
    seen: list[str] = []

    def progress(result: Result) -> None:
        seen.append(result.id)

    results = run(["GC-8", "FE-8"], progress=progress)
    assert [result.id for result in results] == seen == ["GC-8", "FE-8"]


def test_run_is_deterministic_and_independent_of_what_else_runs() -> None:
    alone, beside = run("FE-8")[0], run(["FE-1", "FE-8"])[1]
    assert alone.check == beside.check
    assert alone.control == beside.control


def test_unknown_ids_are_refused_before_anything_runs() -> None:
    seen: list[Result] = []
    with pytest.raises(KeyError):
        run(["FE-1", "FE-99"], progress=seen.append)
    assert seen == []
