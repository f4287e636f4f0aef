"""The catalogue with small data sets, and no proxy between a test and its own server."""

from __future__ import annotations

import os

import pytest

from focalbook.data import catalogue, download
from tests.data.official import SMALL


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the catalogue's entries by small data sets in the same layouts."""
    for name, spec in SMALL.items():
        monkeypatch.setitem(catalogue.CATALOGUE, name, spec)


@pytest.fixture
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(download, "_PAUSE", 0.0)
