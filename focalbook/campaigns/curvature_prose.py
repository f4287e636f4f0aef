"""Sentences and tables about curvature and calibration, written from records and never typed in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from focalbook.calibration import Estimate
from focalbook.campaigns.curvature_study import (
    CROSS_ENTROPY,
    TRAINING_LOSS,
    Cell,
    curve,
    differences,
    direction,
    ratios,
    value_of,
)
from focalbook.campaigns.rank_study import partial_rank_correlation, rank_correlation
from focalbook.campaigns.rescaling import rescaling
from focalbook.campaigns.tables import Table

__all__ = [
    "CURVATURES",
    "OUTCOMES",
    "calibration_table",
    "correlation_table",
    "given_confidence_sentences",
    "given_confidence_table",
    "outside",
    "ratio_sentences",
    "ratio_table",
    "regime_table",
    "sides",
    "sides_table",
    "summary",
]

#: Curvatures and outcomes that are compared, by their names for readers.
CURVATURES = {
    "cross-entropy, top": f"{CROSS_ENTROPY} top",
    "cross-entropy, trace": f"{CROSS_ENTROPY} trace",
    "training loss, top": f"{TRAINING_LOSS} top",
    "training loss, trace": f"{TRAINING_LOSS} trace",
}
OUTCOMES = {
    "ECE": "test ece",
    "size of the gap": "test absolute gap",
    "signed gap": "test gap",
    "ECE after temperature": "test ece, temperature",
}


def interval(e: Estimate, digits: int = 2, scale: float = 1.0, sign: bool = False) -> str:
    """A number with its interval, or alone where it has none; a dash where there is no number."""
    plus = "+" if sign else ""
    if np.isnan(e.value):
        return "–"
    value = f"{scale * e.value:{plus}.{digits}f}"
    if np.isnan(e.low):
        return value
    return f"{value} [{scale * e.low:{plus}.{digits}f}, {scale * e.high:{plus}.{digits}f}]"


def ratio_table(cell: Cell) -> Table:
    """Each gamma above 0: curvature over that at gamma = 0, paired by seed; the ratio at the same weights."""
    headings = ["γ", "seeds", *CURVATURES, "trace, training loss over cross-entropy, same weights"]
    found = {name: ratios(cell, metric) for name, metric in CURVATURES.items()}
    same = curve(cell, "trace ratio")
    rows = []
    for k, gamma in enumerate(cell.gammas):
        if gamma > 0:
            n = max(e[k].n for e in found.values())
            rows.append(
                [f"{gamma:g}", str(n), *(interval(e[k]) for e in found.values()), interval(same[k], 3)]
            )
    return headings, rows


def ratio_sentences(cell: Cell) -> list[str]:
    """What each curvature does from gamma = 0 to the largest gamma, and in rank over all gamma."""
    lines = []
    for name, metric in CURVATURES.items():
        last = ratios(cell, metric)[-1]
        trend = rank_correlation(np.broadcast_to(cell.gammas, cell.table(metric).shape), cell.table(metric))
        word = direction(last, 1.0)
        tail = "" if not trend.rows else f"; rank correlation with γ {trend}"
        if last.n < 2:
            lines.append(f"{name}: {last.n} seed{'s' if last.n != 1 else ''} so far, no interval{tail}.")
        elif word == "cannot be told":
            lines.append(
                f"{name}: at γ = {cell.gammas[-1]:g} the factor is {interval(last)}: its direction "
                f"{word} from {last.n} seeds{tail}."
            )
        else:
            lines.append(
                f"{name}: {word} up to γ = {cell.gammas[-1]:g} by the factor {interval(last)}{tail}."
            )
    return lines


def outside(cell: Cell) -> tuple[int, int, float]:
    """Runs with gamma > 0 whose trace ratio is outside its prediction, all such runs, the largest excess."""
    runs = [r for r in cell.records if r.configuration["gamma"] > 0]
    excess = [rescaling(r).excess(value_of(r, "trace ratio")) for r in runs]
    return sum(e > 0 for e in excess), len(runs), max(excess, default=0.0)


def regime_table(cells: Sequence[Cell]) -> Table:
    """At gamma = 0: geometric mean of the label's probability in training and validation, accuracy, gap."""
    rows = []
    for cell in cells:
        if 0.0 not in cell.gammas:
            continue
        k = cell.column(0.0)
        label, unseen = (
            float(np.exp(-curve(cell, name)[k].value)) for name in ("training loss", "validation nll")
        )
        accuracy, gap = curve(cell, "test accuracy")[k], curve(cell, "test gap")[k]
        kind = "memorised" if label > 0.9 else "not memorised"
        numbers = [interval(accuracy, 3), interval(gap, 3, sign=True), str(gap.n)]
        rows.append([cell.name, f"{label:.2f}", kind, f"{unseen:.2f}", *numbers])
    headings = ["cell", "label, training", "regime", "label, validation", "test accuracy", "test gap"]
    return [*headings, "seeds"], rows


def calibration_table(cell: Cell) -> Table:
    """For each gamma, in per cent: ECE, signed gap, ECE after temperature, and ECE less that at gamma = 0."""
    names = ("test ece", "test gap", "test ece, temperature")
    found = [curve(cell, name) for name in names]
    less = differences(cell, "test ece")
    headings = ["γ", "seeds", "ECE, %", "gap, %", "ECE after temperature, %", "ECE less that of γ = 0, %"]
    rows = []
    for k, gamma in enumerate(cell.gammas):
        signs = (False, True, False)
        texts = [interval(e[k], 1, 100.0, sign=sign) for e, sign in zip(found, signs, strict=True)]
        last = interval(less[k], 1, 100.0, sign=True) if gamma > 0 else ""
        rows.append([f"{gamma:g}", str(found[0][k].n), *texts, last])
    return headings, rows


def correlation_table(cells: Sequence[Cell], outcomes: dict[str, str] = OUTCOMES) -> Table:
    """Rank correlation within seeds of each curvature with each outcome, in each cell."""
    rows = []
    for cell in cells:
        for name, metric in CURVATURES.items():
            found = [rank_correlation(cell.table(metric), cell.table(o)) for o in outcomes.values()]
            runs = str(max(f.points for f in found))
            rows.append([cell.name, name, runs, *(str(f) for f in found)])
    return ["cell", "curvature", "runs", *outcomes], rows


def given_confidence_table(cells: Sequence[Cell], outcome: str = "test ece") -> Table:
    """Curvature and an outcome: mean confidence taken out over all runs, and at equal gamma over seeds."""
    rows = []
    for cell in cells:
        y, confidence = cell.table(outcome), cell.table("test confidence")
        for name, metric in CURVATURES.items():
            x = cell.table(metric)
            partial = partial_rank_correlation(x, y, confidence)
            fixed = rank_correlation(x.T, y.T)
            shown = "undefined" if not fixed.rows else f"{fixed.mean.value:+.2f} (p = {fixed.p:.2f})"
            rows.append(
                [
                    cell.name,
                    name,
                    str(partial.n),
                    str(rank_correlation(x, confidence)),
                    interval(partial, 2, sign=True),
                    shown,
                ]
            )
    headings = ["cell", "curvature", "runs", "with confidence, in seeds", "with ECE, given confidence"]
    return [*headings, "with ECE, at equal γ"], rows


def given_confidence_sentences(cells: Sequence[Cell], outcome: str = "test ece") -> list[str]:
    """For each cell and trace: whether it tells about an outcome what mean confidence does not."""
    more, less = "larger with more curvature", "smaller with more curvature"
    words = (more, less, "in no relation to it that can be told")
    lines = []
    for cell in cells:
        for name in ("cross-entropy, trace", "training loss, trace"):
            x = cell.table(CURVATURES[name])
            partial = partial_rank_correlation(x, cell.table(outcome), cell.table("test confidence"))
            after = rank_correlation(x, cell.table("test ece, temperature"))
            lines.append(
                f"{cell.name}, {name}: given confidence, ECE is {direction(partial, words=words)}; after a "
                f"temperature, {direction(after.mean, words=words)}."
            )
    return lines


def sides(cell: Cell, curvature: str, outcome: str = "test ece") -> tuple[int, int, int, int]:
    """Runs with gamma > 0, each beside the one with gamma = 0 and its seed.

    Returns
    -------
    tuple of int
        Curvature lower and error lower; higher and lower; lower and higher; higher and higher. Ties and runs
        without a partner are left out.
    """
    if 0.0 not in cell.gammas:
        return (0, 0, 0, 0)
    k = cell.column(0.0)
    a, b = cell.table(curvature), cell.table(outcome)
    bend, error = np.sign(a - a[:, [k]]), np.sign(b - b[:, [k]])
    return tuple(  # type: ignore[return-value]
        int(((bend == s) & (error == t)).sum()) for s, t in ((-1, -1), (1, -1), (-1, 1), (1, 1))
    )


def sides_table(cells: Sequence[Cell], outcome: str = "test ece") -> Table:
    """:func:`sides` of every cell and curvature; the second and third count speak against the conjecture."""
    headings = ["cell", "curvature", "lower, better", "*higher, better*", "*lower, worse*", "higher, worse"]
    rows = [
        [cell.name, name, *(str(n) for n in sides(cell, metric, outcome))]
        for cell in cells
        for name, metric in CURVATURES.items()
    ]
    return headings, rows


def summary(cells: Sequence[Cell], outcome: str = "test ece") -> list[str]:
    """For each cell, how often curvature and calibration error moved together, and in how many runs not."""
    lines = []
    for cell in cells:
        for name in ("cross-entropy, trace", "training loss, trace"):
            found = sides(cell, CURVATURES[name], outcome)
            if sum(found) == 0:
                lines.append(f"{cell.name}, {name}: no pair to compare yet.")
                continue
            lines.append(
                f"{cell.name}, {name}: of {sum(found)} networks, each beside the cross-entropy network of "
                f"its seed, {found[1]} are better calibrated with *more* curvature, {found[2]} worse with "
                f"*less*; {found[0]} are better with less, as conjectured, and {found[3]} worse with more."
            )
    return lines
