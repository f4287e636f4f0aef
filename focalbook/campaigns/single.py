"""One run of one network: trained, measured on validation and test images, and turned into a record.

What is fitted after training, a temperature, is fitted on the validation images. The test images are looked
at once, when nothing is left to choose.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from focalbook.calibration import (
    Estimate,
    Inverse,
    Recalibration,
    Temperature,
    brier,
    calibration_error,
    confidence_gap,
    fit_temperature,
    nll,
)
from focalbook.calibration.reliability import reliability, wilson_interval
from focalbook.data import Images, Partition
from focalbook.store import Metric, Record, provenance
from focalbook.training import RunConfig, TrainedRun, load_parts, train

__all__ = ["CAMPAIGN", "MEASURES", "Measurement", "execute", "record_of", "treatments"]

CAMPAIGN = "single"
MEASURES = ("accuracy", "nll", "brier", "ece", "gap")
Float = NDArray[np.float64]

#: Further numbers about a trained network, such as the curvature of its loss: names and metrics. They are
#: measured before the test images are looked at.
Measurement = Callable[[TrainedRun, Partition], Mapping[str, Metric]]


def _metric(found: Estimate) -> Metric:
    return Metric(found.value, found.low, found.high, found.n)


def measured(probs: Float, labels: NDArray[np.int64], resamples: int) -> dict[str, Metric]:
    """Accuracy (Wilson interval), NLL, Brier score, ECE of 15 bins and confidence gap (bootstrap intervals).

    Parameters
    ----------
    probs : array, shape (n, K)
    labels : int array, shape (n,)
    resamples : int, >= 0
        Bootstrap resamples; 0 leaves those intervals NaN.

    Returns
    -------
    dict of Metric
        By the names of :data:`MEASURES`; ``gap`` is mean confidence minus accuracy.
    """
    right = probs.argmax(axis=1) == labels
    share, count = np.array([right.mean()]), np.array([len(right)])
    low, high = wilson_interval(share, count, 0.95)
    return {
        "accuracy": Metric(float(share[0]), float(low[0]), float(high[0]), len(right)),
        "nll": _metric(nll(probs, labels, resamples=resamples)),
        "brier": _metric(brier(probs, labels, resamples=resamples)),
        "ece": _metric(calibration_error(probs, labels, resamples=resamples)),
        "gap": _metric(confidence_gap(probs, labels, resamples=resamples).gap),
    }


def inverse_of(config: RunConfig) -> Inverse | None:
    """The inverse map of a configuration's loss; None where outputs are posteriors, or no map is known."""
    weight = config.loss_options.get("weight")
    if config.loss != "focal" or (config.gamma == 0 and weight is None):
        return None
    return Inverse(config.gamma, None if weight is None else tuple(float(w) for w in weight))


def treatments(
    config: RunConfig, logits: Float, labels: NDArray[np.int64]
) -> tuple[dict[str, Recalibration], dict[str, float]]:
    """What may be done with the outputs of a network, fitted to held-out rows.

    Parameters
    ----------
    config : RunConfig
    logits : array, shape (n, K)
        Of rows that the network was not trained on; none where n = 0.
    labels : int array, shape (n,)

    Returns
    -------
    maps : dict of Recalibration
        ``temperature``; with a focal loss also ``recovered`` (the inverse map of FE-6, nothing fitted) and
        ``recovered, temperature``. A temperature that the rows do not determine, because every one of them
        has its label on top, is left out.
    temperatures : dict of float
        The fitted temperatures, by the same names; NaN where there is none.

    Notes
    -----
    Sources: ``guo2017calibration`` for the temperature, ``komisarenko2024improving`` for one after recovery.
    With label smoothing or mixup the recovered distribution is that of the softened labels. Claims FE-6,
    FE-16.
    """
    inverse = inverse_of(config)
    maps: dict[str, Recalibration] = {} if inverse is None else {"recovered": inverse}
    temperatures: dict[str, float] = {}
    for name, first in (("temperature", None), ("recovered, temperature", inverse)):
        if first is None and name != "temperature":
            continue
        temperatures[name] = math.nan
        if len(labels) == 0:
            continue
        try:
            fitted = fit_temperature(logits if first is None else first(logits), labels)
        except ValueError:  # separated rows have no best temperature
            continue
        temperatures[name] = fitted.value
        maps[name] = fitted if first is None else first.then(fitted)
    return maps, temperatures


def _part(
    name: str, logits: Float, images: Images, resamples: int
) -> tuple[dict[str, Metric], dict[str, NDArray]]:
    """Measures of a part of the data, and three numbers for each of its images."""
    probs = Temperature(1.0).probabilities(logits)
    metrics = {f"{name} {key}": m for key, m in measured(probs, images.labels, resamples).items()}
    true_class = np.take_along_axis(probs, images.labels[:, None], axis=1)[:, 0]
    arrays: dict[str, NDArray] = {
        f"{name}_confidence": probs.max(axis=1).astype(np.float16),
        f"{name}_correct": probs.argmax(axis=1) == images.labels,
        f"{name}_true_class": true_class.astype(np.float16),
    }
    return metrics, arrays


def _cost(run: TrainedRun) -> dict[str, Metric]:
    none, steps = math.nan, int(run.history.steps[-1])
    parameters = sum(p.numel() for p in run.model.parameters())
    return {
        "training loss": Metric(float(run.history.losses[-1]), none, none, steps),
        "training seconds": Metric(run.seconds, none, none, 1),
        "images per second": Metric(run.images_per_second, none, none, steps),
        "parameters": Metric(float(parameters), none, none, 1),
    }


def record_of(
    run: TrainedRun,
    data: Partition,
    *,
    campaign: str = CAMPAIGN,
    resamples: int = 1000,
    measurements: Sequence[Measurement] = (),
) -> Record:
    """Measure a trained network.

    Parameters
    ----------
    run : TrainedRun
    data : Partition
        What it was trained on, with the parts that are measured.
    campaign : str
        Name in the record.
    resamples : int
        Bootstrap resamples behind each interval.
    measurements : sequence of Measurement
        Further numbers; they may use training and validation images.

    Returns
    -------
    Record
        Metrics ``<part> <measure>`` for the parts ``validation`` (where there is one) and ``test`` and the
        measures of :data:`MEASURES`; on the test part also ``<part> <measure>, <treatment>`` for the
        treatments of :func:`treatments`; ``validation nll, <treatment>``, which a rule may choose by; the
        fitted temperatures; cost; what the measurements add. Arrays: top confidence, whether right, and
        probability of the true class for each image (float16, bool); ``reliability_<treatment>``, shape
        (3, 15): images, mean confidence and share of right top labels in each bin of the test images; the
        training curve, and ``data``, the SHA-256 of the three parts. ``seconds`` are training and measuring.

    Raises
    ------
    ValueError
        Two measurements of one name.
    """
    started = time.perf_counter()
    metrics, config = _cost(run), run.config
    arrays: dict[str, NDArray] = {
        "curve_steps": run.history.steps,
        "curve_losses": run.history.losses.astype(np.float32),
        "curve_traces": run.history.traces.astype(np.float32),
        "data": np.array([p.provenance.sha256 for p in (data.train, data.validation, data.test)]),
    }
    logits = np.empty((0, run.classes))
    if len(data.validation):
        logits = run.logits(data.validation).double().numpy()
        found, more = _part("validation", logits, data.validation, resamples)
        metrics, arrays = metrics | found, arrays | more
    maps, temperatures = treatments(config, logits, data.validation.labels)
    for name, value in temperatures.items():
        metrics[f"fitted {name}"] = Metric(value, math.nan, math.nan, max(1, len(logits)))
    if len(logits):
        for name, one in maps.items():
            chosen = nll(one.probabilities(logits), data.validation.labels, resamples=resamples)
            metrics[f"validation nll, {name}"] = _metric(chosen)
    for measurement in measurements:
        found = dict(measurement(run, data))
        if twice := sorted(set(found) & set(metrics)):
            raise ValueError(f"two measurements are called {twice[0]!r}: rename one of them.")
        metrics |= found
    logits = run.logits(data.test).double().numpy()
    found, more = _part("test", logits, data.test, resamples)
    metrics, arrays = metrics | found, arrays | more
    for name, one in maps.items():
        probs = one.probabilities(logits)
        mended = measured(probs, data.test.labels, resamples)
        metrics |= {f"test {key}, {name}": m for key, m in mended.items()}
        diagram = reliability(probs, data.test.labels)
        rows = [diagram.count, diagram.confidence, diagram.accuracy]
        arrays[f"reliability_{name.replace(', ', '_')}"] = np.array(rows, dtype=np.float32)
    seconds = run.seconds + time.perf_counter() - started
    return Record(campaign, config.to_dict(), metrics, seconds, provenance(_device(run.device)), arrays)


def _device(name: str) -> str:
    return f"{name}, {torch.cuda.get_device_name(name)}" if name.startswith("cuda") else name


def execute(
    config: RunConfig,
    data: Partition | None = None,
    *,
    folder: Path | None = None,
    device: str = "auto",
    progress: bool = False,
    compile: bool | str = False,
    channels_last: bool | None = None,
    threads: int | None = None,
    watch: Callable[[int, int], None] | None = None,
    campaign: str = CAMPAIGN,
    resamples: int = 1000,
    measurements: Sequence[Measurement] = (),
) -> Record:
    """Train a network and measure it.

    Parameters
    ----------
    config, data, folder, device, progress, compile, channels_last, threads, watch
        As for :func:`focalbook.training.train`.
    campaign, resamples, measurements
        As for :func:`record_of`.

    Returns
    -------
    Record
        Nothing is written.

    Raises
    ------
    ValueError, FloatingPointError, MemoryError
        As for :func:`focalbook.training.train` and :func:`record_of`.
    """
    if data is None:
        data = load_parts(config, folder)
    run = train(
        config,
        data,
        device=device,
        progress=progress,
        compile=compile,
        channels_last=channels_last,
        threads=threads,
        watch=watch,
    )
    return record_of(run, data, campaign=campaign, resamples=resamples, measurements=measurements)
