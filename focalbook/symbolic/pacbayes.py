"""GC-4: the PAC-Bayes-lambda bound, from the moment of the kl divergence to its minimisation."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic import gibbs
from focalbook.symbolic.divergence import log_below_line
from focalbook.symbolic.focal import UNIT, lam, s, t
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Growth, Terms
from focalbook.symbolic.kernel.reuse import Combine
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step, recall
from focalbook.symbolic.kernel.sums import Total
from focalbook.symbolic.pacmoment import binary_kl, n
from focalbook.symbolic.pacmoment import steps as moment
from focalbook.symbolic.pacsearch import RISK, best_lambda, best_posterior

a, b = sp.Symbol("a", positive=True), sp.Symbol("b", positive=True)
delta, slack = sp.Symbol("delta", positive=True), sp.Symbol("e", nonnegative=True)
r, v = sp.Symbol("r", positive=True), sp.Symbol("v", positive=True)


@cache
def markov() -> Sign:
    """Return that the moment under the prior exceeds 2 sqrt n/delta with probability delta at most."""
    mean, below = sp.Symbol(r"{\mathbb{E}}", positive=True), sp.Symbol("x", nonnegative=True)
    most = 2 * sp.sqrt(n)
    return Sign(
        title="The prior does not depend on the data, so the expectations over data and prior may be "
        "exchanged: "
        "$\\mathbb{E}\\,\\mathbb{E}_\\pi[e^{n\\,\\mathrm{kl}}] \\le 2\\sqrt n$. By Markov's inequality the "
        "probability that $\\mathbb{E}_\\pi[e^{n\\,\\mathrm{kl}}]$ exceeds $2\\sqrt n/\\delta$ is at most",
        left=delta,
        right=delta / most * mean,
        relation=">=",
        domain={mean: sp.Interval.Lopen(0, most)},
        cover={mean: most / (1 + below)},
        method=Terms(),
    )


@cache
def jensen() -> tuple[Step, ...]:
    """Return kl(E_rho Lhat || E_rho L) <= E_rho kl(Lhat||L)."""
    empirical, true = sp.IndexedBase("a", positive=True), sp.IndexedBase("b", positive=True)
    mean_a, mean_b = sp.Symbol("A", positive=True), sp.Symbol("B", positive=True)
    part = Sign(
        title="Joint convexity of kl: $a \\log(a/b)$ lies above its tangent planes",
        left=a * sp.log(a / b),
        right=a * (1 + sp.log(r)) - r * b,
        relation=">=",
        method=Combine(
            products=((a, log_below_line().difference.subs(v, r * b / a)),),
            uses=((log_below_line(), {v: r * b / a}),),
        ),
    )
    pieces = sp.Symbol(r"{\mathbb{E}_\rho[a \log(a/b)]}", real=True)
    total = Total(
        title="Take $r = A/B$ and the mean under $\\rho$, with $A = \\mathbb{E}_\\rho[a]$, $B = "
        "\\mathbb{E}_\\rho[b]$",
        term=part,
        at={a: empirical[gibbs.h], b: true[gibbs.h], r: mean_a / mean_b},
        weight=gibbs.rho[gibbs.h],
        names={
            gibbs.rho[gibbs.h] * empirical[gibbs.h]: mean_a,
            gibbs.rho[gibbs.h] * true[gibbs.h]: mean_b,
            gibbs.rho[gibbs.h] * empirical[gibbs.h] * sp.log(empirical[gibbs.h] / true[gibbs.h]): pieces,
        },
        left=pieces,
        right=mean_a * sp.log(mean_a / mean_b),
        index=gibbs.h,
        note="The same for $1-a$ and $1-b$; the two add up to kl. Hypotheses with $a = 0$ contribute 0 "
        "to the "
        "left side and $-rb$ to the right one.",
    )
    one, two = sp.symbols("p_1 p_2", real=True)
    hit, miss = sp.symbols("q_1 q_2", real=True)
    left, right = sp.Symbol("{E}", real=True), sp.Symbol("{k}", real=True)
    both = Deduction(
        title="so the kl of the means is at most the mean of the kl",
        given=(
            by(total, {pieces: one, mean_a * sp.log(mean_a / mean_b): hit}),
            by(total, {pieces: two, mean_a * sp.log(mean_a / mean_b): miss}),
            assume(sp.Eq(left, one + two), "kl is the sum of its two parts, for every hypothesis"),
            assume(sp.Eq(right, hit + miss), "and for the means"),
        ),
        conclusion=right <= left,
        fold={
            left: sp.Symbol(r"{\mathbb{E}_\rho[\mathrm{kl}(\hat L \Vert L)]}"),
            right: sp.Symbol(r"{\mathrm{kl}(\mathbb{E}_\rho \hat L \Vert \mathbb{E}_\rho L)}"),
        },
    )
    return part, total, both


@cache
def kl_form() -> Deduction:
    """Return the PAC-Bayes-kl bound."""
    mean, level, moment_log = sp.symbols("x k z", real=True)
    price = sp.Symbol("c", real=True)
    divergence = sp.Symbol("d", real=True)
    *_, convexity = jensen()
    assert isinstance(convexity, Deduction)
    inner, outer = sp.Symbol("{E}", real=True), sp.Symbol("{k}", real=True)
    return Deduction(
        title="PAC-Bayes-kl: outside an event of probability at most $\\delta$, for all $\\rho$ at once",
        given=(
            by(
                gibbs.change_of_measure(),
                {gibbs.KL: divergence, sp.log(gibbs.Z): moment_log, gibbs.MEAN: mean},
            ),
            by(convexity, {inner: mean, outer: level}),
            assume(moment_log <= price, "outside the event"),
        ),
        conclusion=level <= divergence + price,
        fold={
            level: sp.Symbol(r"{n\,\mathrm{kl}(\mathbb{E}_\rho \hat L \Vert \mathbb{E}_\rho L)}"),
            divergence: gibbs.KL,
            price: sp.Symbol(r"{\log(2 \sqrt{n} / \delta)}"),
        },
        note="From Gibbs' principle with $f = n\\,\\mathrm{kl}(\\hat L \\Vert L)$, convexity, and "
        "$\\log \\mathbb{E}_\\pi e^f \\le \\log(2\\sqrt n/\\delta)$.",
    )


@cache
def pinsker() -> tuple[Sign, Sign]:
    """Return kl(a||b) >= (b - a)^2/(2b) for 0 < a < b < 1, and for a = 0."""
    refined = Sign(
        title="The refined inequality of Pinsker: kl in $a$ is zero with zero slope at $b$, and its "
        "curvature "
        "there exceeds that of the parabola",
        left=binary_kl(a, b),
        right=(b - a) ** 2 / (2 * b),
        relation=">=",
        domain={a: sp.Interval.open(0, b), b: UNIT},
        cover={a: b / (1 + t), b: 1 / (1 + s)},
        method=Growth(a, b, derivative=Growth(a, b)),
    )
    zero = Sign(
        title="also at $a = 0$",
        left=-sp.log(1 - b),
        right=b / 2,
        relation=">=",
        domain={b: UNIT},
        cover={b: 1 / (1 + s)},
        method=Growth(b, sp.S.Zero),
    )
    return refined, zero


@cache
def lambda_form() -> tuple[Step, ...]:
    """Return the lambda bound from kl <= D, for b above and below a."""
    refined, zero = pinsker()
    price = binary_kl(a, b) + slack
    square = Combine(
        products=(
            (1 / lam, refined.difference),
            (slack / lam,),
            ((b - a - lam * b) ** 2, 1 / (2 * b * lam)),
        ),
        uses=((refined, {a: a, b: b}),),
    )
    fold = {binary_kl(a, b): sp.Symbol(r"{\mathrm{kl}(a \Vert b)}")}
    linear = Sign(
        title="If $\\mathrm{kl}(a \\Vert b) \\le D$, write $D = \\mathrm{kl}(a \\Vert b) + e$. For every "
        "$\\lambda$: what is left over is a square,",
        left=a + price / lam,
        right=b * (1 - lam / 2),
        relation=">=",
        domain=refined.domain,
        cover=refined.cover,
        method=square,
        fold=fold,
    )
    divided = Sign(
        title="and for $\\lambda < 2$ we may divide: the PAC-Bayes-lambda bound, for all $\\lambda$ at once",
        left=(a + price / lam) / (1 - lam / 2),
        right=b,
        relation=">=",
        domain={**refined.domain, **RISK},
        cover={**refined.cover, lam: 2 / (1 + r)},
        method=Combine(
            products=((1 / (1 - lam / 2), linear.difference),), uses=((linear, {a: a, b: b, lam: lam}),)
        ),
        fold=fold,
    )
    at_zero = Sign(
        title="The same at $a = 0$",
        left=(-sp.log(1 - b) + slack) / lam / (1 - lam / 2),
        right=b,
        relation=">=",
        domain={b: UNIT, **RISK},
        cover={b: 1 / (1 + s), lam: 2 / (1 + r)},
        method=Combine(
            products=(
                (1 / (1 - lam / 2), 1 / lam, zero.difference),
                (1 / (1 - lam / 2), slack / lam),
                (1 / (1 - lam / 2), b * (1 - lam) ** 2, 1 / (2 * lam)),
            ),
            uses=((zero, {b: b}),),
        ),
    )
    trivial = Sign(
        title="and where $b \\le a$ there is nothing to show",
        left=(a + slack / lam) / (1 - lam / 2),
        right=b,
        relation=">=",
        domain={b: sp.Interval.Lopen(0, a), **RISK},
        cover={b: a / (1 + sp.Symbol("x", nonnegative=True)), lam: 2 / (1 + r)},
        method=Terms(),
    )
    return refined, zero, linear, divided, at_zero, trivial


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-4."""
    return Derivation(
        (
            *moment(),
            markov(),
            recall(log_below_line(), "FE-14"),
            gibbs.one_hypothesis(),
            gibbs.change_of_measure(),
            gibbs.attained(),
            *jensen(),
            kl_form(),
            *lambda_form(),
            *best_lambda(),
            *best_posterior(),
        )
    )
