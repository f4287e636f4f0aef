"""Failure rates. Oracle: the campaign's own counts, and what the claim demands of them."""

from __future__ import annotations

from focalbook.figures import pac_failures
from focalbook.figures.style import figure

NUMBERS = pac_failures.data(sizes=(1, 10**6), betas=(0.0, 3.0), replicates=400)


def test_fixed_priors_keep_their_promise_and_others_do_not() -> None:
    few, many = NUMBERS.by_size
    for rule in ("kl event", "any posterior"):
        assert few.interval(rule)[0] <= 0.05
        assert many.interval(rule)[0] <= 0.05
    assert few.rate("prior from the data") < 0.05 < many.rate("prior from the data")


def test_without_inverse_temperature_nothing_goes_wrong() -> None:
    flat, steep = NUMBERS.by_beta
    assert flat.rate("prior from the data") < 0.05 < steep.rate("prior from the data")
    assert flat.replicates == 400


def test_it_can_be_drawn() -> None:
    shown = figure(pac_failures.draw, NUMBERS, alt="Rates with intervals", ncols=2)
    assert shown.light != shown.dark
