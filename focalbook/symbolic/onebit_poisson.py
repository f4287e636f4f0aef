"""OB-5: one bit of a Poisson count: its derivative, its information, concavity of its likelihood.

What the efficiency does with threshold and mean is derived in
`focalbook.symbolic.onebit_threshold` and `focalbook.symbolic.onebit_large_mean`.
"""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import Total
from focalbook.symbolic.kernel.telescope import Telescope

mu = sp.Symbol("mu", positive=True)
j = sp.Symbol("j", integer=True, nonnegative=True)
k = sp.Symbol("tau", integer=True, positive=True)
i = sp.Symbol("i", integer=True, nonnegative=True)
#: P(X >= tau), P(X < tau), and f, the derivative of the former in log mu.
P1, P0, f = sp.symbols("P_1 P_0 f", positive=True)
#: Sum of (j - tau) p_j over j >= tau, and of (tau - j) p_j over j < tau.
over, under = sp.symbols("D_1 D_0", nonnegative=True)
mass = sp.IndexedBase("p", nonnegative=True)


def pmf(n: sp.Expr) -> sp.Expr:
    """Return the Poisson mass at ``n``."""
    return mu**n * sp.exp(-mu) / sp.factorial(n)


@cache
def derivative() -> tuple[Step, ...]:
    """Return that P(X >= tau) has the derivative pmf(tau - 1) in mu and tau pmf(tau) in log mu."""
    flow = j * pmf(j) / mu  # what flows from j - 1 to j as mu grows, pmf(j - 1) for j >= 1
    change = flow - flow.subs(j, j + 1)
    gamma = mu ** (k - 1) * sp.exp(-mu) / sp.gamma(k)
    return (
        Identity(
            title="The mass at $j$ gains what flows in from $j - 1$ and loses what flows on to $j + 1$",
            left=sp.diff(pmf(j), mu),
            right=change,
        ),
        Telescope(
            title="Summed over $j < \\tau$ only the flow through the threshold is left",
            summand=change,
            antidifference=-flow,
            index=j,
            start=sp.S.Zero,
            stop=k,
            value=-k * pmf(k) / mu,
            note="The derivative of $P(X < \\tau)$, a finite sum.",
        ),
        Identity(
            title="So $\\frac{d}{d\\mu} P(X \\ge \\tau)$ is the mass at $\\tau - 1$",
            left=k * pmf(k) / mu,
            right=pmf(k - 1),
        ),
        Identity(
            title="The regularised gamma function has the same derivative",
            left=sp.diff(sp.lowergamma(k, mu) / sp.gamma(k), mu),
            right=gamma,
            note="Both vanish at $\\mu = 0$, so $P(X \\ge \\tau) = \\gamma(\\tau, \\mu)/\\Gamma(\\tau)$.",
        ),
        Identity(title="which is that mass", left=gamma, right=pmf(k - 1)),
        Identity(
            title="In $\\eta = \\log\\mu$ the derivative is $f = \\tau\\,p_\\tau$",
            left=mu * pmf(k - 1),
            right=k * pmf(k),
        ),
        Identity(
            title="and $f' = (\\tau - \\mu) f$",
            left=mu * sp.diff(k * pmf(k), mu),
            right=(k - mu) * k * pmf(k),
        ),
    )


@cache
def moments() -> tuple[Step, ...]:
    """Return the first moments above and below the threshold."""
    b = j * pmf(j)
    return (
        Telescope(
            title="Above the threshold",
            summand=(j - mu) * pmf(j),
            antidifference=-b,
            index=j,
            start=k,
            stop=sp.oo,
            value=k * pmf(k),
            note="This is the covariance of the count and its bit.",
        ),
        Telescope(
            title="and below it",
            summand=(mu - j) * pmf(j),
            antidifference=b,
            index=j,
            start=sp.S.Zero,
            stop=k,
            value=k * pmf(k),
        ),
        _nonnegative(
            "So over $j \\ge \\tau$ the excess is $D_1 = f - (\\tau - \\mu) P_1 \\ge 0$",
            at=j - k,
            names={j * mass[j]: f + mu * P1, mass[j]: P1},
            left=_bracket(P1),
            note="Positive, because $p_{\\tau+1} > 0$.",
        ),
        _nonnegative(
            "and over $j < \\tau$ the deficit is $D_0 = f + (\\tau - \\mu) P_0 \\ge 0$",
            at=k - j,
            names={j * mass[j]: mu * P0 - f, mass[j]: P0},
            left=_bracket(P0),
            note="Positive, because $p_{\\tau-1} > 0$.",
        ),
    )


def _bracket(value: sp.Symbol) -> sp.Expr:
    """Return the excess over the threshold (for P1) or the deficit (for P0)."""
    return f - (k - mu) * P1 if value == P1 else f + (k - mu) * P0


def _nonnegative(title: str, at: sp.Expr, names: dict[sp.Expr, sp.Expr], left: sp.Expr, note: str) -> Total:
    """Return that a sum of masses times whole numbers from 0 on is not negative."""
    term = Sign(title="whole numbers from 0 on", left=i, right=sp.S.Zero, relation=">=", method=Terms())
    return Total(
        title=title, term=term, at={i: at}, weight=mass[j], names=names, left=left, right=sp.S.Zero, index=j,
        note=note,
    )  # fmt: skip


def _curve(value: sp.Symbol, sign: int, rate: sp.Expr, slope: sp.Expr) -> sp.Expr:
    """Return the second derivative of log(value), value' = sign * slope and slope' = rate * slope."""
    x = sp.Symbol("x", real=True)
    g, v = sp.Function("g")(x), sp.Function("v")(x)
    bend = sp.diff(sp.log(v), x, 2)
    bend = bend.subs(sp.diff(v, x, 2), sign * rate * g).subs(sp.diff(v, x), sign * g)
    return bend.subs({g: slope, v: value})


@cache
def concavity() -> tuple[Step, ...]:
    """Return that both log-probabilities are concave, in log mu and in mu."""
    steps: list[Step] = []
    for value, sign, rest in ((P1, 1, over), (P0, -1, under)):
        name, defined = sp.latex(value), (rest, _bracket(value))
        steps += [
            Identity(
                title=f"Second derivative of $\\log {name}$ in $\\log\\mu$",
                left=_curve(value, sign, k - mu, f),
                right=-f * rest / value**2,
                condition=defined,
            ),
            Sign(
                title=f"which is not positive: $\\log {name}$ is concave in $\\log\\mu$",
                left=f * rest / value**2,
                right=sp.S.Zero,
                relation=">=",
                method=Terms(),
                note="Strictly, as $D > 0$.",
            ),
            Identity(
                title=f"In $\\mu$ itself the slope of ${name}$ is $\\pm f/\\mu$, with the rate "
                "$(\\tau - 1)/\\mu - 1$",
                left=_curve(value, sign, (k - 1) / mu - 1, f / mu),
                right=-f * (rest + sign * value) / (mu * value) ** 2,
                condition=defined,
            ),
        ]
    steps += [
        Sign(
            title="There the bracket of $P_1$ is $D_1 + P_1 > 0$",
            left=over + P1,
            right=sp.S.Zero,
            relation=">",
            method=Terms(),
        ),
        _nonnegative(
            "and that of $P_0$ is $D_0 - P_0 = \\sum_{j < \\tau} (\\tau - 1 - j)\\,p_j \\ge 0$",
            at=k - 1 - j,
            names={j * mass[j]: mu * P0 - f, mass[j]: P0},
            left=_bracket(P0) - P0,
            note="Zero exactly at $\\tau = 1$, where $\\log P_0 = -\\mu$.",
        ),
    ]
    return tuple(steps)


@cache
def information() -> tuple[Step, ...]:
    """Return the efficiency as a squared correlation, at most one, and its value at threshold one."""
    y, b = sp.IndexedBase("y", real=True), sp.IndexedBase("b", real=True)
    c, r, s = sp.symbols("c r s", real=True)
    square = Sign(
        title="A square", left=sp.expand((r - c * s) ** 2), right=sp.S.Zero, relation=">=", method=Terms()
    )
    weight = mass[j]
    names = {weight * y[j] ** 2: mu, weight * y[j] * b[j]: f, weight * b[j] ** 2: P1 * P0}
    gap = Total(
        title="The count $y = j - \\mu$, fitted by its bit $b$ (less its mean), leaves a mean square",
        term=square,
        at={r: y[j], s: b[j]},
        weight=weight,
        names=names,
        left=mu - 2 * c * f + c**2 * P1 * P0,
        right=sp.S.Zero,
        index=j,
        note="$E[y^2] = \\mu$; $E[y b] = f$, the moment above the threshold; $E[b^2] = P_1 P_0$.",
    )
    one = mu / (sp.exp(mu) - 1)
    return (
        gap,
        Identity(
            title="with the best coefficient: so the efficiency, the squared correlation, is at most one",
            left=(mu - 2 * c * f + c**2 * P1 * P0),
            right=mu * (1 - f**2 / (mu * P1 * P0)),
            condition=(c, f / (P1 * P0)),
        ),
        Identity(
            title="At $\\tau = 1$",
            left=mu**2 * sp.exp(-2 * mu) / (mu * (1 - sp.exp(-mu)) * sp.exp(-mu)),
            right=one,
        ),
        Sign(
            title="it is below one",
            left=sp.exp(mu) - 1,
            right=mu,
            relation=">",
            method=Growth(mu, sp.S.Zero, derivative=Growth(mu, sp.S.Zero)),
        ),
        Sign(
            title="and falls: minus the derivative, times $(e^\\mu - 1)^2$",
            left=sp.expand(-sp.diff(one, mu) * (sp.exp(mu) - 1) ** 2).simplify(),
            right=sp.S.Zero,
            relation=">",
            method=Growth(mu, sp.S.Zero),
        ),
        Limit(title="from one", expr=one, variable=mu, point=sp.S.Zero, value=sp.S.One),
        Limit(title="to zero", expr=one, variable=mu, point=sp.oo, value=sp.S.Zero),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of OB-5."""
    from focalbook.symbolic import onebit_large_mean, onebit_threshold

    own = (*derivative(), *moments(), *concavity(), *information())
    return Derivation((*own, *onebit_threshold.steps(), *onebit_large_mean.steps()))
