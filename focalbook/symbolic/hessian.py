"""GC-9: the logit Hessian of the focal loss for one label, when it is indefinite, and its trace.

A step of length t along a direction x of the logits changes the odds against the label, R(t) = sum of
exp(z_k - z_y + t u_k) over the other classes, u_k = x_k - x_y. With the probability q = 1/(1+R) of the label
and the shares w_k of the other classes in what is left, the second derivative at t = 0 is the quadratic form
of the Hessian along x, for any number of classes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.focal import UNIT, gain, gamma, i, loss, q, s
from focalbook.symbolic.inverse import slope_positive
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.shape import SignChange
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import SumIdentity

t = sp.Symbol("t", real=True)
log_odds = sp.Symbol("c", real=True)
odds = sp.Symbol("R", positive=True)
#: Mean difference to the label and variance of the direction, over the other classes.
d = sp.Symbol("d", real=True)
V = sp.Symbol("V", nonnegative=True)
SECOND = V + d**2
share = sp.IndexedBase("w", positive=True)
step = sp.IndexedBase("u", real=True)
h, dh, relative, minus = (
    sp.Symbol("{h(q)}", positive=True),
    sp.Symbol("{h'(q)}", real=True),
    sp.Symbol("{r(q)}", nonnegative=True),
    sp.Symbol("n", positive=True),
)
DERIVATIVE = sp.diff(gain(q), q)
#: r(q) = h(q) - (1 - q) h'(q).
RELATIVE = gain(q) - (1 - q) * DERIVATIVE
#: r(q) / (1 - q)^(gamma - 1), with the opposite sign.
K = -(1 + 2 * gamma) * (1 - q) - gamma * (1 - (1 + gamma) * q) * sp.log(q)
RANGE: dict[str, Any] = {"domain": {q: UNIT}, "cover": {q: 1 / (1 + s)}}
FOLD = {
    RELATIVE: sp.Symbol("{r(q)}"),
    K: sp.Symbol("{k(q)}"),
    DERIVATIVE: sp.Symbol("{h'(q)}"),
    gain(q): sp.Symbol("{h(q)}"),
}


@cache
def along_a_line() -> tuple[Step, ...]:
    """Return the first two derivatives of the odds, as sums over the other classes."""
    term = sp.exp(log_odds + t * step[i])
    names = {share[i]: sp.S.One, share[i] * step[i]: d, share[i] * step[i] ** 2: SECOND}
    return (
        Identity(
            title="The odds against the label along a line, $R(t) = \\sum_{k \\ne y} e^{z_k - z_y + t u_k}$: "
            "a term, differentiated",
            left=sp.Derivative(term, t),
            right=step[i] * term,
        ),
        Identity(title="and once more", left=sp.Derivative(term, (t, 2)), right=step[i] ** 2 * term),
        SumIdentity(
            title="With the shares $w_k$ of the other classes, $R'/R$ is a mean over them",
            summand=share[i] * step[i],
            names=names,
            value=d,
            index=i,
        ),
        SumIdentity(
            title="and $R''/R = V + d^2$, where $V$ is the variance",
            summand=sp.expand(share[i] * (step[i] - d) ** 2),
            names=names,
            value=V,
            index=i,
        ),
    )


@cache
def chain_rule() -> Identity:
    """Return (f(R(t)))'' = f'' R'^2 + f' R''."""
    path, f = sp.Function("R")(t), sp.Function("f")
    name = sp.Symbol("R")
    first, second = (sp.Derivative(f(name), (name, k)).subs(name, path) for k in (1, 2))
    return Identity(
        title="The chain rule along the line",
        left=sp.Derivative(f(path), (t, 2)),
        right=second * sp.Derivative(path, t) ** 2 + first * sp.Derivative(path, (t, 2)),
    )


@cache
def two_parts() -> Identity:
    """Return the curvature along x: a part inside the other classes, and one between them and the label."""
    outer = loss(1 / (1 + odds))
    at = {q: 1 / (1 + odds)}
    bent = sp.Derivative(outer, (odds, 2)) * (odds * d) ** 2 + sp.Derivative(outer, odds) * odds * SECOND
    parts = gain(q) * (1 - q) * V + q * (1 - q) * RELATIVE * d**2
    return Identity(
        title="The curvature of the loss along the line: a part among the other classes, and a part between "
        "them and the label, with $r(q) = h(q) - (1-q)\\,h'(q)$",
        left=bent,
        right=parts.subs(at),
        fold={
            outer: sp.Symbol(r"{\ell}"),
            RELATIVE.subs(at): sp.Symbol("{r(q)}"),
            gain(q).subs(at): sp.Symbol("{h(q)}"),
            1 / (1 + odds): q,
        },
        note="$q = 1/(1+R)$ is the probability of the label.",
    )


@cache
def matrix_form() -> tuple[Step, ...]:
    """Return that this is the quadratic form of h (diag q - q q') - q h' v v'."""
    mean, square = (1 - q) * d, (1 - q) * SECOND
    return (
        Identity(
            title="It is the quadratic form of $h\\,(\\mathrm{diag}\\,q - qq^\\top) - q\\,h'\\,vv^\\top$ "
            "with "
            "$v = q - e_y$: along $u$, mean $(1-q)\\,d$ and mean square $(1-q)(V + d^2)$",
            left=h * (square - mean**2) - q * dh * mean**2,
            right=h * (1 - q) * V + q * (1 - q) * (h - (1 - q) * dh) * d**2,
        ),
        Sign(
            title="So no direction has negative curvature where $r(q) \\ge 0$",
            left=h * (1 - q) * V + q * (1 - q) * relative * d**2,
            relation=">=",
            method=Terms(),
            **RANGE,
        ),
        Sign(
            title="and where $r(q) = -n < 0$ the direction $e_y$, with $V = 0$ and $d = -1$, has",
            left=sp.S.Zero,
            right=(h * (1 - q) * V + q * (1 - q) * (-minus) * d**2).subs({V: 0, d: -1}),
            method=Terms(),
            **RANGE,
        ),
        Sign(
            title="while with three classes or more every direction with $d = 0 < V$ has positive curvature: "
            "one negative eigenvalue, no more",
            left=(h * (1 - q) * V + q * (1 - q) * (-minus) * d**2).subs(
                {d: 0, V: sp.Symbol("V", positive=True)}
            ),
            method=Terms(),
            **RANGE,
        ),
    )


@cache
def threshold() -> tuple[Step, ...]:
    """Return that r is negative exactly below one probability q_c."""
    split = Identity(
        title="A positive factor of $r$ splits off",
        left=RELATIVE,
        right=-((1 - q) ** (gamma - 1)) * K,
        fold={K: sp.Symbol("{k(q)}"), DERIVATIVE: sp.Symbol("{h'(q)}"), gain(q): sp.Symbol("{h(q)}")},
        note=f"$k(q) = {sp.latex(K)}$",
    )
    change = SignChange(
        title="So the Hessian is positive semidefinite exactly for $q_y \\ge q_c$, whatever the other "
        "classes",
        expr=K,
        variable=q,
        convex=Sign(title="$k$ is strictly convex", left=sp.diff(K, q, 2), method=Terms(), **RANGE),
        start=Limit(title="$k$ starts at plus infinity", expr=K, variable=q, point=sp.S.Zero, value=sp.oo),
        end=Limit(
            title="$k$ ends at zero", expr=K, variable=q, point=sp.S.One, value=sp.S.Zero, direction="-"
        ),
        end_slope=Limit(
            title="and reaches it from below",
            expr=sp.diff(K, q),
            variable=q,
            point=sp.S.One,
            value=(1 + gamma) ** 2,
            direction="-",
        ),
        mark="q_c",
        fold={K: sp.Symbol("{k(q)}")},
    )
    rises = Sign(
        title="Where $r = -n \\le 0$ the gain rises: $h' = (h - r)/(1-q) > 0$. The converse is false "
        "(below, $r(p^*) = h(p^*) > 0$)",
        left=(gain(q) + minus) / (1 - q),
        method=Combine(
            products=((1 / (1 - q), gain(q)), (1 / (1 - q), minus)), uses=((gain_positive(), {q: q}),)
        ),
        fold=FOLD,
        **RANGE,
    )
    return (split, *change.premises(), change, rises)


@cache
def gain_positive() -> Sign:
    """Return h > 0 on (0, 1)."""
    return Sign(
        title="The gain is positive",
        left=gain(q),
        method=Combine(products=((q, slope_positive().difference),), uses=((slope_positive(), {q: q}),)),
        fold=FOLD,
        **RANGE,
    )
