"""What all one-bit models share: rows into cells, bits into counts, fits, likelihoods, information, draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from focalbook.onebit import _cells, _newton, _validate
from focalbook.onebit._tails import Float, Tails
from focalbook.onebit.existence import overlap
from focalbook.onebit.models.spec import Problem, Specification
from focalbook.onebit.result import CONVERGED, NOT_CONVERGED, OUTSIDE, SEPARATED, BatchFit, Fit
from focalbook.onebit.simulate import draw_bits, draw_counts

__all__ = ["Model"]


class Model(Specification):
    """Known design, unknown parameters, one bit {X_i >= tau_i} for each row."""

    def __init__(self, columns: list[Float]) -> None:
        self.rows = columns[0].size
        first, self._index = _cells.collapse(columns)
        self._columns = columns if first is None else [column[first] for column in columns]
        #: Rows in each cell: the default number of bits.
        self.trials = (
            np.ones(self.rows)
            if self._index is None
            else np.bincount(self._index, minlength=self._columns[0].size).astype(np.float64)
        )

    # Data -------------------------------------------------------------------------------------------------

    def cell_counts(self, ones: ArrayLike, trials: ArrayLike) -> tuple[Float, Float]:
        """Counts for each row of the design, shape (..., rows), added up over the rows of each cell."""
        k, n = _validate.counts(ones, trials, self.rows)
        if self._index is None:
            return k, n
        if self._columns[0].size == self.rows:  # distinct, in another order
            order = np.argsort(self._index)
            return k[..., order], n[..., order]
        shape = (*k.shape[:-1], self._columns[0].size)
        both = []
        for x in (k, n):
            rows = x.reshape(-1, self.rows)
            added = [np.bincount(self._index, weights=row, minlength=shape[-1]) for row in rows]
            both.append(np.array(added).reshape(shape))
        return both[0], both[1]

    def _bit_counts(self, b: ArrayLike) -> Float:
        array = _validate.bits(b, self.rows)
        if self._index is None:
            return array.astype(np.float64)
        return np.bincount(self._index, weights=array, minlength=self._columns[0].size).astype(np.float64)

    # Fits -------------------------------------------------------------------------------------------------

    def fit(self, b: ArrayLike) -> Fit:
        """Maximum-likelihood estimate from one bit for each row.

        Parameters
        ----------
        b : array_like of bool or of 0 and 1, shape (n,)
            1 where X_i >= tau_i.

        Returns
        -------
        Fit
            With `estimate`, `covariance`, `fisher_information`, `wald` and `profile`.

        Raises
        ------
        ExistenceError
            The bits are separated, or their likelihood rises towards the edge of the parameter space.
        IdentifiabilityError
            The design cannot tell the parameters apart.
        ValueError
            Bits that are not 0 or 1, or not one for each row.

        Notes
        -----
        Source: ``shah2025onebit``, the maximum-likelihood estimator. Claims OB-3, OB-6.
        """
        return self._fit(self._bit_counts(b), self.trials)

    def fit_counts(self, ones: ArrayLike, trials: ArrayLike) -> Fit:
        """Maximum-likelihood estimate from counts: `ones` of `trials` bits were 1 at each row of the design.

        Parameters and errors as for :meth:`fit`, with whole numbers 0 <= ones <= trials, shape (n,).
        """
        k, n = self.cell_counts(ones, trials)
        if k.ndim != 1:
            raise ValueError(f"ones has shape {k.shape}: expected one experiment; see fit_batch for many.")
        return self._fit(k, n)

    def _fit(self, ones: Float, trials: Float) -> Fit:
        self.identify(trials)
        seen = trials > 0
        k, n = ones[None, :], trials[None, :]
        zeros = n - k
        if not overlap(self.overlap_design()[seen], k[:, seen] > 0, zeros[:, seen] > 0)[0]:
            raise _validate.ExistenceError(self.explain(ones, trials - ones))
        found = self._maximise(k, zeros)
        if not found.converged[0]:
            raise ArithmeticError(
                f"Newton's method did not settle in {found.iterations} iterations: the likelihood is too "
                f"flat for double precision."
            )
        if not self.admissible(found.beta)[0]:
            raise _validate.ExistenceError(self.outside())
        return Fit(
            self,
            self.parameters(found.beta)[0],
            float(found.log_likelihood[0]),
            found.iterations,
            ones,
            trials,
            found.beta[0],
        )

    def fit_batch(self, ones: ArrayLike, trials: ArrayLike) -> BatchFit:
        """Fits of many experiments over the same design at once.

        Parameters
        ----------
        ones : array_like of whole numbers, shape (r, n)
            Counts of ones in each replicate.
        trials : array_like of whole numbers, shape (n,) or (r, n)
            Bits behind each count.

        Returns
        -------
        BatchFit
            Replicates without a maximum have NaN estimates and say why in `status`; nothing is raised.
        """
        k, n = self.cell_counts(np.atleast_2d(np.asarray(ones, np.float64)), trials)
        self.identify(n.max(axis=0))
        zeros = n - k
        status = np.full(len(k), SEPARATED)
        estimate, value = np.full((len(k), len(self.names)), np.nan), np.full(len(k), np.nan)
        good = np.flatnonzero(overlap(self.overlap_design(), k > 0, zeros > 0))
        iterations = 0
        if good.size:
            found = self._maximise(k[good], zeros[good])
            iterations = found.iterations
            inside = self.admissible(found.beta)
            status[good] = np.where(found.converged, np.where(inside, CONVERGED, OUTSIDE), NOT_CONVERGED)
            fine = found.converged & inside
            estimate[good[fine]] = self.parameters(found.beta[fine])
            value[good[fine]] = found.log_likelihood[fine]
        return BatchFit(self, estimate, value, status, iterations, k, n)

    def _maximise(self, ones: Float, zeros: Float) -> _newton.Solution:
        start = self.start(ones, zeros)
        return _newton.maximise(self.design, self.predict, ones, zeros, start, longest=self._longest)

    def maximise_restricted(self, problem: Problem, ones: Float, zeros: Float) -> Float:
        """Largest log-likelihoods, shape (r,), of a restricted problem on counts of shape (r, c)."""
        start = np.zeros((len(ones), problem.design.shape[1]))
        found = _newton.maximise(problem.design, self.predict, ones, zeros, start, problem.offset)
        beta, value = found.beta, np.where(found.converged, found.log_likelihood, np.nan)
        if problem.non_negative:
            sign = problem.sign or 1.0
            at_edge = self.predict(np.broadcast_to(np.asarray(problem.offset), ones.shape[-1:])[None, :])
            value = np.where(sign * beta[:, 0] < 0, _newton.log_likelihood(at_edge, ones, zeros), value)
        return value

    # Likelihood, information, draws -----------------------------------------------------------------------

    def check_parameters(self, parameters: ArrayLike) -> Float:
        """One value for each parameter, finite, positive where it must be; shape (..., p)."""
        array = np.asarray(parameters, np.float64)
        array = array.reshape(1) if array.ndim == 0 else array
        if array.shape[-1] != len(self.names) or not np.isfinite(array).all():
            raise ValueError(f"parameters are {', '.join(self.names)}: got {array} of shape {array.shape}.")
        for name in self.positive:
            values = array[..., self.names.index(name)]
            if not (values > 0).all():
                raise ValueError(f"{name} must be above 0, got {values[~(values > 0)].flat[0]}.")
        return array

    def tails(self, parameters: ArrayLike) -> Tails:
        """Both probabilities in every cell, with derivatives in the predictor."""
        flat = self.check_parameters(parameters)
        z = self.coordinates(np.atleast_2d(flat)) @ self.design.T
        return self.predict(z.reshape(*flat.shape[:-1], z.shape[-1]))

    def probabilities(self, parameters: ArrayLike) -> Float:
        """P(X >= tau) for each row of the design, shape (n,)."""
        p = np.exp(self.tails(parameters).log_one)
        return p if self._index is None else p[..., self._index]

    def log_likelihood(self, parameters: ArrayLike, ones: ArrayLike, trials: ArrayLike) -> Float:
        """Log-likelihood of counts for each row of the design, binomial coefficients left out."""
        k, n = self.cell_counts(ones, trials)
        return _newton.log_likelihood(self.tails(parameters), k, n - k)

    def cell_information(self, parameters: Float, trials: Float) -> Float:
        """Censored information from trials for each cell: shape (r, p, p) from (r, p) and (r, c) or (c,)."""
        z = self.coordinates(parameters) @ self.design.T
        gradient = self.predictor_gradient(parameters)
        weighted = gradient * (self.predict(z).weight * trials)[..., None]
        return np.swapaxes(weighted, -1, -2) @ gradient

    def fisher_information(self, parameters: ArrayLike, trials: ArrayLike | None = None) -> Float:
        """Censored Fisher information J_n about the parameters, shape (p, p).

        `trials` has one number of bits for each row of the design, or one in all for every row; by default
        each row is one bit. Source: ``shah2025onebit``. Claims OB-2, OB-4, OB-5.
        """
        flat = self.check_parameters(parameters)
        return self.cell_information(flat.reshape(1, -1), self.cell_trials(trials))[0]

    def cell_trials(self, trials: ArrayLike | None) -> Float:
        """Bits in each cell from bits for each row; None stands for one a row."""
        if trials is None:
            return self.trials
        spread = np.broadcast_to(np.asarray(trials, np.float64), (self.rows,))
        return self.cell_counts(spread, spread)[1]

    def simulate(
        self, parameters: ArrayLike, trials: ArrayLike, replicates: int, rng: np.random.Generator | int
    ) -> Float:
        """Counts of ones for each row of the design, shape (replicates, n); `trials` bits at each row."""
        n = np.broadcast_to(np.asarray(trials, np.float64), (self.rows,))
        return draw_counts(self.probabilities(parameters), n, replicates, rng)

    def simulate_bits(self, parameters: ArrayLike, rng: np.random.Generator | int) -> np.ndarray:
        """One bit for each row of the design, as booleans of shape (n,)."""
        return draw_bits(self.probabilities(parameters), rng)
