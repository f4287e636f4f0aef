"""Smooth calibration error: a kernel in place of bins, with a width that the error itself decides."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dct

from focalbook.calibration.blocks import Blocks
from focalbook.calibration.estimate import Estimate, basic_interval, check_level
from focalbook.calibration.top import top_label

__all__ = ["smooth_error", "smoothed"]

Float = NDArray[np.float64]
_CELLS = 4096
_CELLS_RESAMPLED = 512
_HALVINGS = 26


def smoothed(spectrum: Float, width: Float | float) -> Float:
    """Integral of |residuals smoothed by a Gaussian that is reflected at 0 and 1|.

    Parameters
    ----------
    spectrum : array, shape (..., cells + 1)
        Cosine coefficients of the residuals, from :func:`_spectrum`.
    width : float or array, shape (...)
        Standard deviation of the Gaussian.

    Notes
    -----
    The reflected Gaussian is the heat kernel of the unit interval: it multiplies the cosine of frequency k by
    exp(-(pi k width)^2 / 2).
    """
    frequency = np.pi * np.arange(spectrum.shape[-1])
    damped = spectrum * np.exp(-0.5 * (np.asarray(width)[..., None] * frequency) ** 2)
    size = np.abs(dct(damped, type=1, axis=-1))
    return (size.sum(axis=-1) - 0.5 * (size[..., 0] + size[..., -1])) / (spectrum.shape[-1] - 1)


def _split(confidence: Float, cells: int) -> tuple[NDArray[np.int64], Float]:
    """Node below each confidence on a grid of `cells`, and the share that the node above gets."""
    place = np.minimum(confidence, 1.0) * cells
    node = np.minimum(place.astype(np.int64), cells - 1)
    return node, place - node


def _spectrum(mass: Float) -> Float:
    """Cosine coefficients of masses at the nodes of the grid, shape (..., cells + 1)."""
    halved = 0.5 * mass
    halved[..., 0], halved[..., -1] = mass[..., 0], mass[..., -1]
    return dct(halved, type=1, axis=-1)


def _fixed_point(mass: Float) -> Float:
    """The width that equals the smoothed error at this width, or the error at the finest width."""
    spectrum = _spectrum(mass)
    finest = 2.0 / (mass.shape[-1] - 1)
    low, high = np.full(mass.shape[:-1], finest), np.ones(mass.shape[:-1])
    start = smoothed(spectrum, low)
    for _ in range(_HALVINGS):
        middle = np.sqrt(low * high)
        wider = smoothed(spectrum, middle) > middle
        low, high = np.where(wider, middle, low), np.where(wider, high, middle)
    return np.where(start > finest, np.sqrt(low * high), start)


def smooth_error(
    probs: ArrayLike,
    labels: ArrayLike,
    *,
    level: float = 0.95,
    resamples: int = 300,
    seed: int = 0,
) -> Estimate:
    """Smooth calibration error (smECE) of the top label.

    Parameters
    ----------
    probs, labels
        As for :func:`focalbook.calibration.calibration_error`.
    level, resamples, seed
        Of the basic bootstrap interval.

    Returns
    -------
    Estimate
        The width w at which the integral over t in [0, 1] of |sum_i K_w(t, c_i) (c_i - correct_i)|/n equals
        w, with confidences c_i and the Gaussian K_w reflected at both ends. Computed on a grid of 1/4096
        (intervals: 1/512); below two steps of the grid it is the integral at this width.

    Raises
    ------
    ValueError
        Probabilities, labels or settings out of range; the message names the row.

    Notes
    -----
    Source: ``blasiok2023smooth``. A continuous function of the predictions, unlike errors over bins:
    it is between half the distance of the predictions to the nearest calibrated ones and twice its root.

    Examples
    --------
    >>> round(smooth_error([[0.9, 0.1]] * 2, [0, 1], resamples=0).value, 3)
    0.4
    """
    check_level(level, resamples)
    top = top_label(probs, labels)
    confidence, n = top.confidence, len(top.confidence)
    gap = confidence - top.correct
    node, share = _split(confidence, _CELLS)
    mass = np.bincount(node, gap * (1 - share), _CELLS + 1)
    mass += np.bincount(node + 1, gap * share, _CELLS + 1)
    value = float(_fixed_point(mass / n))
    if resamples == 0:
        return Estimate(value, np.nan, np.nan, n, level)
    rng = np.random.default_rng(seed)
    blocks = Blocks(n, _CELLS_RESAMPLED, rng)
    times = blocks.times_drawn(resamples, rng)
    node, share = _split(confidence, _CELLS_RESAMPLED)

    def resampled(gap: Float, weights: Float) -> Float:
        sums = blocks.sums(node, _CELLS_RESAMPLED + 1, gap * (1 - share))
        sums += blocks.sums(node + 1, _CELLS_RESAMPLED + 1, gap * share)
        return _fixed_point(weights @ sums / n)

    noise = None
    if not top.soft:
        noise = resampled(confidence - (rng.random(n) < confidence), times - 1.0)
    return basic_interval(value, resampled(gap, times), n, level, noise)
