"""GC-9, second part: the trace of the logit Hessian against that of the cross-entropy at the same point."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic import hessian
from focalbook.symbolic.focal import gain, gamma, i, q
from focalbook.symbolic.gain import RISE, profile
from focalbook.symbolic.hessian import RANGE, RELATIVE, K, dh, h, minus
from focalbook.symbolic.inverse import slope_positive
from focalbook.symbolic.kernel.crossing import Crossings
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.profile import Profile
from focalbook.symbolic.kernel.shape import SignChange
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import Total

#: r'(q) / (gamma (1 - q)^(gamma - 2)).
K2 = (1 - q) / q - (2 + 3 * gamma) * (1 - q) - gamma * (2 - (1 + gamma) * q) * sp.log(q)
FOLD = hessian.FOLD | {K2: sp.Symbol("{m(q)}")}


@cache
def relative_profile() -> Profile:
    """Return that r rises from minus infinity to one maximum and falls to zero."""
    u = sp.Symbol("u", positive=True)
    common: dict[str, Any] = {"variable": q, "point": sp.S.Zero}
    away: dict[str, Any] = {"variable": q, "point": sp.S.One, "direction": "-"}
    factor = gamma * (1 - q) ** (gamma - 2)
    change = SignChange(
        title="So $m$ changes sign exactly once, from plus to minus",
        expr=K2,
        variable=q,
        convex=Sign(title="$m$ is strictly convex", left=sp.diff(K2, q, 2), method=Terms(), **RANGE),
        start=Limit(title="$m$ starts at plus infinity", expr=K2, value=sp.oo, **common),
        end=Limit(title="$m$ ends at zero", expr=K2, value=sp.S.Zero, **away),
        end_slope=Limit(
            title="and reaches it from below", expr=sp.diff(K2, q), value=(1 + gamma) ** 2, **away
        ),
        mark="q_m",
        fold={K2: sp.Symbol("{m(q)}")},
    )
    return Profile(
        title="For two classes the ratio of the Hessians is $r$: it rises to one maximum and falls",
        expr=RELATIVE,
        variable=q,
        derivative=Identity(
            title="The derivative of $r$ is a positive factor times $m(q)$",
            left=sp.Derivative(RELATIVE, q),
            right=factor * K2,
            note=f"$m(q) = {sp.latex(K2)}$",
            fold={RELATIVE: sp.Symbol("{r(q)}"), K2: sp.Symbol("{m(q)}")},
        ),
        factor=Sign(title="The factor is positive", left=factor, method=Terms(), **RANGE),
        change=change,
        start=Limit(title="$r(0^+) = -\\infty$", expr=RELATIVE, value=-sp.oo, **common),
        end=Limit(
            title="$r(1^-) = 0$",
            expr=RELATIVE,
            value=sp.S.Zero,
            distance=u,
            factors=(u**gamma, -K.subs(q, 1 - u) / u),
            fold=FOLD,
            **away,
        ),
        fold=FOLD,
    )


@cache
def crossings() -> Crossings:
    """Return that r exceeds one exactly between two probabilities, on either side of p*."""
    return Crossings(
        title="So two classes have more curvature than under the cross-entropy exactly on one interval "
        "around "
        "$p^*$, where $r(p^*) = h(p^*) > 1$",
        profile=relative_profile(),
        level=sp.S.One,
        second=profile(),
        rise=RISE,
        factor=-(1 - q),
        identity=Identity(
            title="$r$ is the gain minus a multiple of its derivative",
            left=RELATIVE,
            right=gain(q) - (1 - q) * sp.Derivative(gain(q), q),
            fold={gain(q): sp.Symbol("{h(q)}")},
        ),
        marks=("q_-", "q_+", "p^*"),
        fold=FOLD,
    )


@cache
def trace() -> tuple[Step, ...]:
    """Return the trace for any number of classes, against that of two."""
    mass, rest, room = sp.symbols("q_i S a", positive=True)
    other = sp.IndexedBase("q", positive=True)
    squares, base = (1 - q) ** 2 + rest, (1 - q**2) - rest
    below = Sign(
        title="No other class has more than $a = 1-q$",
        left=room * mass,
        right=mass**2,
        relation=">=",
        domain={mass: sp.Interval.Lopen(0, room)},
        cover={mass: room / (1 + sp.Symbol("s", nonnegative=True))},
        method=Terms(),
    )
    total = Total(
        title="Summed over the other classes, $S$ being the sum of their squares",
        term=below,
        at={mass: other[i]},
        weight=sp.S.One,
        names={other[i]: room, other[i] ** 2: rest},
        left=room**2,
        right=rest,
        index=i,
    )
    ratio = Identity(
        title="The trace is $h\\,(1-|q|^2) - q\\,h'\\,|v|^2$. Over that of the cross-entropy: with two "
        "classes "
        "$S = (1-q)^2$, and it is $r$; with more, $h'$ counts less",
        left=(h * base - q * dh * squares) / base,
        right=h - (1 - q) * dh + ((1 - q) ** 2 - rest) / base * dh,
        note="$|q|^2 = q^2 + S$ and $|v|^2 = (1-q)^2 + S$, with $S \\le (1-q)^2$.",
    )
    less = sp.Symbol("b", nonnegative=True)
    falls = Sign(
        title="Where $h' = -n \\le 0$, beyond $p^*$, the trace ratio $h + (1-q-b)\\,n$, $b \\ge 0$, is at "
        "most that "
        "of two classes: below one for $q_y \\ge q_+$, whatever the other classes",
        left=h + (1 - q) * minus,
        right=h + ((1 - q) - less) * minus,
        relation=">=",
        method=Terms(),
    )
    return (below, total, ratio, falls)


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-9."""
    shape, crossed = relative_profile(), crossings()
    return Derivation(
        (
            *hessian.along_a_line(),
            hessian.chain_rule(),
            hessian.two_parts(),
            *hessian.matrix_form(),
            recall(slope_positive(), "FE-6"),
            hessian.gain_positive(),
            *hessian.threshold(),
            shape.derivative,
            shape.factor,
            *shape.change.premises(),
            shape.change,
            shape.start,
            shape.end,
            shape,
            recall(profile(), "FE-8"),
            crossed.identity,
            crossed,
            *trace(),
        )
    )
