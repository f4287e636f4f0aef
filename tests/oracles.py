"""Independent oracles: the mathematics once more, in arbitrary precision and by naive loops."""

from __future__ import annotations

from collections.abc import Sequence

import mpmath as mp
import numpy as np

DIGITS = 50


def mp_slope(q: mp.mpf, c: mp.mpf, g: mp.mpf) -> mp.mpf:
    """phi(q) as written in the paper, the complement c = 1 - q given separately."""
    if g == 0:
        return 1 / q
    log_q = mp.log(q) if q < 0.5 else mp.log1p(-c)
    return c**g / q - g * c ** (g - 1) * log_q


def mp_loss(q: mp.mpf, c: mp.mpf, g: mp.mpf) -> mp.mpf:
    """l(q), the complement c = 1 - q given separately."""
    return c**g * -(mp.log(q) if q < 0.5 else mp.log1p(-c))


def mp_curvature(q: mp.mpf, c: mp.mpf, g: mp.mpf) -> mp.mpf:
    """l''(q), by differentiating the paper's formula by hand, term by term."""
    log_q = mp.log(q) if q < 0.5 else mp.log1p(-c)
    return c**g / q**2 + 2 * g * c ** (g - 1) / q + g * (g - 1) * c ** (g - 2) * (-log_q)


def mp_minimizer(
    p: Sequence[float], gamma: float, start: Sequence[float]
) -> tuple[list[mp.mpf], mp.mpf, mp.mpf]:
    """Minimiser, multiplier and 1 - q_max at 50 digits, by Newton's method from `start` in linear variables.

    The focal-entropy is strictly convex, so a point whose KKT and sum residuals vanish to 40 digits is the
    minimiser wherever the iteration began; the residuals are asserted. All masses must be positive.
    """
    with mp.workdps(DIGITS):
        g = mp.mpf(gamma)
        p = [mp.mpf(float(x)) for x in p]
        m = max(range(len(p)), key=lambda i: p[i])
        q = [mp.mpf(float(x)) for x in start]
        rest = [i for i in range(len(p)) if i != m]
        lam = None
        for _ in range(12):
            c = mp.fsum(q[i] for i in rest)  # 1 - q_m: the constraint holds by construction
            q[m] = 1 - c
            comp = [1 - x for x in q]
            comp[m] = c
            slope = [mp_slope(q[i], comp[i], g) for i in range(len(p))]
            curve = [mp_curvature(q[i], comp[i], g) for i in range(len(p))]
            # p_i (phi_i - l''_i dq_i) = lam for all i, with sum dq = 0
            inv = [1 / (p[i] * curve[i]) for i in range(len(p))]
            lam = mp.fsum(slope[i] / curve[i] for i in range(len(p))) / mp.fsum(inv)
            step = [slope[i] / curve[i] - lam * inv[i] for i in range(len(p))]
            size = max(abs(step[i] / q[i]) for i in rest) if rest else mp.mpf(0)
            for i in rest:
                new = q[i] + step[i]
                q[i] = new if new > 0 else q[i] / 2
            if size < mp.mpf(10) ** -30:
                break
        c = mp.fsum(q[i] for i in rest)
        q[m] = 1 - c
        comp = [1 - x for x in q]
        comp[m] = c
        for i in range(len(p)):
            assert abs(p[i] * mp_slope(q[i], comp[i], g) / lam - 1) < mp.mpf(10) ** -35
        return q, lam, c


def relative_error(value: float, exact: mp.mpf) -> float:
    """|value / exact - 1|; values below the normal range are compared with the smallest normal number."""
    with mp.workdps(DIGITS):
        scale = max(abs(exact), mp.mpf(float(np.finfo(float).tiny)))
        return float(abs(mp.mpf(float(value)) - exact) / scale)
