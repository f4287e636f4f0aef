"""Independent oracles of the one-bit models: 50 digits, textbook formulas, no continued fractions."""

from __future__ import annotations

from collections.abc import Sequence

import mpmath as mp

DIGITS = 50
Six = tuple[mp.mpf, ...]


def _six(rare: mp.mpf, log_rare: mp.mpf, f: mp.mpf, ratio: mp.mpf, one_is_rare: bool) -> Six:
    """log p1, log p0 and their first and second derivatives, from the rarer probability, f and f'/f."""
    common = 1 - rare
    log_common = mp.log1p(-rare)
    (p1, p0), (l1, l0) = (
        ((rare, common), (log_rare, log_common)) if one_is_rare else ((common, rare), (log_common, log_rare))
    )
    d1, d0 = f / p1, -f / p0
    return l1, l0, d1, d0, d1 * ratio - d1**2, d0 * ratio - d0**2


def mp_normal(z: float) -> Six:
    """Tails of the standard normal distribution at z, from erfc with digits to spare."""
    with mp.workdps(DIGITS + 80):
        x = mp.mpf(float(z))
        rare = mp.erfc(abs(x) / mp.sqrt(2)) / 2
        return _six(rare, mp.log(rare), mp.npdf(x), -x, x < 0)


def mp_poisson(mu: float, k: int) -> Six:
    """Tails of the Poisson distribution in log mu, by summing its masses."""
    with mp.workdps(DIGITS + 20):
        m = mp.mpf(float(mu))
        term = total = mp.mpf(1)
        j = 0
        below = m < k
        while term > mp.mpf(10) ** (-DIGITS - 10) * total and (below or j < k - 1):
            j += 1
            term *= m / (k + j) if below else (k - j) / m
            total += term
        first = k if below else k - 1  # the mass that the sum starts from
        log_rare = first * mp.log(m) - m - mp.loggamma(first + 1) + mp.log(total)
        f = mp.exp(k * mp.log(m) - m - mp.loggamma(k))
        return _six(mp.exp(log_rare), log_rare, f, k - m, below)


def worst(found: Sequence[float], exact: Six) -> float:
    """Largest relative error; numbers below the normal range are left out."""
    with mp.workdps(DIGITS):
        pairs = [
            (mp.mpf(float(x)), y) for x, y in zip(found, exact, strict=True) if abs(y) > mp.mpf(10) ** -290
        ]
        return max((float(abs(x / y - 1)) for x, y in pairs), default=0.0)


def mp_probit(
    w: Sequence[float],
    tau: Sequence[float],
    ones: Sequence[float],
    trials: Sequence[float],
    start: Sequence[float],
) -> tuple[mp.mpf, mp.mpf]:
    """Mean and standard deviation that maximise the likelihood, by Newton's method at 50 digits.

    The likelihood is concave in (a/s, 1/s): where its gradient vanishes to 40 digits is the maximum.
    """
    with mp.workdps(DIGITS + 20):
        rows = [
            tuple(mp.mpf(float(x)) for x in row)
            for row in zip(w, tau, ones, trials, strict=True)
            if row[3] > 0
        ]
        a, s = (mp.mpf(float(x)) for x in start)
        b = mp.matrix([a / s, 1 / s])
        for _ in range(60):
            g, h = mp.matrix(2, 1), mp.matrix(2, 2)
            for wi, ti, k, n in rows:
                z = wi * b[0] - ti * b[1]
                x = mp.matrix([wi, -ti])
                p1, p0, f = mp.erfc(-z / mp.sqrt(2)) / 2, mp.erfc(z / mp.sqrt(2)) / 2, mp.npdf(z)
                d1, d0 = f / p1, -f / p0
                g += x * (k * d1 + (n - k) * d0)
                h += x * x.T * (k * (-z * d1 - d1**2) + (n - k) * (-z * d0 - d0**2))
            step = mp.lu_solve(h, -g)
            b += step
            if mp.norm(step) < mp.mpf(10) ** -40 * mp.norm(b):
                return b[0] / b[1], 1 / b[1]
        raise ArithmeticError("the oracle did not converge")
