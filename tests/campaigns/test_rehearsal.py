"""The rehearsal. Oracle: NumPy's generator with the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.campaigns.experiments import Surroundings
from focalbook.campaigns.rehearsal import configure, execute


def test_what_is_recorded_follows_from_the_configuration() -> None:
    seen: list[tuple[int, int]] = []
    around = Surroundings("trial", watch=lambda done, total: seen.append((done, total)))
    record = execute(configure({"seed": 3, "gamma": 2, "epochs": 2, "size": 5}), around)
    values = np.random.default_rng([3, 2000]).random(5)
    np.testing.assert_equal(record.arrays["values"], values)
    assert record.metrics["mean"].value == pytest.approx(values.mean())
    assert seen == [(1, 2), (2, 2)]
    assert record.campaign == "trial"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gama": 1}, "unknown setting 'gama'"),
        ({"epochs": 0}, "at least 1"),
        ({"seconds": float("nan")}, "finite"),
    ],
)
def test_settings_are_checked(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        configure(settings)


def test_it_can_be_told_to_fail() -> None:
    with pytest.raises(FloatingPointError, match="became nan"):
        execute(configure({"fails": True}), Surroundings("trial"))
