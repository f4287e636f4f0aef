"""Contenders compute one loss, and lost gradients counted. Oracles: formulas at 50 digits; known NaN."""

from __future__ import annotations

import mpmath as mp
import pytest
import torch

from benchmarks import nn_loss, peers
from benchmarks.report import write_json

SAME = [name for name in nn_loss.LOSSES if name not in (nn_loss.BASE_LOSS, peers.TORCHVISION)]


def _exact(logits: torch.Tensor, target: torch.Tensor, gamma: float) -> float:
    total = mp.mpf(0)
    with mp.workdps(50):
        for row, y in zip(logits.tolist(), target.tolist(), strict=True):
            weights = [mp.e ** mp.mpf(z) for z in row]
            p = weights[y] / sum(weights)
            total -= (1 - p) ** mp.mpf(gamma) * mp.log(p)
        return float(total / len(target))


@pytest.mark.parametrize("gamma", [0.5, 2.0])
@pytest.mark.parametrize("name", SAME)
def test_contenders_compute_the_same_loss(name: str, gamma: float) -> None:
    if name not in nn_loss.installed(nn_loss.LOSSES):
        pytest.skip(f"{name} is not installed")
    made = nn_loss.batch_of(6, 5)
    batch = nn_loss.Batch(made.logits.double(), made.target)
    loss = nn_loss.LOSSES[name](batch, gamma).item()
    assert loss == pytest.approx(_exact(batch.logits, batch.target, gamma), rel=1e-6)


@pytest.mark.parametrize("name", [n for n in nn_loss.POSTERIORS if n != nn_loss.BASE_POSTERIOR])
def test_contenders_compute_the_same_posterior(name: str) -> None:
    logits = nn_loss.batch_of(6, 5).logits.double()
    p = nn_loss.POSTERIORS[name](logits, 2.0)
    with mp.workdps(50):
        for row, found in zip(logits.tolist(), p.tolist(), strict=True):
            weights = [mp.e ** mp.mpf(z) for z in row]
            q = [w / sum(weights) for w in weights]
            phi = [(1 - x) ** 2 / x - 2 * (1 - x) * mp.log(x) for x in q]
            exact = [1 / f / sum(1 / g for g in phi) for f in phi]
            assert found == pytest.approx([float(x) for x in exact], rel=1e-9)


def test_lost_gradients_are_counted() -> None:
    bad = nn_loss.bad_gradients
    assert bad(nn_loss.ours, torch.float32, 0.5) == 0
    assert bad(nn_loss.from_cross_entropy, torch.float32, 2.0) == 0
    batch = nn_loss.adversarial(torch.float32)
    p = torch.softmax(batch.logits.double(), dim=1)[:, 0].float()
    # the formula differentiates sqrt(1 - p) where p rounds to one
    assert bad(nn_loss.from_cross_entropy, torch.float32, 0.5) == int((p == 1).sum())


def test_lost_posteriors_are_counted() -> None:
    everywhere = lambda logits, gamma: logits * float("nan")  # noqa: E731
    assert nn_loss.bad_posteriors(everywhere, torch.float32, 2.0) == len(nn_loss.LOGITS) ** 3
    assert nn_loss.bad_posteriors(nn_loss.recover_ours, torch.float16, 2.0) == 0


def test_small_tables_have_every_contender(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    made = [nn_loss.time_losses(8, 4, 2.0, 0.0), nn_loss.time_posteriors(8, 4, 2.0, 0.0)]
    assert list(made[0].contenders) == list(nn_loss.LOSSES)
    assert list(made[1].contenders) == [*nn_loss.POSTERIORS, nn_loss.COMPILED]
    for table in made:
        nn_loss.show(table)
    assert "focalbook" in capsys.readouterr().out
    write_json(made, str(tmp_path / "tables.json"))
    assert '"table": "loss"' in (tmp_path / "tables.json").read_text()


def test_libraries_that_are_there_have_a_version() -> None:
    there = {peers.KORNIA: "kornia", peers.TORCHVISION: "torchvision"}
    found = peers.versions()
    assert {name for name, library in there.items() if library in found} == set(
        nn_loss.installed(nn_loss.LOSSES)
    ) & set(there)
