"""Exponential families behind a threshold: statistic, log-partition, probability and moments of the bit."""

from __future__ import annotations

from focalbook.onebit.families.base import Family
from focalbook.onebit.families.bernoulli import BernoulliFamily
from focalbook.onebit.families.exponential import ExponentialFamily
from focalbook.onebit.families.gaussian import GaussianFamily
from focalbook.onebit.families.poisson import PoissonFamily

__all__ = ["BernoulliFamily", "ExponentialFamily", "Family", "GaussianFamily", "PoissonFamily"]
