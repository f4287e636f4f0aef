"""``focalbook curvature`` as it is typed. Oracle: the library on the same images."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from focalbook.cli.program import main
from focalbook.curvature import measure
from focalbook.data import Batches, load
from focalbook.nn.models import build_model
from focalbook.training import RunConfig, save_checkpoint

CONFIG = RunConfig(data="digits", model="mlp", model_options={"hidden": [8]}, loss="focal", gamma=2.0)
MEAN, STD = (0.3,), (0.4,)


def write(path: Path, classes: int = 10, spoil: bool = False) -> Path:
    torch.manual_seed(0)
    model = build_model("mlp", (1, 8, 8), classes, hidden=[8])
    if spoil:
        torch.nn.init.constant_(model.layers[1].bias, float("nan"))
    return save_checkpoint(path, model, CONFIG, shape=(1, 8, 8), classes=classes, mean=MEAN, std=STD)


def test_json_holds_what_the_library_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "run.npz")
    assert main(["curvature", str(path), "--samples", "30", "--products", "10", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    from focalbook.training import load_checkpoint

    data = load("digits", validation=CONFIG.validation, seed=CONFIG.split_seed).validation
    x, y = Batches(data, len(data), shuffle=False, mean=MEAN, std=STD).select(range(30))
    truth = measure(load_checkpoint(path).model, x, y, 2.0, products=10)
    assert found["samples"] == 30
    assert found["part"] == "validation"
    for one, other in zip(found["results"], truth.results, strict=True):
        assert (one["gamma"], one["matrix"]) == (other.gamma, other.matrix)
        assert one["top"]["value"] == pytest.approx(other.top.value, rel=1e-4)
        assert one["trace"]["value"] == pytest.approx(other.trace.value, rel=1e-4)


def test_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "run.npz")
    options = ["--samples", "20", "--matrix", "hessian", "--part", "test", "--gamma", "1", "--double", "-q"]
    assert main(["curvature", str(path), *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[:3]] == ["loss", "focal, gamma 1", "cross-entropy"]
    assert lines[3].startswith("20 test images, 610 parameters, float64 on cpu")


@pytest.mark.parametrize(
    ("classes", "spoil", "options", "message"),
    [
        (10, False, ["--samples", "0"], "--samples must be at least 1"),
        (10, True, [], "not all finite"),
        (7, False, [], "a network for 7 classes, and digits has 10"),
        (10, False, ["--gamma", "-1"], "gamma must be finite"),
        (10, False, ["--device", "tpu"], "device"),
    ],
)
def test_bad_input_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    classes: int,
    spoil: bool,
    options: list[str],
    message: str,
) -> None:
    path = write(tmp_path / "run.npz", classes, spoil)
    assert main(["curvature", str(path), *options]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_a_missing_checkpoint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["curvature", "nowhere.npz"]) == 2
    assert "nowhere.npz: cannot be read" in capsys.readouterr().err
