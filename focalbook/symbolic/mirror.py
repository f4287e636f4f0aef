"""Why the maximum of the gain grows with gamma: one inequality between p and 1 - p. Used by FE-11."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.focal import UNIT, gamma, p, s
from focalbook.symbolic.gain import profile
from focalbook.symbolic.kernel.methods import Growth
from focalbook.symbolic.kernel.profile import Envelope
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.peak import ABOVE_ONE, NAMES

y = sp.Symbol("y", positive=True)
z = sp.Symbol("z", positive=True)


@cache
def mirror_inequality() -> tuple[Sign, Sign, Sign]:
    """Return p/(-log(1-p)) + (1-p)/(-log p) > 1 and the two steps before it."""
    root = Sign(
        title="$\\log y \\le \\sqrt y - 1/\\sqrt y$ above 1",
        left=sp.sqrt(y) - 1 / sp.sqrt(y),
        right=sp.log(y),
        relation=">=",
        domain={y: ABOVE_ONE},
        cover={y: 1 + z},
        method=Growth(
            y, sp.S.One, derivative=Combine(products=((y ** sp.Rational(-3, 2) / 2, (sp.sqrt(y) - 1) ** 2),))
        ),
    )
    a, b = sp.sqrt(p), sp.sqrt(1 - p)
    legs = Sign(
        title="The legs of a right triangle are longer than its hypotenuse",
        left=a + b,
        right=sp.S.One,
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Combine(products=((2 * a * b, 1 / (a + b + 1)),)),
    )
    left, right = -sp.log(1 - p), -sp.log(p)
    total = Sign(
        title="So, with $y = 1/(1-p)$ and $y = 1/p$",
        left=p / left + (1 - p) / right,
        right=sp.S.One,
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Combine(
            products=(
                (1 / left, b, 1 / b - b - sp.log(1 / (1 - p))),
                (1 / right, a, 1 / a - a - sp.log(1 / p)),
                (a + b - 1,),
            ),
            uses=((root, {y: 1 / (1 - p)}), (root, {y: 1 / p}), (legs, {p: p})),
        ),
    )
    return root, legs, total


@cache
def increasing() -> tuple[Sign, Envelope]:
    """Return that max h grows with gamma."""
    left, right = -sp.log(1 - p), -sp.log(p)
    bracket = p / left + (1 - p) / right - 1
    partial = Sign(
        title="At the maximum, where $1 - \\gamma p = 2(1-p)/(-\\log p)$, the gain grows with $\\gamma$ at "
        "the rate",
        left=(1 - p) ** gamma * left * right / (1 - p) * bracket,
        domain={p: UNIT},
        cover={p: 1 / (1 + s)},
        method=Combine(
            products=(((1 - p) ** gamma, left, right, 1 / (1 - p), bracket),),
            uses=((mirror_inequality()[2], {p: p}),),
        ),
    )
    return partial, Envelope(
        title="So the maximum itself grows with $\\gamma$",
        profile=profile(),
        parameter=gamma,
        parameter_at=(1 - 2 * (1 - p) / right) / p,
        partial=partial,
        fold=NAMES,
    )
