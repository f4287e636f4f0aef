"""Figure: how often small one-bit samples have an estimate, and how often intervals cover."""

from __future__ import annotations

from typing import Any

from focalbook.campaigns.onebit_small_samples import INTERVALS, OUTCOMES, Measured

__all__ = ["Data", "data", "draw"]

#: What is drawn is what the experiment measured.
Data = Measured


def data(measured: Measured) -> Measured:
    """The experiment itself: everything that is drawn is in it."""
    return measured


def draw(data: Measured, axes: Any) -> None:
    """Draw the shares of outcomes on the first axes, coverage on the second."""
    left, right = axes
    for k, (name, colour, style) in enumerate(
        zip(OUTCOMES, ("C0", "C1", "C3"), ("-", "--", "-."), strict=True)
    ):
        error = data.errors(data.share[:, k], data.config.replicates)
        left.errorbar(
            data.size, data.share[:, k], error, color=colour, ls=style, marker="o", ms=3.5, label=name
        )
    left.set(xscale="log", xlabel="bits in a sample", ylabel="share of samples", ylim=(0, 1.02))
    left.legend(loc="center right")
    kept = [k for k, name in enumerate(INTERVALS) if name != "s, Wald of log s"]
    styles, colours = ("-", "--", "-.", ":"), ("C0", "C2", "C1", "C4")
    for k, style, colour in zip(kept, styles, colours, strict=True):
        error = data.errors(data.coverage[:, k], data.fitted)
        right.errorbar(
            data.size,
            data.coverage[:, k],
            error,
            color=colour,
            ls=style,
            marker="o",
            ms=3.5,
            label=INTERVALS[k],
        )
    right.axhline(data.config.level, color="C5", lw=1.0, ls=":")
    right.set(xscale="log", xlabel="bits in a sample", ylabel="coverage", ylim=(0.8, 1.005))
    right.legend(loc="lower right")
