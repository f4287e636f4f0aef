"""FE-18: when focal loss lowers the top probability, and when it raises it."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from focalbook.claims.core import Check, Claim
from focalbook.claims.points import GAMMAS, distributions, gammas
from focalbook.claims.tally import Tally
from focalbook.theory.loss import focal_gain, gain_crossing, gain_maximum, gain_peak
from focalbook.theory.minimizer import minimizer, multiplier, recover
from focalbook.theory.zones import classify, zones

__all__ = ["CLAIMS"]

Float = NDArray[np.float64]


def _tops(rng: np.random.Generator) -> Float:
    """Rows of 400 classes: up to 60 heads, equal or nearly so, over a tail of any fineness and mass."""
    count, classes = 40, 400
    heads = np.floor(10 ** rng.uniform(0, 1.78, (count, 1)))  # one to sixty
    tail = 10 ** rng.uniform(-8, -0.05, (count, 1))
    size = rng.integers(60, classes, (count, 1))
    place = np.arange(classes)
    rows = np.where(place < heads, (1 - tail) / heads, np.where(place < size, tail, 0.0) / size)
    rows = rows * np.exp(rng.normal(0, 0.1, rows.shape) * (rng.random((count, 1)) < 0.5))
    return rows / rows.sum(axis=1, keepdims=True)


def _directions(p: Float, gamma: float, tally: Tally, region: bool) -> None:
    """The exact region, both bounds in p_max, and the bound on the odds, for rows of masses."""
    q, lam = minimizer(p, gamma), multiplier(p, gamma)
    top, top_model = p.max(axis=1), q.max(axis=1)
    low = np.where(p > 0, p, np.inf).min(axis=1)
    mixed = (top > low * (1 + 1e-9)) & (top < 1)  # a uniform P does not move
    change = (top_model - top) / top
    clear = mixed & (np.abs(change) > 1e-11)
    gain = focal_gain(top, gamma)
    tally.holds((change > 0)[clear] == ((gain > lam) & region)[clear])
    tally.holds((change > 0)[clear] == ((top < np.asarray(zones(p, gamma).p_high)) & region)[clear])
    tally.more_than(0.0, change[clear & (top >= gain_crossing(gamma))])
    tally.more_than(change[clear & (top <= gain_peak(gamma))], 0.0)
    up = clear & (change > 0)
    tally.more_than(lam[up], 1.0)
    tally.holds((classify(p, gamma) == -2).any(axis=1)[up])
    before, after = top[up], top_model[up]
    tally.at_least(focal_gain(after, gamma) * before / (1 - before), after / (1 - after))
    tally.more_than(gain_maximum(gamma), after / before)


def _confidence(rng: np.random.Generator, region: bool = True) -> Check:
    """When the top is raised; the control claims that it never is."""
    tally = Tally(
        1e-9,
        "2 to 200 classes, up to 60 heads over 400 classes, gamma = 0.001 to 1,000, changes below 1e-11 "
        "left "
        "out: direction of the top, both bounds in its mass, over-suppressed classes, odds; two classes; "
        "one head "
        "of 0.8 p0 over 20,000 equal atoms; the example at gamma = 1. Residual: relative error, violation",
    )
    for gamma in (*GAMMAS, *(g for g in gammas(rng, 5) if g < 30)):
        for classes in (2, 3, 10, 200):
            _directions(distributions(rng, classes, count=4), gamma, tally, region)
        _directions(_tops(rng), gamma, tally, region)
        pair = rng.uniform(0, 0.5, 40)
        tally.more_than(1 - pair, minimizer(np.stack([1 - pair, pair], axis=1), gamma)[:, 0])
        if gamma <= 30:
            head = 0.8 * gain_crossing(gamma)
            fine = np.concatenate([[head], np.full(20_000, (1 - head) / 20_000)])
            tally.more_than(minimizer(fine, gamma)[0], head)
    example = np.repeat([0.1, 0.001], [7, 300])
    raised = minimizer(example, 1.0).max() > 0.1
    tally.holds(raised == region)
    tally.equal(recover(minimizer(example, 1.0), 1.0).max(), 0.1)
    return tally.done()


CLAIMS = (
    Claim(
        id="FE-18",
        source="shah2026focal",
        kind="theorem",
        title="Confidence",
        statement=r"$q_{\max} > p_{\max}$ exactly when $h(p_{\max}) > \lambda$, that is, when $p_{\max} < "
        r"p_{\mathrm{high}}$. It never happens if $p_{\max} \ge p_0$, hence never with two classes; it "
        r"always does if "
        r"$p_{\max} \le p^*$; in both cases unless $P$ is uniform, where nothing moves. Every $p_{\max} < "
        r"p_0$ is "
        r"raised above a fine enough tail. If the top is raised, then $\lambda > 1$, some class is "
        r"over-suppressed, and "
        r"$\frac{q_{\max}}{1-q_{\max}} \le h(q_{\max})\,\frac{p_{\max}}{1-p_{\max}}$, so that "
        r"$q_{\max}/p_{\max} < h(p^*)$. "
        r"Example: seven classes of 0.1 and 300 of 0.001, $\gamma = 1$.",
        assumptions=(r"$\gamma > 0$", "two classes or more of positive mass"),
        origin="The first equivalence is the paper's theorem on zones, read at the top class. Charoenphakdee "
        "and others (2021) prove that both under- and over-confidence occur, and give conditions on the "
        "reported confidence. New: the conditions on $p_{\\max}$, that $p_0$ is best, and the bound "
        "on the odds.",
        chapter="three-zones",
        check=_confidence,
        control=partial(_confidence, region=False),
        control_says="focal loss is said never to raise the top: the inverse map would always raise "
        "confidence",
    ),
)
