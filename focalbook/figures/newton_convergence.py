"""Figure: how fast Newton's method on multiplier and log-odds together converges, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focalbook.theory._solver import CONVERGED, _Block

__all__ = ["FLOOR", "Data", "cases", "data", "draw"]

FLOOR = 1e-17  # errors below it, zero included, are drawn here


@dataclass(frozen=True)
class Data:
    """Errors of the iterates of a few problems.

    Attributes
    ----------
    names : tuple of str
        The problems.
    error : tuple of ndarray
        For each problem the largest error of a log-odds before the first step, after the first, and so on,
        against the iterate at which the steps no longer change anything but the last digits.
    steps : tuple of int
        Steps after which the solver stops: the last step was shorter than its threshold.
    """

    names: tuple[str, ...]
    error: tuple[NDArray[np.float64], ...]
    steps: tuple[int, ...]


def cases(seed: int = 1) -> dict[str, tuple[NDArray[np.float64], float]]:
    """Problems from easy to hard: name -> (P, gamma)."""
    rng = np.random.default_rng(seed)
    head = np.array([1e-12, 1e-9, 1e-6])
    rare = np.geomspace(1e-300, 1e-3, 12)
    return {
        "10 classes, γ = 2": (rng.dirichlet(np.ones(10)), 2.0),
        "1000 classes, γ = 5": (rng.dirichlet(np.ones(1000)), 5.0),
        "one class at 1 - 1e-6, γ = 1": (np.append(head, 1.0 - head.sum()), 1.0),
        "masses down to 1e-300, γ = 20": (np.append(rare, 1.0 - rare.sum()), 20.0),
    }


def data(problems: Mapping[str, tuple[NDArray[np.float64], float]] | None = None, more: int = 25) -> Data:
    """Run the solver's own steps and keep every iterate.

    Parameters
    ----------
    problems
        Distributions (k,) with at least two positive masses and their gamma > 0; those of `cases` where None.
    more
        Steps to take; the last iterate stands for the solution.
    """
    problems = cases() if problems is None else problems
    errors, counts = [], []
    for p, gamma in problems.values():
        with np.errstate(all="ignore"):
            block = _Block(p[None, :].copy(), np.asarray(gamma), 1)
            log_odds = [_log_odds(block)]
            change = []
            for _ in range(more):
                change.append(float(block.step().max()))
                log_odds.append(_log_odds(block))
        found = np.stack(log_odds)
        count = 1 + next(i for i, size in enumerate(change) if size < CONVERGED)
        errors.append(np.abs(found - found[-1]).max(axis=1)[: count + 1])
        counts.append(count)
    return Data(tuple(problems), tuple(errors), tuple(counts))


def _log_odds(block: _Block) -> NDArray[np.float64]:
    """Unknowns of an iterate: relative log-odds of the other classes, log-odds of the heaviest class."""
    return np.append(block.z[block.p > 0.0], block.t_max.ravel())


def draw(data: Data, ax: Any) -> None:
    """Draw the error after each step on a logarithmic axis."""
    for name, error, marker in zip(data.names, data.error, "os^D", strict=False):
        ax.plot(np.arange(error.size), np.maximum(error, FLOOR), marker=marker, markersize=5, label=name)
    ax.set(yscale="log", xlabel="Newton steps", ylabel="largest error of a log-odds", ylim=(FLOOR / 3, 1e3))
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend(loc="lower left")
