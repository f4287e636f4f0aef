"""Forecasts Q_n that tend to Q while their focal-entropies stay away from F(P,Q): claim FE-3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """The sequence: P = Q = (2^-i), Q_n = Q but for atom n.

    Atom n gets the mass exp(-c_n 2^n); what it loses goes to atom 1.

    Attributes
    ----------
    gamma : float
    costs : tuple of float
        The values that c_n takes in turn.
    n : ndarray of int, shape (m,)
    distance : ndarray, shape (m,)
        Total variation between Q_n and Q.
    value : ndarray, shape (m,)
        F(P, Q_n) in nats.
    at_limit : float
        F(P, Q) in nats.
    """

    gamma: float
    costs: tuple[float, ...]
    n: NDArray[np.int_]
    distance: NDArray[np.float64]
    value: NDArray[np.float64]
    at_limit: float


def data(gamma: float = 2.0, costs: Sequence[float] = (0.5, 1.5), last: int = 40, atoms: int = 200) -> Data:
    """Compute the sequence in surprisals, because the moved masses are far below the smallest float.

    Parameters
    ----------
    gamma
        Focusing parameter, at least 0.
    costs
        Positive numbers c_n, used in turn.
    last
        Largest n; the first is 2.
    atoms
        Atoms summed; those left out hold less than 2^-(atoms) of the mass of P.

    Returns
    -------
    Data
    """

    def loss(surprisal: NDArray[np.float64]) -> NDArray[np.float64]:
        return surprisal * (-np.expm1(-surprisal)) ** gamma

    i = np.arange(1, atoms + 1)
    mass = 2.0**-i
    plain = i * np.log(2.0)
    n = np.arange(2, last + 1)
    distance, value = np.empty(len(n)), np.empty(len(n))
    for k, changed in enumerate(n):
        surprisal = plain.copy()
        surprisal[changed - 1] = costs[k % len(costs)] * 2.0**changed
        moved = mass[changed - 1] - np.exp(-surprisal[changed - 1])
        surprisal[0] = -np.log(0.5 + moved)
        distance[k], value[k] = abs(moved), mass @ loss(surprisal)
    return Data(gamma, tuple(costs), n, distance, value, float(mass @ loss(plain)))


def draw(data: Data, axes: Any) -> None:
    """Draw the distances on the first axes and the focal-entropies on the second."""
    left, right = axes
    left.plot(data.n, data.distance, "o", ms=4, color="C0")
    left.set(title="distance of Qₙ to Q", yscale="log", xlabel="n")
    right.axhline(data.at_limit, color="C1", label="F(P, Q)")
    for cost in data.costs:
        right.axhline(data.at_limit + cost, color="C5", ls=":", lw=1.2)
    right.plot(data.n, data.value, "o", ms=4, color="C0", label="F(P, Qₙ)")
    right.set(title=f"focal-entropy, nats, γ = {data.gamma:g}", xlabel="n")
    right.set(ylim=(0.0, data.at_limit + 1.45 * max(data.costs)))
    right.legend(loc="upper right", ncols=2)
