"""GC-3: of all distributions with a given mean, C exp(-beta x) has the largest entropy."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.divergence import log_below_line
from focalbook.symbolic.focal import i, j
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.families import Attained, Stationary
from focalbook.symbolic.kernel.logic import Deduction, by
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import DoubleSum, LimitOfSum, SumIdentity, Total
from focalbook.symbolic.langevin import interval

x, alpha = sp.symbols("x alpha", real=True)
beta = sp.Symbol("beta", real=True)
count = sp.IndexedBase("w", positive=True)
energy = sp.IndexedBase("x", real=True)


@cache
def stationary() -> Stationary:
    """Return the density from the calculus of variations."""
    f = sp.Function("f")
    lagrangian = -f(x) * sp.log(f(x)) - alpha * f(x) - beta * x * f(x)
    return Stationary(
        title="Calculus of variations: entropy with a multiplier $\\alpha$ for the total mass and "
        "$\\beta$ for "
        "the mean",
        integrand=lagrangian,
        unknown=f,
        variable=x,
        solution=sp.exp(-1 - alpha - beta * x),
        note="$C = e^{-1-\\alpha}$. This finds the candidate; that it is the maximum is Gibbs' "
        "inequality below.",
    )


@cache
def gibbs() -> tuple[Step, ...]:
    """Return that no rival with the same mean has more entropy."""
    f, g = sp.Symbol("f", positive=True), sp.Symbol("g", positive=True)
    best, rival = sp.IndexedBase("f", positive=True), sp.IndexedBase("g", positive=True)
    h_g, log_z, m = (sp.Symbol(name, real=True) for name in ("{h(g)}", r"{\log Z}", "m"))
    point = Sign(
        title="At one energy, for a rival density $g$",
        left=g * (sp.log(g) - sp.log(f)),
        right=g - f,
        relation=">=",
        method=Combine(
            products=((g, f / g - 1 - sp.log(f / g)),),
            uses=((log_below_line(), {sp.Symbol("v", positive=True): f / g}),),
        ),
    )
    names = {
        count[i] * rival[i] * sp.log(rival[i]): -h_g,
        count[i] * rival[i] * energy[i]: m,
        count[i] * rival[i]: sp.S.One,
        count[i] * best[i]: sp.S.One,
    }
    total = Total(
        title="summed over the levels, each with its multiplicity $w_i$, with $\\log f_i = -\\beta x_i "
        "- \\log Z$",
        term=point,
        at={f: best[i], g: rival[i]},
        weight=count[i],
        given={sp.log(best[i]): -beta * energy[i] - log_z},
        names=names,
        left=-h_g + beta * m + log_z,
        right=sp.S.Zero,
        index=i,
        note="The left side is $\\mathrm{KL}(g \\Vert f) \\ge 0$. On an interval read $\\int dx$ for "
        "$\\sum_i w_i$: "
        "only linearity and order are used. A level with $g_i = 0$ leaves $f_i \\ge 0$ on the left.",
    )
    own = SumIdentity(
        title="The entropy of $f$ itself, whose mean is $m$ too",
        summand=count[i] * best[i] * (beta * energy[i] + log_z),
        names={count[i] * best[i] * energy[i]: m, count[i] * best[i]: sp.S.One},
        value=beta * m + log_z,
        index=i,
    )
    y = sp.Symbol("y", real=True)
    most = Deduction(
        title="So $h(g) \\le h(f)$: equality only for $g = f$, where $v - 1 = \\log v$ ($y = \\beta m$)",
        given=(by(total, {beta * m: y}),),
        conclusion=h_g <= y + log_z,
    )
    return log_below_line(), point, total, own, most


@cache
def moments() -> tuple[Identity, ...]:
    """Return the mean and the variance from the normaliser."""
    z = sp.Function("Z")(beta)
    power = sp.exp(-beta * x)
    return (
        Identity(
            title="Each derivative in $\\beta$ brings down one energy",
            left=sp.Derivative(power, beta),
            right=-x * power,
        ),
        Identity(
            title="so the slope of $-m = (\\log Z)'$ is the mean of $x^2$ minus the square of $m$: $m' "
            "= -\\mathrm{Var}$",
            left=sp.Derivative(sp.log(z), (beta, 2)),
            right=sp.Derivative(z, (beta, 2)) / z - (sp.Derivative(z, beta) / z) ** 2,
        ),
    )


@cache
def finite() -> tuple[Step, ...]:
    """Return that on finitely many energies the mean takes every value between the ends once."""
    w, d = sp.Symbol("w", positive=True), sp.Symbol("d", positive=True)
    apart, other, first = sp.Symbol("y", real=True), sp.Symbol("v", positive=True), sp.Symbol("x", real=True)
    weight, positive = w * sp.exp(-beta * first), sp.Symbol("beta", positive=True)
    lone = d * sp.exp(-positive * d)
    at_i = count[i] * sp.exp(-beta * energy[i])
    term = at_i * at_i.subs(i, j) * (energy[i] - energy[j]) ** 2 / 2
    spread = DoubleSum(
        title="Finitely many energies: the variance times the squared normaliser",
        products=((sp.S.One, at_i, at_i * energy[i] ** 2), (-sp.S.One, at_i * energy[i], at_i * energy[i])),
        term=term,
        first=i,
        second=j,
    )
    gap = sp.Symbol("r", nonzero=True, real=True)
    strict = Sign(
        title="which is positive as soon as two energies differ, by $r \\ne 0$",
        left=weight * other * sp.exp(-beta * apart) * gap**2 / 2,
        method=Terms(),
    )
    end = LimitOfSum(
        title="With growing $\\beta$ the weighed distance from the lowest energy vanishes, and with it "
        "the mean "
        "distance, as the weight of that level stays",
        theorem="dominated convergence",
        term=Limit(
            title="The weighed distance of a level from the lowest",
            expr=lone,
            variable=positive,
            point=sp.oo,
            value=sp.S.Zero,
        ),
        nonnegative=Sign(title="is positive", left=lone, method=Terms()),
        bound=Sign(
            title="and at most the distance, for $\\beta > 0$",
            left=d,
            right=lone,
            relation=">=",
            method=Growth(positive, sp.S.Zero),
        ),
        weight=count[i],
        at={d: sp.IndexedBase("d", positive=True)[i]},
        names={count[i] * sp.IndexedBase("d", positive=True)[i]: sp.Symbol("D", positive=True)},
        index=i,
    )
    reached = Attained(
        title="So every mean strictly between the smallest and the largest energy belongs to one "
        "$\\beta$, which "
        "may be negative",
        weight=weight,
        parameter=beta,
        energy=first,
        multiplicity=w,
        variance=spread,
        strict=strict,
        levels={first: energy[i], w: count[i], apart: energy[j], other: count[j], gap: energy[i] - energy[j]},
        end=end,
    )
    return spread, strict, *end.premises(), end, reached


@cache
def step_of_the_source() -> tuple[Identity, ...]:
    """Return the two pairs of coins with which the source's reduction fails."""
    p = sp.Rational(9, 10)
    fair, bent = sp.log(2), -p * sp.log(p) - (1 - p) * sp.log(1 - p)

    def joint(q: sp.Expr) -> sp.Expr:
        cells = (q * q, q * (1 - q), (1 - q) * q, (1 - q) ** 2)
        return -sp.Add(*(c * sp.log(c) for c in cells))

    return (
        Identity(
            title="“Maximising $H(Y|X) = H(X,Y) - H(X)$ is minimising $H(X)$” does not follow. Two fair "
            "coins: "
            "$H(X) = \\log 2$ and $H(Y|X)$ is",
            left=joint(sp.Rational(1, 2)) - fair,
            right=fair,
        ),
        Identity(
            title="Two coins of 0.9: both $H(X)$ and $H(Y|X)$ have this value, less than $\\log 2$: the "
            "smaller "
            "$H(X)$ has the smaller $H(Y|X)$",
            left=joint(p) - bent,
            right=sp.log(10) - sp.Rational(9, 5) * sp.log(3),
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-3."""
    return Derivation((stationary(), *gibbs(), *moments(), *interval(), *finite(), *step_of_the_source()))
