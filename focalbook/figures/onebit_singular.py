"""Figure: designs whose information per bit tends to a singular matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from focalbook.campaigns.onebit_singular import CASES, Case, Growth, grow

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Sequences of designs.

    Attributes
    ----------
    growths : tuple of Growth
    """

    growths: tuple[Growth, ...]


def data(cases: Sequence[Case] = CASES, most: int = 16, replicates: int = 2000, seed: int = 0) -> Data:
    """Run the experiment for each case."""
    return Data(tuple(grow(case, most, replicates, seed + k) for k, case in enumerate(cases)))


def _name(case: Case) -> str:
    if case.kappa == 0:
        return "fixed thresholds"
    words = "shrinking" if case.kind == "shrinking" else "running away"
    return f"{words}, κ = {case.kappa:g}"


def draw(data: Data, axes: Any) -> None:
    """Draw spread of 1/s on the first axes, affinity of two values of s on the second."""
    left, right = axes
    for k, growth in enumerate(data.growths):
        colour, marker = f"C{k}", "os^Dv"[k % 5]
        finite = growth.spread < 1e3
        left.loglog(growth.bits, growth.theory, color=colour, lw=1.2)
        left.loglog(
            growth.bits[finite], growth.spread[finite], color=colour, marker=marker, ms=4.5, lw=0,
            label=_name(growth.case)
        )  # fmt: skip
        right.semilogx(
            growth.bits,
            growth.affinity,
            color=colour,
            marker=marker,
            ms=4.5,
            lw=1.2,
            label=_name(growth.case),
        )
    left.set(xlabel="bits n", ylabel="spread of 1/s", ylim=(4e-5, 3))
    left.legend(fontsize=8, loc="lower left")
    right.set(xlabel="bits n", ylabel="affinity of s = 1 and s = 1.25", ylim=(-0.02, 1.02))
