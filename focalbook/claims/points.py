"""The points at which claims are tested: random ones, and every boundary."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["EDGE_GAMMAS", "GAMMAS", "distributions", "gammas", "models", "probabilities"]

Float = NDArray[np.float64]

#: Positive exponents that every check visits: tiny, usual, around the change at one, large.
GAMMAS = (1e-3, 0.1, 0.5, 0.999, 1.0, 1.001, 2.0, 5.0, 30.0, 1e3)
#: The same with zero, for claims that hold there too.
EDGE_GAMMAS = (0.0, *GAMMAS)

_EDGES = (1e-300, 1e-100, 1e-30, 1e-16, 1e-8, 1e-3)
_MIDDLE = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def gammas(rng: np.random.Generator, count: int = 20, zero: bool = False) -> Float:
    """The listed exponents and as many random ones, log-uniform between 1e-3 and 1e3."""
    return np.concatenate([EDGE_GAMMAS if zero else GAMMAS, 10 ** rng.uniform(-3, 3, count)])


def probabilities(rng: np.random.Generator, count: int = 200) -> Float:
    """Numbers in (0, 1): down to 1e-300, up to 1 - 2^-53, and random ones uniform in logit."""
    near_one = [1 - edge for edge in _EDGES if edge > 1e-16] + [1 - 2.0**-53]
    random = 1 / (1 + np.exp(-rng.uniform(-30, 30, count)))
    return np.sort(np.concatenate([_EDGES, _MIDDLE, near_one, random[random < 1]]))


def distributions(rng: np.random.Generator, classes: int, count: int = 8) -> Float:
    """Rows that sum to one: random of every concentration, uniform, heavy heads, tails down to 1e-300.

    Parameters
    ----------
    classes : int, >= 2
        Number of classes.
    count : int
        Random rows for each concentration.

    Returns
    -------
    ndarray, shape (rows, classes)
        Every mass is positive.
    """
    rows = [rng.dirichlet(np.full(classes, a), count) for a in (0.05, 0.3, 1.0, 5.0)]
    uniform = np.full((1, classes), 1 / classes)
    special = [_headed(classes, tail) for tail in (*_EDGES, 0.05)]
    powers = np.arange(1, classes + 1) ** -2.0
    ladder = 10.0 ** -np.linspace(0, 300, classes)
    table = np.concatenate([*rows, uniform, *special, [powers / powers.sum()], [ladder / ladder.sum()]])
    return _positive(table)


def _headed(classes: int, tail: float) -> Float:
    """One row: equal small masses below one large one."""
    row = np.full((1, classes), tail / (classes - 1))
    row[0, 0] = 1 - tail if tail > 1e-16 else 1.0
    return row


def _positive(table: Float) -> Float:
    """Lift masses that underflowed to the smallest normal number; the sums stay one to rounding."""
    return np.maximum(table, 1e-300)


def models(rng: np.random.Generator, p: Float) -> Float:
    """A model for each row of masses: independent, close to it, or sharper and flatter than it."""
    others = rng.dirichlet(np.ones(p.shape[1]), len(p))
    powers = np.exp(rng.uniform(-1.5, 1.5, (len(p), 1)))
    with np.errstate(under="ignore"):
        bent = p**powers
    pick = rng.integers(0, 3, (len(p), 1))
    table = np.where(pick == 0, others, np.where(pick == 1, bent, 0.5 * p + 0.5 * others))
    return _positive(table / table.sum(axis=1, keepdims=True))
