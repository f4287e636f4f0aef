"""The imbalance experiment; oracles: frequencies against the table, its floor, repetition, plain loops."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from focalbook.campaigns.contexts import DIGITS, contexts, table
from focalbook.campaigns.imbalance import CAMPAIGN, Imbalance, counts_from, run, train
from focalbook.campaigns.power import count_noise, equality_power, labels_needed
from focalbook.data import load_digits
from focalbook.store import Record, read_record, write_record
from focalbook.theory.minimizer import bayes_risk, minimizer, recover
from focalbook.training import TrainingConfig

TINY = Imbalance(
    gammas=(0.0, 5.0),
    seeds=(0, 4),
    letters_per_image=200,
    training=TrainingConfig(steps=500, hidden=(64, 64)),
)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return run(TINY)


def test_counts_have_the_frequencies_of_the_table() -> None:
    """Fixed-seed z-test of every cell, the rarest with 1e-4 included."""
    draws = 10_000_000
    share = counts_from(table(), torch.Generator().manual_seed(0), draws).double().numpy()
    np.testing.assert_allclose(share.sum(axis=1), 1, rtol=1e-6)
    z = (share - table()) / np.sqrt(table() * (1 - table()) / draws)
    assert np.abs(z).max() < 4
    assert 0.8 < z.std() < 1.2


def test_counts_come_from_the_generator_alone() -> None:
    one, two = (counts_from(table(), torch.Generator().manual_seed(3), 50) for _ in range(2))
    assert torch.equal(one, two)
    generator = torch.Generator().manual_seed(3)
    assert torch.equal(counts_from(table(), generator, 50), one)
    assert not torch.equal(counts_from(table(), generator, 50), one)


def test_one_record_for_each_seed(records: list[Record]) -> None:
    assert [r.configuration["seed"] for r in records] == [0, 4]
    for record in records:
        assert record.campaign == CAMPAIGN
        assert record.configuration["gammas"] == [0.0, 5.0]
        assert not {"gamma", "seed"} & set(record.configuration["training"])
        assert record.arrays["output"].shape == (2, 5, 21)
        assert set(record.metrics) == {
            f"{name}_gamma{g}" for name in ("misread", "excess") for g in ("0", "5")
        }


def test_arrays_are_medians_over_images_and_means_over_digits() -> None:
    config = dataclasses.replace(TINY, seeds=(0,))
    record, split = run(config)[0], load_digits()
    logits = train(config, split).logits(split.test.pixels()).double()
    output = torch.softmax(logits, dim=-1).numpy()[1]
    for context, letter in ((0, 3), (2, 20), (4, 0)):
        for name, q in (("output", output), ("recovered", recover(output, 5.0))):
            logs = [
                np.median(
                    [np.log(row[letter]) for row, d in zip(q, split.test.labels, strict=True) if d == digit]
                )
                for digit in DIGITS[context]
            ]
            expected = np.mean(logs) - np.log(contexts()[context, letter])
            assert record.arrays[name][1, context, letter] == pytest.approx(expected)


def test_cross_entropy_is_its_own_recovery(records: list[Record]) -> None:
    np.testing.assert_allclose(records[0].arrays["output"][0], records[0].arrays["recovered"][0], atol=1e-12)


def test_training_reaches_the_floor(records: list[Record]) -> None:
    split = load_digits()
    for record in records:
        for i, gamma in enumerate((0.0, 5.0)):
            floor = bayes_risk(table(), gamma)[split.train.labels].mean()
            assert record.arrays["risk"][i] == pytest.approx(floor)
            excess = record.metrics[f"excess_gamma{gamma:g}"].value
            assert excess == pytest.approx(record.arrays["loss"][i, -1] - floor)
            assert abs(excess) < 0.05 * floor
            assert record.metrics[f"misread_gamma{gamma:g}"].value < 0.1


def test_even_a_short_run_tells_the_minimiser_from_the_posterior(records: list[Record]) -> None:
    predicted = np.log(minimizer(contexts(), 5.0) / contexts())
    for record in records:
        measured = record.arrays["output"][1]
        assert np.abs(measured - predicted).mean() < 0.5 * np.abs(measured).mean()


def test_same_numbers_when_repeated_and_records_survive_the_store(
    records: list[Record], tmp_path: Path
) -> None:
    again = run(TINY)
    for one, two in zip(records, again, strict=True):
        np.testing.assert_equal(one.arrays, two.arrays)
        assert one.id == two.id
    found = read_record(write_record(records[1], tmp_path))
    np.testing.assert_equal(dataclasses.asdict(found), dataclasses.asdict(records[1]))


def test_the_full_design_has_the_labels_that_its_smallest_effect_needs() -> None:
    """Power 0.9 for the rarest class at every gamma, if only a tenth of the letters of a context counts.

    With power 0.99 equality to within five per cent can be shown, too, where there is equality.
    """
    config = Imbalance()
    noise = count_noise(1e-4, config.letters * 0.1 / len(DIGITS))
    assert equality_power(np.log(1.05), noise, len(config.seeds)) > 0.99
    assert config.letters == 8000 * 128 * config.letters_per_image
    for gamma in config.gammas[1:]:
        effect = np.log(minimizer(contexts(), gamma) / contexts())[:, -1].min()
        assert effect < 0
        assert config.letters >= labels_needed(effect, 1e-4, len(config.seeds), share=0.1 / len(DIGITS))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gammas": (1.0, 1.0)}, "gammas must be .* without repetitions"),
        ({"seeds": ()}, "seeds must be a non-empty tuple"),
        ({"letters_per_image": -1}, "letters_per_image must be at least 0"),
    ],
)
def test_bad_configurations_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Imbalance(**changes)
