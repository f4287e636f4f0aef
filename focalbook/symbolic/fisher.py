"""GC-6: the divergence of Kullback and Leibler near the diagonal, to third order, for every smooth family."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.families import families
from focalbook.symbolic.focal import i
from focalbook.symbolic.kernel.equality import Identity, Series
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Method, Sign
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import SumIdentity, Total

x = sp.Symbol("x", nonnegative=True)
e = sp.Symbol("epsilon", positive=True)
a, b, c = sp.symbols("a b c", real=True)
mass = sp.IndexedBase("p", nonnegative=True)
ratio = sp.IndexedBase("Delta", real=True)
size = sp.IndexedBase("x", nonnegative=True)
KL_TO, KL_FROM = (
    sp.Symbol(r"{\mathrm{KL}(\theta\Vert\theta+d)}", real=True),
    sp.Symbol(r"{\mathrm{KL}(\theta+d\Vert\theta)}", real=True),
)
WORDS = {"to": "from the centre", "from": "to the centre"}
FACTOR = {"to": sp.Rational(1, 6), "from": sp.Rational(1, 3)}
FOURTH = {"to": sp.Rational(1, 24), "from": sp.Rational(1, 8)}


def omega(value: sp.Expr) -> sp.Expr:
    """Return omega(x) = e^x - 1 - x."""
    return sp.exp(value) - 1 - value


def term(which: str, value: sp.Expr) -> sp.Expr:
    """Return what an atom with log ratio ``value`` adds to the divergence, per unit of its mass."""
    return omega(value) if which == "to" else sp.expand(sp.exp(value) * omega(-value))


def cubic(which: str, value: sp.Expr) -> sp.Expr:
    """Return the first two terms of the expansion of `term`."""
    return value**2 / 2 + FACTOR[which] * value**3


def _rest(which: str, sign: int) -> sp.Expr:
    """Return the bound of the remainder for log ratios of one sign."""
    return FOURTH[which] * x**4 * (sp.exp(x) if sign > 0 else 1)


@cache
def exact() -> tuple[Step, ...]:
    """Return both divergences as means of omega, from the normalisation alone."""
    tilted = mass[i] * sp.exp(ratio[i])
    names = {tilted: sp.S.One, mass[i]: sp.S.One, mass[i] * ratio[i]: -KL_TO, tilted * ratio[i]: KL_FROM}
    common = {"names": names, "index": i}
    return (
        SumIdentity(
            title="With $\\Delta_i = \\log(p'_i/p_i)$ both $p_i$ and $p'_i = p_i e^{\\Delta_i}$ sum to one: "
            "no first-order term is left",
            summand=mass[i] * omega(ratio[i]),
            value=KL_TO,
            note="For densities read the sum as an integral. $p_i$ is the mass at $\\theta$, $p'_i$ that at "
            "$\\theta + d$.",
            **common,
        ),
        SumIdentity(
            title="and in the other order",
            summand=mass[i] * sp.expand(sp.exp(ratio[i]) * omega(-ratio[i])),
            value=KL_FROM,
            **common,
        ),
    )


@cache
def remainder(which: str, sign: int, upper: bool) -> Sign:
    """Return one side of the bound on the remainder, for log ratios of one sign."""
    error = term(which, sign * x) - cubic(which, sign * x)
    left, right = (_rest(which, sign), error) if upper else (error, sp.S.Zero)
    method = _growth(5 if upper else 4)
    if which == "from" and sign < 0:  # the derivative is x times a known inequality
        known = _tangent(upper)
        method = Growth(
            x, sp.S.Zero, derivative=Combine(products=((x, known.difference),), uses=((known, {x: x}),))
        )
    side = "at most" if upper else "at least"
    return Sign(
        title=f"Divergence {WORDS[which]}, log ratio ${'x' if sign > 0 else '-x'}$: the error of the "
        f"cubic is {side}",
        left=left,
        right=right,
        relation=">=",
        method=method,
    )


def _growth(depth: int) -> Method:
    """Return the mean value theorem, used ``depth`` times from zero."""
    method: Method = Terms()
    for _ in range(depth):
        method = Growth(x, sp.S.Zero, derivative=method)
    return method


@cache
def _tangent(upper: bool) -> Sign:
    """Return 0 <= omega(-x) <= x^2/2."""
    return Sign(
        title="$\\omega(-x)$ lies between 0 and $x^2/2$",
        left=x**2 / 2 if upper else omega(-x),
        right=omega(-x) if upper else sp.S.Zero,
        relation=">=",
        method=_growth(3 if upper else 2),
    )


@cache
def bounds() -> tuple[Step, ...]:
    """Return that both divergences differ from their cubic by at most a fourth moment."""
    steps: list[Step] = []
    for which in ("to", "from"):
        for upper in (False, True):
            steps += _side(which, upper)
    return tuple(steps)


def _side(which: str, upper: bool) -> list[Step]:
    """Return one side of the bound for one of the divergences, summed over atoms of both signs."""
    whole = {"to": KL_TO, "from": KL_FROM}[which]
    parts, rests = sp.symbols("E_+ E_-", real=True), sp.symbols("R_+ R_-", real=True)
    found: list[Step] = []
    for sign, part, rest in zip((1, -1), parts, rests, strict=True):
        one = remainder(which, sign, upper)
        weight = mass[i]
        error = weight * (term(which, sign * size[i]) - cubic(which, sign * size[i]))
        edge = weight * _rest(which, sign).subs(x, size[i])
        names = {error: part, edge: rest}
        words = "positive" if sign > 0 else "negative"
        total = Total(
            title=f"weighed with $p_i$ and summed over the atoms with a {words} log ratio",
            term=one,
            at={x: size[i]},
            weight=weight,
            names=names,
            left=rest if upper else part,
            right=part if upper else sp.S.Zero,
            index=i,
        )
        found += [one, total]
    error, bound = sp.Symbol("E", real=True), sp.Symbol("R", real=True)
    signs = (by(found[1], {}), by(found[3], {}))
    split = assume(sp.Eq(error, parts[0] + parts[1]), "E is the divergence minus its cubic, over all atoms")
    reach = assume(sp.Eq(bound, rests[0] + rests[1]), "R is the sum of the bounds, over all atoms")
    found.append(
        Deduction(
            title=f"Divergence {WORDS[which]}: "
            + (
                "the error of the cubic is at most $R = \\frac1{24}"
                if which == "to"
                else "the error of the cubic is at most $R = \\frac18"
            )
            + "\\sum_i p_i \\Delta_i^4 e^{\\max(\\Delta_i, 0)}$"
            if upper
            else f"Divergence {WORDS[which]}: the error of the cubic is not negative",
            given=(*signs, split, *((reach,) if upper else ())),
            conclusion=(error <= bound) if upper else (error >= 0),
            note=f"E is ${sp.latex(whole)}$ minus $\\sum_i p_i(\\Delta_i^2/2 + {sp.latex(FACTOR[which])}"
            "\\Delta_i^3)$.",
        )
    )
    return found


@cache
def orders() -> tuple[Step, ...]:
    """Return the expansion in the parameter, through the score and the second derivative."""
    change = e * a + e**2 * b / 2 + e**3 * c / 6
    fisher, mixed, skew = (
        sp.Symbol("F", positive=True),
        sp.Symbol("{\\Gamma}", real=True),
        sp.Symbol("T", real=True),
    )
    score, bend = sp.IndexedBase("a", real=True), sp.IndexedBase("b", real=True)
    names = {
        mass[i] * score[i] ** 2: fisher,
        mass[i] * score[i] * bend[i]: mixed,
        mass[i] * score[i] ** 3: skew,
    }
    steps: list[Step] = []
    for which in ("to", "from"):
        factor = FACTOR[which]
        steps += [
            Series(
                title=f"Divergence {WORDS[which]}: with $\\Delta = \\epsilon a + \\epsilon^2 b/2 + "
                f"\\epsilon^3 c/6$",
                expr=cubic(which, change),
                variable=e,
                order=4,
                terms=e**2 * a**2 / 2 + e**3 * (a * b / 2 + factor * a**3),
                note="a and b are the first and the second derivative of $\\log p$ along d; c is a third "
                "derivative at a point between, bounded by M.",
            ),
            SumIdentity(
                title="weighed and summed",
                summand=mass[i]
                * (e**2 * score[i] ** 2 / 2 + e**3 * (score[i] * bend[i] / 2 + factor * score[i] ** 3)),
                names=names,
                value=e**2 * fisher / 2 + e**3 * (mixed / 2 + factor * skew),
                index=i,
                note="$F = d^\\top F d$, $\\Gamma = E[a b]$, $T = E[a^3]$.",
            ),
        ]
    steps.append(
        Identity(
            title="The two orders agree to second order, and differ by a sixth of the skewness at the third",
            left=(mixed / 2 + skew / 3) - (mixed / 2 + skew / 6),
            right=skew / 6,
        )
    )
    return tuple(steps)


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-6."""
    return Derivation((*exact(), *bounds(), *orders(), *families()))
