"""Third derivatives of log P(B = b): bounded for the normal distribution, dominated for the Poisson."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import Total

a, y, b = sp.Symbol("a", nonnegative=True), sp.Symbol("y", positive=True), sp.Symbol("b", nonnegative=True)
t, m, e = sp.Symbol("t", real=True), sp.Symbol("m", positive=True), sp.Symbol("epsilon", real=True)
M1, M2, M3 = sp.symbols("M_1 M_2 M_3", positive=True)
V, D, w = sp.Symbol("V", nonnegative=True), sp.Symbol("D", nonnegative=True), sp.Symbol("w", nonnegative=True)
weight, place = sp.IndexedBase("w", positive=True), sp.IndexedBase("y", positive=True)
j = sp.Symbol("j", integer=True, positive=True)

#: Third cumulant through moments, and that of a normal variable beyond a through the excess of its hazard.
CUMULANT = M3 - 3 * M1 * M2 + 2 * M1**3
BEYOND = (a + M1) * (M1 * (a + 2 * M1) - 1)
HALF = sp.exp(-(a**2) / 2)


@cache
def moments() -> tuple[Step, ...]:
    """Return mean and variance inequalities of a positive variable: M_2 >= M_1^2 and M_1 M_3 >= M_2^2."""
    names = {weight[j] * place[j] ** k: value for k, value in ((3, M3), (2, M2), (1, M1))}
    names |= {weight[j]: sp.S.One}
    found: list[Step] = []
    for k, centre, left, says in (
        (0, M1, M2 - M1**2, "so $V = M_2 - M_1^2 \\ge 0$"),
        (1, M2 / M1, M3 - M2**2 / M1, "so $D = M_1 M_3 - M_2^2 \\ge 0$"),
    ):
        square = Sign(
            title="A square is not negative" if k == 0 else "nor is a square times a positive number",
            left=sp.expand(y**k * (y - t) ** 2),
            relation=">=",
            method=Terms(),
        )
        total = Total(
            title=f"{says}: take the mean at $t = {sp.latex(centre)}$",
            term=square,
            at={y: place[j], t: centre},
            weight=weight[j],
            names=names,
            left=left,
            right=sp.S.Zero,
            index=j,
            note="$M_k$ is the mean of the k-th power of a positive variable; sums stand for integrals.",
        )
        found += [square, total]
    return tuple(found)


@cache
def by_parts() -> tuple[Step, ...]:
    """Return the moments of R = Y - a beyond a, for a standard normal Y."""
    tail = sp.exp(-a * y - y**2 / 2)
    steps: list[Step] = [
        Identity(
            title="Beyond a, the excess $y$ of a standard normal variable has a density proportional to",
            left=sp.exp(-((a + y) ** 2) / 2) / HALF,
            right=tail,
        )
    ]
    for k in (0, 1, 2):
        lower = k * y ** (k - 1) if k else sp.S.Zero
        steps += [
            Identity(
                title="Integrate by parts:",
                left=sp.Derivative(y**k * tail, y),
                right=(lower - a * y**k - y ** (k + 1)) * tail,
            ),
            Limit(
                title="nothing is left at infinity",
                expr=y**k * tail,
                variable=y,
                point=sp.oo,
                value=sp.S.Zero,
            ),
        ]
    steps.append(
        Identity(
            title="The left sides integrate to $-1$ and to 0, hence $r = a + M_1$ for the hazard $r$, "
            "$M_2 = 1 - a M_1$ and $M_3 = 2 M_1 - a M_2$; the third cumulant of the excess is",
            left=CUMULANT.subs(M3, 2 * M1 - a * M2).subs(M2, 1 - a * M1),
            right=BEYOND,
        )
    )
    return tuple(steps)


@cache
def normal() -> tuple[Step, ...]:
    """Return that minus the third derivative of log N(-a) is that cumulant."""
    tail, density = sp.erfc(a / sp.sqrt(2)) / 2, HALF / sp.sqrt(2 * sp.pi)
    r = density / tail
    fold = {r: sp.Symbol("r"), tail: sp.Function("N")(-a)}
    return (
        Identity(
            title="The slope of $\\log N(-a)$ is minus the hazard",
            left=-sp.Derivative(sp.log(tail), a),
            right=r,
            fold=fold,
        ),
        Identity(
            title="whose slope is $r\\,(r - a) = 1 - V$, below one,",
            left=-sp.Derivative(sp.log(tail), (a, 2)),
            right=r * (r - a),
            fold=fold,
        ),
        Identity(
            title="for the variance is",
            left=(M2 - M1**2).subs(M2, 1 - a * M1),
            right=1 - (a + M1) * M1,
        ),
        Identity(
            title="and the next derivative is the third cumulant",
            left=-sp.Derivative(sp.log(tail), (a, 3)),
            right=BEYOND.subs(M1, r - a),
            fold=fold,
        ),
    )


@cache
def rare_side() -> tuple[Step, ...]:
    """Return that the cumulant is at most 1 in size for a >= 0."""
    one = (a, (1 - V - M1**2) / M1)
    _, second, _, _ = moments()
    square, product, low = sp.Symbol("x", real=True), sp.Symbol("z", real=True), sp.Symbol("v", real=True)
    above = Sign(
        title="Above: the variance cannot be negative, so the cumulant is at most $M_1$",
        left=M1,
        right=M1 - (a + 2 * M1) * V,
        relation=">=",
        method=Terms(),
    )
    below = Sign(
        title="Below: with $M_1 \\kappa_3 = D + V (V - M_1^2)$ it is at least $-M_1 V$",
        left=(D + V * (V - M1**2)) / M1,
        right=-M1 * V,
        relation=">=",
        method=Terms(),
    )
    return (
        Identity(
            title="With $1 = V + M_1^2 + a M_1$ the cumulant is",
            left=BEYOND,
            right=M1 - (a + 2 * M1) * V,
            condition=one,
        ),
        above,
        Identity(
            title="In terms of D and V",
            left=M1 * CUMULANT,
            right=(M1 * M3 - M2**2) + (M2 - M1**2) * (M2 - 2 * M1**2),
        ),
        below,
        Deduction(
            title="$M_1^2$ and V are at most 1, so for $a \\ge 0$ the cumulant lies between $-1$ and 1",
            given=(
                by(second, {M1**2: square, M2: low}),
                assume(sp.Eq(low, 1 - product), "$M_2 = 1 - a M_1$, by parts"),
                assume(product >= 0, "$a \\ge 0$ and $M_1 > 0$"),
                assume(square >= 0, "a square"),
            ),
            conclusion=sp.And(square <= 1, low - square <= 1, low - square >= 0),
            fold={square: M1**2, low: M2},
        ),
    )


@cache
def common_side() -> tuple[Step, ...]:
    """Return that the cumulant lies between -4/5 and 3 for a = -b <= 0."""
    x, c, four = sp.Symbol("x", nonnegative=True), sp.sqrt(2 / sp.pi), sp.Rational(4, 5)
    cubic = 1 + x + x**2 / 2
    grows = Sign(
        title="$e^x$ exceeds the first terms of its series",
        left=sp.exp(x),
        right=cubic,
        relation=">=",
        method=Growth(x, sp.S.Zero, derivative=Growth(x, sp.S.Zero, derivative=Growth(x, sp.S.Zero))),
    )
    hazard = Sign(
        title="For $a = -b \\le 0$ more than half of the mass lies beyond a, and $r \\le 2 n(b)$; with $x = "
        "b^2/2$",
        left=four / cubic,
        right=c * sp.exp(-x),
        relation=">=",
        method=Combine(
            products=(
                (sp.exp(-x), 1 / cubic, four - c, sp.exp(x)),
                (sp.exp(-x), 1 / cubic, c, grows.difference),
            ),
            uses=((grows, {x: x}),),
        ),
    )
    q = cubic.subs(x, b**2 / 2)
    r = four / (q * (1 + w))
    fold = {r: sp.Symbol("r")}
    first = Sign(
        title="A sum of squares:",
        left=sp.Rational(2, 3) * q,
        right=b,
        method=Combine(products=(((b**2 - 1) ** 2 / 12,), ((b - 1) ** 2 / 2,), (sp.Rational(1, 12),))),
    )
    second = Sign(
        title="and another one:",
        left=sp.Rational(5, 6) * q,
        right=b**2,
        method=Combine(
            products=((sp.Rational(5, 48) * (b**2 - sp.Rational(14, 5)) ** 2,), (sp.Rational(1, 60),))
        ),
    )
    once, twice = (
        Sign(
            title=f"hence, for every $r \\le \\frac45 / (1 + \\frac{{b^2}}2 + \\frac{{b^4}}8)$, {words}",
            left=four * bound,
            right=power * r,
            relation=">=",
            method=Combine(products=((r, step.difference), (r, bound * q * w)), uses=((step, {b: b}),)),
            fold=fold,
        )
        for words, step, bound, power in (
            ("$b\\,r$ is small", first, sp.Rational(2, 3), b),
            ("and so is $b^2 r$", second, sp.Rational(5, 6), b**2),
        )
    )
    size = Sign(title="r itself", left=four, right=r, relation=">=", method=Terms(), fold=fold)
    rest = 3 - sp.Rational(128, 125) - sp.Rational(32, 25) - sp.Rational(2, 3)
    top = Sign(
        title="Together: the cumulant $r\\,[(r+b)(2r+b) - 1]$ is at most",
        left=sp.S(3),
        right=2 * r**3 + 3 * b * r**2 + b**2 * r,
        method=Combine(
            products=(
                (sp.S(2), size.difference, four**2 + four * r + r**2),
                (sp.S(3), r, once.difference),
                (3 * four * sp.Rational(2, 3), size.difference),
                (twice.difference,),
                (rest,),
            ),
            uses=((size, {b: b, w: w}), (once, {b: b, w: w}), (twice, {b: b, w: w})),
        ),
        fold=fold,
    )
    bottom = Sign(
        title="and at least $-r \\ge -\\frac45$. So $|(\\log N)'''| \\le 3$ everywhere",
        left=r * ((r + b) * (2 * r + b) - 1),
        right=-r,
        relation=">=",
        method=Terms(),
        fold=fold,
    )
    return grows, hazard, first, second, size, once, twice, top, bottom


@cache
def poisson() -> tuple[Step, ...]:
    """Return the bound 2 E[X^3]/P(B = b) + E[X] for a Poisson variable."""
    partition = sp.Function("Z")(e)
    names = {sp.diff(partition, e, k): value * partition for k, value in ((3, M3), (2, M2), (1, M1))}
    cumulant = sp.diff(sp.log(partition), e, 3).subs(names)
    generating = sp.exp(m * (sp.exp(e) - 1))
    upper = Sign(
        title="Above: at most $M_3$, for what is taken away is not negative",
        left=M3,
        right=M3 - M1 * (V + M1**2) - 2 * M1 * V,
        relation=">=",
        method=Terms(),
    )
    lower = Sign(
        title="Below: at least $-2 M_3$",
        left=3 * (D / M1 + M2 * V / M1) + 2 * M1**3,
        relation=">=",
        method=Terms(),
    )
    return (
        Identity(
            title="In an exponential family the third derivative of the logarithm of a normaliser Z with "
            "$Z^{(k)} = M_k Z$ is the third cumulant",
            left=cumulant,
            right=CUMULANT,
            note="Given the bit, X is in the family again, so $\\ell'''$ is a difference of third cumulants.",
        ),
        Identity(
            title="For a positive variable, with $V = M_2 - M_1^2$,",
            left=CUMULANT.subs(M2, V + M1**2),
            right=upper.right,
        ),
        upper,
        Identity(
            title="and with $D = M_1 M_3 - M_2^2$",
            left=CUMULANT + 2 * M3,
            right=3 * ((M1 * M3 - M2**2) / M1 + M2 * (M2 - M1**2) / M1) + 2 * M1**3,
        ),
        lower,
        Identity(
            title="A Poisson variable with mean m has $E[X^3]$, hence $E[X^3 \\mid B = b] \\le E[X^3]/P(B = "
            "b)$,",
            left=sp.Subs(sp.Derivative(generating, (e, 3)), e, 0),
            right=m**3 + 3 * m**2 + m,
        ),
        Identity(
            title="and the third cumulant m. So $|\\ell'''| \\le 2 E[X^3]/P(B = b) + m$, finite on a compact "
            "set of means",
            left=sp.Subs(sp.Derivative(sp.log(generating), (e, 3)), e, 0),
            right=m,
        ),
    )
