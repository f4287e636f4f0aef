"""FE-14, third part: the focal divergence is at most M times that of Kullback and Leibler."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.convexity import convex_loss
from focalbook.symbolic.focal import (
    UNIT,
    UNIT_CLOSED_AT_ONE,
    curvature,
    gain,
    gamma,
    gamma0,
    i,
    loss,
    model,
    p,
    q,
    s,
    slope,
    t,
    u,
    x,
)
from focalbook.symbolic.kernel.ceiling import Ceiling
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Bowl, Terms, Valley
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import SumIdentity, Total

mass = sp.IndexedBase("p", positive=True)
said = sp.IndexedBase(r"\hat{p}", positive=True)
other = sp.IndexedBase("x", positive=True)
M, MU = sp.Symbol("M", positive=True), sp.Symbol("mu", positive=True)
FOLD = {
    loss(q): sp.Symbol(r"{\ell(q)}"),
    loss(x): sp.Symbol(r"{\ell(x)}"),
    slope(q): sp.Symbol(r"{\varphi(q)}"),
    slope(x): sp.Symbol(r"{\varphi(x)}"),
    curvature(x): sp.Symbol(r"{\ell''(x)}"),
    sp.exp(-loss(x) / M): sp.Symbol(r"{e^{-\ell(x)/M}}"),
    sp.exp((loss(q) - loss(x)) / M): sp.Symbol(r"{e^{(\ell(q) - \ell(x))/M}}"),
    gain(p): sp.Symbol("{h(p)}"),
}
FOLD_ATOM = {
    loss(model[i]): sp.Symbol(r"{\ell(q_i)}"),
    loss(other[i]): sp.Symbol(r"{\ell(q^\star_i)}"),
    other[i]: sp.Symbol(r"{q^\star_i}"),
}


@cache
def log_below_line() -> Sign:
    """Return v - 1 >= log v."""
    v = sp.Symbol("v", positive=True)
    return Sign(
        title="The logarithm lies below its tangent at one",
        left=v - 1,
        right=sp.log(v),
        relation=">=",
        method=Valley(v, sp.S.One),
    )


@cache
def exponential() -> tuple[Step, ...]:
    """Return exp((l(q) - l(x))/M) <= 1 + phi(q)(x - q)/M for M = max phi^2/l''."""
    values, weight = slope(x) ** 2 / curvature(x), sp.exp((loss(q) - loss(x)) / M)
    factor = weight * curvature(x) / M**2
    positive = Combine(
        products=((weight / M**2, curvature(x)),), uses=((convex_loss(), {gamma0: gamma, q: x}),)
    )
    bend = Identity(
        title="With $M = \\max \\varphi^2/\\ell''$ the function $e^{-\\ell(x)/M}$ is concave",
        left=sp.Derivative(sp.exp(-loss(x) / M), (x, 2)),
        right=-sp.exp(-loss(x) / M) * curvature(x) / M**2 * (M - values),
        fold=FOLD,
    )
    tangent = Sign(
        title="so it lies below its tangents",
        left=1 + slope(q) * (x - q) / M,
        right=weight,
        relation=">=",
        domain={x: UNIT, q: UNIT},
        cover={x: 1 / (1 + t), q: 1 / (1 + s)},
        method=Bowl(x, q, bend=Ceiling(M, values, x, factor, positive)),
        fold=FOLD,
    )
    return (*_finite(), bend, tangent)


@cache
def _finite() -> tuple[Step, ...]:
    """Return the limits of phi^2/l'' at both ends, hence that its maximum exists."""
    v = 1 - u
    rate, bent = 1 / v - gamma * sp.log(v) / u, u / v**2 + gamma * (2 / v - (gamma - 1) * sp.log(v) / u)
    start = Limit(
        title="$\\varphi^2/\\ell'' = (q\\varphi)^2/(q^2\\ell'')$ is continuous; at 0 numerator",
        expr=gain(q) ** 2,
        variable=q,
        point=sp.S.Zero,
        value=sp.S.One,
    )
    below = Limit(
        title="and denominator tend to one",
        expr=q**2 * curvature(q),
        variable=q,
        point=sp.S.Zero,
        value=sp.S.One,
    )
    end = Limit(
        title="and at 1 it vanishes, so that it has a maximum",
        expr=slope(q) ** 2 / curvature(q),
        variable=q,
        point=sp.S.One,
        direction="-",
        value=sp.S.Zero,
        distance=u,
        factors=(u ** (gamma + 1), rate**2, 1 / bent),
        fold=FOLD | {curvature(q): sp.Symbol(r"{\ell''(q)}")},
    )
    return start, below, end


@cache
def below_kl() -> tuple[Step, ...]:
    """Return F(P,Q) - G(P) <= M KL(P||R) with Q = Q*(R)."""
    tangent = exponential()[-1]
    assert isinstance(tangent, Sign)
    share, spent = sp.Symbol("{S}", positive=True), sp.Symbol("{Q^\\star(S)}", positive=True)
    weight = said[i] * sp.exp((loss(model[i]) - loss(other[i])) / M)
    total = Total(
        title="Weigh with $\\hat p_i$, use $\\hat p_i \\varphi(q_i) = \\mu$, and sum over the support of "
        "$\\hat P$",
        term=tangent,
        at={x: other[i], q: model[i]},
        weight=said[i],
        given={slope(model[i]): MU / said[i]},
        names={said[i]: sp.S.One, weight: share, other[i]: spent, model[i]: sp.S.One},
        left=1 + MU * (spent - 1) / M,
        right=share,
        index=i,
        note="$S = \\sum_i \\hat p_i\\,e^{(\\ell(q_i) - \\ell(q^\\star_i))/M}$",
    )
    slack = Sign(
        title="The mass of $Q^\\star$ is one at most, so $S \\le 1$",
        left=MU * (1 - spent) / M,
        relation=">=",
        domain={spent: UNIT_CLOSED_AT_ONE},
        cover={spent: 1 / (1 + sp.Symbol("a", nonnegative=True))},
        method=Terms(),
    )
    return total, slack, *_gibbs_again(total, slack, share, spent)


def _gibbs_again(total: Total, slack: Sign, share: sp.Symbol, spent: sp.Symbol) -> tuple[Step, ...]:
    v, exponent = sp.Symbol("v", positive=True), sp.IndexedBase("L", real=True)
    mean, inside = sp.Symbol(r"{\sum_i p_i L_i}", real=True), sp.Symbol("{S'}", positive=True)
    logs = Total(
        title="$v - 1 \\ge \\log v$ at $v = e^{L_i}$, $L_i = (\\ell(q_i) - \\ell(q^\\star_i))/M - "
        "\\log(p_i/\\hat p_i)$, "
        "weighed with $p_i$",
        term=log_below_line(),
        at={v: sp.exp(exponent[i])},
        weight=mass[i],
        names={mass[i] * sp.exp(exponent[i]): inside, mass[i]: sp.S.One, mass[i] * exponent[i]: mean},
        left=inside - 1,
        right=mean,
        index=i,
        note="$S' = \\sum_i p_i e^{L_i}$ is the part of $S$ on the support of P.",
    )
    term = Identity(
        title="as $p_i\\,e^{L_i}$ is a term of $S$",
        left=mass[i] * sp.exp((loss(model[i]) - loss(other[i])) / M - sp.log(mass[i]) + sp.log(said[i])),
        right=said[i] * sp.exp((loss(model[i]) - loss(other[i])) / M),
        fold=FOLD_ATOM,
    )
    gap, spread = (
        sp.Symbol(r"{F(P,Q) - G(P)}", real=True),
        sp.Symbol(r"{\mathrm{KL}(P\Vert\hat P)}", real=True),
    )
    logarithm, losses = sp.IndexedBase("k", real=True), sp.IndexedBase("a", real=True)
    value = SumIdentity(
        title="The mean of $L_i$ under $P$, with $a_i = \\ell(q_i) - \\ell(q^\\star_i)$ and $k_i = "
        "\\log(p_i/\\hat p_i)$",
        summand=mass[i] * (losses[i] / M - logarithm[i]),
        names={mass[i] * losses[i]: gap, mass[i] * logarithm[i]: spread},
        value=gap / M - spread,
        index=i,
    )
    rest, part, whole, average = sp.symbols("w S' S m", real=True)
    over = {MU * (spent - 1) / M: -rest, MU * (1 - spent) / M: rest}
    at_most = Deduction(
        title="So $(F(P,Q) - G(P))/M \\le \\mathrm{KL}(P \\Vert \\hat P)$",
        given=(
            by(total, over | {share: whole}),
            by(slack, over),
            by(logs, {inside: part, mean: average}),
            assume(part <= whole, "S' is a part of S, and all terms are positive"),
        ),
        conclusion=average <= 0,
        note="The mean of the $L_i$ is not positive.",
    )
    return logs, term, value, at_most
