"""A detector's classification head with known posteriors: sigmoid outputs, rare positives, RetinaNet's loss.

A camera looks at one scene, cut into places (anchors). Objects of three classes appear at a place with
probabilities that are written down here. A small network reads the place and gives one sigmoid score for
each class; it is trained on drawn labels with the alpha-balanced focal loss of ``lin2017focal``, from scores
of 0.01 as there. Its outputs can then be compared with what they should be.
"""

from __future__ import annotations

import dataclasses
import math
import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from focalbook.nn.log_odds import focal_from_log_odds
from focalbook.store import Metric, Record, provenance
from focalbook.theory.sigmoid import recover_sigmoid_logits, sigmoid_minimizer
from focalbook.training.loop import _threads, one_cycle

__all__ = ["CAMPAIGN", "CLASSES", "DetectorHead", "excess", "posterior", "run"]

CAMPAIGN = "detector-head"
CLASSES = ("car", "person", "bicycle")
Float = NDArray[np.float64]

#: Centre, widths and height of the region of each class, and its probability elsewhere.
_REGIONS = (
    ((0.55, 0.30), (0.35, 0.09), 0.60, 1e-4),
    ((0.35, 0.68), (0.25, 0.10), 0.15, 1e-3),
    ((0.70, 0.52), (0.20, 0.06), 0.04, 1e-4),
)


def posterior(places: Float) -> Float:
    """Probability that an object of each class is present, shape (n, 3), at places (n, 2) of a square."""
    found = []
    for centre, widths, height, floor in _REGIONS:
        distance = (((places - np.array(centre)) / np.array(widths)) ** 2).sum(axis=1)
        found.append(floor + (height - floor) * np.exp(-0.5 * distance))
    return np.stack(found, axis=1)


@dataclass(frozen=True, kw_only=True)
class DetectorHead:
    """Configuration.

    Attributes
    ----------
    gamma : float, >= 0
    alpha : float, in (0, 1)
        Weight of a present object; RetinaNet has gamma = 2 and alpha = 0.25.
    seeds : tuple of int
        One network each.
    steps : int, >= 1
    places : int, >= 1
        Places in a step.
    frames : int, >= 1
        Frames that a step sees of each place: labels are averages of as many draws.
    grid : int, >= 2
        Outputs are read on grid x grid places.
    learning_rate : float, > 0
        Peak rate of Adam.
    """

    gamma: float = 2.0
    alpha: float = 0.25
    seeds: tuple[int, ...] = (0, 1, 2)
    steps: int = 600
    places: int = 512
    frames: int = 512
    grid: int = 48
    learning_rate: float = 1e-2

    def __post_init__(self) -> None:
        if not (math.isfinite(self.gamma) and self.gamma >= 0 and 0 < self.alpha < 1):
            raise ValueError(f"gamma >= 0 and 0 < alpha < 1 are needed, got {self.gamma} and {self.alpha}.")
        if not self.seeds or min(self.steps, self.places, self.frames, self.grid - 1) < 1:
            raise ValueError("seeds must not be empty, steps, places and frames at least 1, grid at least 2.")


class _Head(nn.Module):
    """Fourier features of the place, two hidden layers, three logits that start at a score of 0.01."""

    frequencies: Tensor

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        waves = math.pi * torch.tensor(
            [[1.0, 0.0], [0.0, 1.0], [2.0, 0.0], [0.0, 2.0], [0.0, 4.0], [0.0, 6.0]]
        )
        self.frequencies = waves.T
        self.layers = nn.Sequential(
            nn.Linear(14, width),
            nn.SiLU(),
            nn.Linear(width, width),
            nn.SiLU(),
            nn.Linear(width, len(CLASSES)),
        )
        with torch.no_grad():
            self.layers[-1].bias.fill_(-math.log(99.0))  # type: ignore[operator]

    def forward(self, places: Tensor) -> Tensor:
        """Logits (n, 3) of places (n, 2)."""
        waves = places @ self.frequencies
        return self.layers(torch.cat([2 * places - 1, waves.sin(), waves.cos()], dim=-1))


def _loss(logits: Tensor, share: Tensor, config: DetectorHead) -> Tensor:
    """Alpha-balanced focal loss, averaged over draws of the label: linear in the share of positives."""
    present = config.alpha * share * focal_from_log_odds(logits, config.gamma)
    absent = (1 - config.alpha) * (1 - share) * focal_from_log_odds(-logits, config.gamma)
    return (present + absent).sum(dim=-1).mean()


def _train(config: DetectorHead) -> tuple[nn.Module, dict[str, Tensor]]:
    heads = []
    for seed in config.seeds:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            heads.append(_Head())
    parameters, _ = stack_module_state(heads)
    optimiser = torch.optim.Adam(list(parameters.values()), lr=config.learning_rate, fused=True)

    def one(weights: dict[str, Tensor], places: Tensor, share: Tensor) -> Tensor:
        return _loss(functional_call(heads[0], weights, (places,)), share, config)

    sources = [np.random.default_rng([seed, 1]) for seed in config.seeds]
    for step in range(config.steps):
        drawn = [_draw(config, rng) for rng in sources]
        places, share = (torch.as_tensor(np.stack(part)) for part in zip(*drawn, strict=True))
        optimiser.param_groups[0]["lr"] = one_cycle(step, config.steps, config.learning_rate, 0.1)
        optimiser.zero_grad()
        vmap(one)(parameters, places, share).sum().backward()
        optimiser.step()
    return heads[0], {name: value.detach() for name, value in parameters.items()}


def _draw(config: DetectorHead, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    places = rng.random((config.places, 2))
    share = rng.binomial(config.frames, posterior(places)) / config.frames
    return places.astype(np.float32), share.astype(np.float32)


def excess(p: Float, q: Float) -> Float:
    """Expected log loss of outputs q above that of the truth p, in nats: the Bernoulli divergence."""
    tiny = 1e-300
    present = p * (np.log(np.maximum(p, tiny)) - np.log(np.maximum(q, tiny)))
    return present + (1 - p) * (np.log1p(-p) - np.log1p(-np.minimum(q, 1 - 1e-16)))


def run(config: DetectorHead) -> list[Record]:
    """Train the heads and read their outputs.

    Parameters
    ----------
    config : DetectorHead

    Returns
    -------
    list of Record
        One for each seed; nothing is written. Arrays on the places of the grid, rows from the top of the
        scene: ``posterior``, ``minimizer`` and ``logits``, shape (grid, grid, 3). Metrics, without interval
        because the grid is no sample: ``expected_found_`` and ``excess_`` of ``score`` and ``recovered``,
        the mean number of objects that the outputs announce for one that is there, and the excess log loss.

    Notes
    -----
    Source: loss and initial score of ``lin2017focal``. Claim FE-16.
    """
    started = time.perf_counter()
    with _threads(1):
        head, parameters = _train(config)
    centres = (np.arange(config.grid) + 0.5) / config.grid
    places = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
    x = torch.as_tensor(places.astype(np.float32))
    with torch.no_grad():
        outputs = vmap(lambda weights: functional_call(head, weights, (x,)))(parameters).double().numpy()
    made, shared = provenance(), (time.perf_counter() - started) / len(config.seeds)
    truth = posterior(places)
    return [
        Record(
            CAMPAIGN,
            dataclasses.asdict(dataclasses.replace(config, seeds=(seed,))) | {"seeds": [seed]},
            _metrics(truth, logits, config),
            shared,
            made,
            {
                name: values.reshape(config.grid, config.grid, len(CLASSES))
                for name, values in (
                    ("posterior", truth),
                    ("minimizer", sigmoid_minimizer(truth, config.gamma, config.alpha)),
                    ("logits", logits),
                )
            },
        )
        for seed, logits in zip(config.seeds, outputs, strict=True)
    ]


def _metrics(truth: Float, logits: Float, config: DetectorHead) -> dict[str, Metric]:
    found = {}
    score, recovered = 1 / (1 + np.exp(-logits)), recover_sigmoid_logits(logits, config.gamma, config.alpha)
    for name, output in (("score", score), ("recovered", recovered)):
        values = {"expected_found": output.sum() / truth.sum(), "excess": excess(truth, output).mean()}
        for measure, value in values.items():
            found[f"{measure}_{name}"] = Metric(float(value), math.nan, math.nan, truth.size)
    return found
