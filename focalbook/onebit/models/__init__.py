"""Designs whose parameters are estimated from one bit for each row."""

from __future__ import annotations

from focalbook.onebit.models.base import Model
from focalbook.onebit.models.bernoulli import Bernoulli
from focalbook.onebit.models.exponential import Exponential
from focalbook.onebit.models.gaussian import Gaussian
from focalbook.onebit.models.poisson import Poisson
from focalbook.onebit.models.spec import Problem

__all__ = ["Bernoulli", "Exponential", "Gaussian", "Model", "Poisson", "Problem"]
