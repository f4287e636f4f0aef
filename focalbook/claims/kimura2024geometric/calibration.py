"""Calibration errors: what bins hide, what noise adds, and how the Brier score falls into parts."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import (
    brier_decomposition,
    calibration_error,
    confidence_gap,
    debiased_error,
)
from focalbook.claims.core import Check, Claim
from focalbook.claims.tally import Tally

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]


def _pair(first: Float) -> Float:
    return np.stack([first, 1.0 - first], axis=-1)


def _populations(rng: np.random.Generator, count: int, rows: int) -> list[tuple[Float, Float]]:
    """Confidences from 1/2 to 1, on edges too, with accuracies from 0 to 1, both ends included."""
    out = []
    for kind in range(count):
        confidence = rng.uniform(0.5, 1.0, rows)
        if kind % 3 == 0:
            confidence = rng.choice([0.5000001, 0.5625, 0.625, 0.75, 0.875, 1.0], rows)
        accuracy = np.clip(confidence + rng.normal(0, 10.0 ** rng.uniform(-3, 0), rows), 0.0, 1.0)
        accuracy[0] = rng.choice([0.0, 1.0])
        out.append((confidence, accuracy))
    return out


def _bins_hide(tally: Tally, confidence: Float, accuracy: Float) -> None:
    """Known accuracies: signed parts, refinement of bins, and what is hidden inside them."""
    probs, truth = _pair(confidence), _pair(accuracy)
    gap = confidence - accuracy
    whole = float(np.abs(gap).mean())
    before = abs(float(gap.mean()))
    for bins in (1, 2, 4, 8, 32, 1024):
        parts = confidence_gap(probs, truth, bins, resamples=0)
        error = calibration_error(probs, truth, bins, resamples=0).value
        tally.equal(parts.over.value + parts.under.value, error, floor=1e-3)
        tally.equal(parts.over.value - parts.under.value, gap.mean(), floor=1e-3)
        tally.at_least(error, before, floor=1e-3)
        before = error
        index = np.ceil(confidence * bins)
        spread = max(float(np.ptp(gap[index == b])) for b in np.unique(index))
        tally.at_least(error + spread, whole, floor=1e-3)
    tally.at_least(whole, before, floor=1e-3)
    tally.equal(calibration_error(probs, probs).value, 0.0, floor=1e-3)


def _noise_adds(tally: Tally, confidence: Float, accuracy: Float, bins: int, unbiased: bool) -> None:
    """Every outcome of the labels with its probability: exact expectations."""
    probs, rows = _pair(confidence), len(confidence)
    outcomes = np.array(list(itertools.product((0, 1), repeat=rows)))
    chance = np.where(outcomes == 0, accuracy, 1.0 - accuracy).prod(axis=1)
    tally.equal(chance.sum(), 1.0)
    plug_in = chance @ [calibration_error(probs, y, bins, resamples=0).value for y in outcomes]
    error = calibration_error(probs, _pair(accuracy), bins, resamples=0).value
    if unbiased:
        tally.equal(plug_in, error, floor=1e-3)
    tally.at_least(plug_in, error, floor=1e-3)
    tally.at_least(error + 0.5 * np.sqrt(bins / rows), plug_in, floor=1e-3)


def _pairs_of_rows(tally: Tally, rng: np.random.Generator) -> None:
    """Rows of one bin are independent and alike: the debiased square is unbiased, exactly."""
    for confidence, accuracy in (
        (0.8, 0.8),
        (0.95, 0.6),
        (0.6, 1.0),
        (1.0, 0.0),
        tuple(rng.uniform(0.5, 1, 2)),
    ):
        for rows in (2, 3, 6):
            probs = _pair(np.full(rows, confidence))
            mean = sum(
                np.prod(np.where(np.array(y) == 0, accuracy, 1.0 - accuracy))
                * debiased_error(probs, np.array(y), 15, squared=True, resamples=0).value
                for y in itertools.product((0, 1), repeat=rows)
            )
            tally.equal(mean, (confidence - accuracy) ** 2, floor=1e-3)


def _calibration(rng: np.random.Generator, unbiased: bool = False) -> Check:
    """All parts of the claim; in the control the error over bins is taken for unbiased."""
    tally = Tally(
        1e-10,
        "two-class populations with known accuracies from 0 to 1, confidences on bin edges included, 1 to "
        "1,024 bins; exact expectations over all labels of up to 8 rows; Brier scores of 2 to 10 classes. "
        "Residual: relative error or violation, to a floor of one thousandth",
    )
    for confidence, accuracy in _populations(rng, 12, 200):
        _bins_hide(tally, confidence, accuracy)
    # opposite gaps of 1/4 in one bin: nothing is seen
    hidden = _pair(np.array([0.625, 0.625])), _pair(np.array([0.375, 0.875]))
    tally.equal(calibration_error(*hidden, 15, resamples=0).value, 0.0, floor=1e-3)
    for rows, bins in ((1, 1), (2, 1), (5, 3), (8, 2), (8, 15)):
        for confidence, accuracy in _populations(rng, 4, rows):
            _noise_adds(tally, confidence, accuracy, bins, unbiased)
    _pairs_of_rows(tally, rng)
    for classes in (2, 3, 10):
        probs, truth = (rng.dirichlet(np.full(classes, 0.5), 100) for _ in range(2))
        for labels in (truth, rng.integers(classes, size=100)):
            parts = brier_decomposition(probs, labels, resamples=0)
            whole = parts.reliability.value - parts.resolution.value + parts.uncertainty.value
            tally.equal(whole + parts.within.value, parts.score.value)
    return tally.done()


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="GC-0",
        source="kimura2024geometric",
        kind="proposition",
        title="What bins and noise do to the calibration error",
        statement=r"Let $a$ be the accuracy of the top label given the prediction, $c$ its confidence, "
        r"$\mathrm{CE} = \mathbb{E}|c - a|$, and $\mathrm{ECE}_M$ the error over $M$ bins. (a) "
        r"$\mathrm{ECE}_M$ is over-confidence plus under-confidence; their difference is $\mathbb{E}[c "
        r"- a]$. $|\mathbb{E}[c-a]| \le \mathrm{ECE}_M \le \mathrm{ECE}_{M'} \le \mathrm{CE}$ if the "
        r"$M'$ bins refine the $M$ bins. All are 0 for a calibrated model, and $\mathrm{ECE}_M = 0$ "
        r"does not imply calibration. (b) $\mathrm{CE} - \mathrm{ECE}_M$ is at most the largest "
        r"oscillation of $c - a$ inside a bin, hence at most $(1+L)/M$ if $a$ is a function of $c$ "
        r"with Lipschitz constant $L$ and bins are of equal width. (c) From $n$ rows with independent "
        r"labels, given the predictions: $0 \le \mathbb{E}[\widehat{\mathrm{ECE}}_M] - \mathrm{ECE}_M "
        r"\le \frac12\sqrt{M/n}$. (d) In a bin of independent and alike rows the squared mean gap less "
        r"its estimated variance is unbiased. (e) The Brier score is exactly reliability minus "
        r"resolution plus uncertainty plus a term within bins.",
        assumptions=(
            "labels are independent of each other given the predictions",
            "in (c) bins do not depend on the labels; in (d) a bin holds at least two rows",
        ),
        origin=r"The paper measures calibration by the error over bins. That bins hide error and that the "
        r"estimate is biased upwards is known; the bound $\frac12\sqrt{M/n}$ is derived here.",
        chapter="calibration",
        check=_calibration,
        control=partial(_calibration, unbiased=True),
        control_says="the error over bins is taken for an unbiased estimate",
    ),
)
