"""The experiment ``curvature`` of campaigns: one network, trained and measured, with its curvature.

Curvature is that of the mean loss over the first validation images, once for the loss that the network was
trained with and once for the cross-entropy at the same weights: the first contains the change of scale by the
gain h, only the second says whether the place that training found is flatter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from focalbook.campaigns import single
from focalbook.campaigns.experiments import Surroundings
from focalbook.curvature import Eigenvalue, Measured, Trace, measure
from focalbook.data import Batches, Partition
from focalbook.store import Metric, Record
from focalbook.training import RunConfig, TrainedRun

__all__ = ["DEFAULTS", "QUANTITIES", "configure", "curvature_metrics", "execute"]

#: Settings of the measurement, beside those of the training.
DEFAULTS: dict[str, Any] = {
    "curvature_samples": 1000,  # validation images
    "curvature_tolerance": 0.01,  # relative error of the eigenvalues
    "curvature_products": 32,  # for each trace of a Hessian that is not had from single samples
}

QUANTITIES = ("top", "bottom", "trace")


def configure(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a run, every setting included.

    Raises
    ------
    ValueError
        As for :meth:`focalbook.training.RunConfig.from_dict`; a setting of the measurement out of its range;
        no validation images.
    """
    chosen = DEFAULTS | {name: settings[name] for name in DEFAULTS if name in settings}
    for name in ("curvature_samples", "curvature_products"):
        if isinstance(chosen[name], bool) or not isinstance(chosen[name], int) or chosen[name] < 2:
            raise ValueError(f"{name} must be a whole number of at least 2, got {chosen[name]!r}.")
    tolerance = chosen["curvature_tolerance"]
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 < tolerance < 1:
        raise ValueError(f"curvature_tolerance must lie between 0 and 1, got {tolerance!r}.")
    config = RunConfig.from_dict({name: v for name, v in settings.items() if name not in DEFAULTS})
    if config.validation == 0:
        raise ValueError("curvature is measured on validation images: validation must be above 0.")
    return config.to_dict() | chosen | {"curvature_tolerance": float(tolerance)}


def curvature_metrics(run: TrainedRun, data: Partition, settings: Mapping[str, Any]) -> dict[str, Metric]:
    """Extreme eigenvalues and traces of Hessian and Gauss-Newton matrix on the first validation images.

    Parameters
    ----------
    run : TrainedRun
    data : Partition
    settings : mapping
        The keys of :data:`DEFAULTS`.

    Returns
    -------
    dict of Metric
        ``<loss> <matrix> <quantity>`` for the losses ``training loss`` and ``cross-entropy`` (the same where
        gamma is 0), the matrices ``hessian`` and ``gauss-newton`` and the quantities :data:`QUANTITIES`. The
        interval is the error of the estimate for these images: it does not say how much other images differ.
        ``curvature seconds`` and ``curvature products`` are their cost. A network trained with another loss
        than focal loss has the cross-entropy alone.
    """
    count = min(settings["curvature_samples"], len(data.validation))
    own = run.config.gamma if run.config.loss == "focal" else 0.0
    batches = Batches(
        data.validation, len(data.validation), device=run.device, shuffle=False, mean=run.mean, std=run.std
    )
    images, labels = batches.select(range(count))
    found = measure(
        run.model,
        images,
        labels,
        own,
        tolerance=settings["curvature_tolerance"],
        products=settings["curvature_products"],
    )
    metrics = {
        "curvature seconds": Metric(found.seconds, float("nan"), float("nan"), 1),
        "curvature products": Metric(
            sum(r.products for r in found.results), float("nan"), float("nan"), len(found.results)
        ),
    }
    for matrix in ("hessian", "gauss-newton"):
        names = {"cross-entropy": 0.0} | ({"training loss": own} if run.config.loss == "focal" else {})
        for loss, gamma in names.items():
            metrics |= _metrics(f"{loss} {matrix}", found.of(gamma, matrix), count)
    return metrics


def _metrics(prefix: str, one: Measured, count: int) -> dict[str, Metric]:
    parts: tuple[Eigenvalue | Trace, ...] = (one.top, one.bottom, one.trace)
    return {
        f"{prefix} {name}": Metric(part.value, part.low, part.high, count)
        for name, part in zip(QUANTITIES, parts, strict=True)
    }


def execute(configuration: Mapping[str, Any], around: Surroundings) -> Record:
    """Train and measure; see :func:`focalbook.campaigns.single.execute`."""
    settings = {name: configuration[name] for name in DEFAULTS}
    record = single.execute(
        RunConfig.from_dict({name: v for name, v in configuration.items() if name not in DEFAULTS}),
        folder=around.data_folder,
        device=around.device,
        compile=around.compile,
        campaign=around.campaign,
        watch=around.watch,
        measurements=(lambda run, data: curvature_metrics(run, data, settings),),
    )
    return dataclasses.replace(record, configuration=dict(configuration))
