"""Training on a GPU, where there is one; oracles: the run on the CPU, and PyTorch's own watch for waits."""

from __future__ import annotations

import math
import warnings

import pytest
import torch

from focalbook.data import Batches, load
from focalbook.nn import models
from focalbook.nn.models import build_model
from focalbook.training import RunConfig, build_loss, logits_of, train
from focalbook.training.schedules import learning_rates
from focalbook.training.step import Stepper
from tests.training.networks import TinyConv
from tests.training.test_runner import DATA, OPTIONS, tiny, weights

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")

#: Options whose random numbers are drawn on the device, so that the CPU's run is another one.
OWN_DRAWS = {"dropout", "hessian", "gauss-newton"}


@pytest.fixture(autouse=True)
def tiny_conv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(models.MODELS, "tiny-conv", TinyConv)


@pytest.mark.parametrize("name", OPTIONS)
def test_runs_agree_with_the_cpu(name: str) -> None:
    config = tiny(**OPTIONS[name])
    found, expected = train(config, DATA, device="cuda"), train(config, DATA, device="cpu")
    assert found.device == "cuda"
    tolerance = 0.1 if "bf16" in name else 1e-3
    for key, value in weights(found).items():
        assert value.device.type == "cuda"
        assert bool(torch.isfinite(value.float()).all())
        if name not in OWN_DRAWS:
            torch.testing.assert_close(value.cpu(), weights(expected)[key], rtol=tolerance, atol=tolerance)
    same = logits_of(found.model, DATA.test, found.mean, found.std)
    other = logits_of(found.model.cpu(), DATA.test, found.mean, found.std)
    torch.testing.assert_close(same, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "mixup"])
def test_no_step_waits_for_the_device(name: str) -> None:
    """Mixup copies a permutation from the CPU, which PyTorch counts as a wait."""
    config = tiny(**OPTIONS[name])
    device = torch.device("cuda")
    torch.manual_seed(0)
    model = build_model("tiny-conv", (2, 5, 4), 3, **config.model_options).to(device).train()
    criterion = build_loss(config, 3).to(device)
    rates = learning_rates("one-cycle", 4, 0.1, 0.2)
    stepper = Stepper(config, model, criterion, rates, model, torch.Generator(device).manual_seed(0))
    x, y = next(Batches(DATA.train, 16, device=device).epoch(0))
    stepper(0, x, y)
    try:
        torch.cuda.set_sync_debug_mode("error")
        for step in range(1, 4):
            stepper(step, x, y)
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize("name", ["hessian", "gauss-newton"])
def test_traces_have_the_mean_of_the_cpu(name: str) -> None:
    """z-test of 100 estimates each, at initial weights that are the same on every device and hardly move."""
    still = {"regulariser_every": 1, "epochs": 100, "batch_size": 60, "learning_rate": 1e-12, "momentum": 0.0}
    config = tiny(**(OPTIONS[name] | still | {"weight_decay": 0.0}))
    here, there = (train(config, DATA, device=device).history.traces for device in ("cpu", "cuda"))
    assert len(here) == len(there) == 100
    error = math.sqrt((here.var(ddof=1) + there.var(ddof=1)) / 100)
    assert abs(here.mean() - there.mean()) < 4 * error


def test_compiled_networks_agree() -> None:
    plain = train(tiny(), DATA, device="cuda")
    compiled = train(tiny(), DATA, device="cuda", compile=True)
    for name, value in weights(plain).items():
        torch.testing.assert_close(weights(compiled)[name], value, rtol=1e-2, atol=1e-3)


def test_real_out_of_memory_is_survived() -> None:
    """A network that asks for more than the GPU has unless the chunk is small."""

    class Wide(TinyConv):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            free, _ = torch.cuda.mem_get_info()
            torch.empty(int(free * len(x) / 100), dtype=torch.uint8, device=x.device)
            return super().forward(x)

    model = Wide((1, 8, 8), 10).cuda()
    images = load("digits").test
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = logits_of(model, images, (0.3,), (0.4,), chunk=400)
    assert any("half as large" in str(w.message) for w in caught)
    assert found.shape == (len(images), 10)


def test_digits_in_bf16() -> None:
    data = load("digits")
    run = train(RunConfig(epochs=15, batch_size=64, precision="bf16"), data, device="cuda")
    accuracy = (run.logits(data.test).argmax(1).numpy() == data.test.labels).mean()
    assert accuracy > 0.9
