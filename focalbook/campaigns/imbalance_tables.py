"""Tables of the imbalance experiment, as headings and rows of text computed from records."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from focalbook.calibration import Estimate
from focalbook.campaigns.agreement import Cells, agreements, deepest, wrong_gamma
from focalbook.campaigns.contexts import COMMON, CONTEXTS, RARE, contexts
from focalbook.campaigns.imbalance import Imbalance
from focalbook.campaigns.measures import over_seeds
from focalbook.campaigns.power import labels_needed
from focalbook.campaigns.tables import Table
from focalbook.theory.minimizer import minimizer

__all__ = ["EFFECTIVE", "convergence", "mixed_up", "needed", "power", "suppression"]

#: Share of the letters assumed to bear on the result when the sample size was chosen: the last tenth.
EFFECTIVE = 0.1


def _interval(estimate: Estimate, digits: int = 3) -> str:
    return f"{estimate.value:.{digits}f} [{estimate.low:.{digits}f},\u00a0{estimate.high:.{digits}f}]"


def needed(config: Imbalance, wanted: float = 0.9) -> Table:
    """Letters that one network needs so that the lowering of the rarest class is seen."""
    headings = ["γ", "context", "predicted lowering, %", f"letters needed for power {wanted:g}, millions"]
    rows = []
    for gamma in config.gammas:
        if gamma > 0:
            p = contexts()
            effects = np.log(minimizer(p, gamma) / p)[:, -1]
            context = int(effects.argmin())
            share = EFFECTIVE / len(CONTEXTS)
            labels = labels_needed(effects[context], RARE[-1], len(config.seeds), share=share, power=wanted)
            row = [f"{gamma:g}", CONTEXTS[context], f"{-100 * np.expm1(effects[context]):.1f}"]
            rows.append([*row, f"{labels / 1e6:,.0f}"])
    return headings, rows


def suppression(found: Cells, rare: int = -1) -> Table:
    """Predicted and measured factor of a rare letter where it is lowered most, for each gamma above 0.

    Measured as it is and over the control; the part of the effect is that of the second.
    """
    headings = ["γ", "context", "bound 1/h(p*)", "predicted q/p", "measured, 95 %"]
    headings += ["over the control, 95 %", "part of the effect, 95 %"]
    relative, rows = found.over_control(), []
    for gamma in relative.gammas:
        plain, one = deepest(found, gamma, rare), deepest(relative, gamma, rare)
        row = [f"{gamma:g}", CONTEXTS[one.context], f"{one.bound:.3f}", f"{one.predicted:.3f}"]
        rows.append([*row, _interval(plain.measured), _interval(one.measured), _interval(one.part, 2)])
    return headings, rows


def power(found: Cells, rare: int = -1) -> Table:
    """What could have been seen, beside what theory predicts and what was seen."""
    headings = ["γ", "predicted lowering, %", "spread of seeds, %", "detectable, power 0.8", "power 0.9"]
    headings += ["power for the predicted", "measured within … % of the predicted"]
    rows = []
    for gamma in found.gammas[found.gammas > 0]:
        one = deepest(found, gamma, rare)
        numbers = (1 - one.predicted, one.spread, *one.detectable)
        odds = f"{one.power:.3f}" if one.power < 0.9995 else "> 0.999"
        within = f"{100 * np.expm1(one.agreement.bound):.1f}"
        rows.append([f"{gamma:g}", *(f"{100 * x:.1f}" for x in numbers), odds, within])
    return headings, rows


def mixed_up(found: Cells) -> Table:
    """Least margin, in per cent, with which networks of one gamma agree with the prediction for another."""
    headings = ["trained with", *(f"predicted for γ={gamma:g}" for gamma in found.gammas)]
    percent = 100 * np.expm1(wrong_gamma(found))
    rows = []
    for i, (gamma, row) in enumerate(zip(found.gammas, percent, strict=True)):
        texts = [f"**{x:.1f}**" if i == j else f"{x:.1f}" for j, x in enumerate(row)]
        rows.append([f"γ={gamma:g}", *texts])
    return headings, rows


def convergence(variants: Mapping[str, Cells]) -> Table:
    """Error of the rare letters, measured minus predicted, in each variant of the training, in per cent.

    Columns of a prevalence: mean over gamma and contexts with its 95 % interval over seeds; last, how many
    cells agree with their predictions within the margin.
    """
    shown = [i for i, p in enumerate(RARE) if np.isclose(np.log10(p) % 1, 0)]
    headings = ["letters, training", *(f"p = {RARE[i]:g}" for i in shown), "cells that agree"]
    rows = []
    for name, found in variants.items():
        errors = [over_seeds(100 * found.errors[..., COMMON + i].mean(axis=(1, 2))) for i in shown]
        tests = agreements(found).ravel()
        held = sum(test.holds for test in tests)
        texts = [f"{e.value:+.1f} [{e.low:+.1f},\u00a0{e.high:+.1f}]" for e in errors]
        rows.append([name, *texts, f"{held} of {len(tests)}"])
    return headings, rows
