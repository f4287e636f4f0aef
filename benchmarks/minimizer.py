"""The minimiser of the focal-entropy against the ways people solve it: times, ratios, errors.

Every peer gets its best use: the problem in logarithms, analytic derivatives, a start at p, whole batches
where it can. All solve rows of the same batch, in turns. Errors are against solutions at 50 digits on a few
rows of the batch, and on a few rows with masses over hundreds of decades; nan means that the peer gave up.
Every competitor runs on one core. ``--full`` adds SLSQP on 1,000 classes (minutes).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy.optimize import LinearConstraint, brentq, minimize
from scipy.optimize.elementwise import find_root

import focalbook as fb
from benchmarks.report import show, write_json
from benchmarks.timing import rounds_of, summary
from focalbook.campaigns.benchmarks import Measured, spread
from focalbook.store import Metric
from focalbook.theory.loss import loss_from_complement
from tests.oracles import mp_minimizer, relative_error

Solver = Callable[[np.ndarray, float], np.ndarray]


def log_slope(x: np.ndarray, g: float) -> np.ndarray:
    """Logarithm of phi at q = exp(x): the stable form, as a peer would write it."""
    q = np.exp(x)
    c = -np.expm1(x)
    return g * np.log(c) - x + np.log1p(-g * x * q / c)


def nested_find_root(p: np.ndarray, g: float) -> np.ndarray:
    """Elementwise bracketing roots, batched: log q_i for a trial log lambda inside, log lambda outside."""
    a = np.log(p)

    def inner(level: np.ndarray, row: np.ndarray) -> np.ndarray:
        target = level[:, None] - a[row]
        low = np.minimum(-target - np.log1p(g) - 1.0, -1e-3)
        return find_root(
            lambda x, y: log_slope(x, g) - y, (low, np.full_like(low, -1e-300)), args=(target,)
        ).x

    def excess(level: np.ndarray, row: np.ndarray) -> np.ndarray:
        return np.exp(inner(level, row)).sum(axis=1) - 1.0

    rows = np.arange(len(p))
    low = np.sort(a, axis=1)[:, -2] + float(log_slope(np.array(np.log(0.5)), g))
    high = a.max(axis=1) + float(log_slope(np.array(-np.log(p.shape[1])), g))
    return np.exp(inner(find_root(excess, (low, high), args=(rows,)).x, rows))


def nested_brentq(p: np.ndarray, g: float) -> np.ndarray:
    """The same with SciPy's compiled scalar root finder, one class at a time."""
    out = np.empty_like(p)
    for i, row in enumerate(np.log(p)):
        k = len(row)

        def one(level: float, a: float) -> float:
            y = level - a
            low = min(-y - np.log1p(g) - 1.0, -1e-3)
            return brentq(lambda x: log_slope(np.float64(x), g) - y, low, -1e-300, xtol=1e-16)

        second = np.sort(row)[-2]
        low = second + float(log_slope(np.array(np.log(0.5)), g))
        high = row.max() + float(log_slope(np.array(-np.log(k)), g))
        level = brentq(lambda v, row=row: sum(np.exp(one(v, a)) for a in row) - 1.0, low, high, xtol=1e-15)
        out[i] = [np.exp(one(level, a)) for a in row]
    return out


def _start(row: np.ndarray) -> np.ndarray:
    """A start at p, a little inside the bounds: from the uniform distribution SLSQP can stop at once."""
    inside = np.clip(row, 1e-12, 1 - 1e-9)
    return inside / inside.sum()


def slsqp(p: np.ndarray, g: float) -> np.ndarray:
    """Sequential quadratic programming on q with the analytic gradient, one row at a time."""
    out = np.empty_like(p)
    for i, row in enumerate(p):
        found = minimize(
            lambda q, row=row: float((row * loss_from_complement(q, 1 - q, g)).sum()),
            _start(row),
            jac=lambda q, row=row: -row * np.exp(log_slope(np.log(q), g)),
            bounds=[(1e-16, 1 - 1e-16)] * len(row),
            constraints={"type": "eq", "fun": lambda q: q.sum() - 1, "jac": np.ones_like},
            method="SLSQP",
            options={"ftol": 1e-15, "maxiter": 500},
        )
        out[i] = found.x
    return out


def trust_constr(p: np.ndarray, g: float) -> np.ndarray:
    """SciPy's trust-constr with gradient and Hessian, which is diagonal, one row at a time.

    Without bounds, which would bring in its slower interior point method: outside of (0, 1) the loss is 1e10.
    """
    out = np.empty_like(p)
    for i, row in enumerate(p):

        def loss(q: np.ndarray, row: np.ndarray = row) -> float:
            inside = (q > 0).all() and (q < 1).all()
            return float((row * loss_from_complement(q, 1 - q, g)).sum()) if inside else 1e10

        def gradient(q: np.ndarray, row: np.ndarray = row) -> np.ndarray:
            return -row * np.exp(log_slope(np.log(q), g))

        def hessian(q: np.ndarray, row: np.ndarray = row) -> np.ndarray:
            c = 1 - q
            bend = c**g / q**2 + 2 * g * c ** (g - 1) / q - g * (g - 1) * c ** (g - 2) * np.log(q)
            return np.diag(row * bend)

        found = minimize(
            loss,
            _start(row),
            jac=gradient,
            hess=hessian,
            constraints=LinearConstraint(np.ones((1, len(row))), 1, 1),
            method="trust-constr",
            options={"gtol": 1e-12, "xtol": 1e-14, "maxiter": 1000},
        )
        out[i] = found.x
    return out


def torch_lbfgs(p: np.ndarray, g: float) -> np.ndarray:
    """L-BFGS of PyTorch on logits, in float64, one row at a time: a batch would share one step length."""
    out = np.empty_like(p)
    for i, row in enumerate(torch.from_numpy(p)):
        z = torch.from_numpy(np.log(_start(p[i]))).requires_grad_()
        search = torch.optim.LBFGS(
            [z],
            max_iter=500,
            history_size=20,
            tolerance_grad=1e-12,
            tolerance_change=1e-16,
            line_search_fn="strong_wolfe",
        )

        def closure(z: Any = z, row: Any = row, search: Any = search) -> torch.Tensor:
            search.zero_grad()
            a = torch.log_softmax(z, dim=0)
            loss = -(row * (1 - a.exp()) ** g * a).sum()
            loss.backward()
            return loss

        search.step(closure)
        out[i] = torch.softmax(z.detach(), dim=0).numpy()
    return out


def errors(solver: Solver, rows: np.ndarray, g: float) -> tuple[float, float]:
    """Worst absolute and worst relative error of a component, against mpmath at 50 digits."""
    absolute = relative = 0.0
    try:
        with np.errstate(all="ignore"):
            found = solver(rows, g)
    except ValueError:  # no sign change: the peer cannot represent the solution
        return np.nan, np.nan
    if not np.isfinite(found).all():
        return np.nan, np.nan
    for row, q in zip(rows, found, strict=True):
        exact = mp_minimizer(row, g, fb.minimizer(row, g))[0]
        absolute = max(absolute, *(abs(float(a - b)) for a, b in zip(map(float, q), exact, strict=True)))
        relative = max(relative, *(relative_error(a, b) for a, b in zip(q, exact, strict=True)))
    return absolute, relative


def extreme_rows(classes: int, rows: int) -> np.ndarray:
    """Masses over hundreds of decades, one of them rounding to 1."""
    rng = np.random.default_rng(1)
    p = 10.0 ** -rng.uniform(0, 300, (rows, classes))
    p[:, 0] = 1.0
    return p / p.sum(axis=1, keepdims=True)


def compare(classes: int, peers: dict[str, tuple[Solver, int]], gamma: float, budget: float) -> Measured:
    """One table: each solver on as many rows of one batch as is bearable. Times are those of one problem."""
    started = time.perf_counter()
    p = np.random.default_rng(0).dirichlet(np.ones(classes), max(count for _, count in peers.values()))
    hard = extreme_rows(classes, 3)
    with np.errstate(all="ignore"):
        calls = {name: lambda f=f, n=n: f(p[:n], gamma) for name, (f, n) in peers.items()}
        taken = rounds_of(calls, budget)
    taken = {name: [t / peers[name][1] for t in times] for name, times in taken.items()}
    found = summary(taken, next(iter(peers)))
    for name, (solver, count) in peers.items():
        few = min(count, 3)
        for label, rows in (("", p[:few]), ("extreme ", hard[:few])):
            absolute, relative = errors(solver, rows, gamma)
            found[name][f"{label}absolute"] = Metric(absolute, np.nan, np.nan, few)
            found[name][f"{label}relative"] = Metric(relative, np.nan, np.nan, few)
    settings = {"classes": classes, "gamma": gamma, "rows": {name: n for name, (_, n) in peers.items()}}
    return Measured("minimizer", settings, found, time.perf_counter() - started)


def scaling(gamma: float, budget: float = 2.0) -> Measured:
    """Milliseconds of one problem against its number of classes: the cost is linear."""
    started = time.perf_counter()
    sizes = (10**4, 10**5, 10**6)
    found = {}
    for classes in sizes:
        p = np.random.default_rng(2).dirichlet(np.ones(classes))
        taken = rounds_of({"focalbook": lambda p=p: fb.minimizer(p, gamma)}, budget / len(sizes))
        found[f"{classes} classes"] = spread([1e3 * t for t in taken["focalbook"]])
    settings = {"gamma": gamma, "classes": list(sizes)}
    return Measured("scaling", settings, {"focalbook": found}, time.perf_counter() - started)


def measure(gamma: float = 2.0, budget: float = 30.0, full: bool = False) -> list[Measured]:
    """All tables; `budget` is the time for the rounds in seconds, all of them together."""
    small: dict[str, tuple[Solver, int]] = {
        "focalbook": (fb.minimizer, 10_000),
        "nested find_root": (nested_find_root, 2_000),
        "nested brentq": (nested_brentq, 20),
        "SLSQP": (slsqp, 20),
        "trust-constr": (trust_constr, 10),
        "torch L-BFGS": (torch_lbfgs, 3),
    }
    large: dict[str, tuple[Solver, int]] = {
        "focalbook": (fb.minimizer, 200),
        "nested find_root": (nested_find_root, 50),
        "nested brentq": (nested_brentq, 1),
        "trust-constr": (trust_constr, 1),
        "torch L-BFGS": (torch_lbfgs, 1),
    }
    if full:
        large["SLSQP"] = (slsqp, 1)
    tables = [compare(10, small, gamma, 0.5 * budget), compare(1000, large, gamma, 0.4 * budget)]
    return [*tables, scaling(gamma, 0.1 * budget)]


def main() -> None:
    """Measure and print; ``--json FILE`` keeps it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gamma", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=30.0, help="time for the rounds (30)")
    parser.add_argument("--full", action="store_true", help="SLSQP on 1,000 classes as well (minutes)")
    parser.add_argument("--json", help="write the tables to this file")
    args = parser.parse_args()
    torch.set_num_threads(1)
    tables = measure(args.gamma, args.seconds, args.full)
    for table in tables:
        show(table)
    if args.json:
        write_json(tables, args.json)


if __name__ == "__main__":
    main()
