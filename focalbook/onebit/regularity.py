r"""The constants behind consistency and asymptotic normality, computed for a design and a box of parameters.

In coordinates beta the predictor of a cell is z = x' beta, and the log-likelihood is concave. With
ell(z) = log P(B = b) the conditions of claim OB-3 ask that |ell'|, |ell''| and |ell'''| stay bounded over all
cells, both values of the bit and all parameters of the box, and that J_n/n stays positive definite. As
f'/f = d in the coordinate, ell' = s and ell'' = s (d - s) give

    ell''' = s (d - s)^2 + s (d' - ell''),

with d' = -1 for a normal distribution and d' = -mean for a Poisson in the logarithm of its mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit._tails import Float
from focalbook.onebit.models import Gaussian, Model, Poisson

__all__ = ["NORMAL_THIRD", "Regularity", "regularity", "third_derivatives"]

#: |d^3 log N(z)/dz^3| is at most this, for every z. Proved in the derivation of claim OB-3.
NORMAL_THIRD = 3.0
#: Predictors looked at in each cell.
POINTS = 201


@dataclass(frozen=True)
class Regularity:
    """Constants of a design over a box of parameters; all are about one bit, in the coordinates beta.

    Attributes
    ----------
    probability : float
        Smallest probability of either value of a bit.
    reach : float
        Largest |x|.
    score : float
        Largest |ell'|: no bit moves the score by more than `score` times `reach`.
    third : float
        Bound on |ell'''|, proved.
    third_seen : float
        Largest |ell'''| on a grid of predictors, for comparison.
    information : float
        Smallest eigenvalue of J_n/n at the truth.
    lyapunov : float
        Bound on sqrt(n) times Lyapunov's ratio in any direction.
    """

    probability: float
    reach: float
    score: float
    third: float
    third_seen: float
    information: float
    lyapunov: float

    @property
    def holds(self) -> bool:
        """Whether every bound is finite and the information positive definite."""
        finite = np.isfinite([self.reach, self.score, self.third, self.lyapunov]).all()
        return bool(finite and self.probability > 0 and self.information > 0)


def third_derivatives(model: Model, z: Float) -> tuple[Float, Float]:
    """Third derivatives of log P(B = 1) and log P(B = 0) in the predictor, shape (..., c).

    Parameters
    ----------
    model : Gaussian or Poisson
        The two examples of the source.
    z : ndarray, shape (..., c)
        Predictors.

    Raises
    ------
    ValueError
        Another model.
    """
    bend = _bend(model, z)
    tails = model.predict(z)
    sides = ((tails.slope_one, tails.curve_one), (tails.slope_zero, tails.curve_zero))
    with np.errstate(divide="ignore", invalid="ignore"):
        one, zero = (np.where(s == 0, 0.0, c * c / s + s * (bend - c)) for s, c in sides)
    return one, zero


def _bend(model: Model, z: Float) -> Float:
    """Derivative of f'/f in the predictor."""
    if isinstance(model, Gaussian):
        return np.full_like(z, -1.0)
    if isinstance(model, Poisson):
        return -model.exposure * np.exp(z)
    raise ValueError(f"{type(model).__name__} is not one of the two examples, Gaussian and Poisson.")


def regularity(model: Model, low: ArrayLike, high: ArrayLike, truth: ArrayLike) -> Regularity:
    """Compute the constants.

    Parameters
    ----------
    model : Gaussian or Poisson
        Each row is one bit.
    low, high : array_like, shape (p,)
        Opposite corners of a box of parameters, in the order of ``model.names``.
    truth : array_like, shape (p,)
        Parameters inside the box, not on its edge.

    Returns
    -------
    Regularity

    Raises
    ------
    ValueError
        A truth that is not inside the box, a model that is not one of the two examples.

    Examples
    --------
    >>> found = regularity(Gaussian(1.0, [-1.0, 0.0, 1.0]), (-1.0, 0.5), (1.0, 2.0), (0.0, 1.0))
    >>> found.holds, round(found.probability, 6)
    (True, 3.2e-05)
    """
    ends = [model.check_parameters(corner) for corner in (low, high, truth)]
    if not ((ends[0] < ends[2]) & (ends[2] < ends[1])).all():
        raise ValueError(f"truth {ends[2]} is not inside the box from {ends[0]} to {ends[1]}.")
    corners = np.array(np.meshgrid(*zip(ends[0], ends[1], strict=True))).reshape(ends[0].size, -1).T
    z = model.coordinates(corners) @ model.design.T
    z = np.linspace(z.min(axis=0), z.max(axis=0), POINTS)  # predictors lie between those at the corners
    tails = model.predict(z)
    p_least = float(np.exp(min(tails.log_one.min(), tails.log_zero.min())))
    score = float(max(tails.slope_one.max(), -tails.slope_zero.min()))
    seen = float(max(np.abs(side).max() for side in third_derivatives(model, z)))
    beta = model.coordinates(ends[2][None, :])
    weight = model.trials * model.predict(beta @ model.design.T).weight[0] / model.rows
    least = float(np.linalg.eigvalsh((model.design * weight[:, None]).T @ model.design)[0])
    reach = float(np.linalg.norm(model.design, axis=1).max())
    with np.errstate(divide="ignore"):
        ratio = float(np.divide(score * reach, np.sqrt(max(least, 0.0))))
    return Regularity(p_least, reach, score, _third(model, z), seen, least, ratio)


def _third(model: Model, z: Float) -> float:
    """The bound that is proved: 3 for the normal, in each cell 2 E[X^3]/P(B = b) + E[X] for the Poisson."""
    if isinstance(model, Gaussian):
        return NORMAL_THIRD
    mean = -_bend(model, z).min(axis=0)
    tails = model.predict(z)
    least = np.exp(np.minimum(tails.log_one.min(axis=0), tails.log_zero.min(axis=0)))
    return float((2.0 * (mean**3 + 3.0 * mean**2 + mean) / least + mean).max())
