"""How often one-bit data have no maximum-likelihood estimate, exactly, and how fast that probability falls.

At every n some outcomes have no estimate, and they have positive probability: neither mean nor variance of
the estimator exists without the condition that there is one. The probability falls exponentially. It is
computed here from binomial counts, without draws: separated patterns one by one (claim OB-6), and for a
Gaussian also the outcomes whose likelihood rises to s = infinity. Claim OB-7.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import binom

from focalbook.campaigns.onebit_coverage import Design
from focalbook.onebit import Gaussian, Poisson
from focalbook.onebit.existence import overlap

__all__ = ["Missing", "missing", "rates"]

Float = NDArray[np.float64]

#: A tilt of the counts below this is zero but for rounding.
TIE = 1e-9


@dataclass(frozen=True)
class Missing:
    """Probability that there is no maximum.

    Attributes
    ----------
    n : int
        Bits.
    separated : float
        The bits are separated, and the likelihood does not rise to s = infinity.
    edge : float
        The likelihood rises to s = infinity (0 for one parameter); all bits equal are among these.
    """

    n: int
    separated: float
    edge: float

    @property
    def probability(self) -> float:
        """Of either."""
        return self.separated + self.edge


def missing(design: Design, n: int) -> Missing:
    """Exact probability that n bits of a design have no maximum.

    Parameters
    ----------
    design : Design
        A Poisson with any number of rows, or a Gaussian with three rows of equal w and increasing thresholds.
    n : int
        Bits, shared out by the design.

    Raises
    ------
    ValueError
        Another design.
    """
    p, trials = design.model.probabilities(design.truth), design.trials(n)
    if isinstance(design.model, Poisson):
        both = np.exp((trials * np.log(p)).sum()) + np.exp((trials * np.log1p(-p)).sum())
        return Missing(n, float(both), 0.0)
    tilt = _tilt(design, trials)
    return Missing(n, _separated(design, p, trials, tilt), _edge(p, trials, tilt))


def _tilt(design: Design, trials: Float) -> Float:
    """Coefficients of the counts in the slope of the likelihood in 1/s where 1/s = 0: their mean less tau."""
    model = design.model
    if (
        not isinstance(model, Gaussian)
        or model.rows != 3
        or np.ptp(model.w)
        or (np.diff(model.tau) <= 0).any()
    ):
        raise ValueError(
            f"{type(design.model).__name__} with {design.model.rows} row(s): exact probabilities need a "
            f"Poisson, "
            f"or a Gaussian with three rows of equal w and increasing tau."
        )
    return np.asarray((trials @ model.tau) / trials.sum() - model.tau)


def _edge(p: Float, trials: Float, tilt: Float) -> float:
    """P(sum tilt k <= 0): the best 1/s is then not above 0, because the likelihood is concave."""
    low, high = np.arange(trials[0] + 1), np.arange(trials[2] + 1)
    rest = -(tilt[0] * low[:, None] + tilt[2] * high)
    if tilt[1] > TIE:
        middle = binom.cdf(np.floor((rest + TIE) / tilt[1]), trials[1], p[1])
    elif tilt[1] < -TIE:
        middle = binom.sf(np.ceil((rest + TIE) / tilt[1]) - 1, trials[1], p[1])
    else:
        middle = (rest >= -TIE).astype(float)
    return float(binom.pmf(low, trials[0], p[0]) @ middle @ binom.pmf(high, trials[2], p[2]))


def _patterns(design: Design) -> Iterator[tuple[int, ...]]:
    """Separated patterns: 0 for a row of zeros, 1 for one of ones, 2 for one that shows both."""
    for kinds in itertools.product((0, 1, 2), repeat=design.model.rows):
        kind = np.array(kinds)[None, :]
        if not overlap(design.model.overlap_design(), kind != 0, kind != 1)[0]:
            yield kinds


def _separated(design: Design, p: Float, trials: Float, tilt: Float) -> float:
    """Separated outcomes with a positive tilt; at most one row of theirs shows both values."""
    total = 0.0
    for kinds in _patterns(design):
        counts = [
            np.array([0.0]) if kind == 0 else np.array([m]) if kind == 1 else np.arange(1.0, m)
            for kind, m in zip(kinds, trials, strict=True)
        ]
        grid = np.stack([x.ravel() for x in np.meshgrid(*counts, indexing="ij")], axis=-1)
        mass = binom.pmf(grid, trials, p).prod(axis=1)
        total += float(mass[grid @ tilt > TIE].sum())
    return total


def rates(design: Design) -> dict[str, float]:
    """Rates I at which probabilities fall like exp(-n I), for n shared out evenly.

    Returns
    -------
    dict
        "separated" and, for a Gaussian, "edge": Chernoff's bound of the tilt, sharp in the exponent.
    """
    p, rows = design.model.probabilities(design.truth), design.model.rows
    loss = np.stack([-np.log1p(-p), -np.log(p), np.zeros(rows)])  # for each kind of row
    if isinstance(design.model, Poisson):
        return {"separated": float(min(loss[0].mean(), loss[1].mean()))}
    tilt = _tilt(design, np.ones(rows))
    found = {
        "separated": min(float(loss[list(kinds), np.arange(rows)].mean()) for kinds in _patterns(design))
    }
    lowest = minimize_scalar(
        lambda t: np.log1p(p * np.expm1(-t * tilt)).mean(), bounds=(0.0, 50.0), method="bounded",
        options={"xatol": 1e-12},
    )  # fmt: skip
    return {**found, "edge": -float(lowest.fun)}
