"""``focalbook data``: which data sets there are, and how they get to this computer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from focalbook.cli.errors import CommandError

if TYPE_CHECKING:
    from focalbook.data.arrays import Images
    from focalbook.data.download import Progress

__all__ = ["add_arguments", "main"]

_DETAILS = """
Digits come with scikit-learn. The other sets are downloaded from their
publishers, or taken from files that are here (--from), into a folder NAME below
$FOCALBOOK_DATA, else below this user's cache folder, else below --folder.
Everything is checked against published checksums, and nothing is ever loaded
by pickle. A download that was cut off goes on when the command is repeated.
Proxies are taken from the environment (https_proxy).
"""

_EXAMPLES = """examples:
  focalbook data list
  focalbook data fetch cifar100
  focalbook data fetch cifar10 --from ~/Downloads
  focalbook data verify cifar100
  focalbook data info digits
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the actions of ``focalbook data``."""
    parser.description = f"{parser.description}\n{_DETAILS}"
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    for action, summary in (
        ("list", "the data sets, and which are here"),
        ("fetch", "bring a data set to this computer"),
        ("verify", "read a data set and check all of it"),
        ("info", "sizes, classes, checksums and origin of a data set"),
    ):
        sub = actions.add_parser(
            action, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        if action != "list":
            sub.add_argument("name", metavar="NAME", help="digits, fashion-mnist, cifar10 or cifar100")
        sub.add_argument("--folder", type=Path, metavar="F", help="folder below which data sets lie")
        if action == "fetch":
            sub.add_argument(
                "--from",
                dest="source",
                type=Path,
                metavar="FOLDER",
                help="take the publisher's files from here, as downloaded or unpacked; download nothing",
            )
            sub.add_argument("-q", "--quiet", action="store_true", help="no progress bar")


def main(args: argparse.Namespace) -> int:
    """Run ``focalbook data``."""
    from focalbook.data.errors import DataError

    run = {"list": _list, "fetch": _fetch, "verify": _verify, "info": _info}[args.action]
    try:
        return run(args)
    except DataError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise CommandError(f"{where}{error.strerror or error}") from error


def _list(args: argparse.Namespace) -> int:
    from focalbook.data.catalogue import CATALOGUE
    from focalbook.data.errors import DataError
    from focalbook.data.folders import default_folder, locate

    root = args.folder or default_folder()
    print(f"{'name':<14} {'images':>7} {'shape':<12} {'classes':>7} {'download':>9}  where")
    print(f"{'digits':<14} {1797:>7,} {'8 x 8':<12} {10:>7} {'-':>9}  with scikit-learn")
    for spec in CATALOGUE.values():
        try:
            where = str(locate(spec, root) or "not here")
        except DataError as error:
            where = str(error)
        channels, height, width = spec.shape
        shape = f"{height} x {width}" + (f" x {channels}" if channels > 1 else "")
        size = sum(item.size for item in spec.downloads) / 1e6
        images = (spec.train + spec.test) * spec.classes
        print(f"{spec.name:<14} {images:>7,} {shape:<12} {spec.classes:>7} {size:>6.0f} MB  {where}")
    return 0


def _fetch(args: argparse.Namespace) -> int:
    if args.name == "digits":
        print("digits come with scikit-learn: there is nothing to fetch")
        return 0
    from focalbook.data.fetch import fetch

    with _progress_bar(args.quiet) as progress:
        place = fetch(args.name, args.folder, args.source, progress)
    print(f"{args.name} is in {place}")
    return 0


@contextmanager
def _progress_bar(quiet: bool) -> Iterator[Progress]:
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}

    def show(file: str, here: int, size: int) -> None:
        if file not in bars:
            bars[file] = tqdm(
                desc=file, initial=here, total=size, unit="B", unit_scale=True, unit_divisor=1024
            )
        bars[file].update(here - bars[file].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def _verify(args: argparse.Namespace) -> int:
    if args.name == "digits":
        from focalbook.data.digits import all_digits

        print(f"digits: {len(all_digits()):,} images with scikit-learn: as recorded")
        return 0
    from focalbook.data.catalogue import described
    from focalbook.data.errors import DataError
    from focalbook.data.sets import find, read_contents

    spec = described(args.name)
    place = find(spec, args.folder)
    try:
        contents = read_contents(spec, place)
    except DataError as error:
        print(f"{spec.name}: {error}", file=sys.stderr)
        return 1
    result = {
        "published": "as published",
        "receipt": "as fetched",
        "nothing": "sizes, labels and images of each class are right; nothing to compare the images with",
    }[contents.compared]
    train, test = len(contents.train.order), len(contents.test.order)
    print(f"{spec.name}: {train:,} training and {test:,} test images in {place}: {result}")
    return 0


def _info(args: argparse.Namespace) -> int:
    from focalbook.data.catalogue import described
    from focalbook.data.sets import find, load, read_contents

    if args.name == "digits":
        parts = load("digits", validation=0.0)
        _print_images(parts.train)
        _print_images(parts.test)
        return 0
    spec = described(args.name)
    place = find(spec, args.folder)
    contents = read_contents(spec, place)
    print(f"{spec.title}, in {place}")
    for part, name in ((contents.train, "train"), (contents.test, "test")):
        _print_images(part.images(spec, name))
        print(f"  content:      SHA-256 {part.content}")
    print(f"classes: {', '.join(contents.class_names)}")
    return 0


def _print_images(images: Images) -> None:
    import numpy as np

    from focalbook.data.arrays import statistics

    mean, std = statistics(images)
    counts = np.bincount(images.labels, minlength=images.classes)
    per_class = f"{counts.min():,}" + (f" to {counts.max():,}" if counts.min() < counts.max() else "")
    origin = images.provenance
    print(f"{origin.name}: {len(images):,} images, {per_class} of each of {images.classes} classes")
    print(f"  shape:        {' x '.join(map(str, origin.shape))}, grey levels 0 to {images.levels}")
    print(f"  mean, std:    {' '.join(f'{v:.4f}' for v in mean)}, {' '.join(f'{v:.4f}' for v in std)}")
    print(f"  source:       {origin.source}")
    print(f"  as loaded:    SHA-256 {origin.sha256}")
