"""Validation of the arguments of PAC-Bayes bounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.theory._validate import Float, check_batch

__all__ = ["check_delta", "check_kl", "check_lambda", "check_losses", "check_prior", "check_sample"]


def _numbers(x: ArrayLike, name: str, expected: str) -> Float:
    try:
        return np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be {expected}, got {x!r}.") from error


def check_sample(n: ArrayLike) -> Float:
    """Numbers of examples: whole, at least one."""
    size = _numbers(n, "n", "a whole number of examples")
    bad = ~(np.isfinite(size) & (size >= 1) & (size == np.floor(size)))
    if bad.any():
        raise ValueError(
            f"n must be a whole number of examples, at least 1, got {size[bad].flat[0]:g}. "
            f"Is this a share, or a loss?"
        )
    return size


def check_delta(delta: ArrayLike) -> Float:
    """Probabilities of failure: strictly between 0 and 1."""
    risk = _numbers(delta, "delta", "a probability in (0, 1)")
    bad = ~((risk > 0) & (risk < 1))
    if bad.any():
        raise ValueError(
            f"delta must lie strictly between 0 and 1, got {risk[bad].flat[0]:g}. It is the probability with "
            f"which the bound may fail: 0.05 for a confidence of 95 %."
        )
    return risk


def check_lambda(lam: ArrayLike) -> Float:
    """Trade-offs: strictly between 0 and 2."""
    rate = _numbers(lam, "lambda", "a number in (0, 2)")
    bad = ~((rate > 0) & (rate < 2))
    if bad.any():
        raise ValueError(
            f"lambda must lie strictly between 0 and 2, got {rate[bad].flat[0]:g}: outside, the bound has no "
            f"meaning. Is this the rate lambda n of the Gibbs distribution?"
        )
    return rate


def check_kl(kl: ArrayLike, name: str = "kl") -> Float:
    """Divergences: at least 0, possibly infinite."""
    nats = _numbers(kl, name, "a number of nats, at least 0")
    bad = ~(nats >= 0)
    if bad.any():
        raise ValueError(
            f"{name} must be at least 0 nats, got {nats[bad].flat[0]:g}: a divergence is never negative. Do "
            f"prior and posterior both sum to one?"
        )
    return nats


def check_prior(prior: ArrayLike) -> Float:
    """One distribution on hypotheses, shape (m,)."""
    batch = check_batch(prior, 0.0, -1, "prior")
    if batch.shape != ():
        raise ValueError(f"prior must be one row of masses, got shape {np.shape(prior)}.")
    return batch.rows[0]


def check_losses(losses: ArrayLike, count: int) -> Float:
    """Mean losses of hypotheses in [0, 1], shape (count,)."""
    values = _numbers(losses, "losses", "numbers in [0, 1]")
    if values.shape != (count,):
        raise ValueError(
            f"losses have shape {values.shape}: expected one for each of {count} hypotheses of the prior."
        )
    bad = ~((values >= 0) & (values <= 1))
    if bad.any():
        raise ValueError(
            f"losses must lie in [0, 1], got {values[bad][0]:g}. The log loss and the focal loss are "
            f"unbounded for "
            f"every gamma: use the zero-one loss, 1 - q_y, half the Brier score, or a clipped and scaled "
            f"loss."
        )
    return values
