"""GC-4, first part: E exp(n kl(Lhat||L)) <= 2 sqrt n for n independent losses in [0, 1], for every n >= 1.

The constant comes from universal coding. A coder who bets (k + 1/2)/(n + 1) on the next one after k ones in n
letters (Krichevsky and Trofimov) never falls behind the best coin in hindsight by more than a factor 2 sqrt
n.
No approximation of factorials is needed, and no lower limit on n.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from focalbook.symbolic.focal import UNIT, s, t
from focalbook.symbolic.kernel.climb import Climb
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Growth
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.secant import Secant
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Step
from focalbook.symbolic.kernel.sums import Total

k, m, n, x = sp.symbols("k m n x", positive=True)
p, y = sp.Symbol("p", positive=True), sp.Symbol("y", positive=True)
i = sp.Symbol("i", integer=True, positive=True)
HALF = sp.Rational(1, 2)
FAIL = sp.Symbol("{(1-p)}", positive=True)
MOMENT = sp.Symbol(r"{\xi(n)}", positive=True)

#: Probability that the coder gives to one sequence with k ones and m zeros.
CODER = sp.gamma(k + HALF) * sp.gamma(m + HALF) / (sp.pi * sp.gamma(k + m + 1))
#: What the best coin in hindsight gives to it.
HINDSIGHT = (k / (k + m)) ** k * (m / (k + m)) ** m
RATIO = CODER * sp.sqrt(k + m) / HINDSIGHT


def binary_kl(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """Return kl(a||b)."""
    return a * sp.log(a / b) + (1 - a) * sp.log((1 - a) / (1 - b))


def _whole(expr: sp.Expr) -> sp.Expr:
    """Return an expression that is kept in one piece, so that it can be shown by its name."""
    return sp.UnevaluatedExpr(expr)


@cache
def two_logarithms() -> tuple[Sign, Sign]:
    """Return the two inequalities on which the induction rests."""
    above = Sign(
        title="A lower bound on the logarithm",
        left=sp.log(1 + x),
        right=2 * x / (2 + x),
        method=Growth(x, sp.S.Zero),
    )
    below = Sign(
        title="and an upper bound, from two derivatives",
        left=x + x * sp.log(1 + x / 2),
        right=(1 + x) * sp.log(1 + x),
        method=Growth(x, sp.S.Zero, derivative=Growth(x, sp.S.Zero)),
    )
    return above, below


@cache
def coder() -> tuple[Step, ...]:
    """Return the coder: bets that sum to one, and the growth of its ratio to the best coin."""
    above, below = two_logarithms()
    total = k + m
    gain = (total + HALF) * (sp.log(total + 1) - sp.log(total))
    price = (k + 1) * sp.log(k + 1) - k * sp.log(k) - sp.log(k + HALF)
    bets = Identity(
        title="The coder's bets on the next letter sum to one, so its probabilities of all sequences of $n$ "
        "letters do too",
        left=_whole(CODER.subs(k, k + 1)) / _whole(CODER) + _whole(CODER.subs(m, m + 1)) / _whole(CODER),
        right=sp.S.One,
        fold={CODER: sp.Symbol("{K(k,m)}"), CODER.subs(k, k + 1): sp.Symbol("{K(k+1,m)}")}
        | {CODER.subs(m, m + 1): sp.Symbol("{K(k,m+1)}")},
    )
    ratio = Identity(
        title="One more letter multiplies its ratio to the best coin, $r = K(k,m)\\sqrt n\\,"
        "(n/k)^k (n/m)^m$, by",
        left=_whole(RATIO.subs(k, k + 1)) / _whole(RATIO),
        right=sp.exp(gain - price),
        fold={RATIO: sp.Symbol("{r(k,m)}"), RATIO.subs(k, k + 1): sp.Symbol("{r(k+1,m)}")},
    )
    uses = ((above, {x: 1 / total}), (below, {x: 1 / k}))
    grows = Sign(
        title="which is above one",
        left=gain,
        right=price,
        method=Combine(
            products=(
                (total + HALF, above.difference.subs(x, 1 / total)),
                (k, below.difference.subs(x, 1 / k)),
            ),
            uses=uses,
        ),
    )
    alone = Sign(
        title="also if no other letter has come",
        left=gain.subs(m, 0),
        right=price,
        method=Combine(
            products=((k + HALF, above.difference.subs(x, 1 / k)), (k, below.difference.subs(x, 1 / k))),
            uses=((above, {x: 1 / k}), (below, {x: 1 / k})),
        ),
    )
    first = Sign(
        title="and if the letter is new",
        left=gain.subs(k, 0),
        right=sp.log(2),
        method=Combine(
            products=((m + HALF, above.difference.subs(x, 1 / m)), (1 - sp.log(2),)),
            uses=((above, {x: 1 / m}),),
        ),
    )
    within = Sign(
        title="It starts at $r(1,0) = \\frac12$: the coder is never behind by more than $2\\sqrt n$",
        left=2 * sp.sqrt(k + m) * CODER,
        right=HINDSIGHT,
        relation=">=",
        method=Climb(RATIO, (k, m), HALF, ratio, grows, alone, first, 2 * HINDSIGHT),
        fold={CODER: sp.Symbol("{K(k,m)}")},
        note="For all counts with $n = k + m \\ge 1$, zeros included; $0^0 = 1$.",
    )
    return above, below, bets, ratio, grows, alone, first, within


@cache
def coins() -> tuple[Identity, Total]:
    """Return that the moment of a coin is the sum of what the best coin gives, at most 2 sqrt n."""
    ones = sp.IndexedBase("k", positive=True)
    at = {k: ones[i], m: n - ones[i]}
    same_for_all = Identity(
        title="For losses 0 or 1: a sequence with $k$ ones contributes to the moment, whatever its risk $p$, "
        "what the best coin in hindsight gives to it",
        left=p**k * FAIL**m * sp.exp(k * sp.log(k / (k + m) / p) + m * sp.log(m / (k + m) / FAIL)),
        right=HINDSIGHT,
        note="The exponent is $n\\,\\mathrm{kl}(k/n \\Vert p)$. At $p = 0$ and $p = 1$ the moment is one.",
    )
    total = Total(
        title="Sum over all sequences: the moment of a coin, $\\xi(n)$, is at most",
        term=_within(),
        at=at,
        weight=sp.S.One,
        names={CODER.subs(at): sp.S.One, HINDSIGHT.subs(at): MOMENT},
        left=2 * sp.sqrt(n),
        right=MOMENT,
        index=i,
    )
    return same_for_all, total


def _within() -> Sign:
    """Return the last step of the coder."""
    last = coder()[-1]
    assert isinstance(last, Sign)
    return last


@cache
def bounded_losses() -> tuple[Step, ...]:
    """Return that a coin of the same mean has the largest moment among losses in [0, 1]."""
    a, b = sp.Symbol("a", positive=True), sp.Symbol("b", positive=True)
    r, v = sp.Symbol("r", positive=True), sp.Symbol("v", positive=True)
    f = sp.exp(n * binary_kl(y, p))
    log_odds = sp.log(y / p) - sp.log((1 - y) / (1 - p))
    f_name = {binary_kl(y, p): sp.Symbol(r"{\mathrm{kl}(y \Vert p)}")}
    bend = Identity(
        title="For other losses: as a function of the mean loss $y$ the exponential has the second "
        "derivative",
        left=sp.Derivative(f, (y, 2)),
        right=f * (n**2 * log_odds**2 + n / (y * (1 - y))),
        fold=f_name,
    )
    ranges: dict[str, Any] = {"domain": {y: UNIT, p: UNIT}, "cover": {y: 1 / (1 + s), p: 1 / (1 + t)}}
    convex = Sign(
        title="so it is convex",
        left=sp.diff(f, y, 2),
        method=Combine(products=((f, n**2, log_odds**2), (f, n, 1 / (y * (1 - y))))),
        fold={sp.diff(f, y, 2): sp.Symbol(r"{\frac{d^2}{dy^2} e^{n\,\mathrm{kl}(y \Vert p)}}")},
        **ranges,
    )
    at_a, at_b, mixed = (f.subs(y, point) for point in (a, b, (1 - x) * a + x * b))
    chord = Sign(
        title="and lies below its chord between the means with this loss at 0 and at 1, the others held",
        left=(1 - x) * at_a + x * at_b,
        right=mixed,
        relation=">=",
        domain={x: UNIT, a: UNIT, b: sp.Interval.open(a, 1), p: UNIT},
        cover={x: 1 / (1 + v), b: a + (1 - a) * r / (1 + r), a: 1 / (1 + s), p: 1 / (1 + t)},
        method=Secant(convex, f, y, (a, b), x),
        fold={at_a: sp.Symbol("{f(a)}"), at_b: sp.Symbol("{f(b)}"), mixed: sp.Symbol("{f((1-x)a + xb)}")},
        note="$f(y) = e^{n\\,\\mathrm{kl}(y \\Vert p)}$ is continuous on $[0,1]$, so the ends belong to it.",
    )
    weight, value = sp.IndexedBase("w", nonnegative=True), sp.IndexedBase("x", positive=True)
    mean, coin = sp.Symbol("mu", positive=True), sp.Symbol(r"{\mathbb{E} f}", positive=True)
    replace = Total(
        title="In expectation: to replace one loss by a coin of the same mean $\\mu$ does not lower the "
        "moment",
        term=chord,
        at={x: value[i]},
        weight=weight[i],
        names={
            weight[i] * value[i]: mean,
            weight[i]: sp.S.One,
            weight[i] * mixed.subs(x, value[i]): coin,
        },
        left=(1 - mean) * at_a + mean * at_b,
        right=coin,
        index=i,
        fold={at_a: sp.Symbol("{f(a)}"), at_b: sp.Symbol("{f(b)}")},
        note="Examples are independent: replace them one after the other. After $n$ replacements all are "
        "coins.",
    )
    return bend, convex, chord, replace


@cache
def steps() -> tuple[Step, ...]:
    """Return the steps that bound the moment."""
    return (*coder(), *coins(), *bounded_losses())
