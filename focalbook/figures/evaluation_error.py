"""Relative errors of ways to evaluate focal loss and its logit gradient, against 50 digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from focalbook.theory.loss import focal_gain, focal_loss

__all__ = ["METHODS", "Data", "data", "draw"]

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]

METHODS = (
    "textbook formula, float32",
    "textbook formula, float64",
    "from q in float64",
    "from log-odds, float32",
)
_STYLES = (("C1", "-", 1.6), ("C3", "-", 1.6), ("C4", "--", 1.6), ("C0", "-", 2.2))


@dataclass(frozen=True)
class Data:
    """Relative errors for two classes with logits (t, 0), the first one being true.

    Attributes
    ----------
    gamma : float
    log_odds : ndarray, shape (n,)
        Middles of n equal intervals of t, the log-odds of the true class.
    loss_error, gradient_error : ndarray, shape (4, n)
        Largest |value / exact - 1| in each interval, of the loss and of its derivative in t, one row for
        each of `METHODS`; NaN where a value is not finite.
    """

    gamma: float
    log_odds: NDArray[np.float64]
    loss_error: NDArray[np.float64]
    gradient_error: NDArray[np.float64]


def _exact(t: float, gamma: float) -> tuple[mp.mpf, mp.mpf]:
    """Loss and derivative in t, straight from the definition, with 50 digits."""
    with mp.workdps(50):
        x = mp.mpf(t)
        surprisal, q, c = mp.log1p(mp.exp(-x)), 1 / (1 + mp.exp(-x)), 1 / (1 + mp.exp(x))
        return c**gamma * surprisal, -(c**gamma + gamma * q * c ** (gamma - 1) * surprisal) * c


def _torch(t: NDArray[np.float64], gamma: float, dtype: str, textbook: bool) -> Pair:
    """Loss and its derivative in t by automatic differentiation."""
    import torch

    from focalbook.nn import focal_cross_entropy

    true = torch.tensor(t, dtype=getattr(torch, dtype), requires_grad=True)
    logits = torch.stack([true, torch.zeros_like(true)], dim=-1)
    if textbook:
        q = torch.softmax(logits, dim=-1)[:, 0]
        loss = -((1.0 - q) ** gamma) * torch.log(q)
    else:
        target = torch.zeros(len(t), dtype=torch.long)
        loss = focal_cross_entropy(logits, target, gamma, reduction="none")
    (gradient,) = torch.autograd.grad(loss.sum(), true)
    return loss.detach().double().numpy(), gradient.double().numpy()


def _from_q(t: NDArray[np.float64], gamma: float) -> Pair:
    """Loss and derivative from the probability alone, in float64."""
    q = 1.0 / (1.0 + np.exp(-t))
    return focal_loss(q, gamma), -focal_gain(q, gamma) * (1.0 - q)


def data(
    gamma: float = 0.5, low: float = -120.0, high: float = 60.0, intervals: int = 60, samples: int = 20
) -> Data:
    """Evaluate all methods at points spread evenly over intervals of log-odds.

    Parameters
    ----------
    gamma
        Focusing parameter, above 0.
    low, high
        Range of the log-odds of the true class, within +-700.
    intervals, samples
        Number of intervals, and of points in each.

    Returns
    -------
    Data
    """
    edges = np.linspace(low, high, intervals * samples + 1)
    t = (0.5 * (edges[1:] + edges[:-1])).astype(np.float32).astype(np.float64)  # held by both precisions
    found = [
        _torch(t, gamma, "float32", textbook=True),
        _torch(t, gamma, "float64", textbook=True),
        _from_q(t, gamma),
        _torch(t, gamma, "float32", textbook=False),
    ]
    exact = [_exact(float(x), gamma) for x in t]
    errors = np.full((2, len(found), len(t)), np.nan)
    for part in range(2):
        for row, pair in enumerate(found):
            for k in np.flatnonzero(np.isfinite(pair[part])):
                errors[part, row, k] = float(abs(mp.mpf(float(pair[part][k])) / exact[k][part] - 1))
    worst = errors.reshape(2, len(found), intervals, samples).max(axis=3)
    return Data(gamma, t.reshape(intervals, samples).mean(axis=1), worst[0], worst[1])


def draw(data: Data, axes: Any) -> None:
    """Draw the errors of the loss on the first axes, of the gradient on the second."""
    for ax, errors in zip(axes, (data.loss_error, data.gradient_error), strict=True):
        ax.axhline(1.0, color="C5", ls=":", lw=1.0)
        for row, (colour, line, width) in enumerate(_STYLES):
            shown = np.clip(errors[row], 1e-17, None)
            ax.plot(data.log_odds, shown, color=colour, ls=line, lw=width, label=METHODS[row])
            lost = np.isnan(errors[row])
            height = np.full(lost.sum(), 30.0 * 20.0**row)
            ax.plot(data.log_odds[lost][::2], height[::2], "x", ms=4, color=colour)
        ax.set(yscale="log", ylim=(1e-17, 1e5), xlabel="log-odds of the true class")
    axes[0].set_title("relative error of the loss")
    axes[1].set_title("… of the logit gradient")
    handles, labels = axes[0].get_legend_handles_labels()
    axes[0].figure.legend(handles, labels, loc="outside lower center", ncols=2)
