"""Manifest signs and equality. Oracle: expressions whose sign or equality is known by hand."""

from __future__ import annotations

import pytest
import sympy as sp

from focalbook.symbolic.kernel.positivity import continuous, contradicted, manifestly, same

s, t, g = sp.symbols("s t gamma", positive=True)
n = sp.Symbol("n", nonnegative=True)


@pytest.mark.parametrize(
    "expr",
    [
        s * t + 1,
        sp.log(1 + s),
        -sp.log(1 / (1 + s)),
        (s / (1 + s)) ** g,
        (1 - 1 / (1 + s)) ** (g - 2),
        -1 / sp.log(1 - 1 / (1 + s)),
        sp.log(1 / (1 + s)) * sp.log(1 / (1 + t)),
        1 - 1 / (1 + s),
        sp.exp(-g * s),
        (s - t) ** 2 + s,
    ],
)
def test_positive(expr: sp.Expr) -> None:
    assert manifestly(expr, strict=True)


@pytest.mark.parametrize("expr", [n, n * s, (s - t) ** 2, sp.log(1 + n), sp.S.Zero])
def test_nonnegative_but_not_positive(expr: sp.Expr) -> None:
    assert manifestly(expr, strict=False)
    assert not manifestly(expr, strict=True)


@pytest.mark.parametrize(
    "expr", [s - t, sp.log(s), -s, s - 1, sp.log(1 / (1 + s)), 1 - sp.log(1 + s), -(n**2)]
)
def test_not_manifest(expr: sp.Expr) -> None:
    assert not manifestly(expr, strict=True)


def test_contradiction_needs_a_point() -> None:
    assert contradicted(s - t, strict=True)
    assert contradicted(-s, strict=False)
    assert contradicted(sp.S.Zero * s, strict=True)
    assert not contradicted(s + t, strict=True)
    assert not contradicted(sp.Symbol("free"), strict=True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((1 - 1 / (1 + s)) ** g, s**g / (1 + s) ** g),
        ((1 + s) ** (g - 1) * (1 + s), (1 + s) ** g),
        (sp.log(s * t), sp.log(s) + sp.log(t)),
        (sp.log(s / (1 + s)), sp.log(s) - sp.log(1 + s)),
        (sp.sqrt(s) * sp.sqrt(s), s),
        (sp.exp(2 * sp.log(s)), s**2),
    ],
)
def test_same(left: sp.Expr, right: sp.Expr) -> None:
    assert same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [(s, t), (sp.log(1 + s), s), ((1 + s) ** g, 1 + g * s), (sp.sqrt(s), s), (s, s + sp.Rational(1, 10**6))],
)
def test_not_same(left: sp.Expr, right: sp.Expr) -> None:
    assert not same(left, right)


def test_jumps_are_seen() -> None:
    x, r = sp.Symbol("x", positive=True), sp.Symbol("r", real=True)
    for smooth in (sp.exp(-r) * sp.erf(r), sp.log(1 + x) / x, sp.atan(r), sp.atan(1 / (1 + x))):
        assert continuous(smooth)
    for jumps in (sp.acot(r), sp.atan(1 / r), sp.floor(x), sp.sign(r), 1 + sp.Heaviside(r - 1)):
        assert not continuous(jumps)
