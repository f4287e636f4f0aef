"""The benchmark of campaigns on a small scale. Oracle: the numbers it was asked for."""

from __future__ import annotations

import pytest

from benchmarks.campaigns import killing, loading


def test_it_reports_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    loading(3)
    killing(2, runs=5)
    out = capsys.readouterr().out
    assert out.startswith("3 records")
    assert "0 wrong" in out
    assert "2 moments tried" in out
    assert "0 records lost or damaged" in out
