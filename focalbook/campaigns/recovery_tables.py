"""Tables of the experiment on recovery, as headings and rows of text computed from a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import Estimate
from focalbook.campaigns.recovery_rules import RULES, diagnosis, mean_cost, winners
from focalbook.campaigns.recovery_study import TREATMENTS, Study, verdict
from focalbook.campaigns.tables import Table

__all__ = [
    "Outcome",
    "against_plain",
    "changes",
    "cost_of_rules",
    "hypotheses",
    "outcomes",
    "summary",
    "temperatures",
]

BOTH = "recovered, temperature"
Float = NDArray[np.float64]


def _interval(estimate: Estimate | None, digits: int, scale: float = 1.0, sign: bool = False) -> str:
    """Mean and interval; the mean alone for a single run; a dash where there is none."""
    if estimate is None:
        return "–"
    form = f"{'+' if sign else ''}.{digits}f"
    value, low, high = (scale * x for x in (estimate.value, estimate.low, estimate.high))
    if np.isnan(low):
        return f"{value:{form}}"
    return f"{value:{form}} [{low:{form}},\u00a0{high:{form}}]"


def _marked(estimate: Estimate | None, digits: int, scale: float) -> str:
    """A difference, in bold where its interval excludes zero."""
    text = _interval(estimate, digits, scale, sign=True)
    clear = estimate is not None and verdict(estimate) != "cannot be told"
    return f"**{text}**" if clear else text


def _rows(study: Study) -> list[tuple[int, int, list[str]]]:
    """Cells and gammas of which something is stored, with the beginning of their rows."""
    found = []
    for cell, name in enumerate(study.cells):
        for gamma, value in enumerate(study.gammas):
            runs = int(np.isfinite(study.of("test nll", TREATMENTS[0])[cell, gamma]).sum())
            if runs:
                found.append((cell, gamma, [name, f"{value:g}", str(runs)]))
    return found


def changes(study: Study, score: str = "test nll", digits: int = 1, scale: float = 1000.0) -> Table:
    """A score as it is, and by how much each treatment changes it, paired, with intervals over seeds.

    Changes are given in thousandths (or as `scale` says); bold where the interval excludes zero.
    """
    shown = {"test nll": "NLL", "test brier": "Brier score", "test ece": "ECE"}[score]
    headings = ["networks", "γ", "runs", f"{shown} as it is"]
    headings += [f"{name}, 10⁻³" if scale == 1000 else name for name in TREATMENTS[1:]]
    rows = []
    for cell, gamma, row in _rows(study):
        row.append(_interval(study.over(study.of(score, TREATMENTS[0]), cell, gamma), 3))
        for name in TREATMENTS[1:]:
            if study.gammas[gamma] == 0 and name != "temperature":
                row.append("")
            else:
                row.append(_marked(study.over(study.change(score, name), cell, gamma), digits, scale))
        rows.append(row)
    return headings, rows


def temperatures(study: Study) -> Table:
    """Fitted temperatures as it is and after recovery: geometric means with intervals over seeds."""
    headings = ["networks", "γ", "runs", "T as it is", "T after recovery", "beneath the loss"]
    rows = []
    for cell, gamma, row in _rows(study):
        found = [study.over(np.log(values), cell, gamma) for values in study.temperatures]
        for one in found:
            row.append("–" if one is None else _interval(_exp(one), 2))
        words = {"lower": "hesitant", "higher": "bold", "cannot be told": "T = 1 within the interval"}
        rows.append([*row, "–" if found[1] is None or np.isnan(found[1].low) else words[verdict(found[1])]])
    return headings, rows


def _exp(one: Estimate) -> Estimate:
    value, low, high = np.exp([one.value, one.low, one.high])
    return Estimate(float(value), float(low), float(high), one.n, one.level)


def against_plain(study: Study) -> Table:
    """Networks of each gamma, with a temperature before or after recovery, against gamma = 0.

    Test log loss minus that of the network of the same seed trained with cross-entropy, with a temperature,
    in thousandths; bold where the interval excludes zero.
    """
    headings = ["networks", "γ", "runs", "temperature, 10⁻³", f"{BOTH}, 10⁻³", "accuracy, %"]
    plain, rows = study.gammas.index(0.0) if 0.0 in study.gammas else None, []
    for cell, gamma, row in _rows(study):
        if plain is None or gamma == plain:
            continue
        for name in ("temperature", BOTH):
            values = study.of("test nll", name) - study.of("test nll", "temperature")[:, [plain]]
            row.append(_marked(study.over(values, cell, gamma), 1, 1000))
        accuracy = study.of("test accuracy", TREATMENTS[0])
        row.append(_marked(study.over(accuracy - accuracy[:, [plain]], cell, gamma), 1, 100))
        rows.append(row)
    return headings, rows


def cost_of_rules(study: Study) -> Table:
    """What each rule loses against the best treatment, gammas above 0, thousandths of a nat."""
    headings = ["rule", *study.cells]
    rows = []
    for rule in RULES:
        costs = [mean_cost(study, rule, cell) for cell in range(len(study.cells))]
        rows.append([rule, *(_interval(cost, 1, 1000) for cost in costs)])
    counts = [winners(study, cell) for cell in range(len(study.cells))]
    for name in TREATMENTS:
        shown = (f"{count[name]} of {sum(count.values())}" for count in counts)
        rows.append([f"*how often best:* {name}", *shown])
    return headings, rows


@dataclass(frozen=True)
class Outcome:
    """A prediction beside what was measured.

    Attributes
    ----------
    prediction : str
    cell : str
    measured : Estimate or None
    verdict : str
        ``supported``, ``contradicted``, ``not contradicted`` (a predicted zero within the interval), ``cannot
        be told`` or ``no data``.
    """

    prediction: str
    cell: str
    measured: Estimate | None
    verdict: str


def _judged(measured: Estimate | None, predicted: str) -> str:
    """Judge an interval by a predicted sign: ``below``, ``zero`` or ``not above``."""
    if measured is None or np.isnan(measured.low):
        return "no data" if measured is None else "cannot be told"
    found = verdict(measured)
    if predicted == "zero":
        return "not contradicted" if found == "cannot be told" else "contradicted"
    if predicted == "not above":
        return "contradicted" if found == "higher" else "not contradicted"
    return {"lower": "supported", "higher": "contradicted"}.get(found, "cannot be told")


def outcomes(study: Study) -> list[Outcome]:
    """The predictions H1 to H4 for each cell; a cell without two seeds that are whole has no data."""
    last, found = len(study.gammas) - 1, []
    for cell, name in enumerate(study.cells):
        before, after = (study.slope(study.of("test gap", t), cell) for t in (TREATMENTS[0], "recovered"))
        log_t = study.over(np.log(study.temperatures[1]), cell, last)
        both = study.over(study.change("test nll", BOTH, "temperature"), cell, last)
        for prediction, measured, sign in (
            ("H1: gap falls with γ (slope below 0)", before, "below"),
            ("H2: recovered, it does not (slope 0)", after, "zero"),
            ("H3: recovered, T = 1 at the largest γ (log T is 0)", log_t, "zero"),
            ("H4: a temperature is not better alone, largest γ (ΔNLL not above 0)", both, "not above"),
        ):
            found.append(Outcome(prediction, name, measured, _judged(measured, sign)))
    return found


def hypotheses(study: Study) -> Table:
    """Predictions, measurements with intervals over seeds, and outcomes; H5 counts networks."""
    headings = ["prediction", "networks", "measured", "outcome"]
    rows = [[o.prediction, o.cell, _interval(o.measured, 3, sign=True), o.verdict] for o in outcomes(study)]
    seen = diagnosis(study)
    for cell, name in enumerate(study.cells):
        errs = seen.errs()[seen.cell == cell]
        text = f"{len(errs) - errs.sum()} of {len(errs)} networks" if len(errs) else "–"
        share = "no data" if not len(errs) else "supported" if errs.mean() <= 0.1 else "contradicted"
        rows.append(["H5: temperatures foretell the sign of ΔNLL", name, text, share])
    return headings, sorted(rows, key=lambda row: row[0])


def _told(study: Study, values: Float, cell: int) -> str:
    """At which gammas above 0 intervals of changes are lower, higher, or do not tell."""
    at: dict[str, list[str]] = {"lower": [], "higher": [], "cannot be told": []}
    for gamma, value in enumerate(study.gammas):
        one = study.over(values, cell, gamma)
        if value > 0 and one is not None:
            at[verdict(one)].append(f"{value:g}")
    parts = (f"{word} at γ = {', '.join(gammas)}" for word, gammas in at.items() if gammas)
    return "; ".join(parts)


def summary(study: Study) -> str:
    """What the intervals say about recovery in each cell with records: a Markdown list."""
    comparisons = [
        (f"{name} after recovery", study.change(f"test {name.lower()}", "recovered"))
        for name in ("NLL", "ECE")
    ]
    comparisons.append(
        (
            "NLL of recovery and temperature against a temperature alone",
            study.change("test nll", BOTH, "temperature"),
        )
    )
    lines = []
    for cell, name in enumerate(study.cells):
        told = [(what, _told(study, values, cell)) for what, values in comparisons]
        if any(text for _, text in told):
            lines.append(f"- **{name}.** " + " ".join(f"{what}: {text}." for what, text in told if text))
    return "\n".join(lines) if lines else study.statement()
