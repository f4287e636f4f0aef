"""Outputs compared with the posterior and with the minimiser, before and after recovery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import Estimate, brier, calibration_error, nll
from focalbook.calibration.estimate import mean_estimate
from focalbook.campaigns.measures import mean_log_ratio, positions, total_variation, weighted_median
from focalbook.theory.entropy import focal_entropy, kl_divergence
from focalbook.theory.minimizer import minimizer, recover

__all__ = ["Verdict", "distances", "misread", "scores", "verdict"]

Float = NDArray[np.float64]


def distances(posterior: Float, output: Float, gamma: float, resamples: int) -> dict[str, Estimate]:
    """Distances of output and recovered output from P and Q*, averaged over images.

    Parameters
    ----------
    posterior, output : arrays, shape (n, K)
        P and the output for each image.
    gamma : float, >= 0
        Focusing parameter of the training.
    resamples : int
        Bootstrap resamples behind each interval.

    Returns
    -------
    dict of Estimate
        ``tv_``, ``log_ratio_`` and ``kl_`` of ``output_posterior``, ``output_minimizer`` and
        ``recovered_posterior`` (``kl_a_b`` is KL(b || a), in nats); ``focal_output`` = F(P, output) and its
        least value ``focal_minimizer`` = F(P, Q*); for gamma > 0 ``position_output`` and
        ``position_recovered`` on the line from P (0) to Q* (1), medians weighted by the distance of its ends.
    """
    target = minimizer(posterior, gamma)
    recovered = recover(output, gamma)
    pairs = {
        "output_posterior": (output, posterior),
        "output_minimizer": (output, target),
        "recovered_posterior": (recovered, posterior),
    }
    found = {}
    for name, (a, b) in pairs.items():
        found[f"tv_{name}"] = mean_estimate(total_variation(a, b), 0.95, resamples, 0)
        found[f"log_ratio_{name}"] = mean_estimate(mean_log_ratio(a, b), 0.95, resamples, 0)
        found[f"kl_{name}"] = mean_estimate(kl_divergence(b, a), 0.95, resamples, 0)
    for name, q in (("output", output), ("minimizer", target)):
        found[f"focal_{name}"] = mean_estimate(focal_entropy(posterior, q, gamma), 0.95, resamples, 0)
    if gamma > 0:
        weights = total_variation(target, posterior)
        for name, q in (("output", output), ("recovered", recovered)):
            where = positions(q, posterior, target)
            found[f"position_{name}"] = weighted_median(where, weights, resamples=resamples)
    return found


def misread(table: Float, digit: NDArray[np.int64], output: Float, gamma: float, resamples: int) -> Estimate:
    """Share of images whose output is nearer, in total variation, to the Q* of another digit.

    Parameters
    ----------
    table : array, shape (digits, K)
        The channel.
    digit : int array, shape (n,)
        Digit of each image.
    output, gamma, resamples
        As for :func:`distances`.

    Returns
    -------
    Estimate
    """
    gaps = total_variation(output[:, None, :], minimizer(table, gamma)[None, :, :])
    return mean_estimate((gaps.argmin(axis=1) != digit).astype(np.float64), 0.95, resamples, 0)


def scores(
    posterior: Float, letter: NDArray[np.int64], output: Float, gamma: float, resamples: int
) -> dict[str, Estimate]:
    """Calibration error, negative log-likelihood and Brier score of output, recovered output and posterior.

    Parameters
    ----------
    posterior, output, gamma, resamples
        As for :func:`distances`.
    letter : int array, shape (n,)
        Letter drawn for each image.

    Returns
    -------
    dict of Estimate
        ``ece_``, ``nll_`` and ``brier_`` against the drawn letters, and with ``expected_`` in front the exact
        expectation over letters, of ``output``, ``recovered`` and ``posterior``.
    """
    found = {}
    forecasts = {"output": output, "recovered": recover(output, gamma), "posterior": posterior}
    for score in (calibration_error, nll, brier):
        name = "ece" if score is calibration_error else score.__name__
        for kind, forecast in forecasts.items():
            found[f"{name}_{kind}"] = score(forecast, letter, resamples=resamples)
            found[f"expected_{name}_{kind}"] = score(forecast, posterior, resamples=resamples)
    return found


@dataclass(frozen=True)
class Verdict:
    """Whether outputs behave as FE-17 says.

    Attributes
    ----------
    output : Estimate
        Position of the output on the line from P (0) to Q* (1): median over images.
    recovered : Estimate
        Position after recovery.
    deviation : float
        The farthest that an end of the intervals is from what is claimed, 1 and 0.
    tolerance : float
        Largest deviation with which the claim holds.
    """

    output: Estimate
    recovered: Estimate
    deviation: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the output stands at Q* and the recovered output at P, both to within the tolerance."""
        return self.deviation <= self.tolerance


def verdict(
    output: Float,
    posterior: Float,
    gamma: float,
    *,
    inverse_gamma: float | None = None,
    tolerance: float = 0.25,
    resamples: int = 1000,
) -> Verdict:
    """Test outputs of networks against FE-17.

    Parameters
    ----------
    output, posterior : arrays, shape (n, K)
        Outputs, and the posterior P of each image.
    gamma : float, > 0
        The gamma whose minimiser Q* the output is claimed to be.
    inverse_gamma : float, optional
        Recover with this gamma instead.
    tolerance : float
        See :class:`Verdict`.
    resamples : int
        Bootstrap resamples.

    Returns
    -------
    Verdict
        Medians over images weighted by the total variation between P and Q*: images on which there is little
        to see count little, and images that the network misreads do not spoil the rest.
    """
    target = minimizer(posterior, gamma)
    weights = total_variation(target, posterior)
    back = recover(output, gamma if inverse_gamma is None else inverse_gamma)
    where = [
        weighted_median(positions(q, posterior, target), weights, resamples=resamples) for q in (output, back)
    ]
    deviation = max(
        abs(end - claimed) for e, claimed in zip(where, (1.0, 0.0), strict=True) for end in (e.low, e.high)
    )
    return Verdict(where[0], where[1], deviation, tolerance)
