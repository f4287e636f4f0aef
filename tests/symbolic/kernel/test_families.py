"""Existence in families and variations. Oracle: the same steps with one premise spoilt."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from focalbook.symbolic.boltzmann import finite, stationary
from focalbook.symbolic.entropy_penalty import existence
from focalbook.symbolic.kernel.families import Attained, CommonLevel
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import verify


def test_variation_needs_the_right_function_and_a_concave_integrand() -> None:
    step = stationary()
    assert verify(step).ok
    assert not verify(replace(step, solution=step.solution * 2)).ok
    assert not verify(replace(step, solution=-step.solution)).ok
    assert not verify(replace(step, integrand=-step.integrand)).ok  # a minimum
    f = step.unknown(step.variable)
    assert not verify(replace(step, integrand=step.integrand + sp.diff(f, step.variable) ** 2)).ok


def test_level_needs_bijections_onto_the_line() -> None:
    *slopes, common = existence()
    assert isinstance(common, CommonLevel)
    assert verify(common).ok
    assert not verify(replace(common, slopes=())).ok
    rising = replace(slopes[0], expr=-slopes[0].expr)
    assert not verify(replace(common, slopes=(rising,))).ok
    assert not verify(
        replace(common, level=sp.Symbol("gamma", positive=True))
    ).ok  # the level is in the slope


def _reached() -> Attained:
    step = finite()[-1]
    assert isinstance(step, Attained)
    return step


def test_mean_needs_weights_that_fit() -> None:
    step = _reached()
    assert verify(step).ok
    beta = step.parameter
    assert not verify(replace(step, weight=step.weight / beta)).ok  # a singularity, and no sign
    assert not verify(replace(step, weight=step.weight / (1 + beta**2))).ok  # another weight
    assert not verify(replace(step, levels={})).ok
    assert not verify(replace(step, multiplicity=step.energy)).ok


def test_mean_needs_a_strict_slope_and_the_end() -> None:
    step = _reached()
    weak = replace(step.strict, relation=">=")
    assert not verify(replace(step, strict=weak)).ok
    other = Sign(title="another", left=sp.Symbol("z", positive=True), method=Terms())
    assert not verify(replace(step, strict=other)).ok
    assert not verify(replace(step, end=replace(step.end, theorem="Fatou's lemma", bound=None))).ok
