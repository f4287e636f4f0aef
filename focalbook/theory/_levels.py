"""Maxwell-Boltzmann distributions on finitely many energies, public in :mod:`focalbook.theory.maxent`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from focalbook.theory._origin import Float, check_origin, place, real, times

_ROUNDS = 200
_QUADRATIC = 1e-9  # a Newton step as small as this, relatively, is the last one that rounding lets through

Truth = NDArray[np.bool_]


class _State(NamedTuple):
    """Sums at one |beta|, on the side of the ground level or on the other one."""

    total: Float  # of the weights, relative to that of the nearer end
    near: Float
    far: Float
    variance: Float


class Levels:
    """Finitely many energies with the probabilities ``w_k exp(-beta x_k) / Z``.

    Parameters
    ----------
    energies : array_like, shape (k,)
        Finite, not all equal (among those of positive weight); equal ones may repeat. The largest is between
        1e-150 and 1e150 above the smallest, so that squares of differences are ordinary numbers.
    weights : array_like, shape (k,), optional
        Multiplicities, finite and at least 0, one by default: how many states share the energy.

    Attributes
    ----------
    energies, weights : ndarray, shape (k,)
    low, high : float
        Smallest and largest energy of positive weight.

    Raises
    ------
    ValueError
        Wrong shapes, NaN, infinite or negative numbers, all energies equal, or of an unusable unit.

    Notes
    -----
    Source: ``kimura2024geometric``, Theorem 1, there for densities. Entropy is that of the states:
    ``-sum p_k log(p_k / w_k)``, Shannon's where all weights are one. ``beta = +inf`` and ``-inf`` are
    legal and mean the limit: the states of the smallest and of the largest energy, equally likely.
    """

    def __init__(self, energies: ArrayLike, weights: ArrayLike | None = None) -> None:
        x = real(energies, "energies")
        if x.ndim != 1 or x.size < 2:
            raise ValueError(f"energies must be a list of at least two numbers, got shape {x.shape}.")
        w = np.ones_like(x) if weights is None else real(weights, "weights")
        if w.shape != x.shape:
            raise ValueError(f"weights of shape {w.shape} do not fit energies of shape {x.shape}.")
        if (w < 0).any():
            raise ValueError(f"weights are multiplicities, at least 0, got {w.min()}.")
        held = x[w > 0]
        if held.size == 0 or held.min() == held.max():
            raise ValueError(
                "all energies of positive weight are equal: the mean is that energy for every beta, and "
                "no beta "
                "follows from it."
            )
        self.energies, self.weights = x, w
        self.low, self.high = float(held.min()), float(held.max())
        if not 1e-150 <= self.high - self.low <= 1e150:
            raise ValueError(
                f"the energies from {self.low} to {self.high} are too far apart or too close together for "
                "squares of their differences: measure them in another unit."
            )
        keep = np.where(w > 0, x, self.low)  # a level without states has no say
        self._share = w / w.max()
        self._up, self._down = keep - self.low, self.high - keep
        self._left = float(self._share @ self._up / self._share.sum())  # of the centre, from both ends
        self._right = float(self._share @ self._down / self._share.sum())
        self._off = np.where(self._up <= self._down, self._up - self._left, self._right - self._down)
        self._slip = float(self._share @ self._off / self._share.sum())

    @property
    def width(self) -> float:
        """``high - low``."""
        return self.high - self.low

    def _weights_at(self, size: Float, positive: Truth) -> tuple[Float, Float, Float]:
        """Weights relative to the nearer end, and the distances from both ends."""
        up = positive[..., None]
        near, far = np.where(up, self._up, self._down), np.where(up, self._down, self._up)
        with np.errstate(under="ignore"):
            return self._share * np.exp(-times(size[..., None], near)), near, far

    def _state(self, size: Float, positive: Truth) -> _State:
        e, near, far = self._weights_at(size, positive)
        total = e.sum(axis=-1)
        with np.errstate(under="ignore"):
            mean, rest = (e * near).sum(axis=-1) / total, (e * far).sum(axis=-1) / total
            spread = (e * np.square(near - mean[..., None])).sum(axis=-1) / total
        return _State(total, mean, rest, spread)

    def _from_centre(self, size: Float, positive: Truth) -> Float:
        """Distance of the mean from the centre, as a sum of terms of one sign."""
        e, _, _ = self._weights_at(size, positive)
        with np.errstate(under="ignore", over="ignore", invalid="ignore"):
            exponent = np.where(positive, -size, size)[..., None] * self._off
            plain = np.exp(-exponent.max(axis=-1, keepdims=True))  # what the nearer end divides by
            change = self._share * plain * np.expm1(np.clip(exponent, -1.0, 1.0))
            change = np.where(np.abs(exponent) < 1.0, change, e - self._share * plain)
            moved = (change * self._off).sum(axis=-1) - self._slip * change.sum(axis=-1)
        return np.abs(moved) / e.sum(axis=-1)

    def _split(self, beta: ArrayLike) -> tuple[Float, Truth]:
        value = real(beta, "beta", infinite=True)
        return np.abs(value), np.asarray(value >= 0)

    def probabilities(self, beta: ArrayLike) -> Float:
        """Probability of each level, in the order of `energies`: shape of `beta` and then (k,)."""
        size, positive = self._split(beta)
        e, _, _ = self._weights_at(size, positive)
        return e / e.sum(axis=-1, keepdims=True)

    def log_probabilities(self, beta: ArrayLike) -> Float:
        """Logarithms of :meth:`probabilities`, exact where those underflow; -inf for weight 0."""
        size, positive = self._split(beta)
        e, near, _ = self._weights_at(size, positive)
        with np.errstate(divide="ignore"):
            return np.log(self._share) - times(size[..., None], near) - np.log(e.sum(axis=-1, keepdims=True))

    def mean(self, beta: ArrayLike, origin: str = "zero") -> Float:
        """Mean energy: strictly decreasing in beta, from `high` at -inf to `low` at +inf.

        Parameters
        ----------
        beta : array_like
            Any real number, or infinite.
        origin : {"zero", "low", "high", "centre"}
            What the mean is measured from: zero; `low` upwards; `high` downwards; the mean at beta = 0
            (signed).

        Returns
        -------
        ndarray
            Shape of `beta`. Relative error a few 1e-16 of the value, times the number of levels at worst;
            with ``"zero"``, of the larger end.

        Raises
        ------
        ValueError
            NaN, or an unknown origin.
        """
        size, positive = self._split(beta)
        where = check_origin(origin)
        if where == "centre":
            far_off = np.where(positive, self._left, self._right)
            finite = np.where(np.isinf(size), 0.0, size)
            off = np.where(np.isinf(size), far_off, np.minimum(self._from_centre(finite, positive), far_off))
            return np.where(positive, -off, off)[()]
        state = self._state(size, positive)
        if where == "zero":
            mean = np.where(positive, self.low + state.near, self.high - state.near)
            return np.clip(mean, self.low, self.high)[()]
        return np.minimum(np.where(positive == (where == "low"), state.near, state.far), self.width)[()]

    def beta(self, mean: ArrayLike, origin: str = "zero") -> Float:
        """The one beta with a given mean: the inverse of :meth:`mean`.

        Parameters
        ----------
        mean : array_like
            Between the smallest and the largest energy, measured from `origin`. Exactly at an end the
            answer is +inf or -inf.
        origin : {"zero", "low", "high", "centre"}
            See :meth:`mean`.

        Returns
        -------
        ndarray
            Shape of `mean`.

        Raises
        ------
        ValueError
            A mean outside the energies, NaN, or an unknown origin.
        """
        at = place(mean, origin, self.low, self.high, (self._left, self._right))
        positive = np.asarray(at.from_centre <= 0)
        near = np.where(positive, at.above_low, at.below_high)
        far = np.where(positive, at.below_high, at.above_low)
        size = self._solve(near, far, np.abs(at.from_centre), positive)
        return np.where(at.from_centre == 0, 0.0, np.where(positive, size, -size))[()]

    def _residual(
        self, size: Float, near: Float, far: Float, off: Float, positive: Truth
    ) -> tuple[Float, Float]:
        """A function that falls in |beta| and vanishes at the answer, nearly straight; its slope."""
        state = self._state(size, positive)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            odds = np.log(state.near) - np.log(state.far) - (np.log(near) - np.log(far))
            steep = state.variance / state.near + state.variance / state.far
        short = off < 0.25 * np.where(positive, self._left, self._right)
        value = np.where(short, off - self._from_centre(size, positive), odds)
        return value, np.where(short, state.variance, steep)

    def _solve(self, near: Float, far: Float, off: Float, positive: Truth) -> Float:
        """|beta|: a bracket by doubling, then Newton's method inside it."""
        ends = near <= 0
        near = np.where(ends, far, near)  # any number: the answer there is infinite
        target = (near, far, off, positive)
        low, high = np.zeros_like(near), np.full_like(near, 1.0 / self.width)
        with np.errstate(over="ignore"):
            while (open_ := (self._residual(high, *target)[0] > 0) & np.isfinite(high) & ~ends).any():
                low, high = np.where(open_, high, low), np.where(open_, 2.0 * high, high)
        size, done = 0.5 * (low + high), ends
        for _ in range(_ROUNDS):
            value, slope = self._residual(size, *target)
            low, high = np.where(value >= 0, size, low), np.where(value <= 0, size, high)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                step = size + value / slope
            inside = (step >= low) & (step <= high)
            step = np.where(inside, step, 0.5 * (low + high))
            near_enough = np.where(inside, _QUADRATIC, 4e-16) * size
            size, done = np.where(done, size, step), done | (np.abs(step - size) <= near_enough)
            if done.all():
                break
        return np.where(ends, np.inf, size)

    def variance(self, beta: ArrayLike) -> Float:
        """Variance, minus the derivative of :meth:`mean`; shape of `beta`."""
        return self._state(*self._split(beta)).variance[()]

    def log_partition(self, beta: ArrayLike, origin: str = "zero") -> Float:
        """``log Z``, where ``Z = sum w_k exp(-beta (x_k - origin))``; shape of `beta`."""
        size, positive = self._split(beta)
        ends = {
            "zero": (self.low, self.high),
            "low": (0.0, self.width),
            "high": (-self.width, 0.0),
            "centre": (-self._left, self._right),
        }
        low, high = ends[check_origin(origin)]
        climb = np.where(positive, times(size, low), times(-size, high))
        return (np.log(self._state(size, positive).total) + np.log(self.weights.max()) - climb)[()]

    def entropy(self, beta: ArrayLike) -> Float:
        """Entropy of the states in nats: the logarithm of their number at beta = 0, less elsewhere."""
        size, positive = self._split(beta)
        state = self._state(size, positive)
        return (np.log(state.total) + np.log(self.weights.max()) + times(size, state.near))[()]
