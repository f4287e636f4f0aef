"""FE-8: the gain h rises from 1 to one maximum and falls to 0, crossing 1 once on the way."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, p, s, slope, u
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.profile import LevelSets, Profile
from focalbook.symbolic.kernel.shape import SignChange
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation

K = -2 * (1 - p) - (1 - gamma * p) * sp.log(p)
H_PRIME_FACTOR = gamma * (1 - p) ** (gamma - 2)
RISE = sp.Symbol("m", positive=True)
FOLD = {gain(p): sp.Symbol("{h(p)}"), K: sp.Symbol("{k(p)}")}


@cache
def definition() -> Identity:
    """Return h = p phi(p) in expanded form."""
    return Identity(
        title="The gain from the definition of the loss: $h(p) = p\\,\\varphi(p) = -p\\,\\ell'(p)$",
        left=p * slope(p),
        right=gain(p),
    )


@cache
def derivative() -> Identity:
    """Return h' as a positive factor times k."""
    return Identity(
        title="The derivative of the gain is a positive factor times $k(p)$",
        left=sp.Derivative(gain(p), p),
        right=H_PRIME_FACTOR * K,
        note="$k(p) = -2(1-p) - (1-\\gamma p)\\log p$ carries the sign; $k = 0$ is the equation for $p^*$.",
        fold={gain(p): sp.Symbol("{h(p)}")},
    )


@cache
def sign_change() -> SignChange:
    """Return that k is positive up to one point p* and negative after it."""
    convex = Sign(
        title="$k$ is strictly convex",
        left=sp.diff(K, p, 2),
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Terms(),
    )
    return SignChange(
        title="So $k$ changes sign exactly once, from plus to minus",
        expr=K,
        variable=p,
        convex=convex,
        start=Limit(title="$k$ starts at plus infinity", expr=K, variable=p, point=sp.S.Zero, value=sp.oo),
        end=Limit(
            title="$k$ ends at zero", expr=K, variable=p, point=sp.S.One, value=sp.S.Zero, direction="-"
        ),
        end_slope=Limit(
            title="and reaches it from below: its slope there is positive",
            expr=sp.diff(K, p),
            variable=p,
            point=sp.S.One,
            value=1 + gamma,
            direction="-",
        ),
        fold={K: sp.Symbol("{k(p)}")},
    )


@cache
def profile() -> Profile:
    """Return that h rises on (0, p*) from 1 and falls on (p*, 1) to 0."""
    factor = Sign(
        title="The factor is positive",
        left=H_PRIME_FACTOR,
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Terms(),
    )
    return Profile(
        title="The gain rises to one maximum, at $p^*$, and falls after it",
        expr=gain(p),
        variable=p,
        derivative=derivative(),
        factor=factor,
        change=sign_change(),
        start=Limit(title="$h(0^+) = 1$", expr=gain(p), variable=p, point=sp.S.Zero, value=sp.S.One),
        end=Limit(
            title="$h(1^-) = 0$",
            expr=gain(p),
            variable=p,
            point=sp.S.One,
            direction="-",
            value=sp.S.Zero,
            distance=u,
            factors=(u**gamma, 1 - gamma * (1 - u) * sp.log(1 - u) / u),
        ),
        fold=FOLD,
    )


@cache
def crossing() -> LevelSets:
    """Return that h > 1 exactly on (0, p0)."""
    return LevelSets(
        title="So $h$ crosses the level 1 exactly once, at $p_0 > p^*$",
        profile=profile(),
        level=sp.S.One,
        rise=RISE,
        pattern="+-",
        marks=("", "p_0"),
        fold=FOLD,
    )


@cache
def at_gamma_one() -> tuple[Identity, Identity, Identity]:
    """Return the closed forms at gamma = 1."""
    top, k1, h1 = sp.exp(-2), K.subs(gamma, 1), gain(p).subs(gamma, 1)
    return (
        Identity(
            title="At $\\gamma = 1$: $k(e^{-2}) = 0$, so $p^* = e^{-2}$",
            left=sp.Subs(k1, p, top),
            right=sp.S.Zero,
        ),
        Identity(title="with $h(p^*) = 1 + e^{-2}$", left=sp.Subs(h1, p, top), right=1 + top),
        Identity(title="and $p_0 = 1/e$", left=sp.Subs(h1, p, sp.exp(-1)), right=sp.S.One),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-8."""
    shape, change = profile(), sign_change()
    return Derivation(
        (
            definition(),
            derivative(),
            shape.factor,
            *change.premises(),
            change,
            shape.start,
            shape.end,
            shape,
            crossing(),
            *at_gamma_one(),
        )
    )
