r"""Optimal weights of candidate measurements, whose informations are matrices f f' of rank one.

A criterion measures an information matrix M by a concave function Psi(M) that is homogeneous of degree one:
det(M)^(1/p), or 1/tr(L M^-1). For several guesses k of the parameters the design maximises

    phi(w) = sum_k q_k log Psi(M_k(w)),   M_k(w) = sum_x w_x f_kx f_kx',

over weights of sum one. With G_k = d log Psi / dM the sensitivity sum_k q_k f_kx' G_k f_kx has mean one
under w, and w is optimal exactly when it is nowhere above one (Kiefer and Wolfowitz). Otherwise the
efficiency of w, relative to the best design over these candidates, is at least one over its largest value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.optimize import linprog

from focalbook.onebit._tails import Float

#: The sensitivity may exceed one by this much.
EXCESS = 1e-10
MAX_EXCHANGES = 500
MAX_NEWTON = 200
#: Share that a candidate gets when it enters the support.
ENTRY = 0.05


class Task(NamedTuple):
    """Candidates and criterion.

    Attributes
    ----------
    factors : ndarray, shape (k, c, p)
        Vectors f of c candidates under k guesses.
    prior : ndarray, shape (k,)
        Weights q of the guesses, sum one.
    target : ndarray, shape (p, p), or None
        L of the criterion 1/tr(L M^-1), positive definite; None stands for det(M)^(1/p).
    """

    factors: Float
    prior: Float
    target: Float | None

    def take(self, rows: NDArray[np.int64]) -> Task:
        """The task with some of its candidates."""
        return self._replace(factors=self.factors[:, rows])


def log_psi(information: Float, target: Float | None) -> Float:
    """Logarithm of the criterion, shape (...), of matrices (..., p, p); -inf where they are singular."""
    p = information.shape[-1]
    sign, logarithm = np.linalg.slogdet(information)
    regular = (sign > 0) & (np.linalg.cond(information) < 1e14)
    if target is None:
        return np.where(regular, logarithm / p, -np.inf)
    safe = np.where(regular[..., None, None], information, np.eye(p))
    trace = np.trace(np.linalg.solve(safe, np.broadcast_to(target, safe.shape)), axis1=-2, axis2=-1)
    return np.where(regular, -np.log(trace), -np.inf)


def informations(task: Task, weights: Float) -> Float:
    """The matrices M_k(w), shape (k, p, p)."""
    return np.swapaxes(task.factors * weights[:, None], -1, -2) @ task.factors


def gradients(information: Float, target: Float | None) -> Float:
    """The matrices G = d log Psi / dM, shape (k, p, p)."""
    inverse = np.linalg.inv(information)
    if target is None:
        return inverse / information.shape[-1]
    inner = inverse @ target @ inverse
    return inner / np.trace(inverse @ target, axis1=-2, axis2=-1)[..., None, None]


def sensitivity(factors: Float, duals: Float, prior: Float) -> Float:
    """Sum over guesses of q f' G f, shape (c,), for factors (k, c, p) and matrices G (k, p, p)."""
    return np.einsum("k,kcp,kpq,kcq->c", prior, factors, duals, factors, optimize=True)


def _value(task: Task, weights: Float) -> float:
    return float(task.prior @ log_psi(informations(task, weights), task.target))


def _hessian(task: Task, information: Float) -> Float:
    """Second derivatives of phi in the weights, shape (c, c)."""
    inverse = np.linalg.inv(information)
    f = task.factors
    cross = f @ inverse @ np.swapaxes(f, -1, -2)
    if task.target is None:
        each = -(cross**2) / f.shape[-1]
    else:
        trace = np.trace(inverse @ task.target, axis1=-2, axis2=-1)[:, None, None]
        inner = f @ (inverse @ task.target @ inverse) @ np.swapaxes(f, -1, -2) / trace
        own = np.einsum("kcc->kc", inner)
        each = -2.0 * cross * inner + own[:, :, None] * own[:, None, :]
    return np.einsum("k,kcd->cd", task.prior, each)


def newton(task: Task, weights: Float) -> Float:
    """Best weights of a few candidates; those that lose all their weight stay at zero.

    Newton steps on the face of the simplex, cut where a weight would turn negative or phi would fall.
    """
    w = weights.copy()
    value = _value(task, w)
    for _ in range(MAX_NEWTON):
        used = np.flatnonzero(w > 0)
        part = task.take(used)
        information = informations(part, w[used])
        slope = sensitivity(part.factors, gradients(information, part.target), part.prior)
        n = used.size
        system = np.zeros((n + 1, n + 1))
        system[:n, :n], system[:n, n], system[n, :n] = _hessian(part, information), 1.0, 1.0
        step = np.linalg.lstsq(system, np.append(-slope, 0.0), rcond=1e-15)[0][:n]
        step -= step.mean()
        falling = step < 0
        reach = (w[used][falling] / -step[falling]).min() if falling.any() else np.inf
        length = min(1.0, reach)
        while length > 1e-12:
            trial = w.copy()
            trial[used] = np.maximum(w[used] + length * step, 0.0)
            trial[trial < 1e-13] = 0.0
            trial /= trial.sum()
            found = _value(task, trial)
            if found > value - 1e-15:
                break
            length *= 0.5
        else:
            break
        small = np.abs(trial - w).max() < 1e-13
        w, value = trial, found
        if small:
            break
    return w


def _start(task: Task) -> Float:
    """Equal weights on candidates that span the space under every guess."""
    p = task.factors.shape[-1]
    pivots = [qr(f.T, pivoting=True, mode="r")[1][:p] for f in task.factors]
    rows = np.unique(np.concatenate(pivots))
    w = np.zeros(task.factors.shape[1])
    w[rows] = 1.0 / rows.size
    return w


def best_weights(task: Task) -> Float:
    """Weights that maximise phi, shape (c,): the worst offender enters, then the weights are solved again.

    Raises
    ------
    ValueError
        The candidates do not span the space: no design has a regular information matrix.
    """
    w = _start(task)
    if not np.isfinite(_value(task, w)):
        raise ValueError(
            "the candidates cannot tell the parameters apart: their information is singular for every choice "
            "of weights. Offer thresholds with at least as many different ratios as there are parameters."
        )
    for _ in range(MAX_EXCHANGES):
        used = np.flatnonzero(w > 0)
        w[used] = newton(task.take(used), w[used])
        duals = gradients(informations(task, w), task.target)
        all_of_them = sensitivity(task.factors, duals, task.prior)
        worst = int(np.argmax(all_of_them))
        if all_of_them[worst] <= 1.0 + EXCESS:
            return w
        w = _enter(task, w, worst)
    return w


def _enter(task: Task, w: Float, row: int) -> Float:
    """Give a candidate the share, out of a few, that helps most."""
    unit = np.zeros_like(w)
    unit[row] = 1.0
    tries = [(1 - share) * w + share * unit for share in ENTRY * 4.0 ** -np.arange(12.0)]
    return max(tries, key=lambda trial: _value(task, trial))


def elfving(factors: Float, contrast: Float) -> tuple[Float, float, Float]:
    """Design of smallest variance of one linear combination c' theta, which may leave the rest unknown.

    Parameters
    ----------
    factors : ndarray, shape (c, p)
    contrast : ndarray, shape (p,)

    Returns
    -------
    weights : ndarray, shape (c,)
    variance : float
        c' M^- c, for one bit.
    dual : ndarray, shape (p,)
        A vector y with |f' y| <= 1 for all candidates and (c' y)^2 = variance.

    Notes
    -----
    A linear programme: of all ways to write c = sum x f, the one with the least sum |x| (Elfving 1952).
    """
    count = len(factors)
    scale = np.abs(factors).max(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    f, c = factors / scale, contrast / scale
    both = np.concatenate([f, -f])
    found = linprog(np.ones(2 * count), A_eq=both.T, b_eq=c, bounds=(0, None), method="highs-ds")
    if found.status != 0:
        raise ValueError("the candidates tell nothing about this combination of the parameters.")
    x = np.abs(found.x[:count] - found.x[count:])
    return x / x.sum(), float(found.fun) ** 2, found.eqlin.marginals / scale


def maximin(task: Task, best: Float, cuts: int, tolerance: float) -> tuple[Float, Float, float, Float]:
    """Weights whose smallest efficiency is largest, by cutting planes.

    Parameters
    ----------
    task : Task
        Its prior is the first guess of the least favourable one.
    best : ndarray, shape (k,)
        Largest Psi under each guess.
    cuts : int
        Rounds at most.
    tolerance : float
        Stop when the bound is this close, relatively.

    Returns
    -------
    weights : ndarray, shape (c,)
    efficiencies : ndarray, shape (k,)
    limit : float
        No weights have a smallest efficiency above it.
    prior : ndarray, shape (k,)
        Least favourable weights of the guesses.
    """
    count = task.factors.shape[1]
    w = best_weights(task)
    top, reached, limit, prior = w, np.zeros(len(best)), np.inf, task.prior
    rows: list[Float] = []
    for _ in range(cuts):
        information = informations(task, w)
        found = np.exp(log_psi(information, task.target)) / best
        if found.min() > reached.min():
            top, reached = w, found
        duals = gradients(information, task.target)
        tangents = [
            found[k] * sensitivity(task.factors[k : k + 1], duals[k : k + 1], np.ones(1))
            for k in range(len(best))
        ]
        rows += tangents
        limit, vertex, prior = _least_tangent(np.array(rows), count, len(best))
        if reached.min() >= limit * (1.0 - tolerance):
            break
        w = 0.5 * (top + vertex)
    return top, reached, limit, prior


def _least_tangent(rows: Float, count: int, guesses: int) -> tuple[float, Float, Float]:
    """Maximise the smallest of linear functions over the simplex; and the multipliers of each guess."""
    a = np.hstack([-rows, np.ones((len(rows), 1))])
    ends = [(0.0, 1.0)] * count + [(None, None)]
    total = np.append(np.ones(count), 0.0)[None]
    cost = np.append(np.zeros(count), -1.0)
    zero, one = np.zeros(len(rows)), np.ones(1)
    found = linprog(cost, A_ub=a, b_ub=zero, A_eq=total, b_eq=one, bounds=ends, method="highs")
    share = -found.ineqlin.marginals.reshape(-1, guesses).sum(axis=0)
    share = np.maximum(share, 1e-12)
    return float(found.x[-1]), found.x[:-1], share / share.sum()
