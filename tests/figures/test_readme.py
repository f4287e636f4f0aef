"""The pictures in the README are those that the code draws."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from focalbook.figures import readme

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@pytest.mark.parametrize("name", ["readme-gain.svg", "readme-gain-dark.svg"])
def test_pictures_are_up_to_date(name: str) -> None:
    """Equal but for numbers, and those equal to 0.01 points: processors differ in the last digit."""
    drawn = readme.images()[name].decode()
    stored = (readme.FOLDER / name).read_text()
    hint = "run: python -m focalbook.figures.readme"
    assert NUMBER.sub("#", drawn) == NUMBER.sub("#", stored), hint
    numbers = [np.array(NUMBER.findall(text), dtype=float) for text in (drawn, stored)]
    np.testing.assert_allclose(numbers[0], numbers[1], atol=0.01, err_msg=hint)


def test_readme_describes_them(root: Path) -> None:
    """For readers who cannot see the picture."""
    assert readme.ALT in " ".join((root / "README.md").read_text().split())
