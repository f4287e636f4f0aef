"""focalbook: what focal loss does to probabilities, and the way back.

>>> import focalbook as fb
>>> fb.recover(fb.minimizer([0.9, 0.1], 2.0), 2.0).round(6)
array([0.9, 0.1])

Names are loaded when they are first used, so importing the package brings in neither torch nor matplotlib.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from focalbook.theory.entropy import cross_entropy, entropy, focal_entropy, kl_divergence
    from focalbook.theory.loss import focal_curvature, focal_gain, focal_loss, focal_slope
    from focalbook.theory.minimizer import (
        bayes_risk,
        log_multiplier,
        minimizer,
        multiplier,
        recover,
        recover_logits,
    )
    from focalbook.theory.scores import focal_divergence, focal_regret, proper_score
    from focalbook.theory.zones import Zones, classify, zones

__version__ = "0.1.0"

_FUNCTIONS = {
    "focalbook.theory.loss": ("focal_curvature", "focal_gain", "focal_loss", "focal_slope"),
    "focalbook.theory.entropy": ("cross_entropy", "entropy", "focal_entropy", "kl_divergence"),
    "focalbook.theory.minimizer": (
        "bayes_risk",
        "log_multiplier",
        "minimizer",
        "multiplier",
        "recover",
        "recover_logits",
    ),
    "focalbook.theory.scores": ("focal_divergence", "focal_regret", "proper_score"),
    "focalbook.theory.zones": ("Zones", "classify", "zones"),
}
_HOME = {name: module for module, names in _FUNCTIONS.items() for name in names}
_MODULES = (
    "calibration",
    "campaigns",
    "claims",
    "curvature",
    "data",
    "figures",
    "nn",
    "onebit",
    "store",
    "symbolic",
    "theory",
    "training",
)

__all__ = [
    "Zones",
    "__version__",
    "bayes_risk",
    "classify",
    "cross_entropy",
    "entropy",
    "focal_curvature",
    "focal_divergence",
    "focal_entropy",
    "focal_gain",
    "focal_loss",
    "focal_regret",
    "focal_slope",
    "kl_divergence",
    "log_multiplier",
    "minimizer",
    "multiplier",
    "proper_score",
    "recover",
    "recover_logits",
    "zones",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(f"focalbook.{name}")
    else:
        raise AttributeError(f"module 'focalbook' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
