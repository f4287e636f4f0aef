"""The command that stores the imbalance experiment; oracles: the manifest, and records made without it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from focalbook.campaigns import record_imbalance
from focalbook.campaigns.agreement import cells, deepest, wrong_gamma
from focalbook.campaigns.archive import keep, stored
from focalbook.campaigns.imbalance import CAMPAIGN, Imbalance, run
from focalbook.campaigns.record_imbalance import VARIANTS, main, pending, variant
from focalbook.io.manifest import check_manifest
from focalbook.store import Record
from focalbook.training import TrainingConfig

SMALL = Imbalance(
    gammas=(0.0, 2.0), seeds=(0, 1), letters_per_image=5, training=TrainingConfig(steps=20, hidden=(8,))
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_imbalance, "VARIANTS", {"drawn": SMALL})


@pytest.mark.usefixtures("small")
def test_it_goes_on_where_it_stopped_and_stores_everything(tmp_path: Path) -> None:
    first = run(dataclasses.replace(SMALL, seeds=(0,)))
    keep([dataclasses.replace(first[0], seconds=123.0)], tmp_path)
    assert [config.seeds for config in pending(stored(CAMPAIGN, tmp_path))] == [(1,)]
    assert main(["--results", str(tmp_path), "--jobs", "1"]) == 0
    found = variant(stored(CAMPAIGN, tmp_path), "drawn")
    assert [record.configuration["seed"] for record in found] == [0, 1]
    assert found[0].seconds == 123.0
    again = run(dataclasses.replace(SMALL, seeds=(1,)))[0]
    np.testing.assert_allclose(found[1].arrays["output"], again.arrays["output"], atol=1e-6)
    assert check_manifest(tmp_path) == []
    assert pending(found) == []


@pytest.mark.usefixtures("small")
def test_again_replaces_what_is_stored(tmp_path: Path) -> None:
    keep(
        [dataclasses.replace(run(dataclasses.replace(SMALL, seeds=(s,)))[0], seconds=99.0) for s in (0, 1)],
        tmp_path,
    )
    assert main(["--results", str(tmp_path), "--jobs", "1", "--again"]) == 0
    assert all(record.seconds != 99.0 for record in stored(CAMPAIGN, tmp_path))


def test_variants_differ_in_letters_and_length_alone() -> None:
    assert [(c.letters_per_image, c.training.steps) for c in VARIANTS.values()] == [
        (1000, 8000),
        (0, 8000),
        (0, 4000),
        (0, 2000),
    ]
    assert len(pending([])) == sum(len(config.seeds) for config in VARIANTS.values()) == 40
    for config in VARIANTS.values():
        training = dataclasses.replace(config.training, steps=8000)
        assert dataclasses.replace(config, letters_per_image=1000, training=training) == VARIANTS["drawn"]


@pytest.mark.usefixtures("small")
def test_missing_seeds_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"seeds \[1\]: python -m focalbook.campaigns.record_imbalance"):
        variant(run(dataclasses.replace(SMALL, seeds=(0,))), "drawn")


def test_no_process_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--results", str(tmp_path), "--jobs", "0"])


@pytest.fixture(scope="module")
def published(root: Path) -> list[Record]:
    return stored(CAMPAIGN, root / "results")


def test_published_records_are_complete_and_come_from_one_clean_tree_each(published: list[Record]) -> None:
    assert pending(published) == []
    assert len(published) == sum(len(config.seeds) for config in VARIANTS.values())
    for record in published:
        assert record.provenance.dirty is False
        assert record.provenance.commit is not None


def test_published_over_suppression_is_seen_at_every_gamma_and_above_its_bound(
    published: list[Record],
) -> None:
    found = cells(variant(published, "drawn"))
    relative = found.over_control()
    for gamma in relative.gammas:
        one, plain = deepest(relative, gamma), deepest(found, gamma)
        assert max(one.measured.high, plain.measured.high) < 1
        assert min(one.power, plain.power) > 0.9
        assert one.agreement.holds
        assert one.part.low < 1 < one.part.high
        assert one.measured.high > one.bound
    assert one.predicted < 0.73
    assert found.estimate(5.0, 4, -1).low > np.log(5)


def test_published_networks_agree_with_their_own_gamma_alone(published: list[Record]) -> None:
    for name in ("drawn", "exact"):
        table = wrong_gamma(cells(variant(published, name)))
        others = table[~np.eye(len(table), dtype=bool)]
        assert np.diag(table).max() < 0.07
        assert others.min() > 4 * np.diag(table).max()
        assert np.diag(wrong_gamma(cells(variant(published, name), "recovered"))).max() < 0.07


def test_errors_shrink_with_the_length_of_training(published: list[Record]) -> None:
    errors = [
        np.abs(cells(variant(published, name)).errors[..., 16:].mean(axis=0)).mean()
        for name in ("exact", "exact, half", "exact, quarter")
    ]
    assert errors[0] < 0.5 * errors[1] < 0.5 * errors[2]


def test_a_published_record_can_be_made_again(published: list[Record]) -> None:
    """The shortest variant, seed 0. Other machines and libraries round otherwise; training amplifies it."""
    config = dataclasses.replace(VARIANTS["exact, quarter"], seeds=(0,))
    again, old = run(config)[0], variant(published, "exact, quarter")[0]
    np.testing.assert_allclose(again.arrays["output"][..., :19], old.arrays["output"][..., :19], atol=0.15)
    np.testing.assert_allclose(again.arrays["risk"], old.arrays["risk"], rtol=1e-10)
