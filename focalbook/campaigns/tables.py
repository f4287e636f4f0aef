"""Tables of the known-posterior experiment, as headings and rows of text computed from records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from focalbook.calibration import Estimate
from focalbook.campaigns.channel import COMMON, channel, deepest_suppression
from focalbook.campaigns.known_posterior import gammas_of, select
from focalbook.campaigns.measures import over_seeds
from focalbook.store import Record
from focalbook.theory.loss import gain_maximum
from focalbook.theory.minimizer import minimizer, multiplier

__all__ = ["Table", "depth", "distances", "metric", "prediction", "scores"]

#: Headings, and rows of as many texts.
Table = tuple[list[str], list[list[str]]]


def metric(records: Sequence[Record], gamma: float, name: str) -> Estimate:
    """A metric averaged over the seeds of one gamma, with Student's interval over seeds."""
    return over_seeds([r.metrics[name].value for r in select(records, gamma)])


def _shown(estimate: Estimate, digits: int = 3) -> str:
    half = 0.5 * (estimate.high - estimate.low)
    if np.isnan(half):
        return f"{estimate.value:.{digits}f}"
    return f"{estimate.value:.{digits}f}\u00a0±\u00a0{half:.{digits}f}"


def prediction(gammas: Sequence[float] = (1.0, 2.0, 5.0), rare: float = 0.01) -> Table:
    """For each digit: its largest mass, and for each gamma what becomes of it and of a rare letter.

    Columns of a gamma: the multiplier lambda, in bold above 1 where two thresholds exist; the largest mass of
    Q*; and q/p of a rare letter.
    """
    table = channel(rare)
    headings = ["digit", "largest p"]
    rows = [[str(d), f"{row[:COMMON].max():.2f}"] for d, row in enumerate(table)]
    for gamma in gammas:
        headings += [f"λ, γ={gamma:g}", "largest q", "rare q/p"]
        level, best = multiplier(table, gamma), minimizer(table, gamma)
        for d, row in enumerate(rows):
            shown = f"**{level[d]:.3f}**" if level[d] > 1 else f"{level[d]:.3f}"
            row += [shown, f"{best[d].max():.2f}", f"{best[d, -1] / rare:.2f}"]
    return headings, rows


def depth(gammas: Sequence[float] = (1.0, 2.0, 5.0), rare: Sequence[float] = (0.01, 0.001)) -> Table:
    """How far ten classes let a rare one be suppressed, beside the bound of FE-11."""
    headings = ["γ", *[f"least q/p, rare p = {r:g} (equal heads)" for r in rare], "bound 1/h(p*)"]
    rows = []
    for gamma in gammas:
        found = [deepest_suppression(gamma, r) for r in rare]
        texts = [f"{ratio:.3f} ({heads})" for heads, ratio in found]
        rows.append([f"{gamma:g}", *texts, f"{1 / float(gain_maximum(gamma)):.3f}"])
    return headings, rows


def distances(records: Sequence[Record]) -> Table:
    """Total variation to P and Q*, before and after recovery, and positions, for each gamma over seeds."""
    headings = ["γ", "output to P", "output to Q*", "recovered to P", "position of output", "of recovered"]
    rows = []
    for gamma in gammas_of(records):
        names = ["tv_output_posterior", "tv_output_minimizer", "tv_recovered_posterior"]
        row = [f"{gamma:g}", *[_shown(metric(records, gamma, name)) for name in names]]
        if gamma > 0:
            row += [_shown(metric(records, gamma, f"position_{name}"), 2) for name in ("output", "recovered")]
        else:
            row += ["", ""]
        rows.append(row)
    return headings, rows


def scores(records: Sequence[Record]) -> Table:
    """Expected scores of output and recovered output, for each gamma over seeds.

    The calibration error in per cent, and by how much negative log-likelihood and Brier score exceed those of
    P itself, in thousandths.
    """
    headings = ["γ"]
    for name in ("ECE, %", "excess NLL, 10⁻³", "excess Brier, 10⁻³"):
        headings += [f"{name}, before", "after"]
    rows = []
    for gamma in gammas_of(records):
        row = [f"{gamma:g}"]
        for name, scale in (("ece", 100.0), ("nll", 1000.0), ("brier", 1000.0)):
            for kind in ("output", "recovered"):
                row.append(_shown(_excess(records, gamma, f"expected_{name}", kind, scale), 1))
        rows.append(row)
    return headings, rows


def _excess(records: Sequence[Record], gamma: float, name: str, kind: str, scale: float) -> Estimate:
    """A score minus that of the posterior, over seeds, times `scale`."""
    chosen = [r.metrics for r in select(records, gamma)]
    return over_seeds([scale * (m[f"{name}_{kind}"].value - m[f"{name}_posterior"].value) for m in chosen])
