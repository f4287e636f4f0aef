"""The symbols of the book and the functions of focal loss, as SymPy expressions.

Nothing here comes from the numerical package: the expressions are written from the definition of the
loss, and slope, gain and curvature are derived from it by differentiation.
"""

from __future__ import annotations

import sympy as sp

# The exponent: positive where a claim needs it, nonnegative where it does not.
gamma = sp.Symbol("gamma", positive=True)
gamma0 = sp.Symbol("gamma", nonnegative=True)
p = sp.Symbol("p", positive=True)
q = sp.Symbol("q", positive=True)
# Parameters that make a bounded range manifest.
s = sp.Symbol("s", positive=True)
s0 = sp.Symbol("s", nonnegative=True)
u = sp.Symbol("u", positive=True)
t = sp.Symbol("t", positive=True)
x = sp.Symbol("x", positive=True)
lam = sp.Symbol("lambda", positive=True)
i = sp.Symbol("i", integer=True, positive=True)
j = sp.Symbol("j", integer=True, positive=True)
mass = sp.IndexedBase("p", nonnegative=True)
model = sp.IndexedBase("q", positive=True)

UNIT = sp.Interval.open(0, 1)
UNIT_CLOSED_AT_ONE = sp.Interval.Lopen(0, 1)


def loss(x: sp.Expr, g: sp.Expr = gamma) -> sp.Expr:
    """Return the focal loss (1 - x)^g (-log x)."""
    return -((1 - x) ** g) * sp.log(x)


def slope(x: sp.Expr, g: sp.Expr = gamma) -> sp.Expr:
    """Return phi = minus the derivative of the loss, by differentiation."""
    y = sp.Symbol("y", positive=True)
    return -sp.diff(loss(y, g), y).subs(y, x)


def gain(x: sp.Expr, g: sp.Expr = gamma) -> sp.Expr:
    """Return h(x) = x phi(x), expanded: (1 - x)^g - g x (1 - x)^(g - 1) log x."""
    return (1 - x) ** g - g * x * (1 - x) ** (g - 1) * sp.log(x)


def curvature(x: sp.Expr, g: sp.Expr = gamma) -> sp.Expr:
    """Return the second derivative of the loss, by differentiation."""
    y = sp.Symbol("y", positive=True)
    return sp.diff(loss(y, g), y, 2).subs(y, x)
