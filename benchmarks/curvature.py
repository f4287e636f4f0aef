"""Top eigenvalue and trace of a Hessian against curvlinops and PyHessian: seconds to a given accuracy.

``python -m benchmarks.curvature`` trains a convolutional network of about 170,000 parameters on digits
enlarged to 32 x 32 pixels and measures the Hessian of its cross-entropy on 256 others, in float32.
Contenders take turns; each round gives one ratio to ours, printed as median and quartiles. Every contender
is checked against the truth: the top eigenvalue from 40 Lanczos products, the trace from all classes of all
samples.

Peers are used at their best. PyHessian's power iteration gets the fewest products, found beforehand with
products of ours, that bring it within 1 % (its own rule would take more); its Hutchinson trace gets the
products at which its standard error is 3 %, by the spread of values of ours, and is timed on a tenth of
them. curvlinops' XTrace gets the fewest products at which our XTrace of the same matrix, which draws from
the same distribution, has a standard error of 3 %. Ours use their own stopping rules and defaults.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, interpolate

from benchmarks import curvature_peers as peers
from benchmarks.report import show, write_json
from benchmarks.timing import summary
from focalbook.campaigns.benchmarks import Measured
from focalbook.curvature import (
    curvature_operator,
    extreme_eigenvalues,
    operator_trace,
    top_eigenvalues,
    trace,
)
from focalbook.data.digits import all_digits
from focalbook.store import Metric

OURS = "focalbook"
EIGSH, EIGSH_SMALL, XTRACE = "curvlinops, eigsh", "curvlinops, eigsh ncv 6", "curvlinops, XTrace"
POWER, HUTCHINSON = "PyHessian, power", "PyHessian, Hutchinson"
OUR_XTRACE = "focalbook, XTrace"

TOP_TOLERANCE, TRACE_TOLERANCE = 0.01, 0.03


def network(activation: Callable[[], nn.Module] = nn.ReLU) -> nn.Module:
    """Three convolutions with batch normalisation and two linear layers."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for before, after in ((1, 32), (32, 64), (64, 128)):
        layers += [
            nn.Conv2d(before, after, 3, padding=1),
            nn.BatchNorm2d(after),
            activation(),
            nn.MaxPool2d(2),
        ]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(2048, 38), activation(), nn.Linear(38, 10))


def trained(steps: int, samples: int, activation: Callable[[], nn.Module] = nn.ReLU) -> peers.Case:
    """The network after some steps of Adam, and images that it has not seen."""
    digits = all_digits()
    order = torch.randperm(len(digits.labels), generator=torch.Generator().manual_seed(0))
    pixels = torch.tensor(digits.images, dtype=torch.float32)[order, None] / 16
    x = interpolate(pixels, size=(32, 32), mode="bilinear")
    y = torch.tensor(digits.labels)[order]
    model = network(activation)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    generator = torch.Generator().manual_seed(1)
    for _ in range(steps):
        rows = torch.randint(1280, (64,), generator=generator)
        optimiser.zero_grad()
        cross_entropy(model(x[rows]), y[rows]).backward()
        optimiser.step()
    optimiser.zero_grad()
    return model.eval(), x[1280 : 1280 + samples], y[1280 : 1280 + samples]


def alternate(
    contenders: dict[str, Callable[[], Any]], rounds: int
) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Seconds of each contender in each round, and what it found; each round starts one contender later."""
    names = list(contenders)
    taken: dict[str, list[float]] = {name: [] for name in names}
    found = {}
    for shift in range(rounds):
        for name in names[shift % len(names) :] + names[: shift % len(names)]:
            peers.seed(0)
            before = time.perf_counter()
            found[name] = contenders[name]()
            taken[name].append(time.perf_counter() - before)
    return taken, found


def _alone(value: float, n: int = 1) -> Metric:
    return Metric(value, math.nan, math.nan, n)


def power_products(case: peers.Case, truth: float, limit: int = 60) -> int:
    """Products that power iteration takes to come within 1 %, from PyHessian's kind of start."""
    operator = curvature_operator(*case)
    peers.seed(0)
    v = torch.cat([torch.randn(p.shape).reshape(-1) for p in case[0].parameters()])
    for count in range(1, limit):
        v = v / v.norm()
        image = operator.product(v)
        if abs(float(v @ image) / truth - 1) <= TOP_TOLERANCE:
            return count
        v = image
    return limit


def eigenvalue_table(case: peers.Case, rounds: int) -> Measured:
    """Seconds to 1 % on the top eigenvalue."""
    began = time.perf_counter()
    truth = top_eigenvalues(*case, tolerance=1e-5, products=40).value
    calls: dict[str, Callable[[], Any]] = {OURS: partial(top_eigenvalues, *case, tolerance=TOP_TOLERANCE)}
    if peers.curvlinops() is not None:
        calls[EIGSH] = partial(peers.curvlinops_top, case)
        calls[EIGSH_SMALL] = partial(peers.curvlinops_top, case, ncv=6, tol=TOP_TOLERANCE)
    products = None
    if peers.pyhessian_class() is not None:
        products = power_products(case, truth)
        calls[POWER] = partial(peers.pyhessian_top, case, products)
    taken, values = alternate(calls, rounds)
    found = summary(taken, OURS)
    for name, value in values.items():
        found[name]["error %"] = _alone(100 * ((value.value if name == OURS else value) / truth - 1))
    own = values[OURS]
    found[OURS]["estimated error %"] = _alone(100 * own.error / own.value)
    settings = {"value": truth, "our products": own.products, "PyHessian's products": products}
    return _table("top eigenvalue to 1 %", settings, [OURS, EIGSH, EIGSH_SMALL, POWER], found, case, began)


def xtrace_products(case: peers.Case) -> int:
    """Fewest products, in steps of four, at which XTrace has the wanted standard error (of two repeats)."""
    operator = curvature_operator(*case)
    for products in range(12, 64, 4):
        found = [operator_trace(operator, method="xtrace", products=products, seed=s) for s in range(2)]
        if math.hypot(*(t.error / t.value for t in found)) / math.sqrt(2) <= TRACE_TOLERANCE:
            return products
    return 64


def hutchinson_products(case: peers.Case, truth: float) -> int:
    """Products at which Hutchinson's estimator has the wanted standard error, by the spread of 40 values."""
    found = trace(*case, method="hutchinson", products=40)
    return math.ceil(40 * (found.error / truth / TRACE_TOLERANCE) ** 2)


def trace_table(case: peers.Case, rounds: int) -> Measured:
    """Seconds to a standard error of 3 % on the trace."""
    began = time.perf_counter()
    exact = trace(*case, products=10)
    truth = exact.value if exact.error == 0 else trace(*case, products=200).value
    needed = xtrace_products(case)
    calls: dict[str, Callable[[], Any]] = {
        OURS: partial(trace, *case),
        OUR_XTRACE: partial(trace, *case, method="xtrace", products=needed),
    }
    scale = {HUTCHINSON: 1.0}
    if peers.curvlinops() is not None:
        calls[XTRACE] = partial(peers.curvlinops_trace, case, needed)
    many = None
    if peers.pyhessian_class() is not None:
        many = hutchinson_products(case, truth)
        part = max(2, math.ceil(many / 10))
        calls[HUTCHINSON], scale[HUTCHINSON] = partial(peers.pyhessian_trace, case, part), many / part
    taken, values = alternate(calls, rounds)
    found = summary({n: [scale.get(n, 1.0) * t for t in times] for n, times in taken.items()}, OURS)
    for name in (OURS, OUR_XTRACE):
        found[name]["error %"] = _alone(100 * (values[name].value / truth - 1))
        found[name]["standard error %"] = _alone(100 * values[name].error / truth)
    if XTRACE in values:
        found[XTRACE]["error %"] = _alone(100 * (values[XTRACE] / truth - 1))
    settings = {
        "value": truth,
        "exact": exact.error == 0,
        "our passes": values[OURS].products,
        "XTrace's products": needed,
        "PyHessian's products": many,
    }
    return _table("trace to 3 %", settings, [OURS, OUR_XTRACE, XTRACE, HUTCHINSON], found, case, began)


def product_table(case: peers.Case, rounds: int) -> Measured:
    """One product, with what every method keeps already made; in gradients."""
    began = time.perf_counter()
    model, x, y = case
    parameters = list(model.parameters())
    vector = torch.randn(sum(p.numel() for p in parameters))

    def gradient() -> tuple[Tensor, ...]:
        return torch.autograd.grad(cross_entropy(model(x), y), parameters)

    calls: dict[str, Callable[[], object]] = {"gradient": gradient}
    truth = None
    for name, matrix in ((OURS, "hessian"), ("focalbook, Gauss-Newton", "gauss-newton")):
        operator = curvature_operator(*case, matrix=matrix)
        truth = operator.product(vector) if matrix == "hessian" else truth
        calls[name] = partial(operator.product, vector)
    found = {}
    if peers.curvlinops() is not None:
        other = peers.curvlinops_operator(case, check=False)
        calls["curvlinops"] = partial(other.__matmul__, vector)
        assert truth is not None
        difference = (other @ vector - truth).norm() / truth.norm()
        found["curvlinops"] = {"difference": _alone(float(difference))}
    if peers.pyhessian_class() is not None:
        calls["PyHessian, two products"] = partial(peers.pyhessian_trace, case, 2)
    timed = summary(alternate(calls, rounds + 1)[0], "gradient")
    found = {name: timed[name] | found.get(name, {}) for name in timed}
    return _table("Hessian-vector product", {}, list(found), found, case, began)


TABLES = {"product": product_table, "eigenvalue": eigenvalue_table, "trace": trace_table}


def _table(
    name: str,
    settings: dict[str, object],
    names: list[str],
    found: dict[str, dict[str, Metric]],
    case: peers.Case,
    began: float,
) -> Measured:
    settings |= {
        "parameters": sum(p.numel() for p in case[0].parameters()),
        "samples": len(case[2]),
        "threads": torch.get_num_threads(),
    }
    return Measured(name, settings, {n: found.get(n, {}) for n in names}, time.perf_counter() - began)


def both_ends(case: peers.Case) -> str:
    """A line on the smallest eigenvalue, for which no peer has an estimate with an error."""
    found = extreme_eigenvalues(curvature_operator(*case), bottom=1)
    return f"both ends: {found.top[0]}, {found.bottom[0]} in {found.products} products"


def main() -> None:
    """Measure and print; ``--json FILE`` keeps it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (1)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each table (3)")
    parser.add_argument("--samples", type=int, default=256, help="samples (256)")
    parser.add_argument("--steps", type=int, default=60, help="training steps (60)")
    parser.add_argument(
        "--smooth", action="store_true", help="GELU in place of ReLU: the Hessian's trace is not exact"
    )
    parser.add_argument("--only", choices=TABLES, action="append", help="this table alone; may be repeated")
    parser.add_argument("--json", help="write the tables to this file")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    case = trained(args.steps, args.samples, nn.GELU if args.smooth else nn.ReLU)
    tables = []
    for name in args.only or TABLES:
        tables.append(TABLES[name](case, args.rounds))
        show(tables[-1])
        sys.stdout.flush()
    print(f"\n{both_ends(case)}\npeers: {peers.versions() or 'none installed'}")
    if args.json:
        write_json(tables, args.json)


if __name__ == "__main__":
    main()
