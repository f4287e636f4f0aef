"""OB-4: a Gaussian bound on the information of a bit, and what it means for mean and variance together."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.kernel.decay import Decay
from focalbook.symbolic.kernel.methods import Bowl, Chord, Growth, Terms
from focalbook.symbolic.kernel.power import PositivePower
from focalbook.symbolic.kernel.reuse import Cases, Combine, Known
from focalbook.symbolic.kernel.sign import Method, Sign
from focalbook.symbolic.onebit_mills import FLOOR, beyond, mass, t, weight, z

u = sp.Symbol("u", positive=True)
r = sp.Symbol("r", nonnegative=True)
x = sp.Symbol("x", positive=True)
Parts = tuple[tuple[sp.Expr, ...], ...]
#: Rate of decay of the bound, and what the proof needs beside it.
RATE = 1 - 2 / sp.pi
HALF = 2 / sp.pi - sp.Rational(1, 2)
#: Largest sum of the two efficiencies that the bound allows.
BUDGET = sp.exp(1 - 4 / sp.pi) / (sp.pi - 2)
#: Ends of the pieces in the variables u and z.
U_LOW, U_HIGH = sp.Rational(41, 25), sp.Rational(83, 50)
Z_LOW, Z_HIGH = sp.Rational(173, 100), sp.Rational(7, 4)


def central(at: sp.Expr) -> sp.Expr:
    """Return the mass of the standard normal distribution within a distance of its mean."""
    return sp.erf(at / sp.sqrt(2))


def _before(symbol: sp.Symbol, end: sp.Expr) -> dict[str, Any]:
    """Return domain and cover of (0, end)."""
    return {"domain": {symbol: sp.Interval.open(0, end)}, "cover": {symbol: end * x / (1 + x)}}


def _after(symbol: sp.Symbol, start: sp.Expr) -> dict[str, Any]:
    """Return domain and cover of [start, oo)."""
    return {"domain": {symbol: sp.Interval(start, sp.oo)}, "cover": {symbol: start + r}}


def _between(symbol: sp.Symbol, start: sp.Expr, end: sp.Expr) -> dict[str, Any]:
    """Return domain and cover of [start, end)."""
    return {
        "domain": {symbol: sp.Interval.Ropen(start, end)},
        "cover": {symbol: (start + end * r) / (1 + r)},
    }


def bend(at: sp.Expr) -> sp.Expr:
    """Return the factor of the slope of `lead` that changes sign."""
    return (1 - 2 * HALF * at) * sp.exp(RATE * at) - 1


def lead(at: sp.Expr) -> sp.Expr:
    """Return the factor of the slope of `room` that changes sign."""
    return sp.sqrt(FLOOR) * at * sp.exp(-HALF * at**2) - central(at)


def room(at: sp.Expr) -> sp.Expr:
    """Return what the bound leaves: 1 - exp(-2 z^2/pi) - (N(z) - N(-z))^2."""
    return 1 - sp.exp(-FLOOR * at**2) - central(at) ** 2


@cache
def bend_signs() -> tuple[Sign, Sign]:
    """Return where `bend` is positive, and where it is negative."""
    growth = sp.exp(RATE * u)
    curved = Combine(products=((RATE, 10 / sp.pi - 3, growth), (2 * HALF * RATE**2, u, growth)))
    steep = 2 * HALF * (1 + RATE * U_HIGH) - RATE
    falls = Combine(products=((steep, growth), (2 * HALF * RATE, u - U_HIGH, growth)))
    return (
        Sign(
            title="Concave in u, zero at zero and positive at the end",
            left=bend(u),
            method=Chord(u, curved),
            **_before(u, U_LOW),
        ),
        Sign(
            title="From a negative value it falls",
            left=-bend(u),
            method=Growth(u, U_HIGH, falls),
            **_after(u, U_HIGH),
        ),
    )


def _slope_of_lead(sign: int, step: Sign) -> Method:
    """Return that the slope of `lead` has the sign of `bend`."""
    products = ((sp.sqrt(FLOOR) * sp.exp(-(z**2) / 2), sign * bend(z**2)),)
    return Combine(products=products, uses=((step, {u: z**2}),))


def _shrinks(left: sp.Expr, base: sp.Expr, low: sp.Expr, high: sp.Expr) -> Sign:
    """Return the sign of a monotone difference that is zero at one end of a short piece."""
    name = "The mass within z grows" if left.has(sp.erf) else "The exponential falls"
    method = Growth(z, base)
    return Sign(title=name, left=left, relation=">=", method=method, **_between(z, low, high))


def _gap(low: sp.Expr, high: sp.Expr, expr: sp.Expr, parts: Parts, steps: tuple[Sign, ...]) -> Sign:
    """Return the sign on the short piece round the zero of a derivative, where crude bounds do."""
    method = Combine(parts, tuple((step, {z: z}) for step in steps))
    title = "On the short piece round the maximum crude bounds do"
    return Sign(title=title, left=expr, method=method, **_between(z, low, high))


@cache
def lead_signs() -> tuple[Sign, ...]:
    """Return where `lead` is positive (three pieces), and where it is negative."""
    up, down = bend_signs()
    low, high = sp.sqrt(U_LOW), sp.sqrt(U_HIGH)
    decay, level = sp.exp(-HALF * z**2), sp.exp(-HALF * U_HIGH)
    steps = (_shrinks(decay - level, high, low, high), _shrinks(central(high) - central(z), high, low, high))
    parts = (
        (sp.sqrt(FLOOR) * (z - low), decay),
        (sp.sqrt(FLOOR) * low, decay - level),
        (central(high) - central(z),),
        (sp.sqrt(FLOOR) * low * level - central(high),),
    )
    rise, fall = _slope_of_lead(1, up), _slope_of_lead(-1, down)
    words = "Slope of the bound on the mass within z, against its own:"
    pieces = (
        Sign(
            title=f"{words} rising from zero",
            left=lead(z),
            method=Growth(z, sp.S.Zero, rise),
            **_before(z, low),
        ),
        _gap(low, high, lead(z), parts, steps),
        Sign(
            title="Then falling to a positive value",
            left=lead(z),
            method=Growth(z, Z_LOW, fall),
            **_between(z, high, Z_LOW),
        ),
    )
    whole = Sign(title="Together", left=lead(z), method=Cases(z, pieces), **_before(z, Z_LOW))
    last = Growth(z, Z_HIGH, fall)
    beyond_it = Sign(title="From a negative value it falls", left=-lead(z), method=last, **_after(z, Z_HIGH))
    return (*steps, *pieces, whole, beyond_it)


@cache
def room_signs() -> tuple[Sign, ...]:
    """Return that `room` is positive: three pieces."""
    *_, up, down = lead_signs()
    slope = 4 / sp.sqrt(2 * sp.pi) * sp.exp(-(z**2) / 2)
    rise = Combine(products=((slope, lead(z)),), uses=((up, {z: z}),))
    fall = Combine(products=((slope, -lead(z)),), uses=((down, {z: z}),))
    level, most = sp.exp(-FLOOR * Z_LOW**2), central(Z_HIGH) ** 2
    parts = ((level - sp.exp(-FLOOR * z**2),), (most - central(z) ** 2,), (1 - level - most,))
    steps = (
        _shrinks(parts[0][0], Z_LOW, Z_LOW, Z_HIGH),
        _shrinks(parts[1][0], Z_HIGH, Z_LOW, Z_HIGH),
    )
    pieces = (
        Sign(
            title="The bound on the mass within z: what it leaves rises from zero",
            left=room(z),
            method=Growth(z, sp.S.Zero, rise),
            **_before(z, Z_LOW),
        ),
        _gap(Z_LOW, Z_HIGH, room(z), parts, steps),
        Sign(
            title="Then it falls to zero at infinity",
            left=room(z),
            method=Decay(z, fall),
            **_after(z, Z_HIGH),
        ),
    )
    title = "Pólya's inequality: the mass within z is below $\\sqrt{1 - e^{-2z^2/\\pi}}$"
    return (*steps, *pieces, Sign(title=title, left=room(z), method=Cases(z, pieces)))


@cache
def bound() -> tuple[Sign, ...]:
    """Return n^2/(N(z)N(-z)) < (2/pi) exp(-(1 - 2/pi) z^2), and the bound on the sum of both efficiencies."""
    *_, polya = room_signs()
    product = Sign(
        title="Hence $4\\,N(z)\\,N(-z)$ is above $e^{-2z^2/\\pi}$",
        left=4 * beyond(z) * beyond(-z),
        right=sp.exp(-FLOOR * z**2),
        method=Known(polya, {z: z}),
    )
    both = Sign(
        title="Both values of the bit have a positive probability",
        left=beyond(z) * beyond(-z),
        method=Combine(((beyond(z), beyond(-z)),), ((mass(), {t: z}), (mass(), {t: -z}))),
    )
    inverse = Sign(title="so has its inverse", left=1 / both.left, method=PositivePower(both, sp.Integer(-1)))
    shape = FLOOR * sp.exp(-RATE * z**2)
    below = Sign(
        title="The information of a bit lies below a Gaussian of its threshold",
        left=shape,
        right=weight(z),
        method=Combine(
            ((shape / 4, 1 / both.left, product.difference),), ((inverse, {z: z}), (product, {z: z}))
        ),
    )
    return (product, both, inverse, below)


@cache
def budget() -> tuple[Sign, ...]:
    """Return that the efficiencies for mean and standard deviation add up to less than two thirds."""
    *_, below = bound()
    parabola = BUDGET * sp.exp(RATE * u) - FLOOR * (1 + u / 2)
    convex = Sign(
        title="A convex function with its zero at the bottom",
        left=parabola,
        relation=">=",
        method=Bowl(u, (4 - sp.pi) / (sp.pi - 2), Terms()),
    )
    products = (
        (sp.exp(-RATE * z**2), convex.left.subs(u, z**2)),
        (1 + z**2 / 2, below.difference),
    )
    total = Sign(
        title="Both efficiencies together",
        left=BUDGET,
        right=weight(z) * (1 + z**2 / 2),
        method=Combine(products, ((convex, {u: z**2}), (below, {z: z}))),
    )
    mean = Sign(title="Also at the mean", left=BUDGET, right=FLOOR, method=Terms())
    thirds = Sign(title="The bound is below two thirds", left=sp.Rational(2, 3), right=BUDGET, method=Terms())
    return (convex, total, mean, thirds)
