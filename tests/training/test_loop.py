"""The stacked training loop; oracles: a plain PyTorch loop, the focal-entropy minimiser, repetition."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from focalbook.nn import FocalLoss
from focalbook.nn.models import build_model
from focalbook.theory.minimizer import minimizer
from focalbook.training import TrainingConfig, fit
from focalbook.training.loop import one_cycle

RNG = np.random.default_rng(0)
INPUTS = RNG.random((40, 3, 2), dtype=np.float32)
LABELS = torch.as_tensor(RNG.integers(4, size=40))


def labels(rows: Tensor, generator: torch.Generator) -> Tensor:
    return LABELS[rows]


def small(**changes: object) -> TrainingConfig:
    settings = {"hidden": (8,), "steps": 25, "batch_size": 16, "input_noise": 0.0} | changes
    return TrainingConfig(**settings)  # type: ignore[arg-type]


def test_one_network_is_trained_as_by_a_plain_loop() -> None:
    config = small(gamma=2.0, seed=3)
    torch.manual_seed(3)
    network = build_model("mlp", (3, 2), 4, hidden=(8,))
    optimiser = torch.optim.Adam(network.parameters())
    criterion = FocalLoss(2.0)
    generator = torch.Generator().manual_seed(3)
    order: list[int] = []
    for step in range(25):
        if len(order) < 16:
            order = torch.randperm(40, generator=generator).tolist()
        rows, order = order[:16], order[16:]
        for group in optimiser.param_groups:
            group["lr"] = one_cycle(step, 25, config.learning_rate, config.warmup)
        optimiser.zero_grad()
        criterion(network(torch.as_tensor(INPUTS[rows])), LABELS[rows]).backward()
        optimiser.step()
    found = fit([config], INPUTS, labels, 4).network(0)
    for expected, parameter in zip(network.parameters(), found.parameters(), strict=True):
        torch.testing.assert_close(parameter, expected, rtol=1e-4, atol=1e-5)


def test_same_to_the_bit_when_repeated() -> None:
    configs = [small(gamma=g, seed=s, input_noise=0.1) for s in (0, 1) for g in (0.0, 0.5, 2.0)]
    first, second = (fit(configs, INPUTS, labels, 4) for _ in range(2))
    assert all(torch.equal(first.parameters[name], second.parameters[name]) for name in first.parameters)
    assert np.array_equal(first.losses, second.losses)


def test_global_random_state_is_neither_used_nor_changed() -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    one = fit([small(input_noise=0.2)], INPUTS, labels, 4)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    two = fit([small(input_noise=0.2)], INPUTS, labels, 4)
    assert all(torch.equal(one.parameters[name], two.parameters[name]) for name in one.parameters)


def test_networks_of_a_stack_do_not_touch_each_other() -> None:
    configs = [small(gamma=g, seed=s, input_noise=0.1) for s in (0, 5) for g in (0.0, 3.0)]
    together = fit(configs, INPUTS, labels, 4)
    for index, config in enumerate(configs):
        alone = fit([config], INPUTS, labels, 4)
        for name, values in alone.parameters.items():
            torch.testing.assert_close(together.parameters[name][index], values[0], rtol=1e-4, atol=1e-5)


def test_a_saturated_model_converges_to_the_minimiser() -> None:
    """A linear classifier on one-hot inputs can take any value: it must end at Q*, solved by other means."""
    truth = np.array([[0.8, 0.15, 0.05], [0.4, 0.35, 0.25]])
    inputs = np.eye(2, dtype=np.float32)
    soft = torch.as_tensor(truth, dtype=torch.float32)
    gammas = (0.0, 0.5, 2.0)
    configs = [small(gamma=g, hidden=(), steps=600, learning_rate=0.1) for g in gammas]
    found = fit(configs, inputs, lambda rows, generator: soft[rows], 3)
    probabilities = found.logits(inputs).double().softmax(-1).numpy()
    for row, gamma in zip(probabilities, gammas, strict=True):
        np.testing.assert_allclose(row, minimizer(truth, gamma), atol=2e-4)


def test_losses_are_averages_over_the_steps_between() -> None:
    found = fit([small(steps=250)], INPUTS, labels, 4)
    assert found.steps[-1] == 250
    assert found.losses.shape == (len(found.steps), 1)
    assert found.losses[-1, 0] < found.losses[0, 0]
    assert found.seconds > 0


def test_single_networks_give_the_logits_of_the_stack() -> None:
    found = fit([small(gamma=1.0), small(gamma=2.0)], INPUTS, labels, 4)
    logits = found.logits(INPUTS)
    for index in range(2):
        torch.testing.assert_close(found.network(index)(torch.as_tensor(INPUTS)), logits[index])


def test_a_diverging_run_stops_and_says_which() -> None:
    with pytest.raises(FloatingPointError, match=r"gamma = 2, seed 4\): try a learning rate below 1e\+30"):
        fit([small(gamma=2.0, seed=4, learning_rate=1e30)], INPUTS, labels, 4)
    broken = INPUTS.copy()
    broken[7] = np.nan
    with pytest.raises(FloatingPointError, match="check the inputs for NaN"):
        fit([small()], broken, labels, 4)


def test_threads_are_restored_after_training() -> None:
    before = torch.get_num_threads()
    fit([small(steps=1)], INPUTS, labels, 4, threads=before + 1)
    assert torch.get_num_threads() == before


def test_progress_bar_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    fit([small()], INPUTS, labels, 4)
    assert capsys.readouterr() == ("", "")
    fit([small()], INPUTS, labels, 4, progress=True)
    assert "training" in capsys.readouterr().err


def test_learning_rate_rises_and_falls_to_zero() -> None:
    rates = [one_cycle(step, 100, 0.3, 0.2) for step in range(100)]
    assert 0 < rates[0] < 0.02
    assert max(rates) == pytest.approx(0.3)
    assert np.argmax(rates) == 20
    assert 0 < rates[-1] < 1e-3
    assert (np.diff(rates[:21]) > 0).all()
    assert (np.diff(rates[20:]) < 0).all()
    assert one_cycle(0, 1, 0.3, 0.0) == 0.3


def test_what_cannot_be_trained_together_is_refused() -> None:
    with pytest.raises(ValueError, match="no configuration"):
        fit([], INPUTS, labels, 4)
    with pytest.raises(ValueError, match="may differ in gamma and seed only"):
        fit([small(), small(steps=26)], INPUTS, labels, 4)
    with pytest.raises(ValueError, match="inputs must be float32"):
        fit([small()], INPUTS.astype(np.float64), labels, 4)
