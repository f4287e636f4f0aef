"""The plain loop trains what the package trains; oracles: the package's batches, operations by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from benchmarks import training
from benchmarks.training import BASE, SMALL, OneByOne, SmallConv, Task, flops_of_an_image, make_task
from focalbook.data import Batches
from focalbook.nn.models import MODELS
from focalbook.training.files import read_config


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Task:
    monkeypatch.setitem(MODELS, SMALL, SmallConv)
    return make_task(training.parse(["--images", "48", "--batch-size", "16", "--device", "cpu"]))


def test_the_plain_loop_sees_the_same_images(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the crop in the middle and no flip it gives what the package's batches select."""
    monkeypatch.setattr(torch, "randint", lambda *_: torch.tensor(training.PADDING))
    monkeypatch.setattr(torch, "rand", lambda *_: torch.tensor(0.9))
    dataset = OneByOne(task.data.train)
    expected, labels = Batches(task.data.train, 48, shuffle=False).select()
    torch.testing.assert_close(
        torch.stack([dataset[i][0] for i in range(48)]), expected, atol=1e-5, rtol=1e-5
    )
    assert [dataset[i][1] for i in range(48)] == labels.tolist()


def test_its_crops_and_flips_are_those_of_a_padded_image(task: Task) -> None:
    torch.manual_seed(0)
    dataset = OneByOne(task.data.train)
    plain = Batches(task.data.train, 48, shuffle=False).select([0])[0][0]
    padded = torch.nn.functional.pad(plain, (4,) * 4, mode="reflect")
    windows = [padded[:, i : i + 32, j : j + 32] for i in range(9) for j in range(9)]
    possible = torch.stack([*windows, *(w.flip(2) for w in windows)])
    found = set()
    for _ in range(200):
        gap = (possible - dataset[0][0]).abs().amax(dim=(1, 2, 3))
        assert float(gap.min()) < 1e-5
        found.add(int(gap.argmin()))
    assert len(found) > 80


def test_operations_counted_by_hand(task: Task) -> None:
    """Two for each multiply-add; the backward pass has two products a layer, the first layer one."""
    first, second, third = 32 * 32 * 3 * 16 * 9, 16 * 16 * 16 * 32 * 9, 8 * 8 * 32 * 32 * 9
    assert flops_of_an_image(task) == 2 * (2 * first + 3 * (second + third + 32 * 100))


def test_everybody_is_measured(task: Task) -> None:
    table = training.measure(task, rounds=1)
    assert set(table.contenders) == {BASE, "focalbook"}
    assert table.contenders[BASE]["ratio"].value == 1.0
    rates = [table.contenders[name]["images per second"].value for name in (BASE, "focalbook")]
    assert all(math.isfinite(rate) and rate > 0 for rate in rates)
    assert table.contenders["focalbook"]["ratio"].value == pytest.approx(rates[1] / rates[0])
    assert task.images == 2 * 48 - 16


def test_peaks_are_found_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA H200")
    assert training.peak_of(torch.device("cuda")) == 989.4e12
    assert training.peak_of(torch.device("cpu")) is None
    assert set(training.contenders(torch.device("cuda"))) > set(training.contenders(torch.device("cpu")))


def test_the_speedrun_is_a_configuration(root: Path) -> None:
    config = read_config(root / "benchmarks" / "speedrun.toml")
    assert (config.data, config.model, config.precision) == ("cifar100", "resnet18", "bf16")
