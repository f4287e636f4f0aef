"""OB-3: from the information identity of one bit to the normal limit of the estimate."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic import third_derivatives
from focalbook.symbolic.kernel.equality import Identity, Limit
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.probability import CentralLimit, Slutsky, WeakLaw
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import Total

e = sp.Symbol("epsilon", real=True)
probability = sp.Function("p")(e)
n, J, M, R = sp.symbols("n J M R", positive=True)
eta, xi, y, v, w = sp.symbols("eta xi y v w", nonnegative=True)
delta, u = sp.symbols("delta u", positive=True)
d, S, rest = sp.symbols("d S_n r", real=True)
MEAN_SCORE, MEAN_OBSERVED = sp.symbols(r"{\bar{S}_n} {\bar{O}_n}", real=True)
i = sp.Symbol("i", integer=True, positive=True)


def mean_over_bit(one: sp.Expr, zero: sp.Expr) -> sp.Expr:
    """Return the expectation of a quantity that is `one` for bit 1 and `zero` for bit 0."""
    return probability * one + (1 - probability) * zero


def derivative(order: int) -> tuple[sp.Expr, sp.Expr]:
    """Return derivatives of log P(B = 1) and of log P(B = 0) along a direction, not yet worked out."""
    one, zero = sp.log(probability), sp.log(1 - probability)
    return sp.Derivative(one, (e, order)), sp.Derivative(zero, (e, order))


@cache
def information_identity() -> tuple[Identity, ...]:
    """Return that the score of a bit is centred and that bread equals meat, along any direction."""
    one, zero = derivative(1)
    meat = mean_over_bit(one**2, zero**2)
    slope = sp.diff(probability, e)
    return (
        Identity(
            title="The score of a bit has mean zero, for every smooth model of its probability, along every "
            "line",
            left=mean_over_bit(one, zero),
            right=sp.S.Zero,
        ),
        Identity(
            title="Its variance, the meat of the sandwich,",
            left=meat,
            right=slope**2 / (probability * (1 - probability)),
        ),
        Identity(
            title="is minus the mean of the second derivative, the bread: the information identity",
            left=-mean_over_bit(*derivative(2)),
            right=meat,
        ),
    )


@cache
def sandwich() -> Identity:
    """Return that the sandwich with equal bread and meat is J^-1, for two parameters."""
    a, b, c = sp.symbols("J_11 J_12 J_22", real=True)
    matrix = sp.Matrix([[a, b], [b, c]])
    inverse = matrix.inv()
    x = sp.Matrix(sp.symbols("c_1 c_2", real=True))
    left = sp.together((x.T * inverse * matrix * inverse * x)[0])
    right = sp.together((x.T * inverse * x)[0])
    return Identity(
        title="So the sandwich $J^{-1} J J^{-1}$ is $J^{-1}$, here for two parameters and any combination of "
        "them",
        left=left,
        right=right,
        fold={left: sp.Symbol(r"{c^\top J^{-1} J J^{-1} c}"), right: sp.Symbol(r"{c^\top J^{-1} c}")},
    )


@cache
def laws() -> tuple[Step, ...]:
    """Return the laws of large numbers for score and observed information per row."""
    found: list[Step] = []
    observed = Identity(
        title="As bits go on telling the same on average, J, the mean of the observed information per bit is",
        left=-mean_over_bit(*derivative(2)),
        right=J,
        condition=(J, information_identity()[1].right),
        note="Written for one bit; J is the limit of the mean over the rows.",
    )
    for name, centre, says in (
        (MEAN_SCORE, information_identity()[0], "the score per bit"),
        (MEAN_OBSERVED, observed, "the observed information per bit"),
    ):
        bound = Sign(
            title="Rows with entries of size at most M: the variance of their mean is at most $M^2/n$. Take "
            + says,
            left=M**2 / n,
            right=n * M**2 / (1 + y) / n**2,
            relation=">=",
            method=Terms(),
            note="n variances, each $M^2/(1+y)$ for some $y \\ge 0$, over $n^2$.",
        )
        vanish = Limit(title="which vanishes", expr=M**2 / n, variable=n, point=sp.oo, value=sp.S.Zero)
        law = WeakLaw(title="Law of large numbers", centre=centre, variance=bound, limit=vanish, mean=name)
        found += [bound, vanish, law] if centre is not observed else [observed, bound, vanish, law]
    return tuple(found)


@cache
def consistency() -> tuple[Step, ...]:
    """Return that the likelihood is lower on a small sphere than at its centre: the maximum lies inside."""
    slack = {eta: delta * J / (8 * (1 + y)), xi: J / (4 * (1 + v)), M: J / (delta * (1 + w))}
    domain = {
        eta: sp.Interval.Lopen(0, delta * J / 8),
        xi: sp.Interval.Lopen(0, J / 4),
        M: sp.Interval.Lopen(0, J / delta),
    }
    rise = delta * eta - delta**2 * (J - xi) / 2 + delta**3 * M / 6
    worst = delta**2 * J / 12
    return (
        Sign(
            title="Consistency. Let the score per bit be at most $\\eta$, the observed information within "
            "$\\xi$ of "
            "$J$, third derivatives at most M. By Taylor's theorem the likelihood per bit changes by at most "
            "$\\delta\\eta - \\frac12\\delta^2 (J - \\xi) + \\frac16\\delta^3 M$ on the sphere of radius "
            "$\\delta$; if "
            "$\\delta$ is small enough for M, and n large enough for the other two,",
            left=-worst,
            right=rise,
            relation=">=",
            domain=domain,
            cover=slack,
            method=Combine(
                products=(
                    (delta, delta * J / 8 - eta),
                    (delta**2 / 2, J / 4 - xi),
                    (delta**3 / 6, J / delta - M),
                )
            ),
            note="J stands for the smallest eigenvalue of the limit. A concave function that is lower on a "
            "sphere "
            "than at its centre has its maximum inside, so no other maximum is left to rule out.",
        ),
    )


@cache
def lyapunov() -> tuple[Step, ...]:
    """Return that Lyapunov's ratio of bounded summands vanishes."""
    size, score = sp.IndexedBase("s", positive=True), sp.Symbol("s", positive=True)
    third, second = sp.symbols("T V", positive=True)
    bounded = Sign(
        title="A score of size at most M has a third moment of at most M times its variance",
        left=M * score**2,
        right=score**3,
        relation=">=",
        domain={M: sp.Interval(score, sp.oo)},
        cover={M: score + y},
        method=Terms(),
    )
    total = Total(
        title="summed over the rows: T is the sum of the third moments, V that of the variances",
        term=bounded,
        at={score: size[i]},
        weight=sp.S.One,
        names={size[i] ** 3: third, size[i] ** 2: second},
        left=M * second,
        right=third,
        index=i,
        note="The mean over the bit is part of the sum.",
    )
    ratio = Sign(
        title="With $V \\ge n J / 4$, which holds from some n on, Lyapunov's ratio is at most",
        left=2 * M / (sp.sqrt(n) * sp.sqrt(J)),
        right=(M * second / (1 + w)) / second ** sp.Rational(3, 2),
        relation=">=",
        domain={second: sp.Interval(n * J / 4, sp.oo)},
        cover={second: n * J / 4 * (1 + y) ** 2},
        method=Terms(),
        note="The numerator is T, written as $M V/(1+w)$ for some $w \\ge 0$.",
    )
    vanish = Limit(title="which vanishes", expr=ratio.left, variable=n, point=sp.oo, value=sp.S.Zero)
    spread = Identity(
        title="The variance of the score per bit is J as well",
        left=information_identity()[1].left,
        right=J,
        condition=(J, information_identity()[1].right),
    )
    clt = CentralLimit(
        title="Central limit theorem of Lyapunov for the score",
        centred=information_identity()[0],
        spread=spread,
        ratio=ratio,
        limit=vanish,
        total=S,
    )
    return bounded, total, ratio, vanish, spread, clt


@cache
def limit_law() -> tuple[Step, ...]:
    """Return the normal limit of sqrt(n) times the error."""
    law = laws()[-1]
    clt = lyapunov()[-1]
    assert isinstance(law, WeakLaw)
    assert isinstance(clt, CentralLimit)
    size = sp.Symbol(r"{\left|d\right|}", positive=True)
    expansion = Identity(
        title="The score vanishes at the estimate. With its Taylor polynomial at the truth, $0 = S_n - "
        "n(\\bar{O}_n - r)\\,d$, where $|r| \\le \\frac12 M |d|$: per root n,",
        left=S / sp.sqrt(n),
        right=(MEAN_OBSERVED - rest) * (sp.sqrt(n) * d),
        condition=(S, n * (MEAN_OBSERVED - rest) * d),
    )
    share = Sign(
        title="The remainder is small where the error is",
        left=M * size / 2,
        right=M * size / (2 * (1 + y)),
        relation=">=",
        method=Terms(),
        note="The right side is $|r|$, for some $y \\ge 0$.",
    )
    vanish = Limit(
        title="and vanishes with it, as it does by consistency:",
        expr=share.left,
        variable=size,
        point=sp.S.Zero,
        value=sp.S.Zero,
    )
    positive = Sign(title="J is positive (definite)", left=J, method=Terms())
    slutsky = Slutsky(
        title="The normal limit, with the variance of the score over the square of its slope: J over J "
        "squared",
        equation=expansion,
        numerator=clt,
        denominator=law,
        positive=positive,
        remainder=rest,
        small=share,
        vanishing=vanish,
        quotient=sp.sqrt(n) * d,
        variance=1 / J,
    )
    return expansion, share, vanish, positive, slutsky


@cache
def other_coordinates() -> tuple[Step, ...]:
    """Return that (a, s) is smooth in (a/s, 1/s), and the information about it."""
    a, tau, x = sp.symbols("a tau w", real=True)
    s, f = sp.symbols("s f", positive=True)
    first, second = a / s, 1 / s
    jacobian = sp.Matrix([first, second]).jacobian([a, s])
    z = (x * a - tau) / s
    row = sp.Matrix([[x, -tau]]) * jacobian
    outer = f * row.T * row
    want = f * sp.Matrix([x, -z]) * sp.Matrix([[x, -z]]) / s**2
    steps: list[Step] = [
        Identity(
            title="For the normal, mean and deviation are a smooth function of the coordinates $(a/s, 1/s)$, "
            "in "
            "which the likelihood is concave: the determinant of the change is not zero",
            left=jacobian.det(),
            right=-1 / s**3,
        )
    ]
    for k, l, name in ((0, 0, "a a"), (0, 1, "a s"), (1, 1, "s s")):
        steps.append(
            Identity(
                title=f"and by the delta method the information of a bit of weight f about them is, entry "
                f"{name},",
                left=outer[k, l],
                right=sp.expand(want[k, l]),
            )
        )
    return tuple(steps)


@cache
def bounded_information() -> tuple[Step, ...]:
    """Return that thresholds that shrink like 2^-m in blocks of 2^m bits carry a bounded information."""
    m = sp.Symbol("m", integer=True, nonnegative=True)
    x, p, q = sp.symbols("x p q", positive=True)
    blocks = sp.Symbol("L", integer=True, positive=True)
    total = sp.Sum(2 * 2**m * (2**-m) ** 2, (m, 0, blocks - 1))
    closed = 4 * (1 - 2**-blocks)
    return (
        Identity(
            title="A design without the last condition. $2^m$ bits at each of the thresholds $\\pm 2^{-m}$: "
            "as a bit "
            "tells no more than a draw about its mean, the information about $1/s$ is at most",
            left=total,
            right=closed,
            note="For a mean of zero. The weight of a bit is at most 1, since $r(r - a) = 1 - V \\le 1$ for "
            "both values.",
        ),
        Limit(
            title="bounded, however many bits there are:",
            expr=closed,
            variable=blocks,
            point=sp.oo,
            value=sp.S(4),
        ),
        Limit(
            title="and there are many",
            expr=2 * (2**blocks - 1),
            variable=blocks,
            point=sp.oo,
            value=sp.oo,
        ),
        Identity(
            title="Nor can any test tell two values of s. The affinity of one bit is $1 - x$, where x is "
            "half a sum of "
            "two terms $(\\sqrt p - \\sqrt q)^2$; each is of the order of the squared threshold, as $p - q$ "
            "is of "
            "the order of the threshold,",
            left=(sp.sqrt(p) - sp.sqrt(q)) ** 2,
            right=(p - q) ** 2 / (sp.sqrt(p) + sp.sqrt(q)) ** 2,
        ),
        Sign(
            title="and minus its logarithm is at most $2x$,",
            left=2 * x,
            right=-sp.log(1 - x),
            relation=">=",
            domain={x: sp.Interval.Lopen(0, sp.Rational(1, 2))},
            cover={x: 1 / (2 * (1 + y))},
            method=Growth(x, sp.S.Zero),
            note="so the logarithm of the affinity of all bits is a constant times the bounded sum above. "
            "Two laws "
            "whose affinity stays above zero cannot be told apart with an error that vanishes.",
        ),
    )


@cache
def derivation() -> Derivation:
    """Return the derivation of OB-3."""
    return Derivation(
        (
            *information_identity(),
            sandwich(),
            *third_derivatives.moments(),
            *third_derivatives.by_parts(),
            *third_derivatives.normal(),
            *third_derivatives.rare_side(),
            *third_derivatives.common_side(),
            *third_derivatives.poisson(),
            *laws(),
            *consistency(),
            *lyapunov(),
            *limit_law(),
            *other_coordinates(),
            *bounded_information(),
        )
    )
