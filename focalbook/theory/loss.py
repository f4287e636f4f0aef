r"""The focal loss of one probability, its slope, its gain and where the gain peaks and crosses one.

Everything here is elementwise. Notation, in the order in which the book introduces it, for gamma >= 0:

* loss   l(q) = (1-q)^gamma (-log q), in nats (``lin2017focal``, Eq. 4)
* slope  phi(q) = -l'(q) = (1-q)^gamma / q - gamma (1-q)^(gamma-1) log q
* gain   h(q) = q phi(q) = (1-q)^gamma (1 + gamma x),  x = q (-log q) / (1-q) in [0, 1]

The form with x is the one that survives q -> 0 and q -> 1 in floating point. Every private function takes
the complement c = 1-q beside q, because a caller may know c far better than the difference 1-q does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize.elementwise import find_root

from focalbook.theory._validate import Float, check_gamma, check_positive_gamma, check_unit

__all__ = [
    "focal_curvature",
    "focal_gain",
    "focal_gain_derivative",
    "focal_loss",
    "focal_slope",
    "gain_crossing",
    "gain_maximum",
    "gain_peak",
    "inverse_slope",
    "log_focal_slope",
]


def surprisal(q: Float, c: Float) -> Float:
    """-log q to full relative accuracy, given the complement c = 1 - q."""
    with np.errstate(divide="ignore"):
        return np.where(c < 0.5, -np.log1p(-np.minimum(c, 0.5)), -np.log(q))


def ratio_x(q: Float, c: Float, b: Float) -> Float:
    """X = q (-log q) / (1-q), continued by 0 at q = 0 and by 1 at q = 1."""
    inner = (q > 0) & (c > 0)
    x = np.where(q > 0, 1.0, 0.0)
    np.divide(np.where(inner, b, 0.0) * q, c, out=x, where=inner)
    return x


def log_gain(q: Float, c: Float, gamma: Float) -> Float:
    """Log h(q) = gamma log(1-q) + log(1 + gamma x); -inf at q = 1 for gamma > 0."""
    b = surprisal(q, c)
    log_c = np.where(c < 0.5, np.log(np.where(c > 0, c, 1.0)), np.log1p(-np.minimum(q, 0.5)))
    out = gamma * log_c + np.log1p(gamma * ratio_x(q, c, b))
    return np.where((c == 0) & (gamma > 0), -np.inf, out)


def loss_from_complement(q: Float, c: Float, gamma: Float) -> Float:
    """l(q) from q and its complement."""
    b = surprisal(q, c)
    with np.errstate(invalid="ignore"):
        return np.where(b == 0, 0.0, c**gamma * b)


def focal_loss(q: ArrayLike, gamma: ArrayLike) -> Float:
    """Focal loss l(q) = (1-q)^gamma (-log q).

    Parameters
    ----------
    q : array_like, in [0, 1]
        Probability given to the class that occurred. Any shape.
    gamma : array_like, >= 0
        Focusing parameter, broadcast against `q`. gamma = 0 is the log loss.

    Returns
    -------
    ndarray
        Loss in nats: +inf at q = 0, 0 at q = 1.

    Raises
    ------
    ValueError
        `q` outside [0, 1] or NaN; `gamma` negative or not finite.

    Notes
    -----
    Source: ``lin2017focal``, Eq. 4; ``shah2026focal``, definition of the focal loss. Claims FE-2, GC-8.

    Examples
    --------
    >>> bool(focal_loss(0.5, 2.0) == 0.25 * np.log(2))
    True
    """
    q, g = check_unit(q), check_gamma(gamma)
    return loss_from_complement(q, 1.0 - q, g)[()]


def log_focal_slope(q: ArrayLike, gamma: ArrayLike) -> Float:
    """Logarithm of the slope phi(q) = -l'(q): log h(q) - log q.

    Arguments and errors as for :func:`focal_loss`. Returns +inf at q = 0 and, for gamma > 0, -inf at q = 1.
    Usable where phi itself would over- or underflow. Claims FE-5, GC-8.
    """
    q, g = check_unit(q), check_gamma(gamma)
    c = 1.0 - q
    return (log_gain(q, c, g) + surprisal(q, c))[()]


def focal_slope(q: ArrayLike, gamma: ArrayLike) -> Float:
    """Slope phi(q) = -l'(q) = (1-q)^gamma / q - gamma (1-q)^(gamma-1) log q.

    Arguments and errors as for :func:`focal_loss`. For gamma > 0 a decreasing bijection from (0, 1] onto
    [0, inf): +inf at q = 0, 0 at q = 1 (1 at q = 1 for gamma = 0). Claims FE-5, GC-8.
    """
    q, g = check_unit(q), check_gamma(gamma)
    with np.errstate(divide="ignore", over="ignore"):  # +inf at and next to q = 0
        return (np.exp(log_gain(q, 1.0 - q, g)) / q)[()]


def focal_gain(q: ArrayLike, gamma: ArrayLike) -> Float:
    """Gain h(q) = q phi(q) = (1-q)^gamma - gamma q (1-q)^(gamma-1) log q, the function the book is built on.

    It is the ratio of the focal gradient to the cross-entropy gradient in the logits, decides which
    probabilities the minimiser of the focal-entropy raises and lowers, and scales the Gauss-Newton curvature.

    Arguments and errors as for :func:`focal_loss`. h(0) = 1; h(1) = 0 for gamma > 0 and 1 for gamma = 0.
    Claims FE-7, FE-8.
    """
    q, g = check_unit(q), check_gamma(gamma)
    return np.exp(log_gain(q, 1.0 - q, g))[()]


def focal_gain_derivative(q: ArrayLike, gamma: ArrayLike) -> Float:
    """Derivative h'(q) = gamma (1-q)^(gamma-1) ((1 - gamma q) (-log q)/(1-q) - 2).

    Arguments and errors as for :func:`focal_loss`. +inf at q = 0 for gamma > 0; at q = 1 it is -inf for
    0 < gamma < 1, -2 for gamma = 1, 0 otherwise. Claim FE-8.
    """
    q, g = np.broadcast_arrays(check_unit(q), check_gamma(gamma))
    c = 1.0 - q
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        r = np.where(c > 0, surprisal(q, c) / np.where(c > 0, c, 1.0), 1.0)
        out = g * c ** (g - 1.0) * ((1.0 - g * q) * r - 2.0)
    return np.where(g == 0, 0.0, out)[()]


def focal_curvature(q: ArrayLike, gamma: ArrayLike) -> Float:
    """Second derivative l''(q) = (1-q)^gamma / q^2 + gamma (1-q)^(gamma-1) (2/q + (gamma-1)(-log q)/(1-q)).

    Arguments and errors as for :func:`focal_loss`. Positive on (0, 1) for every gamma >= 0 (claim FE-2). At
    q = 1 it is 1 for gamma = 0, +inf for 0 < gamma < 1, 2 for gamma = 1 and 0 above (claim GC-8): this, and
    not the gradient, is what changes at gamma = 1.
    """
    q, g = np.broadcast_arrays(check_unit(q), check_gamma(gamma))
    c = 1.0 - q
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        r = np.where(c > 0, surprisal(q, c) / np.where(c > 0, c, 1.0), 1.0)
        first = c**g / q**2
        second = g * c ** (g - 1.0) * (2.0 / q + (g - 1.0) * r)
    out = np.where(g == 0, first, first + second)
    return np.where(q == 0, np.inf, out)[()]


def gain_peak(gamma: ArrayLike) -> Float:
    """Location p* of the only interior maximum of the gain h: the root of (1 - gamma p)(-log p) = 2(1 - p).

    Parameters
    ----------
    gamma : array_like, > 0
        Focusing parameter. gamma = 1 gives exp(-2); as gamma -> 0 it tends to 0.2032.

    Returns
    -------
    ndarray
        p* in (0, 1), same shape as `gamma`.

    Raises
    ------
    ValueError
        `gamma` not finite or not above 0.

    Notes
    -----
    k(p) = -2(1-p) + (1 - gamma p)(-log p) is convex and decreasing up to p*, so Newton's method started to
    the left of the root climbs to it without overshooting. Claim FE-8.
    """
    g = check_positive_gamma(gamma)
    p = 0.01 / np.maximum(1.0, g)
    for _ in range(100):
        b = -np.log(p)
        k = (1.0 - g * p) * b - 2.0 * (1.0 - p)
        step = k / (g * b + (1.0 - g * p) / p - 2.0)
        p = p + step
        if np.all(np.abs(step) <= 4e-16 * p):
            break
    return p[()]


def gain_maximum(gamma: ArrayLike) -> Float:
    """Largest gain h(p*), the bound on over-suppression of claim FE-11: 1 + exp(-2) at gamma = 1.

    Arguments and errors as for :func:`gain_peak`.
    """
    return focal_gain(gain_peak(gamma), gamma)


def gain_crossing(gamma: ArrayLike) -> Float:
    """Location p0 > p* where the gain falls back to one, h(p0) = 1: 1/e at gamma = 1, always below 1/2.

    Arguments and errors as for :func:`gain_peak`. Claims FE-8, FE-10.
    """
    g = check_positive_gamma(gamma)

    def excess(p: Float, g: Float) -> Float:
        return log_gain(p, 1.0 - p, g) / g

    upper = np.full_like(g, 0.5)
    found = find_root(excess, (gain_peak(g), upper), args=(g,), tolerances={"xatol": 0.0, "xrtol": 4e-16})
    return np.asarray(found.x)[()]


def inverse_slope(s: ArrayLike, gamma: ArrayLike) -> Float:
    """Inverse of the slope: the q in [0, 1] with phi(q) = s.

    Parameters
    ----------
    s : array_like, >= 0
        Value of the slope; +inf gives q = 0, and 0 gives q = 1. For gamma = 0 the slope is at least 1, so
        s < 1 is an error there.
    gamma : array_like, >= 0
        Focusing parameter, broadcast against `s`.

    Returns
    -------
    ndarray
        q, with relative accuracy about 1e-15 for q below 1/2.

    Raises
    ------
    ValueError
        `s` negative or NaN, or below 1 at gamma = 0; `gamma` negative or not finite.

    Notes
    -----
    Solved in the log-odds, where log phi falls from slope -1 to slope -gamma. Claim FE-5.
    """
    s, g = np.broadcast_arrays(np.asarray(s, dtype=np.float64), check_gamma(gamma))
    if not (s >= 0).all() or ((g == 0) & (s < 1)).any():
        raise ValueError("s must be at least 0 (at least 1 where gamma = 0), the range of the slope phi.")
    inner = (s > 0) & np.isfinite(s) & (g > 0)
    target = np.log(np.where(inner, s, 1.0))
    gi = np.where(inner, g, 1.0)

    def excess(t: Float, target: Float, g: Float) -> Float:
        return log_slope_of_logit(t, g) - target

    # gamma log c + b <= log phi <= gamma log c + b + log(1 + gamma), with b, -log c within log 2 of -t and t
    low = -np.abs(target) - (1.0 + gi) - 1.0
    high = (np.abs(target) + np.log1p(gi) + 1.0) / np.minimum(gi, 1.0) + 1.0
    found = find_root(excess, (low, high), args=(target, gi), tolerances={"xatol": 0.0, "xrtol": 4e-16})
    t = np.asarray(found.x)
    q = np.where(t > 0, 1.0 / (1.0 + np.exp(-np.abs(t))), np.exp(-np.abs(t)) / (1.0 + np.exp(-np.abs(t))))
    edge = np.where(s == 0, 1.0, np.where(np.isinf(s), 0.0, 1.0 / np.where(s > 0, s, 1.0)))
    return np.where(inner, q, edge)[()]


def log_gain_of_logit(t: Float, gamma: Float) -> Float:
    """Log h(q) for q with log-odds t, finite for every finite t and relatively accurate where it is small."""
    y = np.exp(-np.abs(t))
    w = np.log1p(y)
    x = np.where(t > 0, np.where(y > 0, w / np.where(y > 0, y, 1.0), 1.0), (w - t) * y)
    return np.log1p(gamma * x) - gamma * (w + np.maximum(t, 0.0))


def log_slope_of_logit(t: Float, gamma: Float) -> Float:
    """Log phi(q) for q with log-odds t, finite for every finite t."""
    return log_gain_of_logit(t, gamma) + np.log1p(np.exp(-np.abs(t))) + np.maximum(-t, 0.0)
