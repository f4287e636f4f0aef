"""Focal loss and recovery in PyTorch against the ways people write them: times, and gradients that are lost.

``python -m benchmarks.nn_loss`` prints, for two shapes of float32 logits and two gammas, how long forward and
backward of each loss take beside ``torch.nn.functional.cross_entropy``, and how long turning logits into
posteriors takes beside a softmax: CPU, eager mode unless a contender is called compiled, in turns. A second
table counts, for logits up to 1e4, the rows whose gradient (for recovery: whose output) is not finite.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from benchmarks.peers import KORNIA, TORCHVISION, kornia_loss, torchvision_loss
from benchmarks.report import show, write_json
from benchmarks.timing import rounds_of, summary
from focalbook.campaigns.benchmarks import Measured
from focalbook.nn import FocalLoss, Recover
from focalbook.nn.log_odds import focal_from_log_odds, target_log_odds
from focalbook.nn.recover import recover_log_posterior
from focalbook.store import Metric

SHAPES = ((8192, 100), (1024, 50_000))
TIMED_GAMMAS = (0.5, 2.0)
GAMMAS = (0.25, 0.5, 1.0, 2.0, 5.0)
LOGITS = (0.0, 1.0, -1.0, 20.0, -20.0, 100.0, -100.0, 1e4, -1e4)
DTYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


@dataclass
class Batch:
    """Logits and classes; the targets that a sigmoid loss wants are made once, outside the timing."""

    logits: Tensor
    target: Tensor

    @cached_property
    def targets(self) -> Tensor:
        """One-hot targets of the dtype of the logits."""
        return one_hot(self.target, self.logits.shape[1]).to(self.logits.dtype)


Loss = Callable[[Batch, float], Tensor]
Posterior = Callable[[Tensor, float], Tensor]


def plain(batch: Batch, gamma: float) -> Tensor:
    """The cross-entropy: what the others are compared with."""
    return cross_entropy(batch.logits, batch.target)


def ours(batch: Batch, gamma: float) -> Tensor:
    return FocalLoss(gamma)(batch.logits, batch.target)


def log_odds(batch: Batch, gamma: float) -> Tensor:
    """The loss as a function of the log-odds, left to automatic differentiation."""
    return focal_from_log_odds(target_log_odds(batch.logits, batch.target, dim=1), gamma).mean()


def from_cross_entropy(batch: Batch, gamma: float) -> Tensor:
    """The usual formula: p_t = exp(-cross_entropy)."""
    loss = cross_entropy(batch.logits, batch.target, reduction="none")
    return ((1 - torch.exp(-loss)) ** gamma * loss).mean()


def softmax_then_log(batch: Batch, gamma: float) -> Tensor:
    """The formula of the paper, word for word."""
    p = torch.softmax(batch.logits, dim=1).gather(1, batch.target.unsqueeze(1))
    return (-((1 - p) ** gamma) * p.log()).mean()


def kornia(batch: Batch, gamma: float) -> Tensor:
    """Kornia's loss; its own mean divides by rows times classes."""
    loss = kornia_loss()
    assert loss is not None
    return loss(batch.logits, batch.target, alpha=None, gamma=gamma, reduction="sum") / len(batch.target)


def torchvision_sigmoid(batch: Batch, gamma: float) -> Tensor:
    """Another loss, one against the rest for each class, which torchvision offers alone."""
    loss = torchvision_loss()
    assert loss is not None
    return loss(batch.logits, batch.targets, alpha=-1, gamma=gamma, reduction="sum") / len(batch.target)


BASE_LOSS, BASE_POSTERIOR, OURS = "torch cross_entropy", "torch softmax", "focalbook"

LOSSES: dict[str, Loss] = {
    BASE_LOSS: plain,
    OURS: ours,
    "log-odds by autograd": log_odds,
    "exp(-cross_entropy)": from_cross_entropy,
    "softmax, then log": softmax_then_log,
    KORNIA: kornia,
    TORCHVISION: torchvision_sigmoid,
}


def recover_ours(logits: Tensor, gamma: float) -> Tensor:
    return Recover(gamma)(logits)


def recover_formula(logits: Tensor, gamma: float) -> Tensor:
    """p_i ~ 1 / phi(q_i), word for word."""
    q = torch.softmax(logits, dim=1)
    weight = 1 / ((1 - q) ** gamma / q - gamma * (1 - q) ** (gamma - 1) * q.log())
    return weight / weight.sum(dim=1, keepdim=True)


COMPILED = "focalbook, compiled"
POSTERIORS: dict[str, Posterior] = {
    BASE_POSTERIOR: lambda logits, gamma: torch.softmax(logits, dim=1),
    OURS: recover_ours,
    "log-odds composition": lambda logits, gamma: recover_log_posterior(logits, gamma, dim=1).exp(),
    "softmax, then 1/phi": recover_formula,
}


@cache
def _compiled(gamma: float) -> Callable[[Tensor], Tensor]:
    """The recovery under torch.compile, for one shape at a time."""
    recover: Callable[[Tensor], Tensor] = torch.compile(Recover(gamma), dynamic=False)
    return recover


def timed_posteriors() -> dict[str, Posterior]:
    """Those that are timed: also the compiled recovery, where there is a C++ compiler."""
    there = dict(POSTERIORS)
    if shutil.which("g++") or shutil.which("clang++"):
        there[COMPILED] = lambda logits, gamma: _compiled(gamma)(logits)
    return there


def installed(losses: Mapping[str, Loss]) -> dict[str, Loss]:
    """Those losses whose library can be imported."""
    there = {KORNIA: kornia_loss, TORCHVISION: torchvision_loss}
    return {name: loss for name, loss in losses.items() if name not in there or there[name]() is not None}


def batch_of(rows: int, classes: int) -> Batch:
    """Normal logits of scale 3, uniform classes, fixed seed."""
    generator = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(rows, classes, generator=generator)
    return Batch(logits, torch.randint(classes, (rows,), generator=generator))


def time_losses(rows: int, classes: int, gamma: float, budget: float) -> Measured:
    """Forward and backward of the mean loss."""
    started = time.perf_counter()
    batch = batch_of(rows, classes)
    batch.logits.requires_grad_()

    def call(loss: Loss) -> Callable[[], None]:
        def forward_backward() -> None:
            batch.logits.grad = None
            loss(batch, gamma).backward()

        return forward_backward

    there = installed(LOSSES)
    taken = rounds_of({name: call(loss) for name, loss in there.items()}, budget)
    return _timed("loss", list(LOSSES), summary(taken, BASE_LOSS), rows, classes, gamma, started)


def time_posteriors(rows: int, classes: int, gamma: float, budget: float) -> Measured:
    """Posteriors from logits, without a gradient."""
    started = time.perf_counter()
    logits = batch_of(rows, classes).logits

    def call(posterior: Posterior) -> Callable[[], object]:
        return lambda: posterior(logits, gamma)

    with torch.no_grad():
        taken = rounds_of({name: call(p) for name, p in timed_posteriors().items()}, budget)
    names = [*POSTERIORS, COMPILED]
    return _timed("posterior", names, summary(taken, BASE_POSTERIOR), rows, classes, gamma, started)


def _timed(
    table: str,
    names: Sequence[str],
    found: dict[str, dict[str, Metric]],
    rows: int,
    classes: int,
    gamma: float,
    started: float,
) -> Measured:
    settings = {"rows": rows, "classes": classes, "gamma": gamma, "dtype": "float32"}
    settings["threads"] = torch.get_num_threads()
    contenders = {name: found.get(name, {}) for name in names}
    return Measured(table, settings, contenders, time.perf_counter() - started)


def adversarial(dtype: torch.dtype) -> Batch:
    """All rows of three logits out of `LOGITS`; the first class is the true one."""
    logits = torch.tensor(list(itertools.product(LOGITS, repeat=3)), dtype=dtype)
    return Batch(logits, torch.zeros(len(logits), dtype=torch.int64))


def bad_gradients(loss: Loss, dtype: torch.dtype, gamma: float) -> int:
    """Rows of the adversarial batch whose gradient has an entry that is not finite."""
    batch = adversarial(dtype)
    batch.logits.requires_grad_()
    loss(batch, gamma).backward()
    assert batch.logits.grad is not None
    return int((~batch.logits.grad.isfinite()).any(dim=1).sum())


def bad_posteriors(posterior: Posterior, dtype: torch.dtype, gamma: float) -> int:
    """Rows of the adversarial batch whose posterior has an entry that is not finite."""
    with torch.no_grad():
        return int((~posterior(adversarial(dtype).logits, gamma).isfinite()).any(dim=1).sum())


def count_bad() -> list[Measured]:
    """Both counts for every contender, dtype and gamma."""
    started = time.perf_counter()
    rows = len(LOGITS) ** 3

    def counts(bad: Callable[[torch.dtype, float], int]) -> dict[str, Metric]:
        return {
            f"{name}, gamma {gamma:g}": Metric(bad(dtype, gamma), float("nan"), float("nan"), rows)
            for name, dtype in DTYPES.items()
            for gamma in GAMMAS
        }

    there = installed(LOSSES)
    lost = {
        name: counts(lambda d, g, f=loss: bad_gradients(f, d, g)) if name in there else {}  # type: ignore[misc]
        for name, loss in LOSSES.items()
    }
    wrong = {name: counts(lambda d, g, f=p: bad_posteriors(f, d, g)) for name, p in POSTERIORS.items()}
    settings = {"gammas": list(GAMMAS), "dtypes": list(DTYPES), "logits": list(LOGITS)}
    seconds = time.perf_counter() - started
    return [
        Measured("gradients", settings, lost, seconds),
        Measured("posteriors", settings, wrong, seconds),
    ]


def measure(budget: float = 60.0) -> list[Measured]:
    """All tables.

    Parameters
    ----------
    budget : float
        Seconds for the rounds of timing, all tables together. Large shapes get most of it.
    """
    tables = []
    share = budget / len(TIMED_GAMMAS) / len(SHAPES)
    for (rows, classes), part in zip(SHAPES, (0.3, 1.7), strict=True):
        for gamma in TIMED_GAMMAS:
            tables.append(time_losses(rows, classes, gamma, 0.7 * part * share))
            tables.append(time_posteriors(rows, classes, gamma, 0.3 * part * share))
    return tables + count_bad()


def main() -> None:
    """Measure and print; ``--json FILE`` keeps it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (1)")
    parser.add_argument("--seconds", type=float, default=60.0, help="time for the rounds (60)")
    parser.add_argument("--json", help="write the tables to this file")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tables = measure(args.seconds)
    for table in tables:
        show(table)
    if args.json:
        write_json(tables, args.json)


if __name__ == "__main__":
    main()
