"""Curvature as a part of runs. Oracle: the dense Hessian of a tiny network, by automatic differentiation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.func import functional_call, hessian

from focalbook.campaigns.curved import DEFAULTS, configure, curvature_metrics
from focalbook.campaigns.experiments import Surroundings, experiment
from focalbook.campaigns.plan import load_plan
from focalbook.data import Batches, load
from focalbook.nn import FocalLoss
from focalbook.training import RunConfig, load_parts, train

TINY: dict[str, Any] = {"model_options": {"hidden": [2]}, "epochs": 2, "per_class": 8, "validation": 0.2}


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_eigenvalues_and_traces_are_those_of_the_dense_hessian(gamma: float) -> None:
    config = RunConfig.from_dict(TINY | {"gamma": gamma})
    data = load_parts(config)
    run = train(config, data, device="cpu")
    settings = DEFAULTS | {"curvature_samples": 40, "curvature_tolerance": 1e-4}
    found = curvature_metrics(run, data, settings)
    model = run.model.double()
    whole = Batches(data.validation, len(data.validation), shuffle=False, mean=run.mean, std=run.std)
    x, y = whole.select(range(40))
    names = {name: p.detach() for name, p in model.named_parameters()}
    sizes = [p.numel() for p in names.values()]
    flat = torch.cat([p.flatten() for p in names.values()])
    for loss, criterion in (("training loss", FocalLoss(gamma)), ("cross-entropy", FocalLoss(0.0))):

        def value(w: torch.Tensor, criterion: torch.nn.Module = criterion) -> torch.Tensor:
            parts = w.split(sizes)
            weights = {n: part.view_as(p) for part, (n, p) in zip(parts, names.items(), strict=True)}
            return criterion(functional_call(model, weights, (x.double(),)), y)

        values = np.linalg.eigvalsh(hessian(value)(flat).numpy())
        scale = np.abs(values).max()
        assert found[f"{loss} hessian top"].value == pytest.approx(values[-1], rel=1e-3)
        assert found[f"{loss} hessian bottom"].value == pytest.approx(values[0], abs=1e-3 * scale)
        trace = found[f"{loss} hessian trace"]
        slack = 1.5 * (trace.high - trace.low) + 1e-4 * scale
        assert trace.value == pytest.approx(values.sum(), abs=slack)
        assert trace.n == 40
    assert ("training loss hessian top" in found) == ("training loss gauss-newton trace" in found)


def test_other_losses_have_the_cross_entropy_alone() -> None:
    config = RunConfig.from_dict(TINY | {"loss": "dual-focal", "gamma": 1.0})
    data = load_parts(config)
    found = curvature_metrics(train(config, data, device="cpu"), data, DEFAULTS | {"curvature_samples": 20})
    assert "cross-entropy hessian top" in found
    assert not any(name.startswith("training loss") for name in found)


def test_the_record_knows_the_settings_of_the_measurement() -> None:
    module = experiment("curvature")
    configuration = module.configure(TINY | {"curvature_samples": 20})
    record = module.execute(configuration, Surroundings("grid", "cpu"))
    assert record.configuration == configuration
    assert record.configuration["curvature_tolerance"] == 0.01
    assert record.metrics["cross-entropy hessian trace"].n == 20
    assert record.metrics["test accuracy"].n == 539


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"curvature_samples": 1}, "curvature_samples must be a whole number"),
        ({"curvature_products": 2.5}, "curvature_products must be a whole number"),
        ({"curvature_tolerance": 0.0}, "must lie between 0 and 1"),
        ({"validation": 0.0}, "validation must be above 0"),
        ({"gama": 1.0}, "did you mean 'gamma'"),
    ],
)
def test_settings_are_checked(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        configure(TINY | change)


def test_plans_measure_on_validation_images() -> None:
    for name in ("cifar100", "cifar100-small", "digits"):
        for run in load_plan(name).runs:
            assert run.configuration["validation"] > 0
    assert len(load("digits").validation) > 0
