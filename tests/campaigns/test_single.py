"""Single runs; oracles: the measures called by hand on the logits, and records read back."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from focalbook.calibration import brier, calibration_error, nll
from focalbook.campaigns import single
from focalbook.campaigns.single import MEASURES, execute, record_of, treatments
from focalbook.data import Partition, load
from focalbook.store import Metric, read_record, write_record
from focalbook.theory.minimizer import recover
from focalbook.training import RunConfig, TrainedRun, train

CONFIG = RunConfig(gamma=2.0, epochs=6, model_options={"hidden": [32]})
DATA = load("digits")


@pytest.fixture(scope="module")
def run() -> TrainedRun:
    return train(CONFIG, DATA, device="cpu")


def test_measures_are_those_called_by_hand(run: TrainedRun) -> None:
    record = record_of(run, DATA, resamples=50)
    labels = DATA.test.labels
    q = softmax(run.logits(DATA.test).double().numpy(), axis=1)
    for name, probs in (("", q), (", recovered", recover(q, 2.0))):
        assert record.metrics[f"test nll{name}"].value == pytest.approx(nll(probs, labels).value)
        assert record.metrics[f"test brier{name}"].value == pytest.approx(brier(probs, labels).value)
        assert record.metrics[f"test ece{name}"].value == pytest.approx(
            calibration_error(probs, labels).value
        )
    accuracy = record.metrics["test accuracy"]
    assert accuracy.value == (q.argmax(axis=1) == labels).mean()
    assert accuracy.low < accuracy.value < accuracy.high
    assert record.metrics["test gap"].value == pytest.approx(q.max(axis=1).mean() - accuracy.value)
    assert all(record.metrics[f"validation {name}"].n == len(DATA.validation) for name in MEASURES)
    assert record.metrics["parameters"].value == 64 * 32 + 32 + 32 * 10 + 10


def test_temperatures_have_the_least_log_loss_on_the_validation_images(run: TrainedRun) -> None:
    record = record_of(run, DATA, resamples=0)
    z, labels = run.logits(DATA.validation).double().numpy(), DATA.validation.labels
    recovered = np.log(recover(softmax(z, axis=1), 2.0))
    for name, logits in (("temperature", z), ("recovered, temperature", recovered)):
        best = record.metrics[f"fitted {name}"].value

        def loss(t: float, logits: np.ndarray = logits) -> float:
            return -log_softmax(logits / t, axis=1)[np.arange(len(labels)), labels].mean()

        assert loss(best) < min(loss(0.98 * best), loss(1.02 * best))
        assert f"test nll, {name}" in record.metrics
        assert record.metrics[f"validation nll, {name}"].value == pytest.approx(loss(best))


def test_arrays_hold_each_image(run: TrainedRun) -> None:
    record = record_of(run, DATA, resamples=0)
    q = softmax(run.logits(DATA.test).double().numpy(), axis=1)
    np.testing.assert_allclose(record.arrays["test_confidence"], q.max(axis=1), atol=5e-4)
    np.testing.assert_allclose(
        record.arrays["test_true_class"], q[np.arange(len(q)), DATA.test.labels], atol=5e-4
    )
    assert record.arrays["test_correct"].mean() == record.metrics["test accuracy"].value
    sizes = {name: array.dtype.itemsize for name, array in record.arrays.items() if name.startswith("test")}
    assert sizes == {"test_confidence": 2, "test_correct": 1, "test_true_class": 2}
    parts = (DATA.train, DATA.validation, DATA.test)
    assert record.arrays["data"].tolist() == [part.provenance.sha256 for part in parts]
    assert len(record.arrays["curve_losses"]) == len(record.arrays["curve_steps"])


def test_diagrams_of_treatments_have_the_calibration_error_of_the_treatment(run: TrainedRun) -> None:
    record = record_of(run, DATA, resamples=0)
    for name in ("temperature", "recovered", "recovered, temperature"):
        count, confidence, accuracy = record.arrays[f"reliability_{name.replace(', ', '_')}"].astype(float)
        error = np.nansum(count * np.abs(confidence - accuracy)) / len(DATA.test)
        assert error == pytest.approx(record.metrics[f"test ece, {name}"].value, abs=1e-6)


def test_execute_is_training_and_measuring(run: TrainedRun, tmp_path: Path) -> None:
    record = execute(CONFIG, device="cpu", resamples=20, campaign="mine", threads=1)
    expected = record_of(run, DATA, resamples=20, campaign="mine")
    assert record.id == expected.id
    assert record.campaign == "mine"
    assert record.configuration == CONFIG.to_dict()
    timed = {"training seconds", "images per second"}
    metrics = [{k: vars(v) for k, v in r.metrics.items() if k not in timed} for r in (record, expected)]
    np.testing.assert_equal(*metrics)
    found = read_record(write_record(record, tmp_path))
    np.testing.assert_equal(found.arrays, record.arrays)
    assert RunConfig.from_dict(found.configuration) == CONFIG


def test_measurements_are_added_before_the_test_images_are_seen(
    run: TrainedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    logits = TrainedRun.logits

    def watched(self: TrainedRun, images: object, chunk: int = 2048) -> object:
        order.append("test" if images is DATA.test else "validation")
        return logits(self, images, chunk)  # type: ignore[arg-type]

    def curvature(trained: TrainedRun, data: Partition) -> dict[str, Metric]:
        order.append("curvature")
        assert trained is run
        return {"trace": Metric(1.0, 0.5, 2.0, len(data.validation))}

    monkeypatch.setattr(TrainedRun, "logits", watched)
    record = record_of(run, DATA, resamples=0, measurements=[curvature])
    assert order == ["validation", "curvature", "test"]
    assert record.metrics["trace"] == Metric(1.0, 0.5, 2.0, 126)
    with pytest.raises(ValueError, match="two measurements are called 'trace'"):
        record_of(run, DATA, resamples=0, measurements=[curvature, curvature])


def test_without_validation_images_nothing_is_fitted(run: TrainedRun) -> None:
    whole = load("digits", validation=0)
    record = record_of(run, whole, resamples=0)
    assert math.isnan(record.metrics["fitted temperature"].value)
    assert not any(name.startswith("validation") for name in record.metrics)
    with_temperature = {name for name in record.metrics if name.endswith("temperature")}
    assert with_temperature == {"fitted temperature", "fitted recovered, temperature"}
    assert "test nll, recovered" in record.metrics


Z = np.log([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.3, 0.3, 0.4], [0.1, 0.8, 0.1]])


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (RunConfig(), {"temperature"}),
        (RunConfig(loss="flsd-53"), {"temperature"}),
        (RunConfig(gamma=2.0), {"temperature", "recovered", "recovered, temperature"}),
        (
            RunConfig(loss_options={"weight": [1.0, 2.0, 3.0]}),
            {"temperature", "recovered", "recovered, temperature"},
        ),
    ],
)
def test_recovery_is_for_losses_whose_inverse_is_known(config: RunConfig, names: set[str]) -> None:
    maps, temperatures = treatments(config, Z, np.array([0, 1, 2, 0]))
    assert set(maps) == names
    assert set(temperatures) == names - {"recovered"}


def test_separated_rows_leave_the_temperature_out() -> None:
    maps, temperatures = treatments(RunConfig(gamma=2.0), Z, np.array([0, 1, 2, 1]))
    assert set(maps) == {"recovered"}
    assert all(math.isnan(value) for value in temperatures.values())


def test_class_weights_are_undone_too() -> None:
    config = RunConfig(gamma=1.0, loss_options={"weight": [1.0, 2.0, 3.0]})
    maps, _ = treatments(config, Z, np.array([0, 1, 2, 0]))
    expected = recover(np.exp(Z), 1.0, weights=np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(maps["recovered"].probabilities(Z), expected, rtol=1e-10)


def test_the_device_of_a_record(run: TrainedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    assert record_of(run, DATA, resamples=0).provenance.device.startswith("cpu (")
    monkeypatch.setattr(single.torch.cuda, "get_device_name", lambda name: "Fast 1")
    elsewhere = dataclasses.replace(run, device="cuda:0")
    assert record_of(elsewhere, DATA, resamples=0).provenance.device.startswith("cuda:0, Fast 1 (")
