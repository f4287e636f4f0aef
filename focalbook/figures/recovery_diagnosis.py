"""Figure: what the fitted temperatures foretell against what recovery does, a mark for each network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from focalbook.campaigns.recovery_rules import Diagnosis, diagnosis
from focalbook.campaigns.recovery_study import Study

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Networks by kind.

    Attributes
    ----------
    kinds : tuple of str
        Study and cell.
    networks : tuple of Diagnosis
        One for each kind, those without networks left out.
    """

    kinds: tuple[str, ...]
    networks: tuple[Diagnosis, ...]


def data(studies: Sequence[Study]) -> Data:
    """Networks with gamma > 0 of all studies, by study and cell."""
    kinds, networks = [], []
    for study in studies:
        seen = diagnosis(study)
        for cell, name in enumerate(study.cells):
            mine = seen.cell == cell
            if mine.any():
                kinds.append(f"{study.name}: {name}")
                parts = (seen.foretold, seen.change, seen.cell, seen.gamma)
                networks.append(Diagnosis(*(part[mine] for part in parts)))
    return Data(tuple(kinds), tuple(networks))


def draw(data: Data, ax: Any) -> None:
    """Draw all networks and shade the quarters in which the temperatures foretell the right sign."""
    x = np.concatenate([one.foretold for one in data.networks])
    y = np.concatenate([one.change for one in data.networks])
    right, top = 1.1 * np.abs(x).max(), 1.3 * np.abs(y).max()
    ax.fill_between([0, right], -top, 0, color="C2", alpha=0.12, linewidth=0)
    ax.fill_between([-right, 0], 0, top, color="C2", alpha=0.12, linewidth=0)
    ax.axhline(0, color="C5", linewidth=1.0)
    ax.axvline(0, color="C5", linewidth=1.0)
    for k, (kind, one) in enumerate(zip(data.kinds, data.networks, strict=True)):
        style = {"color": f"C{k % 6}", "mfc": "none", "ms": 6, "linestyle": "none"}
        ax.plot(one.foretold, one.change, "os^Dvp*XP"[k % 9], label=kind, **style)
    ax.set_yscale("symlog", linthresh=0.01)
    ax.set(xlim=(-right, right), ylim=(-top, top))
    ax.set_xlabel("|log T| as it is minus |log T′| after recovery (validation)")
    ax.set_ylabel("change of test NLL\nby recovery (nats)")
    ax.legend()
