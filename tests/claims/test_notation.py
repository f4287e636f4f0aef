"""The notation page. Oracle: the package itself: every function named on the page exists."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import focalbook as fb


def _code(root: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", (root / "book" / "notation.md").read_text(encoding="utf-8"))


def test_every_function_named_exists(root: Path) -> None:
    named = [text for text in _code(root) if text.startswith("fb.")]
    assert len(named) > 15
    for text in named:
        target = fb
        call = re.match(r"fb((?:\.\w+)+)", text)
        assert call is not None
        path = call[1].strip(".").split(".")
        if path[0] == "zones" and len(path) > 1:  # an attribute of the result
            continue
        for name in path:
            target = getattr(target, name)


def test_every_dotted_path_exists(root: Path) -> None:
    paths = [text for text in _code(root) if text.startswith("focalbook.")]
    assert paths
    for text in paths:
        module, _, name = text.rpartition(".")
        assert hasattr(importlib.import_module(module), name), text


def test_zones_has_the_attributes_on_the_page() -> None:
    zones = fb.zones([0.6, 0.4], 1.0)
    for name in ("p_low", "p_high", "multiplier", "regime"):
        assert hasattr(zones, name)
