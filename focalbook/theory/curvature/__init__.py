"""Curvature of the focal loss in the logits: for one label, for labels drawn from P, and at the optimum."""

from focalbook.theory.curvature.log_odds import (
    convexity_threshold,
    log_odds_curvature_ratio,
    unit_ratio_crossings,
)
from focalbook.theory.curvature.population import (
    certain_curvature_ratio,
    optimum_curvature_ratio,
    optimum_hessian,
    optimum_trace,
    population_hessian,
    population_trace,
    two_class_optimum_ratio,
)
from focalbook.theory.curvature.sample import (
    logit_curvature_ratio,
    logit_hessian,
    logit_hessian_extremes,
    logit_hessian_product,
    logit_hessian_trace,
)

__all__ = [
    "certain_curvature_ratio",
    "convexity_threshold",
    "log_odds_curvature_ratio",
    "logit_curvature_ratio",
    "logit_hessian",
    "logit_hessian_extremes",
    "logit_hessian_product",
    "logit_hessian_trace",
    "optimum_curvature_ratio",
    "optimum_hessian",
    "optimum_trace",
    "population_hessian",
    "population_trace",
    "two_class_optimum_ratio",
    "unit_ratio_crossings",
]
