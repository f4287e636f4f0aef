r"""Focal loss as a score of forecasts: regret, the proper focal score and its divergence.

The regret R(P,Q) = F(P,Q) - G(P) is never computed as that difference, which loses all digits where Q is
close to the minimiser X of F(P, .). Because p_i phi(x_i) = lambda on the support of P,

    R(P,Q) = sum_i p_i D(q_i, x_i) + lambda Q(off the support),
    D(q,x) = l(q) - l(x) + phi(x) (q - x) >= 0,

and D is an integral of l'' when q is near x, a sum of three products otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize.elementwise import find_minimum
from scipy.special import expit

from focalbook.theory._validate import Batch, Float, check_batch, check_gamma, check_same_shape
from focalbook.theory.entropy import by_blocks, complement
from focalbook.theory.loss import log_gain, loss_from_complement, ratio_x, surprisal
from focalbook.theory.minimizer import _solve

__all__ = ["focal_divergence", "focal_regret", "kl_factor", "proper_score"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_NODES, _WEIGHTS = 0.5 * (_NODES + 1.0), 0.5 * _WEIGHTS


class _Optimum(NamedTuple):
    """Minimisers of rows of masses: q, 1 - q and the multiplier (n, 1)."""

    q: Float
    complement: Float
    multiplier: Float


def _optimum(batch: Batch) -> _Optimum:
    solution = _solve(batch)
    c = 1.0 - solution.q
    np.put_along_axis(c, solution.q.argmax(axis=1)[:, None], solution.complement[:, None], axis=1)
    return _Optimum(solution.q, c, np.exp(solution.log_multiplier)[:, None])


def _near(x: Float, cx: Float, y: Float, cy: Float, gamma: Float) -> Float:
    """D(x,y) for x and 1-x within a factor of two of y and 1-y: Gauss's rule for the integral of l''."""
    step = np.where(y > 0.5, cy - cx, x - y)
    out = np.zeros_like(y)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        s, c = y + node * step, cy - node * step
        up, down = step / s, step / c  # step^2 l'' without a power that could overflow
        bend = up**2 + gamma * (2.0 * up * down + (gamma - 1.0) * surprisal(s, c) * down**2)
        out += weight * (1.0 - node) * bend * c**gamma
    return out


def _far(x: Float, cx: Float, y: Float, cy: Float, gamma: Float) -> Float:
    """D(x,y) anywhere else, from those of c^gamma and -log q: a D_b + b D_a + (change of a)(change of b)."""
    step = np.where(y > 0.5, cy - cx, x - y)
    ax, ay, by = cx**gamma, cy**gamma, surprisal(y, cy)
    with np.errstate(divide="ignore"):  # both branches are computed, the logarithm of zero is not used
        ratio = np.where(np.minimum(x, y) > 0.5, np.log1p(step / y), np.log(x) - np.log(y))
        apart = np.log1p(-np.minimum(step / cy, 1.0))
        log_c = np.where(np.maximum(x, y) < 0.5, apart, np.log(cx) - np.log(cy))
    shrink = np.expm1(-gamma * np.abs(np.where(cx > 0, log_c, 0.0)))
    change = np.where(cx > cy, -ax * shrink, np.where((cx == 0) & (gamma > 0), -ay, ay * shrink))
    rise = np.minimum(step / y, 1e300)
    d_log = np.where(np.abs(rise) < 0.5, _minus_log1p(np.clip(rise, -0.5, 0.5)), rise - ratio)
    return ay * d_log + by * (change + gamma * ay * step / cy) - change * ratio


def _minus_log1p(d: Float) -> Float:
    """D - log(1 + d) for |d| <= 1/2, to full relative accuracy."""
    out = np.zeros_like(d)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        out += weight * (1.0 - node) / (1.0 + node * d) ** 2
    return out * d**2


def _gap(x: Float, cx: Float, y: Float, cy: Float, gamma: Float) -> Float:
    """D(x,y) = l(x) - l(y) + phi(y)(x - y) >= 0 for x >= 0, y > 0, complements given; +inf at x = 0."""
    x, cx, y, cy, gamma = np.broadcast_arrays(x, cx, y, cy, gamma)
    sure = cy == 0
    edge = np.where(gamma > 0, loss_from_complement(x, cx, gamma), surprisal(x, cx) - cx)
    safe = ~sure & (x > 0)
    span = 1.0 + np.minimum(1.0, 2.0 / np.maximum(gamma, 1.0))  # l'' changes too fast beyond for large gamma
    near = safe & (x <= 2 * y) & (y <= 2 * x) & (cx <= span * cy) & (cy <= span * cx)
    out = np.where(sure, edge, np.inf)
    for part, rule in ((near, _near), (safe & ~near, _far)):
        if part.any():
            out[part] = rule(x[part], cx[part], y[part], cy[part], gamma[part])
    return np.maximum(out, 0.0)


def _regret(p: Float, best: _Optimum, q: Float, cq: Float, gamma: Float) -> Float:
    """Sum over classes of p D(q, x), plus the multiplier times the mass off the support of p; shape (n,)."""
    on = p > 0
    terms = np.zeros_like(p)
    full = np.broadcast_to(gamma, p.shape)
    terms[on] = p[on] * _gap(q[on], cq[on], best.q[on], best.complement[on], full[on])
    return terms.sum(axis=1) + best.multiplier[:, 0] * np.where(on, 0.0, q).sum(axis=1)


def focal_regret(p: ArrayLike, q: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Regret F(P,Q) - G(P) >= 0: what reporting Q costs above the best report when P is true, in nats.

    Parameters
    ----------
    p, q : array_like of float, in [0, 1], summing to one along `axis`
        True and reported distributions, equal shapes.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution (the shape of `p` without `axis`).
    axis : int
        Class axis.

    Returns
    -------
    ndarray
        Regret in nats, shape of `p` without `axis`: zero at Q = minimizer(P) to rounding, +inf where some
        p_i > 0 has q_i = 0, the Kullback-Leibler divergence at gamma = 0. Accurate however small it is: as
        if masses had been changed by a few units in their last place. Masses of a row count as summing to
        one exactly.

    Raises
    ------
    ValueError
        As for :func:`focalbook.theory.entropy.focal_entropy`.

    Notes
    -----
    Source: ``shah2026focal``. Claim FE-14.

    Examples
    --------
    >>> from focalbook.theory.minimizer import minimizer
    >>> best = minimizer([0.9, 0.1], 2.0)
    >>> bool(focal_regret([0.9, 0.1], best, 2.0) < 1e-28)
    True
    >>> float(focal_regret([0.9, 0.1], [0.9, 0.1], 2.0).round(6))
    0.099641
    """
    left, right = check_batch(p, gamma, axis), check_batch(q, gamma, axis, "q")
    check_same_shape(left, right)
    best = _optimum(left)

    def compute(part: slice, g: Float) -> Float:
        rows = _Optimum(best.q[part], best.complement[part], best.multiplier[part])
        return _regret(left.rows[part], rows, right.rows[part], complement(right.rows[part]), g)

    return left.scalars(by_blocks(left, compute, np.empty(len(left.rows))))


def focal_divergence(p: ArrayLike, forecast: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Bregman divergence of -G from a forecast to P: the expected loss of the proper focal score above G(P).

    It is ``focal_regret(p, minimizer(forecast, gamma), gamma)``, zero only where the forecast is P, and the
    Kullback-Leibler divergence at gamma = 0. Arguments, errors and accuracy as for :func:`focal_regret`; the
    result is exactly zero where `forecast` equals `p`. Claim FE-14.
    """
    left, right = check_batch(p, gamma, axis), check_batch(forecast, gamma, axis, "forecast")
    check_same_shape(left, right)
    best, said = _optimum(left), _optimum(right)

    def compute(part: slice, g: Float) -> Float:
        rows = _Optimum(best.q[part], best.complement[part], best.multiplier[part])
        return _regret(left.rows[part], rows, said.q[part], said.complement[part], g)

    return left.scalars(by_blocks(left, compute, np.empty(len(left.rows))))


def proper_score(forecast: ArrayLike, gamma: ArrayLike, axis: int = -1) -> Float:
    """Proper focal score of a forecast, for each class that may occur: l(Q*(forecast)_y).

    Parameters
    ----------
    forecast : array_like of float, in [0, 1], summing to one along `axis`
        What is claimed to be the class posterior, any shape.
    gamma : array_like, >= 0
        Focusing parameter: a number, or one for each distribution. gamma = 0 is the log score.
    axis : int
        Class axis.

    Returns
    -------
    ndarray
        Penalty in nats if class y occurs, same shape as `forecast`; +inf where the forecast is 0. Its mean
        under P is smallest, and equal to ``bayes_risk(p, gamma)``, for the forecast P and for no other.

    Raises
    ------
    ValueError
        As for :func:`focalbook.theory.minimizer.minimizer`.

    Notes
    -----
    The focal loss of a report Q is the proper focal score of ``recover(Q)``: the decomposition of
    ``komisarenko2024improving``. The score is the gradient of G. Claim FE-14.

    Examples
    --------
    >>> proper_score([0.9, 0.1], 2.0).round(4)
    array([0.0341, 0.571 ])
    """
    batch = check_batch(forecast, gamma, axis, "forecast")
    best = _optimum(batch)
    g = batch.gamma if batch.gamma.ndim == 0 else batch.gamma[:, None]
    return batch.restore(loss_from_complement(best.q, best.complement, g))


def kl_factor(gamma: ArrayLike) -> Float:
    """Largest value M of phi^2 / l'' on (0, 1): the focal divergence is at most M KL.

    Parameters
    ----------
    gamma : array_like, >= 0
        Focusing parameter.

    Returns
    -------
    ndarray
        M, shape of `gamma`: 1 at gamma = 0, 1.277 at gamma = 2. e^(-l/M) is concave for this M and for none
        that is smaller, so 1/M is the exp-concavity of focal loss.

    Raises
    ------
    ValueError
        `gamma` negative or not finite.

    Notes
    -----
    Claim FE-14.
    """
    g = check_gamma(gamma)

    def minus(t: Float, g: Float) -> Float:
        q, c = expit(t), expit(-t)
        x = ratio_x(q, c, surprisal(q, c))
        return -np.exp(2.0 * log_gain(q, c, g) - g * np.log(c)) / (1.0 + g * q / c * (2.0 + (g - 1.0) * x))

    grid = np.linspace(-25.0, 2.0, 541)
    at = grid[np.argmin(minus(grid, g[..., None]), axis=-1)]
    width = grid[1] - grid[0]
    found = find_minimum(minus, (at - width, at, at + width), args=(g,), tolerances={"xrtol": 1e-9})
    return np.where(g == 0, 1.0, -np.asarray(found.f_x))[()]
