"""Numbers of parameters. Oracles: published numbers; networks that are really built."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from focalbook.campaigns.architectures import PUBLISHED, Published, count, published_form
from focalbook.nn.models import MODELS, build_model


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda e: e.name)
def test_published_numbers_are_met(entry: Published) -> None:
    assert round(published_form(entry) / 1e6, entry.digits) == round(entry.number / 1e6, entry.digits)


def test_nothing_is_lost_on_the_meta_device() -> None:
    for name, shape in (("cnn", (3, 8, 8)), ("mlp", (1, 8, 8)), ("vit", (3, 8, 8))):
        assert name in MODELS
        real = sum(p.numel() for p in build_model(name, shape, 10).parameters())
        assert count(name, shape, 10) == real


def test_sources_are_in_the_bibliography(root: Path) -> None:
    keys = re.findall(r"^@\w+\{([^,\s]+),", (root / "book/references.bib").read_text(), re.MULTILINE)
    assert {entry.source for entry in PUBLISHED} <= set(keys)
