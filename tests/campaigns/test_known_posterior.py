"""The known-posterior experiment; oracles: frequencies against the channel, repetition, its own controls."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from focalbook.campaigns.channel import channel
from focalbook.campaigns.known_posterior import KnownPosterior, letters_from, quick, run, select
from focalbook.data import load_digits
from focalbook.store import Record, read_record, write_record
from focalbook.theory.minimizer import bayes_risk, minimizer
from focalbook.training import TrainingConfig

TINY = KnownPosterior(
    gammas=(0.0, 2.0),
    seeds=(0, 3),
    letters_per_image=16,
    training=TrainingConfig(steps=300, hidden=(64, 64)),
    resamples=50,
)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return run(TINY)


def test_drawn_letters_have_the_frequencies_of_the_channel() -> None:
    """Fixed-seed z-test of every cell of the channel."""
    table, draws = channel(), 20_000
    share = letters_from(table, torch.Generator().manual_seed(0), draws).numpy()
    np.testing.assert_allclose(share.sum(axis=1), 1, rtol=1e-6)
    z = (share - table) / np.sqrt(table * (1 - table) / draws)
    assert np.abs(z).max() < 4


def test_single_draws_are_one_hot() -> None:
    share = letters_from(channel(), torch.Generator().manual_seed(1), 1)
    assert torch.equal(share.sort(dim=1).values[:, -1], torch.ones(10))
    assert torch.equal(share.sum(dim=1), torch.ones(10))


def test_one_record_for_each_seed_and_gamma(records: list[Record]) -> None:
    keys = [(r.configuration["training"]["seed"], r.configuration["training"]["gamma"]) for r in records]
    assert keys == [(0, 0.0), (0, 2.0), (3, 0.0), (3, 2.0)]
    assert len({r.id for r in records}) == 4
    for record in records:
        assert record.seconds > 0
        assert all(m.n == 539 for m in record.metrics.values())
        assert all(m.low <= m.value <= m.high for m in record.metrics.values())


def test_arrays_belong_to_the_held_out_images(records: list[Record]) -> None:
    split = load_digits()
    for record in records:
        assert np.array_equal(record.arrays["digit"], split.test.labels)
        np.testing.assert_allclose(record.arrays["output"].sum(axis=1), 1)
        gamma = record.configuration["training"]["gamma"]
        expected = bayes_risk(channel(), gamma)[split.train.labels].mean()
        assert float(record.arrays["risk"]) == pytest.approx(expected)
    same, other = records[0].arrays["letter"], records[2].arrays["letter"]
    assert np.array_equal(same, records[1].arrays["letter"])
    assert not np.array_equal(same, other)


def test_letters_of_held_out_images_follow_the_channel(records: list[Record]) -> None:
    """Chi-square of the letters of all digits of a row type against their probabilities, fixed seed."""
    digit, letter = records[0].arrays["digit"], records[0].arrays["letter"]
    expected = channel()[digit].sum(axis=0)
    variance = (channel()[digit] * (1 - channel()[digit])).sum(axis=0)
    z = (np.bincount(letter, minlength=10) - expected) / np.sqrt(variance)
    assert np.abs(z).max() < 3.5


def test_focal_networks_lie_nearer_to_the_minimiser(records: list[Record]) -> None:
    for record in select(records, 2.0):
        assert record.metrics["tv_output_minimizer"].high < record.metrics["tv_output_posterior"].low
        assert record.metrics["tv_recovered_posterior"].high < record.metrics["tv_output_posterior"].low
        assert record.metrics["focal_output"].value > record.metrics["focal_minimizer"].value
    for record in select(records, 0.0):
        assert record.metrics["tv_output_posterior"] == record.metrics["tv_output_minimizer"]


def test_metrics_can_be_computed_again_from_the_arrays(records: list[Record]) -> None:
    record = records[1]
    posterior = channel()[record.arrays["digit"]]
    distance = np.abs(record.arrays["output"] - minimizer(posterior, 2.0)).sum(axis=1).mean() / 2
    assert record.metrics["tv_output_minimizer"].value == pytest.approx(distance)
    hit = record.arrays["output"][np.arange(539), record.arrays["letter"]]
    assert record.metrics["nll_output"].value == pytest.approx(-np.log(hit).mean())


def test_records_survive_the_store(records: list[Record], tmp_path: Path) -> None:
    found = read_record(write_record(records[1], tmp_path))
    np.testing.assert_equal(dataclasses.asdict(found), dataclasses.asdict(records[1]))


def test_same_numbers_when_repeated_and_nothing_is_written(
    records: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    again = run(TINY)
    for one, two in zip(records, again, strict=True):
        assert one.metrics == two.metrics
        np.testing.assert_equal(one.arrays, two.arrays)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seed", [0, 11])
def test_quick_version_holds_and_every_control_fails(seed: int) -> None:
    found = quick(seed)
    assert found.claim.holds
    assert found.claim.deviation < 0.2
    assert len(found.controls) == 4
    for control in found.controls.values():
        assert not control.holds
        assert control.deviation > 2 * found.claim.deviation
    assert (found.n, found.networks) == (539, 2)
    assert quick(seed) is found


def test_configurations_say_what_decides_a_run() -> None:
    config = KnownPosterior()
    runs = config.runs()
    assert len(runs) == 20
    ids = {str(config.of(r)) for r in runs}
    assert len(ids) == 20
    assert config.of(runs[0]) == dataclasses.replace(config, seeds=(0,)).of(runs[0])
    assert config.of(runs[0]) != dataclasses.replace(config, rare=0.005).of(runs[0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gammas": ()}, "gammas must be a non-empty tuple"),
        ({"seeds": (1, 1)}, "seeds must be .* without repetitions"),
        ({"letters_per_image": -1}, "letters_per_image must be at least 0"),
    ],
)
def test_bad_configurations_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        KnownPosterior(**changes)


def test_selecting_a_gamma_that_is_not_there_is_refused(records: list[Record]) -> None:
    with pytest.raises(ValueError, match="no record with gamma = 9"):
        select(records, 9.0)
