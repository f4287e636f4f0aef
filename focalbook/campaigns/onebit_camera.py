"""A camera whose pixels report one bit a frame: was there a photon? Claim OB-5.

The scene is rows of embedded digits under light that grows by decades from left to right. The same number of
bits is spent at one exposure, or over exposures in geometric progression; each pixel is fitted for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from focalbook.data.digits import all_digits
from focalbook.onebit import Poisson
from focalbook.onebit.exposures import bracket, peak, relative_error

__all__ = ["Camera", "Pictures", "Shot", "run", "scene"]

Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Camera:
    """Configuration of the experiment.

    Attributes
    ----------
    low, high : float
        Light of the darkest and the brightest pixel, photons per unit of exposure.
    ratio : float
        Between neighbouring exposures of the bracket.
    bits : int
        Bits of every pixel in all.
    rows, columns : int
        Digits in the scene.
    level : float
        Of the intervals.
    seed : int
    """

    low: float = 0.1
    high: float = 1e4
    ratio: float = 4.0
    bits: int = 800
    rows: int = 3
    columns: int = 8
    level: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise ValueError(f"expected 0 < low < high, got {self.low} and {self.high}.")
        if not self.ratio > 1 or self.bits < 20 or min(self.rows, self.columns) < 1:
            raise ValueError(
                f"expected ratio > 1, at least 20 bits and one digit, got {self.ratio}, {self.bits} and "
                f"{self.rows} x {self.columns}."
            )


@dataclass(frozen=True)
class Shot:
    """What one way of spending the bits gives.

    Attributes
    ----------
    exposure, bits : ndarray, shape (c,)
        Exposures and the bits of each pixel at each.
    frame : ndarray of bool, shape (h, w)
        The first frame, at the middle exposure.
    estimate, low, high : ndarray, shape (h, w)
        Light with its likelihood-based interval on the log scale; NaN where all bits are equal.
    saturated, dark : float
        Shares of pixels whose bits are all 1, or all 0.
    error : float
        Root mean square error of the logarithm of the light, over pixels with an estimate.
    bound : float
        Its Cramer-Rao bound over the same pixels.
    coverage, ratio_coverage : float
        Shares of fitted pixels whose Wald and likelihood-ratio intervals hold the truth.
    """

    exposure: Float
    bits: Float
    frame: NDArray[np.bool_]
    estimate: Float
    low: Float
    high: Float
    saturated: float
    dark: float
    error: float
    bound: float
    coverage: float
    ratio_coverage: float


@dataclass(frozen=True)
class Pictures:
    """The scene and both shots.

    Attributes
    ----------
    config : Camera
    truth : ndarray, shape (h, w)
        Photons per unit of exposure.
    single, bracketed : Shot
        All bits at one exposure, and spread over the bracket.
    """

    config: Camera
    truth: Float
    single: Shot
    bracketed: Shot


def scene(config: Camera) -> Float:
    """Light of every pixel: digits that reflect between 3 % and all of a light that grows to the right."""
    images = all_digits().images[: config.rows * config.columns] / 16.0
    tiled = images.reshape(config.rows, config.columns, 8, 8).transpose(0, 2, 1, 3)
    shade = tiled.reshape(8 * config.rows, 8 * config.columns)
    reflected = 0.03 + 0.97 * shade
    ramp = np.logspace(np.log10(config.low / 0.03), np.log10(config.high), 8 * config.columns)
    return np.asarray(reflected * ramp)


def _shot(truth: Float, exposure: Float, bits: Float, config: Camera, rng: np.random.Generator) -> Shot:
    model = Poisson(exposure=exposure, tau=1)
    light = truth.ravel()[:, None]
    p = -np.expm1(-light * exposure)
    ones = rng.binomial(bits.astype(np.int64), p).astype(np.float64)
    fitted = model.fit_batch(ones, bits)
    good, mu = fitted.exists, light[:, 0]
    estimate = fitted.estimate[:, 0]
    ends = fitted.wald(config.level, log=True)[:, 0]
    held = fitted.joint_deviance(light)[good] <= chdtri(1, 1.0 - config.level)
    bound = relative_error(mu[good], exposure, 1, bits)
    middle = exposure[len(exposure) // 2]
    return Shot(
        exposure,
        bits,
        rng.random(truth.shape) < -np.expm1(-truth * middle),
        estimate.reshape(truth.shape),
        ends[:, 0].reshape(truth.shape),
        ends[:, 1].reshape(truth.shape),
        float((ones == bits).all(axis=1).mean()),
        float((ones == 0).all(axis=1).mean()),
        float(np.sqrt((np.log(estimate / mu)[good] ** 2).mean())),
        float(np.sqrt((bound**2).mean())),
        float(((ends[:, 0] <= mu) & (mu <= ends[:, 1]))[good].mean()),
        float(held.mean()),
    )


def run(config: Camera | None = None) -> Pictures:
    """Take both pictures; nothing is written.

    Parameters
    ----------
    config : Camera, optional

    Returns
    -------
    Pictures
        The same for the same configuration.
    """
    config = config or Camera()
    rng = np.random.default_rng(config.seed)
    truth = scene(config)
    exposures = bracket(config.low, config.high, config.ratio)
    shares = np.full(exposures.size, config.bits // exposures.size, np.float64)
    shares[: int(config.bits - shares.sum())] += 1.0
    middle = np.array([peak()[0] / np.sqrt(config.low * config.high)])
    single = _shot(truth, middle, np.array([float(config.bits)]), config, rng)
    return Pictures(config, truth, single, _shot(truth, exposures, shares, config, rng))
