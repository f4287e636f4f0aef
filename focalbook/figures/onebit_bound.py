"""Figure: relative error of maximum likelihood against the Cramer-Rao bound, by Monte Carlo."""

from __future__ import annotations

from typing import Any

from focalbook.campaigns.onebit_photons import Measured as Data
from focalbook.campaigns.onebit_photons import run as data

__all__ = ["Data", "data", "draw"]


def draw(data: Data, axes: Any) -> None:
    """Draw errors over the bound on the first axes, bias over the bound on the second; bars of two errors."""
    left, right = axes
    bits = data.config.bits
    for j, (tau, mu) in enumerate(data.config.cells):
        style = {"color": f"C{j}", "ls": ("-", "--", "-.", ":")[j % 4], "marker": "osD^"[j % 4], "ms": 4}
        label = f"τ = {tau}, μ = {mu:g}"
        left.errorbar(bits, data.ratio[j], 2 * data.ratio_error[j], label=label, capsize=2, **style)
        scaled, error = data.bias[j] / data.bound[j], data.bias_error[j] / data.bound[j]
        right.errorbar(bits, scaled, 2 * error, capsize=2, **style)
    left.axhline(1.0, color="C5", lw=1)
    right.axhline(0.0, color="C5", lw=1)
    left.set(xscale="log", xlabel="bits", ylabel="error / Cramér-Rao bound")
    right.set(xscale="log", xlabel="bits", ylabel="bias / Cramér-Rao bound")
    left.legend(loc="upper right", fontsize=9)
