"""``focalbook train``; oracles: the same run by the package, and files read back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from focalbook.campaigns.single import execute
from focalbook.cli.program import main
from focalbook.nn import models
from focalbook.store import read_record
from focalbook.training import RunConfig, load_checkpoint

FAST = ["train", "--epochs", "2", "--set", "model_options.hidden=[8]", "--device", "cpu", "--threads", "1"]
CONFIG = RunConfig(epochs=2, gamma=2.0, model_options={"hidden": [8]})
TIMED = {"training seconds", "images per second"}


def test_record_and_checkpoint_are_those_of_the_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, net = tmp_path / "run.json", tmp_path / "net.npz"
    assert main([*FAST, "--gamma", "2", "--record", str(record), "--checkpoint", str(net)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    found = read_record(record)
    expected = execute(CONFIG, device="cpu", threads=1)
    assert found.id == expected.id
    metrics = [{k: vars(v) for k, v in r.metrics.items() if k not in TIMED} for r in (found, expected)]
    np.testing.assert_equal(*metrics)
    np.testing.assert_equal(found.arrays, expected.arrays)
    assert load_checkpoint(net).config == CONFIG
    lines = captured.out.splitlines()
    assert lines[0] == f"mlp on digits, focal loss, gamma = 2, seed 0 (run {found.id})"
    rows = {line[:28].strip(): line[28:].split() for line in lines[4:]}
    assert list(rows) == [
        "validation",
        "test",
        "test, recovered",
        "test, temperature",
        "test, recovered, temperature",
    ]
    assert rows["test"][0] == f"{expected.metrics['test accuracy'].value:.4f}"
    assert rows["test, recovered"][3] == f"{expected.metrics['test nll, recovered'].value:.4f}"


def test_record_to_standard_output_stands_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([*FAST, "--gamma", "2", "--record", "-"]) == 0
    captured = capsys.readouterr()
    content = json.loads(captured.out)
    assert content["arrays"] == {}
    assert content["configuration"] == CONFIG.to_dict()
    assert "mlp on digits" in captured.err
    path = tmp_path / "printed.json"
    path.write_text(captured.out)
    assert read_record(path).metrics.keys() == content["metrics"].keys()


def test_later_sources_of_settings_win(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "run.toml"
    path.write_text("epochs = 50\ngamma = 5\nseed = 7\nflip = true\n[model_options]\nhidden = [64]\n")
    given = [
        *FAST,
        "--config",
        str(path),
        "--gamma",
        "3",
        "--set",
        "gamma=2",
        "--no-flip",
        "-q",
        "--record",
        "-",
    ]
    assert main(given) == 0
    captured = capsys.readouterr()
    configuration = json.loads(captured.out)["configuration"]
    assert configuration == RunConfig(epochs=2, gamma=2.0, seed=7, model_options={"hidden": [8]}).to_dict()
    assert captured.err == ""


def test_list_names_what_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--list"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("digits", "mlp", "dual-focal", "learning_rate = 0.1"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--model", "mpl"], "unknown model 'mpl': expected one of"),
        (["--data", "digit"], "did you mean 'digits'"),
        (["--loss", "focl"], "did you mean 'focal'"),
        (["--set", "gama=2"], "unknown setting 'gama' of a training run; did you mean 'gamma'?"),
        (["--set", "gamma"], "'gamma' is no setting: write key=value, such as gamma=2"),
        (["--gamma", "-1"], "gamma must be finite and at least 0"),
        (["--set", "model_options.widht=2"], "model 'mlp' has no option 'widht'"),
        (["--set", "model_options.hidden=3"], "the model 'mlp' cannot be built from model_options"),
        (["--config", "none.toml"], "none.toml: cannot be read: No such file or directory"),
        (["--record", "run.txt"], "--record run.txt: the name must end in .json"),
        (["--record", "nowhere/run.json"], "does not exist: create it first"),
        (["--checkpoint", "nowhere/net.npz"], "does not exist: create it first"),
        (["--checkpoint", "net.pt"], "--checkpoint net.pt: the name must end in .npz"),
        (["--record", "a.json", "--checkpoint", "a.npz"], "the arrays of --record would lie where"),
        (["--device", "cuda:77"], "device 'cuda:77' is not here: expected auto, or one of cpu"),
        (["--threads", "0"], "--threads must be at least 1, got 0"),
        (["--data", "cifar100", "--data-folder", "nowhere"], "nowhere"),
        (["--learning-rate", "1e30", "--batch-size", "16"], "the loss became"),
    ],
)
def test_what_cannot_be_run_is_one_line_and_leaves_nothing(
    given: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*FAST, *given]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("focalbook train: ")
    assert captured.err.count("\n") == 1
    assert message in captured.err
    assert list(tmp_path.iterdir()) == []


class Greedy(models.MLP):
    """Runs out of memory where a batch is larger than 100."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits."""
        if len(x) > 100:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return super().forward(x)


def test_out_of_memory_is_said_and_survived_where_possible(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(models.MODELS, "greedy", Greedy)
    assert main([*FAST, "--model", "greedy", "-q"]) == 2
    assert (
        "a batch of 128 images does not fit into the memory of cpu: lower batch_size"
        in capsys.readouterr().err
    )
    assert main([*FAST, "--model", "greedy", "--batch-size", "64", "-q"]) == 0
    err = capsys.readouterr().err
    assert "focalbook train: out of memory after 0 images: going on with chunks of 63, half as large\n" in err
