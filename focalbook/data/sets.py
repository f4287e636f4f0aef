"""Any data set by its name, cut into training, validation and test part."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from focalbook.data import cifar, fashion
from focalbook.data.arrays import Images, stratified_rows
from focalbook.data.catalogue import DataSet, described
from focalbook.data.digits import load_digits
from focalbook.data.errors import DataError
from focalbook.data.folders import default_folder, locate
from focalbook.data.records import Part, checked_part

__all__ = ["RECEIPT", "Contents", "Partition", "find", "load", "read_contents"]

RECEIPT = "focalbook-content.json"  # content sums of data that was fetched, beside its files


@dataclass(frozen=True)
class Partition:
    """A data set in three parts.

    Attributes
    ----------
    train : Images
        To train on.
    validation : Images
        Held out of the published training part, to choose with; empty if a share of 0 was asked for.
    test : Images
        The published test part: to look at once in a run, at its end.
    class_names : tuple of str
    """

    train: Images
    validation: Images
    test: Images
    class_names: tuple[str, ...]


def load(name: str, folder: str | Path | None = None, *, validation: float = 0.1, seed: int = 0) -> Partition:
    """A data set, checked, with a stratified validation part held out of its training part.

    Parameters
    ----------
    name : str
        "digits", "fashion-mnist", "cifar10" or "cifar100".
    folder : str or Path, optional
        Where the files lie: the folder itself or one above it, named after the set or as published. Default:
        :func:`~focalbook.data.folders.default_folder`. Archives are read where they are.
    validation : float, in [0, 1)
        Share of each class that is held out, rounded to the nearest image.
    seed : int, at least 0
        Decides which images are held out. The test part does not depend on it.

    Returns
    -------
    Partition
        The images of published sets come in the order of their SHA-256, so that neither the parts nor
        anything computed from them depends on the order of the files. Digits have no published test part: it
        is that of :func:`~focalbook.data.digits.load_digits`.

    Raises
    ------
    DataError
        An unknown name; data that is missing (the message has the command that gets it), truncated, damaged
        or of another kind.
    ValueError
        `validation` or `seed` outside its range, or too few images to divide a class.

    Examples
    --------
    >>> digits = load("digits")
    >>> len(digits.train), len(digits.validation), len(digits.test)
    (1132, 126, 539)
    """
    if not 0.0 <= validation < 1.0:
        raise ValueError(f"validation must be a share of at least 0 and below 1, got {validation}.")
    if seed < 0:
        raise ValueError(f"seed must be at least 0, got {seed}.")
    if name == "digits":
        return _digits(validation, seed)
    spec = described(name)
    place = find(spec, folder)
    contents = read_contents(spec, place)
    rows, held_out = _rows(contents.train.labels, spec.classes, validation, seed)
    return Partition(
        contents.train.images(spec, "train", rows),
        contents.train.images(spec, "validation", held_out),
        contents.test.images(spec, "test"),
        contents.class_names,
    )


def find(spec: DataSet, folder: str | Path | None) -> Path:
    """The place of a data set.

    Raises
    ------
    DataError
        It is not there; the message has the command that gets it.
    """
    root = default_folder() if folder is None else Path(folder).expanduser()
    place = locate(spec, root)
    if place is None:
        option = "" if folder is None else f" --folder {shlex.quote(str(root))}"
        command = f"focalbook data fetch {spec.name}{option}"
        raise DataError(f"{spec.title} is not in {root}: get it with '{command}'")
    return place


@dataclass(frozen=True)
class Contents:
    """A published data set, complete and checked.

    Attributes
    ----------
    train, test : Part
    class_names : tuple of str
    compared : str
        What the content was compared with: "published" (sums in the catalogue), "receipt" (the sums noted
        when it was fetched) or "nothing" (sizes, labels and images of each class are right).
    """

    train: Part
    test: Part
    class_names: tuple[str, ...]
    compared: str


def read_contents(spec: DataSet, place: Path) -> Contents:
    """All of a data set, checked: sizes, labels, images of each class, and the content where it is known.

    Raises
    ------
    DataError
        Something is not as published; the message names the file.
    """
    train_records, test_records, names = (cifar if spec.kind == "cifar" else fashion).read(spec, place)
    train_files, test_files = spec.files[: -spec.test_files], spec.files[-spec.test_files :]
    train = checked_part(spec, train_records, spec.train, _where(place, train_files))
    test = checked_part(spec, test_records, spec.test, _where(place, test_files))
    compared, known = _known(spec, place)
    for part, files, expected in zip((train, test), (train_files, test_files), known, strict=True):
        if expected is not None and part.content != expected:
            raise DataError(
                f"{_where(place, files)}: the content has SHA-256 {part.content}, expected {expected}: "
                f"images or labels differ from the published ones; get them again"
            )
    return Contents(train, test, names, compared)


def _where(place: Path, files: tuple[str, ...]) -> str:
    return str(place / files[0]) if len(files) == 1 else f"{place} ({files[0]} to {files[-1]})"


def _known(spec: DataSet, place: Path) -> tuple[str, tuple[str | None, str | None]]:
    if spec.content is not None:
        return "published", spec.content
    if place.is_file():
        return "published", (None, None)  # the archive has the published checksums
    receipt = place / RECEIPT
    if not receipt.is_file():
        return "nothing", (None, None)
    try:
        noted = json.loads(receipt.read_text(encoding="utf-8"))
        return "receipt", (str(noted["train"]), str(noted["test"]))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{receipt}: expected the content sums of {spec.title}: remove it") from error


def _rows(labels: np.ndarray, classes: int, validation: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    if validation == 0.0:
        return np.arange(len(labels)), np.arange(0)
    return stratified_rows(labels, classes, validation, seed)


def _digits(validation: float, seed: int) -> Partition:
    split = load_digits()
    rows, held_out = _rows(split.train.labels, split.train.classes, validation, seed)
    kept, validated = split.train.subset(rows, "train"), split.train.subset(held_out, "validation")
    names = tuple(str(c) for c in range(split.train.classes))
    return Partition(_named(kept, "digits/train"), _named(validated, "digits/validation"), split.test, names)


def _named(images: Images, name: str) -> Images:
    return replace(images, provenance=replace(images.provenance, name=name))
