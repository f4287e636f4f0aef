"""``focalbook train``: one network, trained, measured, and kept as a record and a checkpoint."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from focalbook.cli.errors import CommandError

if TYPE_CHECKING:
    from focalbook.store import Metric, Record
    from focalbook.training import RunConfig

__all__ = ["add_arguments", "main"]

_DETAILS = """
Trains one network, measures accuracy, log loss, Brier score and calibration
error on validation and test images, as it is and after recovery (focal loss)
and temperature scaling, and prints a summary. The temperature is fitted on
the validation images; the test images are looked at once, at the end.

Settings: those of --config, then the options, then --set; later ones win.
'focalbook train --list' names data sets, models, losses and all settings.
"""

_EXAMPLES = """examples:
  focalbook train --data digits --model mlp --gamma 2
  focalbook train --config run.toml --seed 1 --record runs/1.json --checkpoint runs/1.npz
  focalbook train --data digits --set 'model_options.hidden=[32, 32]' --record - | jq .metrics
  focalbook train --data cifar100 --model resnet18 --crop 4 --flip --precision bf16 --compile
"""

#: Options that stand for a setting: kind, placeholder, help.
_SETTINGS: dict[str, tuple[type, str, str]] = {
    "data": (str, "NAME", "data set"),
    "model": (str, "NAME", "architecture"),
    "loss": (str, "NAME", "loss"),
    "gamma": (float, "G", "gamma of the loss, at least 0"),
    "label-smoothing": (float, "E", "share of the uniform distribution in the targets"),
    "mixup": (float, "A", "alpha of mixup; 0 for none"),
    "optimiser": (str, "NAME", "sgd or adamw"),
    "learning-rate": (float, "R", "peak learning rate"),
    "weight-decay": (float, "D", "weight decay, per unit of learning rate"),
    "schedule": (str, "NAME", "one-cycle, cosine or constant"),
    "epochs": (int, "N", "passes through the training images"),
    "batch-size": (int, "N", "images in a step"),
    "crop": (int, "N", "largest shift of a random crop, in pixels"),
    "precision": (str, "NAME", "float32, tf32 or bf16"),
    "sam-rho": (float, "R", "radius of sharpness-aware minimisation; 0 for none"),
    "validation": (float, "S", "share of the training images that is held out"),
    "seed": (int, "N", "seed of everything random"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``focalbook train``."""
    parser.description = f"{parser.description}\n{_DETAILS}"
    parser.epilog = _EXAMPLES
    settings = parser.add_argument_group("settings (part of the record's identity)")
    for name, (kind, placeholder, text) in _SETTINGS.items():
        settings.add_argument(f"--{name}", type=kind, metavar=placeholder, help=text)
    settings.add_argument(
        "--flip", action=argparse.BooleanOptionalAction, help="mirror half of the training images"
    )
    settings.add_argument("--config", type=Path, metavar="FILE", help="TOML file of settings")
    settings.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="any setting; may be repeated"
    )
    parser.add_argument(
        "--record",
        metavar="FILE",
        help="write the record here (.json, arrays beside it), or - to print it alone",
    )
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="write the network here (.npz)")
    parser.add_argument("--data-folder", type=Path, metavar="DIR", help="where data sets lie")
    parser.add_argument("--device", default="auto", metavar="NAME", help="cpu, cuda, cuda:1; default: auto")
    parser.add_argument("--threads", type=int, metavar="N", help="threads of PyTorch on the CPU")
    parser.add_argument(
        "--compile", nargs="?", const=True, default=False, metavar="MODE", help="torch.compile, in this mode"
    )
    parser.add_argument("--list", action="store_true", help="name what can be chosen, and leave")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress bar and no summary")


def main(args: argparse.Namespace) -> int:
    """Run ``focalbook train``."""
    if args.list:
        print(_choices())
        return 0
    with _warnings_as_lines():
        try:
            return _train(args)
        except (ValueError, FloatingPointError, MemoryError) as error:
            raise CommandError(str(error)) from error


def _train(args: argparse.Namespace) -> int:
    from focalbook.campaigns.single import record_of
    from focalbook.training import load_parts, train

    config = _config(args)
    _check_outputs(args)
    data = load_parts(config, args.data_folder)
    run = train(
        config,
        data,
        device=args.device,
        progress=not args.quiet and sys.stderr.isatty(),
        compile=args.compile,
        threads=args.threads,
    )
    if args.checkpoint is not None:
        run.save(args.checkpoint)
    record = record_of(run, data)
    _write(record, args.record)
    if not args.quiet:
        print(_summary(record, config), file=sys.stderr if args.record == "-" else sys.stdout)
    return 0


def _config(args: argparse.Namespace) -> RunConfig:
    """The configuration that file, options and ``--set`` ask for."""
    from focalbook.training import RunConfig
    from focalbook.training.files import merged, parse_settings, read_config

    keys = [*(name.replace("-", "_") for name in _SETTINGS), "flip"]
    above: dict[str, Any] = {key: getattr(args, key) for key in keys if getattr(args, key) is not None}
    above = merged(above, parse_settings(args.set))
    return RunConfig.from_dict(above) if args.config is None else read_config(args.config, above)


def _check_outputs(args: argparse.Namespace) -> None:
    """Refuse outputs that cannot be written before anything is trained."""
    from focalbook.io.atomic import check_target

    if args.threads is not None and args.threads < 1:
        raise CommandError(f"--threads must be at least 1, got {args.threads}")
    if args.record not in (None, "-"):
        if Path(args.record).suffix != ".json":
            raise CommandError(f"--record {args.record}: the name must end in .json (or be - to print it)")
        check_target(Path(args.record))
    if args.checkpoint is not None:
        if args.checkpoint.suffix != ".npz":
            raise CommandError(f"--checkpoint {args.checkpoint}: the name must end in .npz")
        check_target(args.checkpoint)
        if args.record is not None and Path(args.record).with_suffix(".npz") == args.checkpoint:
            raise CommandError(
                "the arrays of --record would lie where --checkpoint does: choose another name"
            )


def _write(record: Record, target: str | None) -> None:
    from focalbook.store import record_text, write_record

    if target == "-":
        sys.stdout.write(record_text(dataclasses.replace(record, arrays={})))
    elif target is not None:
        path = Path(target)
        write_record(record, path.parent, path.name)


def _summary(record: Record, config: RunConfig) -> str:
    metrics = record.metrics
    rate, seconds = metrics["images per second"].value, metrics["training seconds"].value
    lines = [
        f"{config.model} on {config.data}, {config.loss} loss, gamma = {config.gamma:g}, seed {config.seed} "
        f"(run {record.id})",
        f"{metrics['parameters'].value:,.0f} parameters, {seconds:.1f} s on {record.provenance.device}, "
        f"{rate:,.0f} images/s",
        "",
        f"{'':28}{'accuracy':>25}{'log loss':>25}{'ECE, 15 bins':>25}",
    ]
    ends = [name.removeprefix("test nll") for name in metrics if name.startswith("test nll")]
    for part, end in [("validation", ""), *(("test", end) for end in ends)]:
        if f"{part} nll{end}" in metrics:
            label = part + end
            cells = (_cell(metrics[f"{part} {measure}{end}"]) for measure in ("accuracy", "nll", "ece"))
            lines.append(f"{label:28}{''.join(f'{cell:>25}' for cell in cells)}")
    return "\n".join(lines)


def _cell(metric: Metric) -> str:
    """A value and its interval."""
    return f"{metric.value:.4f} [{metric.low:.4f}, {metric.high:.4f}]"


def _choices() -> str:
    from focalbook.data.catalogue import NAMES
    from focalbook.nn.models import MODELS
    from focalbook.training import RunConfig
    from focalbook.training.losses import LOSSES

    lines = [
        f"data sets: {', '.join(NAMES)}",
        f"models:    {', '.join(sorted(MODELS))}",
        f"losses:    {', '.join(LOSSES)}",
        "settings and their defaults:",
    ]
    return "\n".join([*lines, *(f"  {key} = {value!r}" for key, value in RunConfig().to_dict().items())])


@contextmanager
def _warnings_as_lines() -> Iterator[None]:
    """Show the project's own warnings as one line each on standard error."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", RuntimeWarning)
        shown = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if category is RuntimeWarning:
                print(f"focalbook train: {message}", file=sys.stderr)
            else:
                shown(message, category, *where, **more)

        warnings.showwarning = show
        yield
