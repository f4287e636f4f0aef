"""Tables of the one-bit experiments, and the power of n at which something falls. Claim OB-7."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import curve_fit
from scipy.stats import kstwobign

from focalbook.campaigns.onebit_coverage import METHODS, Point

__all__ = ["Power", "coverage_power", "coverage_rows", "moment_rows", "power"]

Float = NDArray[np.float64]

#: Headings of columns.
_SHORT = {"likelihood ratio": "lik. ratio"}


@dataclass(frozen=True)
class Power:
    """Two laws fitted to values with errors: c n^exponent, and first/n + second/n^2.

    Attributes
    ----------
    exponent, exponent_error : float
        Of the first law.
    first, first_error, second, second_error : float
        Coefficients of the second law.
    chi_square : float
        Misfit of the second law, of `freedom` degrees of freedom.
    freedom : int
    """

    exponent: float
    exponent_error: float
    first: float
    first_error: float
    second: float
    second_error: float
    chi_square: float
    freedom: int

    def bits(self, size: float) -> float:
        """Number of bits at which the second law has fallen to a given size, in the sign of `first`."""
        low, high = abs(self.first), np.sign(self.first) * self.second
        return float((low + np.sqrt(low**2 + 4.0 * size * high)) / (2.0 * size))


def power(n: ArrayLike, value: ArrayLike, error: ArrayLike) -> Power:
    """Fit both laws by least squares weighed with the errors; no value is left out for being small.

    Parameters
    ----------
    n, value, error : array_like, shape (k,)
        At least three points, errors above 0.

    Raises
    ------
    ValueError
        Fewer than three points, an error that is not positive.
    """
    x, y, s = (np.asarray(part, float) for part in (n, value, error))
    if x.size < 3 or not (s > 0).all():
        raise ValueError(f"a power law needs three values with errors above 0, got {x.size} and errors {s}.")
    design = np.stack([1.0 / x, 1.0 / x**2], axis=1)
    spread = np.linalg.inv((design / s[:, None] ** 2).T @ design)
    terms = spread @ (design.T @ (y / s**2))
    misfit = float((((y - design @ terms) / s) ** 2).sum())
    middle = float(np.exp(np.log(x).mean()))  # factor and exponent are nearly independent there

    def law(t: Float, height: float, exponent: float) -> Float:
        return height * (t / middle) ** exponent

    start = (float(terms @ [1.0 / middle, 1.0 / middle**2]), -1.0)
    found, covariance = curve_fit(law, x, y, start, sigma=s, absolute_sigma=True)
    errors = np.sqrt(np.diagonal(spread))
    return Power(
        float(found[1]),
        float(np.sqrt(covariance[1, 1])),
        float(terms[0]),
        float(errors[0]),
        float(terms[1]),
        float(errors[1]),
        misfit,
        x.size - 2,
    )


def coverage_power(points: Sequence[Point], method: str, parameter: int, most: int = 1_000) -> Power:
    """Power of n in the error of a coverage, over the points with at most `most` bits."""
    chosen = [p for p in points if p.n <= most]
    wrong = [p.coverage[method][parameter] - p.level for p in chosen]
    error = [float(p.error(p.coverage[method][parameter])) for p in chosen]
    return power([p.n for p in chosen], wrong, error)


def coverage_rows(points: Iterable[Point]) -> list[str]:
    """Coverage in per cent with its Monte Carlo error, one line for each n and parameter."""
    head = "     n  par " + " ".join(f"{_SHORT.get(name, name):>13}" for name in METHODS) + "    no maximum"
    lines = [head]
    for point in points:
        for j, name in enumerate(point.names):
            cells = []
            for method in METHODS:
                value = point.coverage[method][j]
                cells.append(f"{100 * value:6.2f} ± {100 * float(point.error(value)):4.2f}")
            share = float(point.missing.sum())
            lines.append(f"{point.n:6d}  {name:>3} " + " ".join(cells) + f"{100 * share:12.4f} %")
    return lines


def moment_rows(points: Iterable[Point]) -> list[str]:
    """Bias times n and variance over that of theory, with Monte Carlo errors; Kolmogorov's test of normality.

    The test compares the errors, in units of the standard error in theory, with the standard normal law.
    """
    lines = ["     n  par       n x bias        variance ratio     to normal  p-value"]
    for point in points:
        for j, name in enumerate(point.names):
            bias, error = point.n * point.bias[j], point.n * point.bias_error[j]
            chance = float(kstwobign.sf(point.distance[j] * np.sqrt(point.fitted)))
            lines.append(
                f"{point.n:6d}  {name:>3} {bias:8.2f} ± {error:4.2f}  {point.ratio[j]:9.4f} ± "
                f"{point.ratio_error[j]:6.4f}  {point.distance[j]:10.4f}  {chance:7.1e}"
            )
    return lines
