"""The minimiser of the focal-entropy against the ways people solve it with SciPy: seconds, ratios, errors.

Every peer gets its best use: the problem in logarithms, analytic gradients, whole batches where it can.
Errors are against solutions at 50 digits on a few rows of each batch; nan means that the peer gave up. Every
competitor runs on one core. ``--full`` adds SLSQP on 1,000 classes (minutes).
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable

import numpy as np
import scipy
from scipy.optimize import brentq, minimize
from scipy.optimize.elementwise import find_root

import focalbook as fb
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


def slsqp(p: np.ndarray, g: float) -> np.ndarray:
    """Sequential quadratic programming on q with the analytic gradient and the equality constraint."""
    out = np.empty_like(p)
    for i, row in enumerate(p):
        found = minimize(
            lambda q: float((row * fb.theory.loss.loss_from_complement(q, 1 - q, g)).sum()),  # noqa: B023
            np.full(len(row), 1 / len(row)),
            jac=lambda q: -row * np.exp(log_slope(np.log(q), g)),  # noqa: B023
            bounds=[(1e-16, 1 - 1e-16)] * len(row),
            constraints={"type": "eq", "fun": lambda q: q.sum() - 1, "jac": np.ones_like},
            method="SLSQP",
            options={"ftol": 1e-15, "maxiter": 500},
        )
        out[i] = found.x
    return out


def seconds(solver: Solver, p: np.ndarray, g: float, at_least: float) -> float:
    """Best of the repeats that fit `at_least` seconds, at least one."""
    best, spent = np.inf, 0.0
    while spent < at_least:
        start = time.perf_counter()
        solver(p, g)
        best = min(best, time.perf_counter() - start)
        spent += time.perf_counter() - start
    return best


def errors(solver: Solver, rows: np.ndarray, g: float) -> tuple[float, float]:
    """Worst absolute and worst relative error of a component, against mpmath at 50 digits."""
    absolute = relative = 0.0
    try:
        with np.errstate(all="ignore"):
            found = solver(rows, g)
    except ValueError:  # no sign change: the peer cannot represent the solution
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


def compare(
    classes: int, rows: int, peers: dict[str, tuple[Solver, int]], gamma: float
) -> list[dict[str, object]]:
    """One table: our batch against each peer on as many of its rows as is bearable."""
    p = np.random.default_rng(0).dirichlet(np.ones(classes), rows)
    hard = extreme_rows(classes, 3)
    table = []
    base = seconds(fb.minimizer, p, gamma, 1.0) / rows
    for name, (solver, count) in {"focalbook": (fb.minimizer, rows), **peers}.items():
        with np.errstate(all="ignore"):
            each = base if name == "focalbook" else seconds(solver, p[:count], gamma, 1e-9) / count
        few = min(count, 3)
        typical, worst = errors(solver, p[:few], gamma), errors(solver, hard[:few], gamma)
        table.append(
            {
                "solver": name,
                "classes": classes,
                "rows": count,
                "microseconds": each * 1e6,
                "ratio": each / base,
                "absolute": typical[0],
                "relative": typical[1],
                "extreme_absolute": worst[0],
                "extreme_relative": worst[1],
            }
        )
    return table


def show(table: list[dict[str, object]]) -> None:
    """Print a table."""
    print(f"\n{'solver':18} {'classes':>7} {'rows':>6} {'us/problem':>11} {'times ours':>10}", end="")
    print(f" {'abs. error':>10} {'relative':>9} | {'extreme':>9} {'relative':>9}")
    for r in table:
        print(f"{r['solver']:18} {r['classes']:7} {r['rows']:6} {r['microseconds']:11.3g}", end="")
        print(f" {r['ratio']:10.4g} {r['absolute']:10.1e} {r['relative']:9.1e}", end="")
        print(f" | {r['extreme_absolute']:9.1e} {r['extreme_relative']:9.1e}")


def scaling(gamma: float) -> list[dict[str, float]]:
    """Seconds of one problem against its number of classes: the cost is linear."""
    rows = []
    for classes in (10**4, 10**5, 10**6):
        p = np.random.default_rng(2).dirichlet(np.ones(classes))
        best = min(seconds(fb.minimizer, p, gamma, 0.5) for _ in range(2))
        rows.append({"classes": classes, "seconds": best, "nanoseconds_a_class": best / classes * 1e9})
        print(f"one problem, {classes:>9,} classes: {best:.4f} s, {best / classes * 1e9:.0f} ns a class")
    return rows


def main() -> None:
    """Run everything and print it; ``--json FILE`` keeps it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gamma", type=float, default=2.0)
    parser.add_argument("--full", action="store_true", help="SLSQP on 1,000 classes as well (minutes)")
    parser.add_argument("--json", help="write the tables to this file")
    args = parser.parse_args()
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, {platform.machine()}, gamma {args.gamma:g}")
    small = {
        "nested find_root": (nested_find_root, 10_000),
        "nested brentq": (nested_brentq, 20),
        "SLSQP": (slsqp, 50),
    }
    large = {"nested find_root": (nested_find_root, 200)}
    if args.full:
        large["SLSQP"] = (slsqp, 1)
    tables = [compare(10, 10_000, small, args.gamma), compare(1000, 200, large, args.gamma)]
    for table in tables:
        show(table)
    print()
    record = {"tables": tables, "scaling": scaling(args.gamma)}
    if args.json:
        with open(args.json, "w") as file:  # noqa: PTH123
            json.dump(record, file, indent=1)


if __name__ == "__main__":
    main()
