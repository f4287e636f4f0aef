"""One-bit generalised linear models: only {X >= tau} is seen of each draw X.

>>> import focalbook as fb
>>> model = fb.onebit.Gaussian(w=1.0, tau=[-1.0, 0.0, 1.0])
>>> fit = model.fit_counts(ones=[90, 69, 31], trials=[100, 100, 100])
>>> fit.estimate.round(3)  # mean a and standard deviation s
array([0.483, 1.111])
"""

from __future__ import annotations

from focalbook.onebit import design, existence, exposures, families, information, thresholds
from focalbook.onebit._validate import ExistenceError, IdentifiabilityError
from focalbook.onebit.focal import (
    FocalBatch,
    FocalFit,
    focal_efficiency,
    focal_fit,
    focal_fit_batch,
    focal_limit,
)
from focalbook.onebit.models import Bernoulli, Exponential, Gaussian, Model, Poisson
from focalbook.onebit.result import BatchFit, Fit
from focalbook.onebit.simulate import draw_bits, draw_counts

__all__ = [
    "BatchFit",
    "Bernoulli",
    "ExistenceError",
    "Exponential",
    "Fit",
    "FocalBatch",
    "FocalFit",
    "Gaussian",
    "IdentifiabilityError",
    "Model",
    "Poisson",
    "design",
    "draw_bits",
    "draw_counts",
    "existence",
    "exposures",
    "families",
    "focal_efficiency",
    "focal_fit",
    "focal_fit_batch",
    "focal_limit",
    "information",
    "thresholds",
]
