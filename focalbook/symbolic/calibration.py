"""GC-0: what bins do to the calibration error, how noise biases it, and the parts of the Brier score."""

from __future__ import annotations

from functools import cache

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.logic import Deduction, assume, by
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.kernel.step import Derivation, Step
from focalbook.symbolic.kernel.sums import SumIdentity, Total

i = sp.Symbol("i", integer=True, positive=True)
b = sp.Symbol("b", integer=True, positive=True)
u, v = sp.Symbol("u", nonnegative=True), sp.Symbol("v", nonnegative=True)
r, s = sp.Symbol("r", nonnegative=True), sp.Symbol("s", positive=True)
weight = sp.IndexedBase("w", nonnegative=True)
over_of, under_of = sp.IndexedBase("u", nonnegative=True), sp.IndexedBase("v", nonnegative=True)
size_of = sp.IndexedBase("r", nonnegative=True)
accuracy_of = sp.IndexedBase("a", nonnegative=True)
U, V = sp.Symbol("U", real=True), sp.Symbol("V", real=True)
n, M = sp.Symbol("n", positive=True), sp.Symbol("M", positive=True)


@cache
def triangle() -> tuple[Sign, Sign]:
    """Return that u - v and v - u are at most u + v."""
    words = (
        "A gap $g = u - v$ has an over-confident part $u$ and an under-confident part $v$, one of them zero"
    )
    first = Sign(title=f"{words}; $|g| = u + v$", left=u + v, right=u - v, relation=">=", method=Terms())
    second = Sign(title="and from the other side", left=u + v, right=v - u, relation=">=", method=Terms())
    return first, second


@cache
def bin_gap() -> tuple[Step, ...]:
    """Return that the gap of a bin is at most the mean size of the gaps in it, and by how much."""
    names = {weight[i] * over_of[i]: U, weight[i] * under_of[i]: V}
    at = {u: over_of[i], v: under_of[i]}
    sums = [
        Total(
            title=title, term=term, at=at, weight=weight[i], names=names, left=U + V, right=right, index=i,
            note=note,
        )
        for title, term, right, note in (
            ("Sum over a bin", triangle()[0], U - V, "$U = \\sum_i w_i u_i$, $V = \\sum_i w_i v_i$"),
            ("likewise", triangle()[1], V - U, ""),
        )
    ]  # fmt: skip
    gap = sp.Symbol("E", real=True)
    size = assume(sp.Or(sp.Eq(gap, U - V), sp.Eq(gap, V - U)), "E is the size of the bin's gap, |U - V|")
    positive = assume(gap >= 0, "a size")
    signs = assume(sp.And(U >= 0, V >= 0), "sums of nonnegative terms")
    at_most = Deduction(
        title="So the gap of the bin, $E = |U - V|$, is at most the sum of the sizes of its gaps, $U + V$",
        given=(by(sums[0], {}), by(sums[1], {}), size),
        conclusion=gap <= U + V,
        note="With rows as atoms: an error over bins is at most the one without. With bins as atoms: joining "
        "bins never raises the error, and the signed gap of one bin is its smallest value. With draws of the "
        "labels as atoms and their probabilities as weights: the expected size of a bin's gap is at least "
        "the size of its expectation, so labels drawn at random raise the error on average.",
    )
    lost = Deduction(
        title="What a bin hides is twice the smaller part",
        given=(size, positive, signs),
        conclusion=sp.And(
            sp.Implies(U >= V, sp.Eq(U + V - gap, 2 * V)), sp.Implies(V >= U, sp.Eq(U + V - gap, 2 * U))
        ),
    )
    return (*triangle(), *sums, at_most, lost)


@cache
def blind() -> tuple[Identity, Identity]:
    """Return a bin without error that holds a model with one."""
    c, half = sp.Symbol("c", positive=True), sp.Rational(1, 2)
    first, second = sp.Symbol("a", positive=True), sp.Symbol("a'", real=True)
    opposite = (second, 2 * c - first)
    return (
        Identity(
            title="The converse fails: half of a bin has accuracy $a$, half $a'$, on the other side of the "
            "confidence $c$. The gap of the bin is",
            left=half * (c - first) + half * (c - second),
            right=sp.S.Zero,
            condition=opposite,
        ),
        Identity(
            title="while the mean size of the gaps is",
            left=half * sp.Abs(c - first) + half * sp.Abs(c - second),
            right=sp.Abs(c - first),
            condition=opposite,
        ),
    )


@cache
def resolution() -> tuple[Deduction, Deduction]:
    """Return that bins hide at most the oscillation of the gap inside them."""
    gap, mean, size, error, spread = sp.symbols("g m e E omega", real=True)
    hidden = Deduction(
        title="If the gap varies by at most $\\omega$ inside a bin with mean gap $m$, then "
        "$|g| \\le |m| + \\omega$",
        given=(
            assume(sp.And(gap - mean <= spread, mean - gap <= spread), "the gap varies by omega at most"),
            assume(sp.Or(sp.Eq(size, gap), sp.Eq(size, -gap)), "e = |g|"),
            assume(sp.And(error >= mean, error >= -mean), "E = |m|"),
        ),
        conclusion=size <= error + spread,
        note="So the error without bins exceeds that over bins by at most the largest $\\omega$.",
    )
    c1, c2, a1, a2, width, rise = sp.symbols("c c' a a' h Lh", real=True)
    lipschitz = Deduction(
        title="Two confidences in a bin of width $h = 1/M$, an accuracy that changes by at most $L h$ there: "
        "$\\omega \\le (1 + L)/M$",
        given=(
            assume(sp.And(c1 - c2 <= width, c2 - c1 <= width), "both lie in the bin"),
            assume(sp.And(a1 - a2 <= rise, a2 - a1 <= rise), "the accuracy has slope L at most"),
        ),
        conclusion=(c1 - a1) - (c2 - a2) <= width + rise,
    )
    return hidden, lipschitz


@cache
def root() -> Sign:
    """Return r <= (r^2/s + s)/2."""
    return Sign(
        title="For every $s > 0$ a size $r$ lies below a parabola that touches it at $s$",
        left=(r**2 / s + s) / 2,
        right=r,
        relation=">=",
        method=Terms(),
    )


@cache
def noise() -> tuple[Step, ...]:
    """Return that the mean size of a bin's label noise is at most the root of its number of rows, halved."""
    mean, variance, rows = (
        sp.Symbol("R", positive=True),
        sp.Symbol("W", positive=True),
        sp.Symbol("k", positive=True),
    )
    a = sp.Symbol("a", nonnegative=True)
    expected = Total(
        title="The size $r$ of the noise of a bin, $|\\sum (y_i - a_i)|$, in the mean over the labels",
        term=root(),
        at={r: size_of[i]},
        weight=weight[i],
        names={weight[i] * size_of[i] ** 2: variance, weight[i] * size_of[i]: mean, weight[i]: sp.S.One},
        left=(variance / s + s) / 2,
        right=mean,
        index=i,
        note="$w_i$ are the probabilities of the labels, $R$ is the mean of $r$, $W$ that of $r^2$.",
    )
    best = Identity(
        title="at $s = \\sqrt{W}$: $R \\le \\sqrt{W}$",
        left=(variance / s + s) / 2,
        right=s,
        condition=(variance, s**2),
    )
    one = Identity(
        title="One label that is right with probability $a$ has the variance",
        left=a * (1 - a) ** 2 + (1 - a) * (0 - a) ** 2,
        right=a * (1 - a),
    )
    quarter = Sign(
        title="which is at most a quarter",
        left=sp.Rational(1, 4),
        right=a * (1 - a),
        relation=">=",
        method=Terms(),
    )
    total = Total(
        title="Variances of independent labels add up: in a bin of $k$ rows $W \\le k/4$",
        term=quarter,
        at={a: accuracy_of[i]},
        weight=sp.S.One,
        names={accuracy_of[i] * (1 - accuracy_of[i]): variance, sp.S.One: rows},
        left=rows / 4,
        right=variance,
        index=i,
    )
    return root(), expected, best, one, quarter, total


@cache
def floor() -> tuple[Step, ...]:
    """Return that the bias is at most half the root of M/n."""
    roots = sp.Symbol("{\\sum_b \\sqrt{k_b}}", positive=True)
    summed = Total(
        title="The same parabola with $r = \\sqrt{k_b}$, summed over $M$ bins that hold $n$ rows",
        term=root(),
        at={r: size_of[b]},
        weight=sp.S.One,
        names={size_of[b] ** 2: n, size_of[b]: roots, sp.S.One: M},
        left=(n / s + M * s) / 2,
        right=roots,
        index=b,
    )
    best = Identity(
        title="at $s = \\sqrt{n/M}$",
        left=(n / s + M * s) / 2,
        middle=(M * s,),
        right=sp.sqrt(M * n),
        condition=(n, M * s**2),
    )
    found, true, size = sp.symbols("D m R", real=True)
    half = sp.Symbol("f", real=True)
    one_bin = Deduction(
        title="Signal and noise: the mean size $D$ of a bin's gap is at most $|m| + \\sqrt{k_b}/2$",
        given=(
            assume(found <= true + size, "the triangle inequality, as above, averaged over the labels"),
            assume(size <= half, "R <= sqrt(W) <= sqrt(k)/2, as above"),
        ),
        conclusion=found <= true + half,
    )
    bias = Identity(
        title="so over all bins, divided by the number of rows, the bias is at most $\\frac12\\sqrt{M/n}$",
        left=sp.sqrt(M * n) / (2 * n),
        right=1 / (2 * s),
        condition=(n, M * s**2),
    )
    return summed, best, one_bin, bias


@cache
def debiased() -> Identity:
    """Return that the squared mean less its estimated variance is a mean over pairs of different rows."""
    total, squares, k = (
        sp.Symbol("S", positive=True),
        sp.Symbol("Q", positive=True),
        sp.Symbol("k", positive=True),
    )
    return Identity(
        title="With $S = \\sum g_i$ and $Q = \\sum g_i^2$ over the $k$ rows of a bin: squared mean gap, "
        "less the sample variance over $k$",
        left=(total / k) ** 2 - (squares - total**2 / k) / (k - 1) / k,
        right=(total**2 - squares) / (k * (k - 1)),
        note="$S^2 - Q$ sums $g_i g_j$ over the $k(k-1)$ pairs of different rows. Rows are independent, so "
        "every such product has the mean $m^2$.",
    )


@cache
def brier() -> tuple[Step, ...]:
    """Return the decomposition of the Brier score: one bin, then all of them."""
    q, y, qq, qy = sp.symbols("q f A C", positive=True)
    one = Identity(
        title="In a bin with means $q$ of the forecasts, $f$ of the labels, $A$ of squared forecasts, $C$ of "
        "products, the mean of $(q_i - y_i)^2$ is",
        left=qq - 2 * qy + y,
        right=(q - y) ** 2 + y * (1 - y) + (qq - q**2) - 2 * (qy - q * y),
        note="Labels are 0 or 1, so $y_i^2 = y_i$. The last two terms are the variance and twice the "
        "covariance within the bin.",
    )
    share, frequency = sp.IndexedBase("w", nonnegative=True), sp.IndexedBase("f", nonnegative=True)
    overall = sp.Symbol("F", positive=True)
    f = frequency[b]
    all_bins = SumIdentity(
        title="Variances of the labels inside the bins and between them add up to the uncertainty $F(1-F)$",
        summand=sp.expand(share[b] * (f * (1 - f) + (f - overall) ** 2)),
        names={share[b] * f: overall, share[b]: sp.S.One},
        value=overall * (1 - overall),
        index=b,
    )
    return one, all_bins


@cache
def derivation() -> Derivation:
    """Return the derivation of GC-0."""
    return Derivation((*bin_gap(), *blind(), *resolution(), *noise(), *floor(), debiased(), *brier()))
