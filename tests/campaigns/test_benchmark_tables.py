"""Tables of the benchmarks. Oracles: the stored JSON, read without the package, and the page's text."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import jsonschema
import pytest

from focalbook.campaigns import benchmark_tables as tables
from focalbook.campaigns.benchmarks import FOLDER, by_contender, load, only
from focalbook.io.manifest import check_manifest, read_manifest
from focalbook.store import Record

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results"
NUMBER = {"anyOf": [{"type": "number"}, {"enum": ["nan"]}]}
METRIC = {
    "type": "object",
    "required": ["value", "low", "high", "n"],
    "additionalProperties": False,
    "properties": {
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n": {"type": "integer", "minimum": 1},
    },
}
RECORD = {
    "type": "object",
    "required": ["schema", "id", "campaign", "configuration", "metrics", "seconds", "provenance", "arrays"],
    "properties": {
        "schema": {"const": 1},
        "campaign": {"const": "benchmark"},
        "metrics": {"type": "object", "additionalProperties": METRIC, "minProperties": 1},
        "provenance": {
            "type": "object",
            "required": ["commit", "created", "device", "dirty", "versions"],
            "properties": {"device": {"type": "string", "minLength": 4}, "commit": {"type": "string"}},
        },
    },
}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return load(RESULTS)


def _raw() -> list[dict]:
    return [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((RESULTS / FOLDER).glob("*.json"))
    ]


def test_stored_records_follow_the_schema_and_the_manifest() -> None:
    for content in _raw():
        jsonschema.validate(content, RECORD)
    names = {f"{FOLDER}/{path.name}" for path in (RESULTS / FOLDER).iterdir()}
    assert {name for name in read_manifest(RESULTS) if name.startswith(FOLDER)} == names
    assert [line for line in check_manifest(RESULTS) if FOLDER in line] == []


def test_every_table_that_the_page_shows_is_recorded(records: list[Record]) -> None:
    for table in ("loss", "posterior"):
        assert tables.timed(records, table) == [(8192, 100), (1024, 50_000)]
    assert {r.configuration["table"] for r in records} == {
        *("loss", "posterior", "gradients", "posteriors", "minimizer", "scaling")
    }


def test_ratios_shown_are_the_stored_ones(records: list[Record]) -> None:
    head, body = tables.times(records, "loss", 8192, 100)
    assert len(head) == 5
    for content in _raw():
        setting = content["configuration"]
        if setting["table"] == "loss" and setting["rows"] == 8192:
            column = next(i for i, text in enumerate(head) if text.endswith(f"γ = {setting['gamma']:g}"))
            for row in body:
                stored = content["metrics"].get(f"{row[0]}: ratio")
                if stored is None:
                    assert row[column] == tables.MISSING
                    continue
                shown = [float(x.replace(",", "")) for x in re.findall(r"[\d.,]*\d", row[column])]
                expected = [stored["value"], stored["low"], stored["high"]][: len(shown)]
                assert len(shown) == (1 if row is body[0] else 3)
                assert shown == pytest.approx(expected, rel=0.06, abs=0.0051)


def test_the_first_contender_is_the_base(records: list[Record]) -> None:
    for record in records:
        if record.configuration["table"] in ("loss", "posterior", "minimizer"):
            first = next(iter(by_contender(record).values()))["ratio"]
            assert (first.value, first.low, first.high) == (1.0, 1.0, 1.0)


def test_nothing_of_ours_is_lost_and_others_are(records: list[Record]) -> None:
    for table, worse in (("gradients", "exp(-cross_entropy)"), ("posteriors", "softmax, then 1/phi")):
        found = by_contender(only(records, table))
        assert sum(m.value for m in found["focalbook"].values()) == 0
        assert sum(m.value for m in found[worse].values()) > 0
        rows = {row[0]: row for row in tables.lost(records, table)[1]}
        assert rows["focalbook"][1].startswith("0 of ")
        total = sum(int(re.match(r"[\d,]+", cell)[0].replace(",", "")) for cell in rows[worse][1:3])
        assert total == sum(m.value for m in found[worse].values())
        assert total == sum(int(cell.replace(",", "")) for cell in rows[worse][3:])


def test_a_contender_that_is_not_installed_is_named(records: list[Record]) -> None:
    record = only(records, "gradients")
    metrics = {name: m for name, m in record.metrics.items() if not name.startswith("Kornia")}
    others = [r for r in records if r is not record]
    body = tables.lost([*others, dataclasses.replace(record, metrics=metrics)], "gradients")[1]
    assert next(row for row in body if row[0] == "Kornia")[1] == "not installed"


def test_errors_of_the_solvers(records: list[Record]) -> None:
    body = {row[0]: row for row in tables.minimizers(records, 10)[1]}
    assert {"SLSQP", "trust-constr", "nested brentq", "torch L-BFGS"} < set(body)
    assert float(body["focalbook"][3].replace("\u2212", "-")) < 1e-15
    assert float(body["SLSQP"][3].replace("\u2212", "-")) > 1e-13


def test_scaling_is_linear_in_the_table(records: list[Record]) -> None:
    stored = by_contender(only(records, "scaling"))["focalbook"]
    for row in tables.scaling(records)[1]:
        classes = int(row[0].replace(",", ""))
        assert float(row[2]) == pytest.approx(stored[f"{classes} classes"].value / classes * 1e6, abs=0.5)


def test_records_of_one_run_only(records: list[Record]) -> None:
    labels = [row[0] for row in tables.made_on(records)[1]]
    assert labels[:3] == ["Machine", "Date", "Commit"]
    assert "`torch`" in labels
    other = dataclasses.replace(records[0].provenance, created="2001-01-01T00:00:00+00:00")
    with pytest.raises(ValueError, match="several runs"):
        tables.made_on([*records[1:], dataclasses.replace(records[0], provenance=other)])


def test_the_page_types_no_measured_number() -> None:
    text = (ROOT / "book/benchmarks.md").read_text(encoding="utf-8").split("# Benchmarks", 1)[1]
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert re.findall(r"\d+\.\d+|\d+ (?:ms|times|%)", prose) == []
