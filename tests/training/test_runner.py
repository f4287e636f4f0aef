"""Runs of whole networks; oracles: a plain PyTorch loop, and repetition."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from focalbook.data import Batches, Images, Partition, Provenance, load
from focalbook.nn import AdaFocal, FocalLoss, models
from focalbook.nn.models import build_model
from focalbook.training import RunConfig, load_checkpoint, train
from focalbook.training import runner as runner_module
from focalbook.training.schedules import learning_rates
from focalbook.training.streams import Streams
from tests.training.networks import TinyConv


@pytest.fixture(autouse=True)
def tiny_conv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(models.MODELS, "tiny-conv", TinyConv)


def images(n: int, seed: int, classes: int = 3, channels: int = 2) -> Images:
    """Images whose mean tells the class, with noise."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % classes
    pixels = rng.integers(0, 128, size=(n, 5, 4, channels)) + 40 * labels[:, None, None, None]
    provenance = Provenance("noise", "a test", n, (5, 4, channels), "0" * 64)
    return Images(pixels.astype(np.uint8), labels.astype(np.int64), classes, 255, provenance)


DATA = Partition(images(60, 0), images(30, 1), images(30, 2), ("a", "b", "c"))
TINY: dict[str, Any] = {"data": "noise", "model": "tiny-conv", "epochs": 2, "batch_size": 16}


def tiny(**changes: Any) -> RunConfig:
    return RunConfig(**(TINY | changes))


def weights(run: runner_module.TrainedRun) -> dict[str, torch.Tensor]:
    return run.model.state_dict()


def same(a: runner_module.TrainedRun, b: runner_module.TrainedRun) -> bool:
    return all(torch.equal(value, weights(b)[name]) for name, value in weights(a).items())


def test_a_plain_loop_does_the_same() -> None:
    config = tiny(gamma=2.0, learning_rate=0.3, weight_decay=0.01, decay_vectors=True, flip=True, seed=5)
    streams = Streams.of(5)
    torch.manual_seed(streams.weights)
    network = build_model("tiny-conv", (2, 5, 4), 3)
    optimiser = torch.optim.SGD(network.parameters(), 0.3, momentum=0.9, weight_decay=0.01, nesterov=True)
    batches = Batches(DATA.train, 16, seed=streams.batches, flip=True)
    rates = iter(learning_rates("one-cycle", 6, 0.3, 0.2))
    for epoch in range(2):
        for x, y in batches.epoch(epoch):
            optimiser.param_groups[0]["lr"] = next(rates)
            optimiser.zero_grad()
            FocalLoss(2.0)(network(x), y).backward()
            optimiser.step()
    found = train(config, DATA, device="cpu")
    for name, value in network.state_dict().items():
        torch.testing.assert_close(weights(found)[name], value, rtol=1e-4, atol=1e-6)


OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "adamw": {"optimiser": "adamw", "learning_rate": 1e-2, "schedule": "cosine"},
    "augmented": {"crop": 1, "flip": True},
    "mixup": {"mixup": 0.4, "label_smoothing": 0.1, "gamma": 1.0},
    "dropout": {"model_options": {"dropout": 0.5}},
    "bf16": {"precision": "bf16"},
    "sam": {"sam_rho": 0.1},
    "sam, bf16": {"sam_rho": 0.1, "precision": "bf16"},
    "hessian": {"regulariser": "hessian-trace", "regulariser_coefficient": 1e-2, "regulariser_probes": 2},
    "gauss-newton": {
        "regulariser": "gauss-newton-trace", "regulariser_coefficient": 1e-2, "regulariser_every": 2,
    },
    "clipped": {"clip_norm": 0.1},
    "ema": {"ema": 0.8},
    "dual": {"loss": "dual-focal", "gamma": 2.0},
    "flsd": {"loss": "flsd-53"},
    "ada": {"loss": "ada-focal", "loss_options": {"bins": 5}},
    "weighted": {"loss_options": {"weight": [1.0, 2.0, 0.5]}},
}  # fmt: skip


@pytest.mark.parametrize("changes", OPTIONS.values(), ids=OPTIONS)
def test_same_to_the_bit_when_repeated(changes: dict[str, Any]) -> None:
    """Every option; global random state is not used, and each option has an effect."""
    config = tiny(**changes)
    torch.manual_seed(1)
    first = train(config, DATA, device="cpu")
    torch.manual_seed(2)
    before = torch.get_rng_state()
    second = train(config, DATA, device="cpu")
    assert torch.equal(torch.get_rng_state(), before)
    assert same(first, second)
    np.testing.assert_array_equal(first.history.losses, second.history.losses)
    np.testing.assert_array_equal(first.history.traces, second.history.traces)
    if changes:
        assert not same(first, train(tiny(), DATA, device="cpu"))
    assert not same(first, train(dataclasses.replace(config, seed=1), DATA, device="cpu"))
    assert bool(np.isfinite(first.history.losses).all())


@pytest.mark.parametrize("channels_last", [False, True])
def test_memory_layout_changes_rounding_only(channels_last: bool) -> None:
    plain = train(tiny(), DATA, device="cpu")
    other = train(tiny(), DATA, device="cpu", channels_last=channels_last)
    for name, value in weights(plain).items():
        torch.testing.assert_close(weights(other)[name], value, rtol=1e-3, atol=1e-5)


def test_streams_are_apart() -> None:
    """Mixup, crops and probes leave the initial weights and the order of the images as they were."""
    assert len(set(dataclasses.astuple(Streams.of(0)))) == 5
    assert not set(dataclasses.astuple(Streams.of(0))) & set(dataclasses.astuple(Streams.of(1)))
    assert all(0 <= value < 2**63 for value in dataclasses.astuple(Streams.of(3)))
    plain = train(tiny(epochs=1, batch_size=60), DATA, device="cpu")
    mixed = train(tiny(epochs=1, batch_size=60, sam_rho=0.1), DATA, device="cpu")
    assert plain.history.losses[0] == mixed.history.losses[0]


def test_it_learns_digits() -> None:
    data = load("digits")
    run = train(RunConfig(epochs=15, batch_size=64, gamma=2.0), data, device="cpu", threads=1)
    accuracy = (run.logits(data.test).argmax(1).numpy() == data.test.labels).mean()
    assert accuracy > 0.9
    assert run.history.losses[-1] < 0.2 * run.history.losses[0]
    assert run.history.steps[-1] == 15 * (len(data.train) // 64)
    assert run.images_per_second > 0
    assert (run.shape, run.classes, run.device) == ((1, 8, 8), 10, "cpu")


def test_regulariser_lowers_the_trace() -> None:
    """Mean estimate late in the run, with the penalty and (next to) without, at the same settings."""

    def late(coefficient: float) -> float:
        settings = {
            "regulariser": "hessian-trace",
            "regulariser_probes": 8,
            "model_options": {"smooth": True},
        }
        settings |= {"epochs": 60, "batch_size": 60, "learning_rate": 0.05, "schedule": "constant"}
        run = train(tiny(**settings, regulariser_coefficient=coefficient), DATA, device="cpu")
        return float(run.history.traces[-20:].mean())

    assert late(0.3) < 0.7 * late(1e-9)


def test_regulariser_in_some_steps_only() -> None:
    run = train(
        tiny(regulariser="hessian-trace", regulariser_coefficient=1e-3, regulariser_every=3),
        DATA,
        device="cpu",
    )
    assert np.isfinite(run.history.traces).tolist() == [True, False, False] * 2


def test_every_epoch_is_watched_and_may_end_the_run() -> None:
    seen: list[tuple[int, int]] = []
    train(tiny(epochs=3), DATA, device="cpu", watch=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]

    def impatient(done: int, total: int) -> None:
        raise TimeoutError(done)

    with pytest.raises(TimeoutError, match="1"):
        train(tiny(epochs=3), DATA, device="cpu", watch=impatient)


def test_ada_focal_follows_the_validation_images(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []
    update = AdaFocal.update

    def watched(self: AdaFocal, logits: torch.Tensor, target: torch.Tensor) -> None:
        seen.append(tuple(logits.shape))
        update(self, logits, target)

    monkeypatch.setattr(AdaFocal, "update", watched)
    train(tiny(loss="ada-focal", loss_options={"bins": 5}), DATA, device="cpu")
    assert seen == [(30, 3), (30, 3)]


def test_a_run_can_be_saved(tmp_path: Path) -> None:
    run = train(tiny(), DATA, device="cpu")
    found = load_checkpoint(run.save(tmp_path / "net.npz"))
    assert (found.config, found.shape, found.classes) == (run.config, run.shape, run.classes)
    assert (found.mean, found.std, found.data) == (run.mean, run.std, "0" * 64)
    x, _ = Batches(DATA.test, 30, shuffle=False, mean=found.mean, std=found.std).select()
    torch.testing.assert_close(found.model(x), run.logits(DATA.test))


def test_a_diverging_run_stops_and_says_where() -> None:
    with pytest.raises(FloatingPointError, match=r"the loss became (nan|inf) at step \d+ of 6, seen after"):
        train(tiny(learning_rate=1e30), DATA, device="cpu")
    with pytest.raises(FloatingPointError, match="not finite after the last of 1 steps: lower learning_rate"):
        train(tiny(epochs=1, batch_size=60, learning_rate=1e38, weight_decay=1e3), DATA, device="cpu")


class Poisoned(TinyConv):
    """Gives NaN in its k-th forward pass."""

    def __init__(self, shape: tuple[int, ...], classes: int, bad: int) -> None:
        super().__init__(shape, classes)
        self.bad, self.calls = bad, 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits."""
        self.calls += 1
        return super().forward(x) * (float("nan") if self.calls == self.bad else 1.0)


def test_the_step_of_the_first_nan_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 400 steps the losses are read in every fourth only."""
    monkeypatch.setitem(models.MODELS, "poisoned", Poisoned)
    config = tiny(model="poisoned", model_options={"bad": 6}, epochs=134)
    with pytest.raises(FloatingPointError, match=r"became nan at step 6 of 402, seen after step 10:"):
        train(config, DATA, device="cpu")


def test_progress_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    train(tiny(), DATA, device="cpu")
    assert capsys.readouterr() == ("", "")
    train(tiny(), DATA, device="cpu", progress=True)
    assert "training" in capsys.readouterr().err


def test_settings_of_pytorch_come_back() -> None:
    before = (torch.get_num_threads(), torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32)
    train(tiny(epochs=1, precision="tf32"), DATA, device="cpu", threads=2)
    after = (torch.get_num_threads(), torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32)
    assert after == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "tiny-con"}, "unknown model 'tiny-con'.*did you mean 'tiny-conv'"),
        ({"loss": "focl"}, "unknown loss 'focl'.*did you mean 'focal'"),
        ({"model_options": {"widht": 2}}, "model 'tiny-conv' has no option 'widht'; did you mean 'width'"),
        ({"model_options": {"width": "2"}}, "the model 'tiny-conv' cannot be built from model_options"),
        ({"loss_options": {"bins": 3}}, "cannot be built from loss_options: .*bins"),
        ({"loss_options": {"weight": [1.0, 2.0]}}, "2 entries for 3 classes"),
        ({"crop": 4}, "crop must lie between 0 and 3"),
    ],
)
def test_wrong_names_and_options_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(tiny(**changes), DATA, device="cpu")


def test_wrong_data_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no data set 'digit': did you mean 'digits'"):
        train(RunConfig(data="digit"), device="cpu")
    empty = DATA.test.subset(np.array([], dtype=np.int64), "none")
    with pytest.raises(ValueError, match="the test part of the data holds no image"):
        train(tiny(), dataclasses.replace(DATA, test=empty), device="cpu")
    with pytest.raises(ValueError, match="the train part has 3 classes, the test part 4"):
        train(tiny(), dataclasses.replace(DATA, test=images(8, 0, classes=4)), device="cpu")
    with pytest.raises(ValueError, match=r"have shape \(5, 4, 2\), those of the validation part \(5, 4, 1\)"):
        train(tiny(), dataclasses.replace(DATA, validation=images(9, 0, channels=1)), device="cpu")


def test_labels_outside_the_classes_are_refused() -> None:
    wrong = dataclasses.replace(DATA.validation, labels=DATA.validation.labels + 1)
    with pytest.raises(ValueError, match=r"validation part span 1 \.\. 3, and there are 3 classes, 0 \.\. 2"):
        train(tiny(), dataclasses.replace(DATA, validation=wrong), device="cpu")


def test_out_of_memory_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Greedy(TinyConv):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setitem(models.MODELS, "greedy", Greedy)
    with pytest.raises(MemoryError, match="a batch of 16 images does not fit into the memory of cpu: lower"):
        train(tiny(model="greedy"), DATA, device="cpu")


def test_other_errors_of_the_network_pass_through(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(TinyConv):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("something else")

    monkeypatch.setitem(models.MODELS, "broken", Broken)
    with pytest.raises(RuntimeError, match="something else"):
        train(tiny(model="broken"), DATA, device="cpu")


def test_compiled_networks_are_what_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the compiler: steps go through it, steps with a regulariser do not."""
    calls: list[int] = []

    modes: list[str | None] = []

    def compiled(model: nn.Module, mode: str | None = None) -> Any:
        modes.append(mode)

        def call(x: torch.Tensor) -> torch.Tensor:
            calls.append(len(x))
            return model(x)

        return call

    monkeypatch.setattr(torch, "compile", compiled)
    plain = train(tiny(), DATA, device="cpu")
    assert same(plain, train(tiny(), DATA, device="cpu", compile=True))
    assert calls == [16] * 6
    calls.clear()
    settings = {"regulariser": "hessian-trace", "regulariser_coefficient": 1e-3, "regulariser_every": 3}
    train(tiny(**settings), DATA, device="cpu", compile="max-autotune")
    assert calls == [16] * 4
    assert modes == [None, "max-autotune"]


def test_unknown_modes_of_the_compiler_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot compile: Unrecognized mode=fast"):
        train(tiny(), DATA, device="cpu", compile="fast")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile needs a C++ compiler on a CPU")
def test_compilation_changes_rounding_only() -> None:
    plain = train(tiny(gamma=2.0), DATA, device="cpu")
    compiled = train(tiny(gamma=2.0), DATA, device="cpu", compile=True)
    for name, value in weights(plain).items():
        torch.testing.assert_close(weights(compiled)[name], value, rtol=1e-3, atol=1e-5)
