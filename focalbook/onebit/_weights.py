r"""Focal losses of one bit as reweighted likelihoods: values and two derivatives in the predictor.

Write p1, p0 for the probabilities of a cell, d_b and c_b for the first two derivatives of log p_b in the
predictor z, u = log p1/p0 for the log-odds, and h for the gain of the focal loss. Then

* plain focal loss  l(p_b):       slope -W_b d_b with W_b = h(p_b), another weight for each value of the bit;
* proper focal score l(Q*(p)_b):  slope -W d_b with W = omega(u), one weight for both values;

and in both cases the curvature is -W_b (c_b + (log W_b)' (d1 - d0) d_b), where ' is d/du and du/dz = d1 - d0.
In the log-odds t of the report Q*, with s(t) = -d log phi(q(t))/dt,

    u = log phi(1-q) - log phi(q),   du/dt = s(t) + s(-t),
    omega = (q h(1-q) + (1-q) h(q)) / (s(t) + s(-t)).

Claim OB-8.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from focalbook.onebit._tails import Float, Tails
from focalbook.theory import loss

#: Newton steps for the log-odds of the report; a bracket makes each of them at least a bisection.
STEPS = 100
#: Least share of the curvature of the log-likelihood that a step of Newton's method keeps.
KEPT = 0.05


class _Side(NamedTuple):
    """Fall s = (1-q) + excess of log phi in the log-odds t, and its derivative, with q and 1 - q."""

    q: Float
    c: Float
    excess: Float  # minus d log h/dt
    bend: Float

    @property
    def fall(self) -> Float:
        return self.c + self.excess


def _side(t: Float, gamma: float) -> _Side:
    """s(t) = (1-q) + gamma (q - (x-q)/(1 + gamma x)) and s'(t), with x = q (-log q)/(1-q), dx/dt = x - q."""
    q, c = expit(t), expit(-t)
    y = np.exp(-np.abs(t))
    w = np.log1p(y)
    x = np.where(t > 0, np.where(y > 0, w / np.where(y > 0, y, 1.0), 1.0), (w - t) * y)
    v, r = 1.0 + gamma * x, x - q
    slope = (r - q * c) / v - gamma * (r / v) ** 2
    return _Side(q, c, gamma * (q - r / v), -q * c + gamma * (q * c - slope))


def _gain(t: Float, gamma: float) -> Float:
    """h(q) for q with log-odds t."""
    return np.asarray(np.exp(loss.log_gain_of_logit(t, np.asarray(gamma, np.float64))))


def log_odds_of_posterior(t: Float, gamma: float) -> Float:
    """Log-odds u of the posterior from log-odds t of the report: the inverse map of FE-6 for two classes."""
    g = np.asarray(gamma, np.float64)
    return loss.log_slope_of_logit(-t, g) - loss.log_slope_of_logit(t, g)


def log_odds_slope(t: Float, gamma: float) -> Float:
    """Derivative du/dt = s(t) + s(-t) of the map from report to posterior."""
    return _side(t, gamma).fall + _side(-t, gamma).fall


def log_odds_of_report(u: Float, gamma: float) -> Float:
    """Log-odds t of the minimiser Q* from log-odds u of the posterior: the map of FE-5 for two classes.

    The report lies between 1/2 and the posterior (FE-10), which brackets it.
    """
    target = np.abs(u)
    low, high = np.zeros_like(target), target.copy()
    t = target / (1.0 + gamma)
    for _ in range(STEPS):
        miss = log_odds_of_posterior(t, gamma) - target
        low, high = np.where(miss < 0, t, low), np.where(miss > 0, t, high)
        new = t - miss / log_odds_slope(t, gamma)
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        moved = np.abs(new - t)
        t = new
        if (moved <= 1e-9 * t).all():  # quadratic convergence: what is left is below rounding
            break
    return np.copysign(t, u)


class Weight(NamedTuple):
    """Weight omega of the proper focal score and the derivative of its logarithm in the log-odds u."""

    omega: Float
    log_slope: Float


def proper_weight(t: Float, gamma: float) -> Weight:
    """Omega and (log omega)' from the log-odds t of the report."""
    up, down = _side(t, gamma), _side(-t, gamma)
    gain, other = _gain(t, gamma), _gain(-t, gamma)
    total, rate = up.fall + down.fall, up.bend - down.bend
    mixed = up.q * other + up.c * gain
    change = up.q * up.c * (other - gain) + up.q * other * down.excess - up.c * gain * up.excess
    return Weight(mixed / total, (change / mixed - rate / total) / total)


def _focal(log_q: Float, log_c: Float, gamma: float) -> Float:
    """Minus the focal loss, from the logarithms of q and 1 - q."""
    with np.errstate(invalid="ignore"):
        return np.where(log_q == 0, 0.0, np.exp(gamma * log_c) * log_q)


def plain(tails: Tails, gamma: float) -> Tails:
    """Minus the focal loss of either bit, with two derivatives in the predictor."""
    t = tails.log_one - tails.log_zero
    up, down, rate = _side(t, gamma), _side(-t, gamma), tails.slope_one - tails.slope_zero
    one, zero = _gain(t, gamma), _gain(-t, gamma)
    return Tails(
        _focal(tails.log_one, tails.log_zero, gamma),
        _focal(tails.log_zero, tails.log_one, gamma),
        one * tails.slope_one,
        zero * tails.slope_zero,
        one * (tails.curve_one - up.excess * rate * tails.slope_one),
        zero * (tails.curve_zero + down.excess * rate * tails.slope_zero),
    )


def proper(tails: Tails, gamma: float) -> Tails:
    """Minus the proper focal score of either bit, with two derivatives in the predictor."""
    t = log_odds_of_report(tails.log_one - tails.log_zero, gamma)
    omega, slope = proper_weight(t, gamma)
    log_q, log_c = -np.logaddexp(0.0, -t), -np.logaddexp(0.0, t)
    rate = slope * (tails.slope_one - tails.slope_zero)
    return Tails(
        _focal(log_q, log_c, gamma),
        _focal(log_c, log_q, gamma),
        omega * tails.slope_one,
        omega * tails.slope_zero,
        omega * (tails.curve_one + rate * tails.slope_one),
        omega * (tails.curve_zero + rate * tails.slope_zero),
    )


def ascending(tails: Tails, weighted: Tails) -> Tails:
    """The same with curvatures kept negative, so that a step of Newton's method always leads upwards.

    Where a focal loss bends the other way, a share of the curvature of the log-likelihood, which never does,
    takes its place. Nothing changes where the focal loss is convex.
    """
    one, zero = (
        np.divide(new, old, out=np.zeros_like(old), where=old != 0)
        for new, old in ((weighted.slope_one, tails.slope_one), (weighted.slope_zero, tails.slope_zero))
    )
    return weighted._replace(
        curve_one=np.minimum(weighted.curve_one, KEPT * one * tails.curve_one),
        curve_zero=np.minimum(weighted.curve_zero, KEPT * zero * tails.curve_zero),
    )
