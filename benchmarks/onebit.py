"""One-bit probit against the ways people fit it with statsmodels and SciPy: seconds, ratios, errors.

Every peer gets its best use: analytic gradients and Hessians, counts for each distinct cell where it takes
them, with the collapsing of rows timed as part of the work. Errors are against the maximum at 50 digits. A
peer that is not installed is named and left out. Hard cases follow, with what each of them answers.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.special import log_ndtr

import focalbook as fb
from tests.onebit.oracles import mp_normal, mp_poisson, mp_probit, worst

try:
    import statsmodels
    import statsmodels.api as sm
except ImportError:
    statsmodels = sm = None

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]
Counts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def as_pair(beta: np.ndarray) -> np.ndarray:
    """Mean and standard deviation from coefficients of (w, -tau)."""
    return np.array([beta[0] / beta[1], 1.0 / beta[1]])


def collapse(rows: Rows) -> Counts:
    """Counts for each distinct cell, as one would collapse rows with NumPy."""
    w, tau, b = rows
    cells, index = np.unique(w + 1j * tau, return_inverse=True)
    trials = np.bincount(index).astype(float)
    return cells.real.copy(), cells.imag.copy(), np.bincount(index, weights=b), trials


def ours_rows(rows: Rows) -> np.ndarray:
    """The package on rows."""
    return fb.onebit.Gaussian(rows[0], rows[1]).fit(rows[2]).estimate


def ours_counts(counts: Counts) -> np.ndarray:
    """The package on counts."""
    return fb.onebit.Gaussian(counts[0], counts[1]).fit_counts(counts[2], counts[3]).estimate


def probit_rows(rows: Rows) -> np.ndarray:
    """Statsmodels' Probit on rows."""
    return as_pair(sm.Probit(rows[2].astype(float), np.stack([rows[0], -rows[1]], 1)).fit(disp=0).params)


def _glm(response: np.ndarray, x: np.ndarray) -> np.ndarray:
    family = sm.families.Binomial(link=sm.families.links.Probit())
    return as_pair(sm.GLM(response, x, family=family).fit(tol=1e-13).params)


def glm_rows(rows: Rows) -> np.ndarray:
    """Statsmodels' GLM on rows."""
    return _glm(rows[2].astype(float), np.stack([rows[0], -rows[1]], 1))


def glm_counts(counts: Counts) -> np.ndarray:
    """Statsmodels' GLM on counts."""
    w, tau, ones, trials = counts
    return _glm(np.stack([ones, trials - ones], 1), np.stack([w, -tau], 1))


def scipy_counts(counts: Counts, method: str = "trust-exact") -> np.ndarray:
    """SciPy's generic minimisers on counts, with gradient and, where used, Hessian."""
    w, tau, ones, trials = counts
    x, zeros = np.stack([w, -tau], 1), trials - ones
    total = trials.sum()

    def value(beta: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ beta
        one, zero = log_ndtr(z), log_ndtr(-z)
        f = -0.5 * z * z - 0.5 * np.log(2 * np.pi)
        slope = ones * np.exp(f - one) - zeros * np.exp(f - zero)
        return -float((ones * one + zeros * zero).sum()) / total, -(slope @ x) / total

    def hessian(beta: np.ndarray) -> np.ndarray:
        z = x @ beta
        f = -0.5 * z * z - 0.5 * np.log(2 * np.pi)
        one, zero = np.exp(f - log_ndtr(z)), np.exp(f - log_ndtr(-z))
        curve = ones * one * (one + z) + zeros * zero * (zero - z)
        return (x * curve[:, None]).T @ x / total

    second = {"hess": hessian, "options": {"gtol": 1e-13}} if method == "trust-exact" else {}
    if method == "L-BFGS-B":
        second = {"options": {"ftol": 1e-16, "gtol": 1e-12}}
    found = minimize(value, np.array([0.0, 1.0]), jac=True, method=method, **second)
    return as_pair(found.x)


def scipy_rows(rows: Rows) -> np.ndarray:
    """SciPy's L-BFGS-B on rows: every row a cell of its own."""
    w, tau, b = rows
    return scipy_counts((w, tau, b.astype(float), np.ones(len(w))), "L-BFGS-B")


def seconds(solver: Callable[[Any], np.ndarray], data: Any, repeats: int, at_least: float = 0.2) -> float:
    """Best of some repeats; short ones are repeated until they have run `at_least` seconds."""
    best, spent, done = np.inf, 0.0, 0
    while done < repeats or (spent < at_least and done < 10_000):
        start = time.perf_counter()
        solver(data)
        used = time.perf_counter() - start
        best, spent, done = min(best, used), spent + used, done + 1
    return best


def make_rows(n: int, seed: int = 0) -> Rows:
    """Bits of w a + C against tau: 10 x 10 distinct cells, a = 0.3, s = 1.2."""
    rng = np.random.default_rng(seed)
    w, tau = rng.choice(np.linspace(0.5, 2.0, 10), n), rng.choice(np.linspace(-1.0, 1.0, 10), n)
    return w, tau, w * 0.3 + 1.2 * rng.normal(size=n) >= tau


def competitors() -> tuple[
    dict[str, Callable[[Rows], np.ndarray]], dict[str, Callable[[Counts], np.ndarray]]
]:
    """Solvers of rows and solvers of counts."""
    rows: dict[str, Callable[[Rows], np.ndarray]] = {
        "focalbook, rows": ours_rows,
        "scipy L-BFGS-B, rows": scipy_rows,
        "scipy trust-exact, collapsed rows": lambda r: scipy_counts(collapse(r)),
    }
    counts: dict[str, Callable[[Counts], np.ndarray]] = {
        "focalbook, counts": ours_counts,
        "scipy trust-exact, counts": scipy_counts,
        "scipy L-BFGS-B, counts": lambda c: scipy_counts(c, "L-BFGS-B"),
    }
    if sm is not None:
        rows |= {
            "statsmodels Probit, rows": probit_rows,
            "statsmodels GLM, rows": glm_rows,
            "statsmodels GLM, collapsed rows": lambda r: glm_counts(collapse(r)),
        }
        counts["statsmodels GLM, counts"] = glm_counts
    return rows, counts


def speed(n: int, repeats: int) -> list[dict[str, Any]]:
    """Seconds of every competitor on the same bits, its ratio to ours, its error against 50 digits."""
    data = make_rows(n)
    counts = collapse(data)
    exact = np.array([float(x) for x in mp_probit(*counts, start=ours_counts(counts))])
    row_solvers, count_solvers = competitors()
    table: list[dict[str, Any]] = []
    for solvers, given in ((row_solvers, data), (count_solvers, counts)):
        for name, solver in solvers.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                error = float(np.abs(solver(given) - exact).max())
                table.append({"solver": name, "seconds": seconds(solver, given, repeats), "error": error})
    ours = {row["solver"]: row["seconds"] for row in table}
    for row in table:
        row["times_ours_rows"] = row["seconds"] / ours["focalbook, rows"]
        row["times_ours_counts"] = row["seconds"] / ours["focalbook, counts"]
    print(f"n = {n:,}, {len(counts[0])} cells")
    print(f"{'solver':36} {'ms':>10} {'x ours, rows':>13} {'x ours, counts':>15} {'error':>9}")
    for row in table:
        print(f"{row['solver']:36} {row['seconds'] * 1e3:10.3f} {row['times_ours_rows']:13.2f}", end="")
        print(f" {row['times_ours_counts']:15.1f} {row['error']:9.1e}")
    rows = [
        row for row in table if str(row["solver"]).startswith("statsmodels") and row["solver"] in row_solvers
    ]
    if rows:
        best = min(rows, key=lambda row: row["seconds"])
        whole = min((row for row in rows if "collapsed" not in row["solver"]), key=lambda row: row["seconds"])
        for name, row in (("rows as they are", whole), ("any way from rows", best)):
            print(f"statsmodels' best, {name}: {row['times_ours_rows']:.1f} times ours from rows,", end="")
            print(f" {row['times_ours_counts']:.0f} times ours from counts")
    return table


def hard_cases() -> dict[str, Counts]:
    """Counts on which peers were seen to fail."""
    plain = np.linspace(-2.0, 2.0, 9)
    trials = np.full(9, 1000.0)
    ones = np.round(trials * np.exp(log_ndtr(0.3 - plain / 1.1)))
    far = np.concatenate([plain, [35.0, -35.0]])
    return {
        "offset 1e6": (np.ones(9), 1e6 + plain, ones, trials),
        "three bits at z = 35": (
            np.ones(11),
            far,
            np.concatenate([ones * 100, [1.0, 2.0]]),
            np.concatenate([trials * 100, [3.0, 3.0]]),
        ),
        "separated": (np.ones(9), plain, np.where(plain <= 0, trials, 0.0), trials),
    }


def expand(counts: Counts) -> Rows:
    """One row for each bit."""
    w, tau, ones, trials = counts
    repeat = trials.astype(int)
    b = np.concatenate([np.arange(n) < k for k, n in zip(ones, repeat, strict=True)])
    return np.repeat(w, repeat), np.repeat(tau, repeat), b


def robustness() -> list[dict[str, object]]:
    """What each competitor answers to the hard cases: its error, or that it refused."""
    row_solvers, count_solvers = competitors()
    table = []
    for case, counts in hard_cases().items():
        exact = None
        if case != "separated":
            exact = np.array([float(x) for x in mp_probit(*counts, start=ours_counts(counts))])
        print(f"\n{case}: maximum at {'none' if exact is None else exact}")
        for solvers, data in ((row_solvers, expand(counts)), (count_solvers, counts)):
            for name, solver in solvers.items():
                try:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        with np.errstate(all="ignore"):
                            found = solver(data)
                    wrong = np.nan if exact is None else float(np.abs(found - exact).max())
                    answer = f"{found}" + ("" if exact is None else f", error {wrong:.1e}")
                except (ValueError, ArithmeticError) as refusal:
                    answer = f"refused: {str(refusal)[:70]}"
                except Exception as failure:  # a peer may fail in any way
                    answer = f"failed: {type(failure).__name__} {str(failure)[:50]}"
                print(f"  {name:36} {answer}")
                table.append({"case": case, "solver": name, "answer": answer})
    return table


def tails() -> dict[str, float]:
    """Worst relative errors of log-probabilities and derivatives against 50 digits."""
    from focalbook.onebit._tails import normal_tails, poisson_tails

    normal = far = poisson = 0.0
    for z in [*np.linspace(-6, 6, 49), -35.0, 35.0]:
        normal = max(normal, worst([x.item() for x in normal_tails(np.array(z))], mp_normal(z)))
    for z in (-60.0, -200.0, -1e3):
        mp_far = mp_normal_far(z)
        found = normal_tails(np.array(z))
        far = max(far, worst([found.log_one.item(), found.slope_one.item(), found.curve_one.item()], mp_far))
    for k in (1, 2, 5, 30, 31, 1000, 10**6):
        for mu in (1e-6, 1e-3, 0.3, 1.0, 4.5, 30.0, 45.0, 900.0, 1000.0, 1100.0, 9.97e5, 1e6, 1.003e6):
            found = poisson_tails(np.array(mu), np.array(float(k)))
            poisson = max(poisson, worst([x.item() for x in found], mp_poisson(mu, k)))
    result = {"normal |z| <= 35": normal, "normal z = -60, -200, -1e3": far, "Poisson": poisson}
    print("\nworst relative error of log-probabilities and two derivatives, against 50 digits")
    for name, value in result.items():
        print(f"  {name:28} {value:.1e}")
    return result


def mp_normal_far(z: float) -> tuple:
    """log N(z) and two derivatives for z far below, from the asymptotic form of erfc in mpmath."""
    import mpmath as mp

    with mp.workdps(80):
        x = mp.mpf(float(z))
        log_p = mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)
        slope = mp.exp(-x * x / 2 - mp.log(2 * mp.pi) / 2 - log_p)
        return log_p, slope, -slope * (slope + x)


def batches(replicates: int) -> dict[str, float]:
    """Seconds of one point of a Monte Carlo study: draws, fits, standard errors and both coverages."""
    model = fb.onebit.Gaussian(1.0, np.linspace(-1.5, 1.5, 5))
    start = time.perf_counter()
    fit = model.fit_batch(model.simulate((0.3, 1.2), 20_000, replicates, 0), 20_000)
    ends = fit.wald()
    wald = float(((ends[:, 0, 0] <= 0.3) & (ends[:, 0, 1] >= 0.3)).mean())
    ratio = float((fit.deviance("a", 0.3) <= 3.841458820694124).mean())
    used = time.perf_counter() - start
    print(f"\n{replicates:,} replicates of n = 100,000 in 5 cells: {used:.3f} s", end="")
    print(f" (coverage of 95 % intervals for a: Wald {wald:.4f}, likelihood ratio {ratio:.4f})")
    return {"seconds": used, "wald": wald, "likelihood_ratio": ratio}


def main() -> None:
    """Run everything and print it; ``--json FILE`` keeps it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=10**6)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", help="write the tables to this file")
    args = parser.parse_args()
    peer = (
        f"statsmodels {statsmodels.__version__}" if sm is not None else "statsmodels is missing: not compared"
    )
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, {peer}, {platform.machine()}\n")
    record = {
        "speed": speed(args.n, args.repeats),
        "hard": robustness(),
        "tails": tails(),
        "batch": batches(10_000),
    }
    if args.json:
        with open(args.json, "w") as file:  # noqa: PTH123
            json.dump(record, file, indent=1)


if __name__ == "__main__":
    main()
