"""Claims GC-9 and GC-10 on trained networks: the population optimum against interpolation.

Images are the embedded digits. The label of an image of digit d is right with probability 1 - e_d and
otherwise another class, with e_d from clearly uncertain to nearly certain, so that the posterior of every
image is known. One network, two ways to train it: with the expectation over labels in every step, which leads
to the population optimum, and with labels that are drawn once and kept, which it memorises. In both the trace
of the logit Hessian is measured by automatic differentiation, of the loss trained with and of the
cross-entropy at the same weights.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.func import jacrev, vmap

from focalbook.calibration import Estimate
from focalbook.calibration.estimate import mean_estimate
from focalbook.campaigns.grid import check_grid, grid
from focalbook.campaigns.measures import over_seeds
from focalbook.data import load_digits
from focalbook.nn.loss import focal_cross_entropy
from focalbook.store import Metric, Provenance, Record, provenance
from focalbook.theory.curvature import optimum_trace, population_trace, unit_ratio_crossings
from focalbook.theory.minimizer import minimizer
from focalbook.training import TrainingConfig, fit

__all__ = [
    "CAMPAIGN",
    "INTERPOLATION",
    "OPTIMUM",
    "Ratios",
    "TwoRegimes",
    "hessian_traces",
    "posteriors",
    "predicted",
    "ratios",
    "run",
]

CAMPAIGN = "two-regimes"
OPTIMUM: Literal["population optimum"] = "population optimum"
INTERPOLATION: Literal["interpolation"] = "interpolation"
Regime = Literal["population optimum", "interpolation"]
Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TwoRegimes:
    """Configuration of the experiment in one regime.

    Attributes
    ----------
    regime : str
        ``"population optimum"``: the loss is the expectation over labels. ``"interpolation"``: labels are
        drawn once for each seed.
    classes : int, 2 or 10
        2: the label is the parity of the digit, flipped at times. 10: the digit itself, the others being
        equally likely otherwise.
    gammas, seeds : tuple
        One network for each; a gamma of 0, the cross-entropy, has to be among them.
    noise : (float, float), in (0, 1/2)
        Largest and smallest probability e_d of another label, of digits 0 and 9; geometric between them.
    training : TrainingConfig
        Its gamma and seed are replaced.
    """

    regime: Regime = "population optimum"
    classes: int = 10
    gammas: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0)
    seeds: tuple[int, ...] = (0, 1, 2)
    noise: tuple[float, float] = (0.3, 0.01)
    training: TrainingConfig = field(
        default_factory=lambda: TrainingConfig(hidden=(96,), steps=1500, learning_rate=0.03, input_noise=0.0)
    )

    def __post_init__(self) -> None:
        if self.regime not in ("population optimum", "interpolation"):
            raise ValueError(f"regime must be 'population optimum' or 'interpolation', got {self.regime!r}.")
        if self.classes not in (2, 10):
            raise ValueError(f"classes must be 2 (parity) or 10 (digits), got {self.classes}.")
        check_grid(self.gammas, self.seeds)
        if 0.0 not in self.gammas:
            raise ValueError(f"gammas must hold 0, the cross-entropy to compare with, got {self.gammas}.")
        if not all(0 < e < 0.5 for e in self.noise):
            raise ValueError(f"noise must lie in (0, 1/2), got {self.noise}.")

    def runs(self) -> list[TrainingConfig]:
        """One training configuration for each seed and gamma."""
        return grid(self.training, self.gammas, self.seeds)

    def of(self, training: TrainingConfig) -> dict[str, Any]:
        """Everything that decides one run, as JSON values."""
        shared = {"regime": self.regime, "classes": self.classes, "noise": list(self.noise)}
        return shared | {"training": training.to_dict()}


def posteriors(classes: int, noise: tuple[float, float]) -> Float:
    """Posterior of each digit, shape (10, classes): see :class:`TwoRegimes`.

    Examples
    --------
    >>> posteriors(2, (0.3, 0.01))[0]
    array([0.7, 0.3])
    """
    e = np.geomspace(*noise, 10)
    table = np.repeat(e[:, None] / (classes - 1), classes, axis=1)
    digit = np.arange(10)
    table[digit, digit % classes] = 1.0 - e
    return table


def hessian_traces(logits: Tensor, targets: Tensor, gamma: float) -> Float:
    """Trace of the Hessian of the focal loss in the logits of each row, by automatic differentiation.

    Parameters
    ----------
    logits : Tensor, shape (n, classes)
    targets : Tensor
        Classes, int64 of shape (n,), or soft targets of the shape of `logits`.
    gamma : float, >= 0

    Returns
    -------
    array, shape (n,)
    """

    def loss(row: Tensor, target: Tensor) -> Tensor:
        return focal_cross_entropy(row[None], target[None], gamma)

    matrices = vmap(jacrev(jacrev(loss)))(logits, targets)
    return torch.diagonal(matrices, dim1=-2, dim2=-1).sum(-1).numpy()


def run(config: TwoRegimes, progress: bool = False) -> list[Record]:
    """Train the networks of one regime, all at once, and measure them on their training images.

    Parameters
    ----------
    config : TwoRegimes
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    list of Record
        One for each seed and gamma, seeds outermost. Nothing is written. Metrics, means over images with
        bootstrap intervals: ``focal`` and ``cross_entropy``, the traces of both losses; ``fitted``, the share
        of images whose label is the most probable class (interpolation only). Arrays, one entry for each
        image: ``digit``, ``focal``, ``cross_entropy``, and ``label``, the probability given to the kept
        label, or to the most probable one at the population optimum.

    Raises
    ------
    ValueError
        A configuration that is out of range.
    FloatingPointError
        Training diverged.

    Notes
    -----
    Claims GC-9, GC-10.
    """
    started = time.perf_counter()
    images = load_digits().train
    table = posteriors(config.classes, config.noise)[images.labels]
    exact = torch.as_tensor(table)
    kept = {seed: _drawn(table, seed) for seed in config.seeds}

    def targets(rows: Tensor, generator: torch.Generator) -> Tensor:
        if config.regime == OPTIMUM:
            return exact[rows].float()
        return kept[generator.initial_seed()][rows]

    trained = fit(config.runs(), images.pixels(), targets, config.classes, threads=1, progress=progress)
    outputs = trained.logits(images.pixels()).double()
    made, shared = provenance(), (time.perf_counter() - started) / len(outputs)
    records = []
    for training, logits in zip(trained.configs, outputs, strict=True):
        target = exact if config.regime == OPTIMUM else kept[training.seed]
        records.append(_record(config, training, logits, target, images.labels, made, shared))
    return records


def _drawn(table: Float, seed: int) -> Tensor:
    """One label for each row."""
    uniform = np.random.default_rng([seed, table.shape[1]]).random((len(table), 1))
    return torch.as_tensor((table.cumsum(axis=1) < uniform).sum(axis=1).clip(max=table.shape[1] - 1))


def _record(
    config: TwoRegimes,
    training: TrainingConfig,
    logits: Tensor,
    target: Tensor,
    digit: NDArray[np.int64],
    made: Provenance,
    shared: float,
) -> Record:
    started = time.perf_counter()
    traces = {
        "focal": hessian_traces(logits, target, training.gamma),
        "cross_entropy": hessian_traces(logits, target, 0.0),
    }
    label = target.argmax(-1) if target.ndim == 2 else target
    q = torch.softmax(logits, -1).gather(1, label[:, None])[:, 0].numpy()
    measured = dict(traces)
    if config.regime == INTERPOLATION:
        measured["fitted"] = (logits.argmax(-1) == label).numpy().astype(float)
    estimates = {name: mean_estimate(values, 0.95, 300, training.seed) for name, values in measured.items()}
    metrics = {name: Metric(e.value, e.low, e.high, e.n) for name, e in estimates.items()}
    seconds = shared + time.perf_counter() - started
    return Record(
        CAMPAIGN, config.of(training), metrics, seconds, made, {"digit": digit, "label": q, **traces}
    )


@dataclass(frozen=True)
class Ratios:
    """Mean trace of the focal loss over that of the cross-entropy, over seeds, for one gamma.

    Attributes
    ----------
    gamma : float
    same_weights : Estimate
        Both at the weights of the network trained with focal loss.
    own_optimum : Estimate
        The cross-entropy at the weights of the network that was trained with it, from the same seed.
    confident : float
        Share of the images whose label has a probability above q_+ (claim GC-9); 0 for gamma = 0.
    """

    gamma: float
    same_weights: Estimate
    own_optimum: Estimate
    confident: float


def ratios(records: Sequence[Record], digit: int | None = None) -> list[Ratios]:
    """Ratios of mean traces for each gamma above 0, with Student's intervals over seeds.

    Parameters
    ----------
    records : sequence of Record
        As :func:`run` returns them.
    digit : int, optional
        Only images of this digit.

    Raises
    ------
    ValueError
        There is no network trained with the cross-entropy from one of the seeds.
    """
    settings = [r.configuration["training"] for r in records]
    plain = {s["seed"]: r for s, r in zip(settings, records, strict=True) if s["gamma"] == 0}
    if missing := {s["seed"] for s in settings} - plain.keys():
        raise ValueError(
            f"no network with gamma = 0 for the seeds {sorted(missing)}: nothing to compare with."
        )
    out = []
    for gamma in sorted({s["gamma"] for s in settings} - {0.0}):
        chosen = [r for s, r in zip(settings, records, strict=True) if s["gamma"] == gamma]
        focal = [_mean(r, "focal", digit) for r in chosen]
        same = [_mean(r, "cross_entropy", digit) for r in chosen]
        own = [_mean(plain[r.configuration["training"]["seed"]], "cross_entropy", digit) for r in chosen]
        sure = np.mean([(r.arrays["label"] > unit_ratio_crossings(gamma)[1]).mean() for r in chosen])
        out.append(
            Ratios(
                gamma,
                over_seeds(np.divide(focal, same)),
                over_seeds(np.divide(focal, own)),
                float(sure),
            )
        )
    return out


def _mean(record: Record, name: str, digit: int | None) -> float:
    values = record.arrays[name]
    return float((values if digit is None else values[record.arrays["digit"] == digit]).mean())


def predicted(
    gamma: float, classes: int, noise: tuple[float, float], digit: int | None = None
) -> tuple[float, float]:
    """Ratios at the population optimum by claim GC-10, from the posteriors alone: same weights, own optimum.

    Images of all digits count as often as they occur in the training images, or only those of one digit.
    """
    digits = load_digits().train.labels
    table = posteriors(classes, noise)
    weights = np.bincount(digits, minlength=10) if digit is None else np.eye(10)[digit]
    best = minimizer(table, gamma)
    focal = weights @ optimum_trace(table, gamma)
    return (
        float(focal / (weights @ population_trace(table, best, 0.0))),
        float(focal / (weights @ optimum_trace(table, 0.0))),
    )
