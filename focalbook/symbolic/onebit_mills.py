"""OB-4: the inverse Mills ratio rises with a slope between 0 and 1, so the information of a bit falls."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.kernel.decay import Decay
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.power import PositivePower
from focalbook.symbolic.kernel.reuse import Combine, Known
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step

t = sp.Symbol("t", real=True)
y = sp.Symbol("y", positive=True)
z = sp.Symbol("z", positive=True)
LINE = {t: sp.Interval(-sp.oo, sp.oo)}
#: Runs over the whole line as y runs over (0, oo).
COVER = {t: y - 1 / y}
FLOOR = 2 / sp.pi


def density(x: sp.Expr) -> sp.Expr:
    """Return the standard normal density n(x)."""
    return sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)


def beyond(x: sp.Expr) -> sp.Expr:
    """Return N(-x), the mass of the standard normal distribution beyond x."""
    return (1 - sp.erf(x / sp.sqrt(2))) / 2


def hazard(x: sp.Expr) -> sp.Expr:
    """Return the inverse Mills ratio n(x)/N(-x)."""
    return density(x) / beyond(x)


def weight(x: sp.Expr) -> sp.Expr:
    """Return the information n(x)^2/(N(x) N(-x)) of one bit about its predictor."""
    return hazard(x) * hazard(-x)


def _everywhere(title: str, left: sp.Expr, derivative: Combine | Terms, note: str = "") -> Sign:
    """Return a strict inequality on the line for an expression that falls to zero at infinity."""
    method = Decay(t, derivative)
    return Sign(title=title, left=left, domain=LINE, cover=COVER, method=method, note=note)


@cache
def mass() -> Sign:
    """Return N(-t) > 0."""
    return _everywhere("Both values of the bit have a positive probability", beyond(t), Terms())


@cache
def first() -> Sign:
    """Return n(t) > t N(-t)."""
    derivative = Combine(products=((beyond(t),),), uses=((mass(), {t: t}),))
    return _everywhere(
        "The hazard exceeds its argument, $n(t)/N(-t) > t$",
        density(t) - t * beyond(t),
        derivative,
        note="It falls with slope $-N(-t)$ to zero at infinity.",
    )


@cache
def second() -> Sign:
    """Return (1 + t^2) N(-t) > t n(t)."""
    derivative = Combine(products=((2 * first().left,),), uses=((_twice(first()), {t: t}),))
    return _everywhere(
        "Second moment of the excess: $(1+t^2)\\,N(-t) > t\\,n(t)$",
        (1 + t**2) * beyond(t) - t * density(t),
        derivative,
    )


def _twice(step: Sign) -> Sign:
    """Return twice an inequality."""
    return Sign(
        title=f"Twice the difference: {step.title}",
        left=2 * step.left,
        domain=LINE,
        cover=COVER,
        method=Combine(products=((sp.Integer(2), step.left),), uses=((step, {t: t}),)),
    )


@cache
def third() -> Sign:
    """Return N(-t)^2 + t n(t) N(-t) > n(t)^2."""
    derivative = Combine(products=((density(t), second().left),), uses=((second(), {t: t}),))
    return _everywhere(
        "Variance of the excess: $N(-t)^2 + t\\,n(t)\\,N(-t) > n(t)^2$",
        beyond(t) ** 2 + t * density(t) * beyond(t) - density(t) ** 2,
        derivative,
        note="Divided by $N(-t)^2$ this is one minus the slope of the hazard: the variance of a normal "
        "variable that is known to exceed t.",
    )


def _on_line(title: str, left: sp.Expr, products: tuple[tuple[sp.Expr, ...], ...], *uses: Sign) -> Sign:
    method = Combine(products=products, uses=tuple((use, {t: t}) for use in uses))
    return Sign(title=title, left=left, domain=LINE, cover=COVER, method=method)


@cache
def rises() -> Sign:
    """Return that the hazard h rises: h (h - t) > 0."""
    slope = hazard(t) * (hazard(t) - t)
    parts = (density(t), first().left, beyond(t) ** -2)
    return _on_line("The hazard rises", slope, (parts,), first(), _inverse_square())


@cache
def slowly() -> Sign:
    """Return that the hazard rises more slowly than its argument: h (h - t) < 1."""
    left = 1 - hazard(t) * (hazard(t) - t)
    parts = (third().left, beyond(t) ** -2)
    return _on_line("The hazard rises with a slope below one", left, (parts,), third(), _inverse_square())


@cache
def _inverse_square() -> Sign:
    """Return N(-t)^-2 > 0, from N(-t) > 0."""
    return Sign(
        title="One over the square of the mass",
        left=beyond(t) ** -2,
        domain=LINE,
        cover=COVER,
        method=PositivePower(mass(), sp.Integer(-2)),
    )


@cache
def gap() -> Sign:
    """Return h(z) - h(-z) < 2 z for z > 0."""
    slopes = tuple(slowly().left.subs(t, x) for x in (z, -z))
    derivative = Combine(products=tuple((x,) for x in slopes), uses=((slowly(), {t: z}), (slowly(), {t: -z})))
    return Sign(
        title="Hazards of the two values differ by less than $2z$",
        left=2 * z - hazard(z) + hazard(-z),
        method=Growth(z, sp.S.Zero, derivative),
    )


@cache
def fall() -> tuple[Step, ...]:
    """Return that the information is even, 2/pi at zero, and falls on both sides."""
    logarithm = _log_weight(z)
    falls = Sign(
        title="The information of a bit falls as its threshold moves away from the mean",
        left=-sp.diff(logarithm, z),
        method=Known(gap(), {z: z}),
        note="Minus the derivative of $\\log(n(z)^2/(N(z)N(-z)))$.",
    )
    below = Sign(
        title="In logarithms it lies below its value at the mean",
        left=sp.log(FLOOR),
        right=logarithm,
        method=Growth(z, sp.S.Zero, Known(falls, {z: z})),
    )
    even = Identity(title="It is the same on both sides of the mean", left=weight(t), right=weight(-t))
    top = Identity(title="At the mean it is", left=weight(t).subs(t, 0), right=FLOOR)
    return (even, top, falls, below)


def _log_weight(x: sp.Expr) -> sp.Expr:
    """Return the logarithm of the information, written as a sum."""
    return -(x**2) - sp.log(2 * sp.pi) - sp.log(beyond(x)) - sp.log(beyond(-x))


@cache
def concave() -> tuple[Step, ...]:
    """Return that log N is concave: both bits have log-concave likelihoods in their predictor."""
    bend = Identity(
        title="Second derivative of the log-likelihood of a bit in its predictor $-t$",
        left=sp.diff(sp.log(beyond(t)), t, 2),
        right=-hazard(t) * (hazard(t) - t),
        note="The other bit has the predictor with its sign changed.",
    )
    return (mass(), first(), _inverse_square(), rises(), bend)


@cache
def floor() -> tuple[Step, ...]:
    """Return that a threshold at the mean keeps most, the share 2/pi."""
    return (_twice(first()), second(), third(), slowly(), gap(), *fall())
