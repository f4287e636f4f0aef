"""FE-1: focal-entropy and cross-entropy are finite together."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gamma0, i, loss, mass, model, q, s
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation
from focalbook.symbolic.kernel.sums import Divergence, Total

g = gamma0
F, H = sp.Symbol(r"{F_\gamma(P, Q)}", nonnegative=True), sp.Symbol("{H(P, Q)}", nonnegative=True)
AT = {q: model[i]}
NAMES = {
    mass[i] * (1 - model[i]) ** g * sp.log(model[i]): -F,
    mass[i] * sp.log(model[i]): -H,
    mass[i]: sp.S.One,
}
y = sp.Symbol("y", nonnegative=True)
n = sp.Symbol("n", integer=True, positive=True)


@cache
def focal_weight() -> Sign:
    """Return (1 - q)^gamma <= 1."""
    return Sign(
        title="The focal weight is at most one",
        left=sp.S.One,
        right=(1 - q) ** g,
        relation=">=",
        domain={q: UNIT},
        cover={q: s / (1 + s)},
        method=Growth(g, sp.S.Zero),
    )


@cache
def upper_bound() -> Sign:
    """Return l(q) <= -log q for one atom."""
    return Sign(
        title="Hence the focal loss of an atom is at most its cross-entropy",
        left=-sp.log(q),
        right=loss(q, g),
        relation=">=",
        domain={q: UNIT},
        cover={q: 1 / (1 + s)},
        method=Combine(products=((-sp.log(q), 1 - (1 - q) ** g),), uses=((focal_weight(), {q: q}),)),
    )


@cache
def lower_bounds() -> tuple[Sign, Sign]:
    """Return l(q) >= 2^-gamma (-log q - log 2) for q <= 1/2 and for q >= 1/2."""
    weight = Sign(
        title="Up to one half the focal weight is at least $2^{-\\gamma}$",
        left=(2 * (1 - q)) ** g,
        right=sp.S.One,
        relation=">=",
        domain={q: sp.Interval.Lopen(0, sp.Rational(1, 2))},
        cover={q: 1 / (2 + y)},
        method=Growth(g, sp.S.Zero),
    )
    target = 2 ** (-g) * (-sp.log(q) - sp.log(2))
    small = Sign(
        title="An atom with $q \\le 1/2$",
        left=loss(q, g),
        right=target,
        relation=">=",
        domain={q: sp.Interval.Lopen(0, sp.Rational(1, 2))},
        cover={q: 1 / (2 + y)},
        method=Combine(
            products=((2 ** (-g), -sp.log(q), (2 * (1 - q)) ** g - 1), (2 ** (-g), sp.log(2))),
            uses=((weight, {q: q}),),
        ),
    )
    large = Sign(
        title="An atom with $q \\ge 1/2$: the bound is not positive",
        left=loss(q, g),
        right=target,
        relation=">=",
        domain={q: sp.Interval.Ropen(sp.Rational(1, 2), 1)},
        cover={q: (1 + y) / (2 + y)},
        method=Combine(products=((loss(q, g),), (2 ** (-g), sp.log(2 * q)))),
    )
    return small, large


@cache
def sandwich() -> tuple[Total, Total]:
    """Return F <= H and F >= 2^-gamma (H - log 2), summed over the alphabet."""
    small, large = lower_bounds()
    certain = tuple(
        Sign(
            title="An atom with $q = 1$ loses nothing and satisfies both",
            left=left,
            right=right,
            relation=">=",
            method=Terms(),
        )
        for left, right in (
            (-sp.log(sp.S.One), loss(sp.S.One, g)),
            (loss(sp.S.One, g), 2 ** (-g) * (-sp.log(sp.S.One) - sp.log(2))),
        )
    )
    upper = Total(
        title="Upper bound: weigh with $p_i$ and sum",
        term=upper_bound(),
        at=AT,
        weight=mass[i],
        names=NAMES,
        left=H,
        right=F,
        index=i,
        also=certain[:1],
    )
    lower = Total(
        title="Lower bound: weigh with $p_i$ and sum, the masses sum to one",
        note="So either both are finite or both are infinite: $H(P,Q) \\le 2^\\gamma F_\\gamma(P,Q) + \\log "
        "2$.",
        term=small,
        at=AT,
        weight=mass[i],
        names=NAMES,
        left=F,
        right=2 ** (-g) * (H - sp.log(2)),
        index=i,
        also=(large, certain[1]),
    )
    return upper, lower


def divergent_example() -> tuple[Identity, Identity, Divergence, Divergence]:
    """Return the steps on a P with infinite entropy: block n has 2^(2^n) equal atoms of total mass 2^-n."""
    atoms, share = 2 ** (2**n), sp.Rational(1, 2) ** n
    atom = share / atoms
    total = Identity(
        title="Block $n$ holds $2^{2^n}$ equal atoms and the mass $2^{-n}$: the masses sum to one",
        left=sp.Sum(share, (n, 1, sp.oo)),
        right=sp.S.One,
    )
    block = share * (n + 2**n) * sp.log(2)
    entropy = Identity(
        title="Entropy of block $n$",
        left=atoms * atom * -sp.log(atom),
        right=block,
    )
    cross = Divergence(
        title="The entropy of this $P$ is infinite",
        term=Limit(title="Entropy of late blocks", expr=block, variable=n, point=sp.oo, value=sp.log(2)),
    )
    focal = Divergence(
        title="So is its focal-entropy: the weights of its atoms tend to one",
        term=Limit(
            title="Focal-entropy of late blocks",
            expr=block * (1 - atom) ** g,
            factors=(block, (1 - atom) ** g),
            variable=n,
            point=sp.oo,
            value=sp.log(2),
        ),
    )
    return total, entropy, cross, focal


@cache
def derivation() -> Derivation:
    """Return the derivation of FE-1."""
    infinite = Limit(
        title="If some $q_i = 0$ with $p_i > 0$, then $F = \\infty$",
        expr=loss(q, g),
        variable=q,
        point=sp.S.Zero,
        value=sp.oo,
    )
    upper, lower = sandwich()
    small, large = lower_bounds()
    return Derivation(
        (
            *upper_bound().premises(),
            upper_bound(),
            upper,
            *small.premises(),
            small,
            large,
            lower,
            infinite,
            *divergent_example(),
        )
    )
