"""``focalbook curvature``: eigenvalues and traces of the loss of a trained network."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from focalbook.cli.errors import CommandError

if TYPE_CHECKING:
    from torch import Tensor

    from focalbook.curvature import Measured, Measurements
    from focalbook.training import Checkpoint

__all__ = ["add_arguments", "main"]

_DETAILS = """
For the Hessian and the Gauss-Newton matrix, of the focal loss the network was
trained with and of the cross-entropy at the same weights: the largest and the
smallest eigenvalue, each with an estimate of its error, and the trace with its
standard error. The loss is the mean over held-out images, batch normalisation
in evaluation mode, float32 without TF32. The errors say how well the matrix of
these images is known; they do not say how much another sample would differ.
"""

_EXAMPLES = """examples:
  focalbook curvature run.npz
  focalbook curvature run.npz --samples 2000 --products 64 --device cuda
  focalbook curvature run.npz --matrix gauss-newton --json | jq '.results[0].trace.value'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``focalbook curvature``."""
    parser.description = f"{parser.description}\n{_DETAILS}"
    parser.epilog = _EXAMPLES
    add = parser.add_argument
    add("checkpoint", metavar="CHECKPOINT", type=Path, help="network written by 'focalbook train' (.npz)")
    add("--samples", type=int, default=1000, metavar="N", help="images, at most as many as there are (1000)")
    add(
        "--part",
        choices=("validation", "train", "test"),
        default="validation",
        help="which images (validation)",
    )
    add("--gamma", type=float, metavar="G", help="gamma of the loss; default: that of the training")
    add("--matrix", choices=("hessian", "gauss-newton", "both"), default="both", help="which matrix (both)")
    add("--products", type=int, metavar="M", help="products for each trace (default: see fb.curvature.trace)")
    add("--tolerance", type=float, default=0.01, metavar="T", help="relative error of eigenvalues (0.01)")
    add("--seed", type=int, default=0, metavar="S", help="seed of random vectors (0)")
    add("--chunk", type=int, metavar="C", help="images at a time (default: what fits in memory)")
    add("--double", action="store_true", help="float64")
    add("--data-folder", type=Path, metavar="DIR", help="where data sets lie")
    add("--device", default="auto", metavar="NAME", help="cpu, cuda, cuda:1; default: auto")
    add("--json", action="store_true", help="print the measurements as JSON")
    add("-q", "--quiet", action="store_true", help="no progress bar")


def main(args: argparse.Namespace) -> int:
    """Run ``focalbook curvature``."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: print(f"focalbook curvature: {message}", file=sys.stderr)
        try:
            return _measure(args)
        except (ValueError, MemoryError) as error:
            raise CommandError(str(error)) from error


def _measure(args: argparse.Namespace) -> int:
    import torch

    from focalbook.curvature import measure
    from focalbook.training import load_checkpoint
    from focalbook.training.devices import pick_device

    device = pick_device(args.device)
    checkpoint = load_checkpoint(args.checkpoint)
    inputs, labels = _samples(checkpoint, args)
    gamma = args.gamma
    if gamma is None:
        gamma = checkpoint.config.gamma if checkpoint.config.loss == "focal" else 0.0
    matrices = ("hessian", "gauss-newton") if args.matrix == "both" else (args.matrix,)
    with _progress(args.quiet) as tick:
        found = measure(
            checkpoint.model.to(device),
            inputs,
            labels,
            gamma,
            matrices=matrices,
            tolerance=args.tolerance,
            products=args.products,
            seed=args.seed,
            dtype=torch.float64 if args.double else torch.float32,
            chunk=args.chunk,
            tick=tick,
        )
    print(_json(found, args) if args.json else _report(found, args.part))
    return 0


def _samples(checkpoint: Checkpoint, args: argparse.Namespace) -> tuple[Tensor, Tensor]:
    """Normalised images and labels of the data that the network was trained on."""
    import numpy as np

    from focalbook.data import Batches, load

    if args.samples < 1:
        raise ValueError(f"--samples must be at least 1, got {args.samples}.")
    config = checkpoint.config
    data = load(config.data, args.data_folder, validation=config.validation, seed=config.split_seed)
    images = getattr(data, args.part)
    if len(images) == 0:
        raise ValueError(f"the network was trained without {args.part} images: try --part test.")
    if images.classes != checkpoint.classes:
        raise ValueError(
            f"{args.checkpoint}: a network for {checkpoint.classes} classes, and {config.data} has "
            f"{images.classes}."
        )
    rows = np.arange(min(args.samples, len(images)))
    chosen = images.subset(rows, args.part)
    return Batches(chosen, len(chosen), shuffle=False, mean=checkpoint.mean, std=checkpoint.std).select()


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[], object] | None]:
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with ExitStack() as stack:
        bar = stack.enter_context(tqdm(desc="curvature", unit=" products", leave=False))
        yield bar.update


def _json(found: Measurements, args: argparse.Namespace) -> str:
    content: dict[str, Any] = found.to_dict() | {"part": args.part, "seed": args.seed}
    return json.dumps(content, indent=1)


def _line(one: Measured) -> str:
    loss = "cross-entropy" if one.gamma == 0 else f"focal, gamma {one.gamma:g}"
    mark = "" if one.converged else "  (eigenvalues not converged)"
    return (
        f"{loss:18} {one.matrix:13} {one.top!s:>20} {one.bottom!s:>20} {one.trace!s:>20} "
        f"{one.products:9.0f}{mark}"
    )


def _report(found: Measurements, part: str) -> str:
    head = f"{'loss':18} {'matrix':13} {'largest':>20} {'smallest':>20} {'trace':>20} {'products':>9}"
    where = (
        f"{found.samples:,} {part} images, {found.parameters:,} parameters, {found.dtype} on {found.device}, "
        f"{found.seconds:.1f} s; ± is the error of the estimate for these images"
    )
    return "\n".join([head, *(_line(one) for one in found.results), where])
