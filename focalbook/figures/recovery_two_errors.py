"""Figure: excess log loss of an idealised network after each treatment, against its boldness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, xlogy

from focalbook.campaigns.recalibration import TREATMENTS
from focalbook.theory.minimizer import minimizer, recover

__all__ = ["Data", "data", "draw"]

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """Networks that say the minimiser of a sharpened truth.

    Attributes
    ----------
    gamma : float
    boldness : array, shape (m,)
        Temperature that mends the network once it is recovered.
    excess : array, shape (4, m)
        Log loss above that of the truth, nats, for each of :data:`TREATMENTS`.
    temperature : array, shape (m,)
        The temperature that fits best without recovery.
    helps : float
        Boldness up to which recovery alone lowers the log loss.
    foretold : float
        Boldness up to which the temperature after recovery is nearer to 1 than the one before.
    """

    gamma: float
    boldness: Float
    excess: Float
    temperature: Float
    helps: float
    foretold: float


def _excess(truth: Float, log_q: Float, temperature: float = 1.0) -> float:
    """Mean Kullback-Leibler divergence from the truth to outputs at a temperature."""
    return float((xlogy(truth, truth) - truth * log_softmax(log_q / temperature, axis=1)).sum(axis=1).mean())


def _crossing(x: Float, y: Float) -> float:
    """Where y first rises through zero, by linear interpolation."""
    k = int(np.flatnonzero((y[:-1] < 0) & (y[1:] >= 0))[0])
    return float(x[k] - y[k] * (x[k + 1] - x[k]) / (y[k + 1] - y[k]))


def data(gamma: float = 5.0, classes: int = 10, rows: int = 200, seed: int = 0) -> Data:
    """Compute all treatments for truths drawn from a Dirichlet distribution with parameter 0.5."""
    truth = np.maximum(np.random.default_rng(seed).dirichlet(np.full(classes, 0.5), rows), 1e-12)
    truth /= truth.sum(axis=1, keepdims=True)
    boldness = np.geomspace(0.7, 2.4, 20)
    excess, temperature = np.zeros((len(TREATMENTS), len(boldness))), np.zeros(len(boldness))
    for k, bold in enumerate(boldness):
        beneath = np.exp(log_softmax(bold * np.log(truth), axis=1))
        said = minimizer(beneath, gamma)
        log_q, log_r = np.log(said), np.log(recover(said, gamma))
        best = minimize_scalar(
            lambda t, log_q=log_q: _excess(truth, log_q, np.exp(t)), bounds=(-2, 2), method="bounded"
        )
        temperature[k] = np.exp(best.x)
        excess[:, k] = (
            _excess(truth, log_q),
            float(best.fun),
            _excess(truth, log_r),
            _excess(truth, log_r, float(bold)),
        )
    helps = _crossing(boldness, excess[2] - excess[0])
    foretold = _crossing(boldness, np.abs(np.log(boldness)) - np.abs(np.log(temperature)))
    return Data(gamma, boldness, excess, temperature, helps, foretold)


def draw(data: Data, ax: Any) -> None:
    """Draw a line for each treatment but the last, whose excess is zero, and where recovery stops to help."""
    for k, (name, values) in enumerate(zip(TREATMENTS[:3], data.excess, strict=False)):
        ax.plot(data.boldness, values, color=f"C{k}", label=name)
    ax.axvline(data.helps, color="C5", linewidth=1.0)
    ax.axvline(data.foretold, color="C5", linewidth=1.0, linestyle=":")
    ax.set_xscale("log")
    ticks = (0.7, 1, 1.4, 2)
    ax.set_xticks(ticks, [f"{x:g}" for x in ticks])
    ax.set_xticks((), minor=True)
    ax.set(xlabel="boldness beneath the loss: T after recovery", ylabel="excess log loss (nats)")
    ax.set_yscale("log")
    ax.set_ylim(1e-3, 2)
    ax.legend(loc="upper left", ncols=2)
