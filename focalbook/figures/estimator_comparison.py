"""Figure: errors of trace estimators against the products they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from focalbook.campaigns.estimator_comparison import Comparison

__all__ = ["Data", "data", "draw"]


@dataclass(frozen=True)
class Data:
    """Comparisons, one for each panel."""

    panels: tuple[Comparison, ...]


def data(comparisons: Sequence[Comparison]) -> Data:
    """Keep what was measured.

    Parameters
    ----------
    comparisons
        As many as there are panels.
    """
    return Data(tuple(comparisons))


def draw(data: Data, axes: Any) -> None:
    """Draw a line for each method and panel, and Hutchinson's error by theory."""
    for ax, one in zip(axes, data.panels, strict=True):
        for k, (method, error) in enumerate(one.error.items()):
            ax.loglog(
                one.products[method], error, ("o-", "s--", "^-.", "D-")[k], color=f"C{k}", ms=5, label=method
            )
        ax.loglog(one.products["Hutchinson"], one.theory, color="C5", ls=":", label="Hutchinson, theory")
        ax.set(title=one.kind, xlabel="products", xlim=(0.8, 60), ylim=(1e-6, 2))
        ax.set_xticks([1, 2, 6, 12, 24, 48], ["1", "2", "6", "12", "24", "48"])
        ax.minorticks_off()
    axes[0].set_ylabel("error / trace")
    axes[1].legend(loc="lower left", fontsize=9)
