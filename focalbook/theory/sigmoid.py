"""One-against-rest focal loss, as detectors use it: two classes for each output, with the balance alpha.

The loss of an output q is alpha (1-q)^gamma (-log q) where the class is present and
(1-alpha) q^gamma (-log(1-q)) where it is not, so its minimiser is that of two classes with weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from focalbook.theory._validate import Float, check_gamma, check_unit
from focalbook.theory.loss import log_slope_of_logit
from focalbook.theory.minimizer import minimizer

__all__ = ["recover_sigmoid", "recover_sigmoid_logits", "sigmoid_minimizer"]


def _log_odds_of_alpha(alpha: ArrayLike | None) -> Float:
    if alpha is None:
        return np.zeros(())
    a = np.asarray(alpha, dtype=np.float64)
    if not ((a > 0) & (a < 1)).all():
        raise ValueError(f"alpha must lie strictly between 0 and 1, got {a[~((a > 0) & (a < 1))].flat[0]}.")
    return logit(a)


def sigmoid_minimizer(p: ArrayLike, gamma: ArrayLike, alpha: ArrayLike | None = None) -> Float:
    """Output q that minimises the one-against-rest focal loss where the class is present with probability p.

    Parameters
    ----------
    p : array_like, in [0, 1]
        Probability that the class is present. Any shape.
    gamma : array_like, >= 0
        Focusing parameter, broadcast against `p`.
    alpha : array_like, in (0, 1), optional
        Weight of the present class; the absent one gets 1 - alpha. None weighs both alike.

    Returns
    -------
    ndarray
        q in [0, 1].

    Raises
    ------
    ValueError
        `p` outside [0, 1], `gamma` negative or not finite, `alpha` outside (0, 1).

    Notes
    -----
    Source: ``lin2017focal``, Eq. 5, for the loss; ``shah2026focal`` for two classes. Claim FE-16.
    """
    p, g, a = np.broadcast_arrays(check_unit(p, "p"), check_gamma(gamma), _log_odds_of_alpha(alpha))
    with np.errstate(divide="ignore"):
        tilted = logit(p) + a
    return minimizer(np.stack([expit(tilted), expit(-tilted)], axis=-1), g)[..., 0][()]


def recover_sigmoid(q: ArrayLike, gamma: ArrayLike, alpha: ArrayLike | None = None) -> Float:
    """Probability that the class is present, from the sigmoid output of a model trained with focal loss.

    Parameters
    ----------
    q : array_like, in [0, 1]
        Sigmoid outputs, each its own two-class problem. Any shape; they need not sum to one.
    gamma, alpha
        As the model was trained with; see :func:`sigmoid_minimizer`. RetinaNet: gamma = 2, alpha = 0.25.

    Returns
    -------
    ndarray of float64
        p = (1-alpha) phi(1-q) / ((1-alpha) phi(1-q) + alpha phi(q)), same shape as `q`. Near q = 1 the answer
        is as accurate as 1 - q, which float64 holds to 1e-16: prefer :func:`recover_sigmoid_logits` there.

    Raises
    ------
    ValueError
        As for :func:`sigmoid_minimizer`.

    Notes
    -----
    Source: the two-class case of the inverse in ``shah2026focal``. Claim FE-16.

    Examples
    --------
    >>> recover_sigmoid([0.2, 0.5], 2.0, alpha=0.25).round(3)
    array([0.067, 0.75 ])
    """
    q = check_unit(q)
    with np.errstate(divide="ignore"):
        t = logit(q)
    ends = np.isinf(t)
    p = recover_sigmoid_logits(np.where(ends, 0.0, t), gamma, alpha)
    return np.where(ends, q, p)[()]


def recover_sigmoid_logits(logits: ArrayLike, gamma: ArrayLike, alpha: ArrayLike | None = None) -> Float:
    """Probability that the class is present, from the logit of a one-against-rest model.

    Parameters
    ----------
    logits : array_like, finite
        Arguments of the sigmoid, any shape.
    gamma, alpha
        As for :func:`recover_sigmoid`.

    Returns
    -------
    ndarray of float64
        p in [0, 1], relatively accurate at both ends.

    Raises
    ------
    ValueError
        Logits NaN or infinite; otherwise as for :func:`recover_sigmoid`.

    Notes
    -----
    log-odds of p = log phi(1-q) - log phi(q) + log((1-alpha)/alpha). Claim FE-16.
    """
    t = np.asarray(logits, dtype=np.float64)
    if not np.isfinite(t).all():
        raise ValueError("logits must be finite, got NaN or infinity.")
    g = check_gamma(gamma)
    return expit(log_slope_of_logit(-t, g) - log_slope_of_logit(t, g) - _log_odds_of_alpha(alpha))[()]
