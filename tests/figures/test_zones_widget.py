"""What the interactive figure is given: oracle the conditions of the minimiser, group by group."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from focalbook.figures import zones_widget
from focalbook.figures.zones_widget import Group


def gain(p: float, gamma: float) -> float:
    return float((1 - p) ** gamma - gamma * p * (1 - p) ** (gamma - 1) * np.log(p))


def test_presets_are_distributions() -> None:
    for preset in zones_widget.PRESETS:
        assert sum(group.mass * group.count for group in preset.groups) == pytest.approx(1.0, rel=1e-12)


def test_references_satisfy_the_conditions() -> None:
    references = zones_widget.data().references
    assert len(references) > 30
    for reference in references:
        total = sum(q * group.count for q, group in zip(reference.q, reference.groups, strict=True))
        assert total == pytest.approx(1.0, rel=1e-12)
        for group, q in zip(reference.groups, reference.q, strict=True):
            if group.mass > 0 and 1e-200 < q < 0.9:
                level = group.mass * gain(q, reference.gamma) / q
                assert level == pytest.approx(reference.multiplier, rel=1e-10)


@pytest.mark.parametrize(("heads", "rare", "gamma"), [(3, 5, 1.0), (2, 20, 1.0), (3, 10, 2.0)])
def test_two_levels_stay(heads: int, rare: int, gamma: float) -> None:
    high, low = zones_widget.two_levels(heads, rare, gamma)
    assert high.mass > 1.2 * low.mass
    assert heads * high.mass + rare * low.mass == pytest.approx(1.0, rel=1e-14)
    assert gain(high.mass, gamma) == pytest.approx(gain(low.mass, gamma), rel=1e-12)


def test_two_levels_do_not_always_exist() -> None:
    with pytest.raises(ValueError, match="no two levels"):
        zones_widget.two_levels(1, 1, 1.0)


def test_output_has_numbers_fallback_and_description() -> None:
    widget = zones_widget.draw(zones_widget.data(), alt='Bars and a curve, "editable" <here>')
    bundle = widget._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    page = bundle["text/html"]
    assert page.startswith('<div class="zones-widget" role="group" aria-label="Bars and a curve, &quot;')
    assert page.count("<img") == 2
    found = re.search(r'class="zones-data">(.*?)</script>', page, re.DOTALL)
    assert found
    stored = json.loads(found.group(1))
    assert stored["references"][0]["q"] == list(zones_widget.data().references[0].q)
    assert stored["presets"][0]["groups"][0] == {"mass": 0.08, "count": 10}


def test_solve_keeps_groups_apart() -> None:
    one = zones_widget.solve((Group(0.2, 3), Group(0.4)), 2.0)
    assert len(one.q) == 2
    assert one.q[0] * 3 + one.q[1] == pytest.approx(1.0, rel=1e-13)
