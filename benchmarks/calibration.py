"""The calibration error against finding the top label alone, and against other libraries.

Rounds are interleaved: in each of them everybody runs once, and ratios are taken inside a round, so that a
busy machine slows all alike. Everybody runs on one core and finds the top label by itself. Only this package
checks its input (range, sums, NaN, labels) and returns an interval. Libraries that are not installed are left
out; none is needed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import time
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from focalbook.calibration import calibration_error, smooth_error
from focalbook.calibration.conventions import Convention, error_by_convention

Measure = Callable[[NDArray, NDArray], float]
BINS = 15


def top(probs: NDArray, labels: NDArray) -> tuple[NDArray, NDArray]:
    """Confidence and whether it is right, as one would write it."""
    best = probs.argmax(axis=1)
    return probs[np.arange(len(probs)), best], best == labels


def top_label_alone(probs: NDArray, labels: NDArray) -> float:
    """The baseline: the top label and its probability."""
    best = probs.argmax(axis=1)
    probs[np.arange(len(probs)), best]
    return np.nan


def argmax_alone(probs: NDArray, labels: NDArray) -> float:
    """The label without its probability."""
    probs.argmax(axis=1)
    return np.nan


def argmax_and_max(probs: NDArray, labels: NDArray) -> float:
    """The label and its probability, each searched for."""
    probs.argmax(axis=1)
    probs.max(axis=1)
    return np.nan


def ours(probs: NDArray, labels: NDArray) -> float:
    """The package with its defaults: checks and an interval."""
    return calibration_error(probs, labels, BINS).value


def ours_without_interval(probs: NDArray, labels: NDArray) -> float:
    """The package, checks but no interval."""
    return calibration_error(probs, labels, BINS, resamples=0).value


def plain_numpy(probs: NDArray, labels: NDArray) -> float:
    """Bincounts without any check."""
    confidence, right = top(probs, labels)
    index = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    return float(np.abs(np.bincount(index, confidence - right, BINS)).sum()) / len(labels)


def plain_loop(probs: NDArray, labels: NDArray) -> float:
    """A mask for each bin, the code that is copied from paper to paper; a confidence of 0 is dropped."""
    confidence, right = top(probs, labels)
    total = 0.0
    for b in range(BINS):
        inside = (confidence > b / BINS) & (confidence <= (b + 1) / BINS)
        if inside.any():
            total += abs(confidence[inside].astype(float).mean() - right[inside].mean()) * inside.mean()
    return total


def scikit_learn(probs: NDArray, labels: NDArray) -> float:
    """scikit-learn's calibration curve, and the counts that it does not return."""
    from sklearn.calibration import calibration_curve

    confidence, right = top(probs, labels)
    accuracy, mean = calibration_curve(right, confidence, n_bins=BINS)
    count = np.histogram(confidence, np.linspace(0, 1, BINS + 1))[0]
    return float((np.abs(accuracy - mean) * count[count > 0]).sum() / len(labels))


def torchmetrics(probs: NDArray, labels: NDArray) -> float:
    """torchmetrics on tensors that share the arrays' memory."""
    import torch
    from torchmetrics.functional.classification import multiclass_calibration_error

    tensors = torch.from_numpy(probs), torch.from_numpy(labels)
    return float(multiclass_calibration_error(*tensors, num_classes=probs.shape[1], n_bins=BINS))


def relplot(probs: NDArray, labels: NDArray) -> float:
    """Binned error of relplot, from confidences."""
    from relplot.metrics import binnedECE

    confidence, right = top(probs, labels)
    return float(binnedECE(confidence, right, nbins=BINS))


def netcal_of_confidences(probs: NDArray, labels: NDArray) -> float:
    """Binned error of netcal from confidences; on edges its search for the top label bins otherwise."""
    from netcal.metrics import ECE

    confidence, right = top(probs, labels)
    return float(ECE(BINS).measure(confidence, right.astype(np.int64)))


def netcal(probs: NDArray, labels: NDArray) -> float:
    """Binned error of netcal."""
    from netcal.metrics import ECE

    return float(ECE(BINS).measure(probs, labels))


COMPETITORS: dict[str, tuple[Measure, str | None]] = {
    "argmax alone": (argmax_alone, None),
    "top label alone": (top_label_alone, None),
    "argmax and max": (argmax_and_max, None),
    "focalbook": (ours, None),
    "focalbook, no interval": (ours_without_interval, None),
    "numpy bincount": (plain_numpy, None),
    "loop over bins": (plain_loop, None),
    "scikit-learn": (scikit_learn, "sklearn"),
    "torchmetrics": (torchmetrics, "torchmetrics"),
    "relplot": (relplot, "relplot"),
    "netcal": (netcal, "netcal"),
}
BASELINE = "top label alone"


def available(wanted: dict[str, tuple[Measure, str | None]]) -> dict[str, Measure]:
    """Competitors whose library can be imported."""
    found = {}
    for name, (measure, module) in wanted.items():
        try:
            if module is not None:
                importlib.import_module(module)
        except ImportError:
            print(f"{name} is not installed and left out")
            continue
        found[name] = measure
    return found


def predictions(rows: int, classes: int, dtype: type, seed: int = 0) -> tuple[NDArray, NDArray]:
    """Softmax outputs of random logits that are sharp enough for confidences of every size, and labels."""
    rng = np.random.default_rng(seed)
    probs = rng.standard_normal((rows, classes), dtype=np.float32).astype(dtype)
    probs *= rng.uniform(0.5, 6, (rows, 1)).astype(dtype)
    np.exp(probs, out=probs)
    probs /= probs.sum(axis=1, keepdims=True)
    labels = np.where(rng.random(rows) < 0.6, probs.argmax(axis=1), rng.integers(classes, size=rows))
    return probs, labels


def compare(rows: int, classes: int, dtype: type, rounds: int) -> list[dict[str, object]]:
    """Seconds, ratios to the baseline (median over rounds) and difference to exact arithmetic of all."""
    probs, labels = predictions(rows, classes, dtype)
    exact = plain_loop(probs.astype(np.float64), labels)
    measures = available(COMPETITORS)
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    values: dict[str, float] = {}
    for _ in range(rounds):
        for name, measure in measures.items():
            start = time.perf_counter()
            values[name] = measure(probs, labels)
            seconds[name].append(time.perf_counter() - start)
    base = np.array(seconds[BASELINE])
    return [
        {
            "competitor": name,
            "precision": np.dtype(dtype).name,
            "milliseconds": 1e3 * float(np.median(times)),
            "ratio": float(np.median(np.array(times) / base)),
            "difference": abs(values[name] - exact),
        }
        for name, times in seconds.items()
    ]


#: Pairs of confidences, the first on an edge of 15 bins and too high, the second just below and too low.
EDGES = {
    "1 and 0.95": ((1.0, 0.95), (0.9, 1.0)),
    "0.8 and 0.79": ((0.8, 0.79), (0.6, 0.99)),
    "0.6 and 0.59": ((0.6, 0.59), (0.4, 0.79)),
    "0.61 and 0.65": ((0.61, 0.65), (0.41, 0.85)),
}
#: The convention that each library follows, see :mod:`focalbook.calibration.conventions`.
FOLLOWS: dict[str, Convention] = {
    "focalbook": "upper",
    "scikit-learn": "upper",
    "netcal": "lower",
    "torchmetrics": "lower, 1 apart",
    "relplot": "lower, 1 apart",
}


def on_edges() -> list[dict[str, object]]:
    """What every library that is there says on edges, and what its convention says."""
    named = COMPETITORS | {"netcal": (netcal_of_confidences, "netcal")}
    measures = available({name: named[name] for name in FOLLOWS})
    table: list[dict[str, object]] = []
    for pair, (confidences, accuracies) in EDGES.items():
        confidence = np.repeat(confidences, 100)
        right = np.concatenate([np.arange(100) < round(100 * a) for a in accuracies])
        probs = np.stack([confidence, 1 - confidence], axis=1)
        for name, measure in measures.items():
            found = measure(probs, (~right).astype(np.int64))
            expected = error_by_convention(confidence, right, BINS, FOLLOWS[name])
            table.append({"confidences": pair, "library": name, "value": found, "convention": expected})
    return table


def smooth(rows: int) -> list[dict[str, object]]:
    """Smooth errors of this package and of relplot, if it is there."""
    rng = np.random.default_rng(1)
    confidence = rng.uniform(0.5, 1, rows)
    right = rng.random(rows) < confidence**1.5
    probs = np.stack([confidence, 1 - confidence], axis=1)
    labels = (~right).astype(np.int64)
    table = []
    for name, measure in (
        ("focalbook", lambda: smooth_error(probs, labels, resamples=0).value),
        ("relplot", lambda: importlib.import_module("relplot").metrics.smECE(confidence, right)),
    ):
        try:
            start = time.perf_counter()
            value = float(measure())
            table.append({"competitor": name, "value": value, "seconds": time.perf_counter() - start})
        except ImportError:
            print(f"{name} is not installed and left out")
    return table


def main() -> None:
    """Run everything and print it; ``--json FILE`` keeps it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", help="write the tables to this file")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"numpy {np.__version__}, {platform.machine()}, {args.rows:,} rows, {args.classes} classes")
    tables = []
    for dtype in (np.float64, np.float32):
        table = compare(args.rows, args.classes, dtype, args.rounds)
        tables += table
        print(f"\n{np.dtype(dtype).name:24} {'ms':>8} {'times ' + BASELINE:>22} {'difference':>11}")
        for r in table:
            print(f"{r['competitor']:24} {r['milliseconds']:8.1f} {r['ratio']:22.2f} {r['difference']:11.1e}")
    print("\nconfidences on edges:")
    edges = on_edges()
    for r in edges:
        print(f"{r['confidences']:16} {r['library']:14} {r['value']:.4f}, convention {r['convention']:.4f}")
    smoothed = smooth(10_000)
    print("\nsmooth error, 10,000 rows:")
    for r in smoothed:
        print(f"{r['competitor']:24} {r['value']:.6f} in {1e3 * r['seconds']:.1f} ms")
    if args.json:
        with open(args.json, "w") as file:  # noqa: PTH123
            json.dump({"tables": tables, "edges": edges, "smooth": smoothed}, file, indent=1)


if __name__ == "__main__":
    main()
