r"""Batched solver for the minimiser of the focal-entropy: Newton on multiplier and log-odds together.

The minimiser of sum_i p_i l(q_i) over distributions satisfies p_i phi(q_i) = lambda and sum_i q_i = 1. In
logarithms, with t_i the log-odds of q_i and L = log lambda, both become nearly linear:

    log p_i + F(t_i) = L,     F(t) = log phi(q(t)),  slope -1 for t -> -inf and -gamma for t -> +inf,
    log(sum_{i != m} q_i) = log(1 - q_m),            m the heaviest class.

The second line is the constraint written so that it keeps its digits when q_m rounds to one. The Jacobian is
diagonal with one border, so a Newton step costs a handful of elementwise passes, and L itself drops out: the
step computes it. To lose nothing at masses of 1e-300 the unknown of a class other than m is the *relative*
log-odds z_i = t_i - log p_i: the odds are p_i exp(z_i) and log p_i cancels from the equation.

Rows are solved in blocks that fit the cache, in the memory order that keeps inner loops long. Rows for which
the plain iteration has not converged (gamma of hundreds with masses over hundreds of decades) go to a
bracketed one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from focalbook.theory._validate import Float

BLOCK = 8192  # numbers in a block: ten temporaries stay in the second-level cache
WIDE = 64  # from this many classes on a row is long enough to be its own inner loop
CONVERGED = 1e-8  # size of the last Newton step in log-odds; convergence is quadratic
ROUNDS = (6, 6, 6)  # plain steps before rows that have converged are set aside
BRACKETED_STEPS = 100
LARGEST_ODDS = 745.0  # in logarithms: beyond, the complement underflows


class Solution(NamedTuple):
    """Minimisers as rows (n, k), the complement of the heaviest class and log lambda, each (n,)."""

    q: Float
    complement: Float
    log_multiplier: Float


class _Block:
    """One block of rows, class axis `ax`, heaviest class split off; every array float64."""

    def __init__(self, p: Float, gamma: Float, ax: int) -> None:
        self.ax, self.gamma = ax, gamma  # gamma broadcasts against per-row arrays with the class axis kept
        self.heaviest = np.expand_dims(p.argmax(axis=ax), ax)
        self.p_max = np.take_along_axis(p, self.heaviest, ax)
        self.p = p.copy()
        np.put_along_axis(self.p, self.heaviest, 0.0, ax)
        with np.errstate(divide="ignore"):
            self.log_p = np.log(self.p)
        self.log_p[self.p == 0.0] = 0.0
        self.log_p_max = np.log(self.p_max)
        self.level = np.empty_like(self.p_max)
        self.top_is_sharper = np.empty(self.p_max.shape, dtype=bool)
        self.z, self.t_max = self._start()
        # odds are ref * exp(z): ref is p, or one where the odds are far from p and z would lose digits
        self.ref, self.log_ref, self.offset = self.p, self.log_p, None
        far = self.z > 8.0
        if far.any():
            far &= 2.0 * self.z > -self.log_p
            self.offset = np.where(far, self.log_p, 0.0)
            self.ref, self.log_ref = np.where(far, 1.0, self.p), self.log_p - self.offset
            self.z += self.offset
        self.cap = -self.log_ref  # no class but the heaviest exceeds 1/2

    def _start(self) -> tuple[Float, Float]:
        """First guess: q ~ p / (1 + gamma p) up to gamma = 20, q ~ p^(1 / (1 + gamma)) above."""
        g = np.broadcast_to(self.gamma, self.p_max.shape)
        large = g > 20.0
        if not large.any():
            return self._flattened(g)
        z, t_max = self.tempered(g)
        if large.all():
            return z, t_max
        small = self._flattened(np.minimum(g, 20.0))
        return np.where(large, z, small[0]), np.where(large, t_max, small[1])

    def _flattened(self, g: Float) -> tuple[Float, Float]:
        d = self.p * g
        d += 1.0
        others = np.divide(self.p, d).sum(axis=self.ax, keepdims=True)
        top = self.p_max / (1.0 + g * self.p_max)
        d *= others + top
        d -= self.p
        z = np.log(d, out=d)
        return np.negative(z, out=z), np.log(top) - np.log(others)

    def tempered(self, g: Float) -> tuple[Float, Float]:
        k = 1.0 / (1.0 + g)
        u = np.exp((self.log_p - self.log_p_max) * k)
        u[self.p == 0.0] = 0.0
        others = u.sum(axis=self.ax, keepdims=True)
        z = -np.log1p(others - u) - self.log_p * (1.0 - k) - self.log_p_max * k  # odds u / (1 + others - u)
        return z, -np.log(others)

    def residuals(self) -> tuple[Float, Float, Float, Float]:
        """(r, s, q, v) of the other classes: r = log p + F, s = -F', q, and v = q (1-q)."""
        g = self.gamma
        y = np.exp(self.z)
        y *= self.ref  # odds q / (1-q)
        w = np.log1p(y)  # -log(1-q)
        x = w - self.z
        x -= self.log_ref  # -log q
        x *= y  # q (-log q) / (1-q)
        c = y + 1.0
        np.divide(1.0, c, out=c)
        q = np.multiply(y, c, out=y)
        u = x * g
        u += 1.0
        x -= q
        x /= u
        s = np.subtract(q, x, out=x)
        s *= g
        s += c
        r = np.log(u, out=u)
        w *= 1.0 - g
        r += w
        r -= self.z
        if self.offset is not None:
            r += self.offset
        return r, s, q, np.multiply(q, c, out=w)

    def residual_max(self) -> tuple[Float, Float, Float, Float]:
        """(r, s, q, c) of the heaviest class, from its log-odds."""
        return _heaviest(self.t_max, self.log_p_max, self.gamma)

    def step(self) -> Float:
        """One Newton step on all unknowns; returns the largest change of a log-odds in each row."""
        r, s, q, v = self.residuals()
        others = q.sum(axis=self.ax, keepdims=True)
        v /= s
        weight = v.sum(axis=self.ax, keepdims=True)
        v *= r
        moment = v.sum(axis=self.ax, keepdims=True)
        rm, sm, qm, cm = self.residual_max()
        jm, jo = qm / sm, weight / others  # how strongly the two sides of the constraint depend on the level
        self.level = (np.log(others) - np.log(cm) + moment / others + jm * rm) / (jo + jm)
        self.top_is_sharper = jm < jo
        r -= self.level
        r /= s
        self.z += r
        np.minimum(self.z, self.cap, out=self.z)
        dm = (rm - self.level) / sm
        self.t_max = self.t_max + dm
        np.abs(r, out=r)
        r[self.p == 0.0] = 0.0
        return np.maximum(r.max(axis=self.ax, keepdims=True), np.abs(dm))

    def settle(self) -> None:
        """Converge every log-odds at the present level: Newton on each class, q <= 1/2 but for one."""
        for _ in range(BRACKETED_STEPS):
            r, s, _, _ = self.residuals()
            r -= self.level
            r /= s
            z = np.minimum(self.z + r, self.cap)
            rm, sm, _, _ = self.residual_max()
            t_max = np.clip(self.t_max + (rm - self.level) / sm, -LARGEST_ODDS, LARGEST_ODDS)
            change = max(np.abs(z - self.z)[self.p > 0.0].max(), np.abs(t_max - self.t_max).max())
            self.z, self.t_max = z, t_max
            if change < 1e-6:
                return

    def slope_and_gap(self) -> tuple[Float, Float]:
        """How fast the gap log(sum of the others) - log(1 - q_max) falls in the level, and the gap itself."""
        _, s, q, v = self.residuals()
        _, sm, qm, cm = self.residual_max()
        others = q.sum(axis=self.ax, keepdims=True)
        return (v / s).sum(axis=self.ax, keepdims=True) / others + qm / sm, np.log(others) - np.log(cm)

    def write(self, out: Solution, where: np.ndarray) -> None:
        """Store the current iterate as the rows `where` of `out`."""
        q = np.exp(self.z)
        q *= self.ref
        q /= 1.0 + q
        e = np.exp(-self.t_max)
        # rounding leaves the sides of the constraint apart by some 1e-13: the side that is less
        # sensitive to the multiplier is right, and the other is set to agree with it
        others = q.sum(axis=self.ax, keepdims=True)
        complement = np.where(self.top_is_sharper, e / (1.0 + e), others)
        q *= complement / others
        np.put_along_axis(q, self.heaviest, 1.0 / (1.0 + e), self.ax)
        out.q[where] = q.T if self.ax == 0 else q
        out.complement[where] = complement.ravel()
        out.log_multiplier[where] = self.level.ravel()

    def take(self, rows: np.ndarray) -> _Block:
        """The block of some of the rows, with their iterates."""
        part = object.__new__(_Block)
        part.ax = self.ax
        part.gamma = self.gamma if self.gamma.ndim == 0 else np.take(self.gamma, rows, 1 - self.ax)
        for name in vars(self).keys() - {"ax", "gamma"}:
            value = getattr(self, name)
            setattr(part, name, None if value is None else np.take(value, rows, 1 - self.ax))
        return part


def _heaviest(t: Float, log_p: Float, gamma: Float) -> tuple[Float, Float, Float, Float]:
    """(r, s, q, c) of a class with log-odds t of any sign: r = log p + F(t), s = -F'(t), q, c = 1-q."""
    e = np.exp(-t)  # odds against
    b = np.log1p(e)
    q = 1.0 / (1.0 + e)
    x = np.where(e > 0.0, b / np.where(e > 0.0, e, 1.0), 1.0)
    u = 1.0 + gamma * x
    r = log_p + (1.0 - gamma) * b - gamma * t + np.log(u)
    s = 1.0 - (1.0 - gamma) * q - gamma * (x - q) / u
    return r, s, q, e * q


def solve(p: Float, gamma: Float) -> Solution:
    """Minimisers of the rows of p (n, k), each summing to one up to rounding; gamma > 0, 0-d or (n,)."""
    n, k = p.shape
    out = Solution(np.empty_like(p), np.empty(n), np.empty(n))
    rows = max(1, BLOCK // k)
    with np.errstate(all="ignore"):
        for first in range(0, n, rows):
            part = slice(first, min(first + rows, n))
            g = gamma if gamma.ndim == 0 else gamma[part]
            _solve_rows(p[part], g, Solution(*(a[part] for a in out)))
    return out


def _solve_rows(p: Float, gamma: Float, out: Solution) -> None:
    """Fill `out` for one block of rows."""
    spread = np.count_nonzero(p, axis=1) > 1
    if not spread.all():  # one-hot rows are their own minimisers, with multiplier phi(1) = 0
        out.q[~spread] = p[~spread] > 0.0
        out.complement[~spread], out.log_multiplier[~spread] = 0.0, -np.inf
        live = np.flatnonzero(spread)
        if live.size:
            part = Solution(*(a[live] for a in out))
            _solve_rows(p[live], gamma if gamma.ndim == 0 else gamma[live], part)
            for whole, piece in zip(out, part, strict=True):
                whole[live] = piece
        return
    ax = 0 if p.shape[1] < WIDE else 1
    g = gamma if gamma.ndim == 0 else np.expand_dims(gamma, ax)
    block = _Block(np.ascontiguousarray(p.T) if ax == 0 else p, g, ax)
    where = np.arange(len(p))
    for steps in ROUNDS:
        change = block.step()
        for _ in range(steps - 1):
            change = block.step()
            if change.max() < CONVERGED:  # False for NaN
                break
        left = np.flatnonzero(~(change.ravel() < CONVERGED))
        block.write(out, where)
        if not left.size:
            return
        where, block = where[left], block.take(left)
    bracketed(block)
    block.write(out, where)


def bracketed(block: _Block) -> None:
    """Solve the rows of `block` by Newton on log lambda inside a bracket, converging the log-odds between.

    With m the heaviest class and j the second, q_j <= 1/2 and q_m >= 1/k bound lambda from both sides; the
    sum of the probabilities falls in lambda, so each trial value shrinks the bracket, and bisection is the
    last resort.
    """
    g, ax = block.gamma, block.ax
    shape = block.p_max.shape
    classes = np.count_nonzero(block.p, axis=ax, keepdims=True) + 1
    second = np.take_along_axis(block.log_p, block.p.argmax(axis=ax, keepdims=True), ax)
    low = _heaviest(np.zeros(shape), second, g)[0]
    high = _heaviest(-np.log(classes - 1.0), block.log_p_max, g)[0]
    z, block.t_max = block.tempered(np.broadcast_to(g, shape))
    block.z = z if block.offset is None else z + block.offset
    block.level = 0.5 * (low + high)
    for _ in range(BRACKETED_STEPS):
        block.settle()
        slope, gap = block.slope_and_gap()
        low, high = np.where(gap > 0, block.level, low), np.where(gap > 0, high, block.level)
        newton = block.level + gap / slope
        inside = (newton > low) & (newton < high)
        target = np.where(inside, newton, 0.5 * (low + high))
        moved = np.abs(target - block.level)
        block.level = target
        if np.all(moved <= 1e-7 * np.maximum(1.0, np.abs(target))):
            break
    block.settle()
    for _ in range(3):
        block.step()
