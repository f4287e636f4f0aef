"""Labelled images as arrays, where they come from, and a stratified split of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Images", "Provenance", "Split", "fingerprint", "stratified_split"]


def fingerprint(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> str:
    """SHA-256 of the bytes of images and labels, in that order, as hexadecimal digits."""
    digest = hashlib.sha256(np.ascontiguousarray(images).tobytes())
    digest.update(np.ascontiguousarray(labels, dtype="<i8").tobytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Provenance:
    """Where images come from and what exactly they are.

    Attributes
    ----------
    name, source : str
        Short name, and where the data was published.
    n : int
        Number of images.
    shape : tuple of int
        Shape of one image.
    sha256 : str
        :func:`fingerprint` of images and labels.
    """

    name: str
    source: str
    n: int
    shape: tuple[int, ...]
    sha256: str


@dataclass(frozen=True)
class Images:
    """Labelled images.

    Attributes
    ----------
    images : uint8 array, shape (n, height, width) or (n, height, width, channels)
        Grey levels 0 .. `levels`.
    labels : int64 array, shape (n,)
        Class of each image, 0 .. `classes` - 1.
    classes : int
    levels : int
        Largest possible grey level.
    provenance : Provenance
        Of exactly these images, a part of a data set included.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: int
    levels: int
    provenance: Provenance

    def __len__(self) -> int:
        return len(self.labels)

    def pixels(self) -> NDArray[np.float32]:
        """Images as float32 in [0, 1], same shape."""
        return self.images.astype(np.float32) / np.float32(self.levels)

    def subset(self, rows: NDArray[np.int64], part: str) -> Images:
        """Images of the given rows, in this order, named ``<name>/<part>``."""
        images, labels = self.images[rows], self.labels[rows]
        origin = self.provenance
        provenance = Provenance(
            f"{origin.name}/{part}", origin.source, len(rows), origin.shape, fingerprint(images, labels)
        )
        return Images(images, labels, self.classes, self.levels, provenance)


@dataclass(frozen=True)
class Split:
    """A data set cut in two: images to train on, and images to look at once, at the end."""

    train: Images
    test: Images


def stratified_split(data: Images, test_fraction: float, seed: int) -> Split:
    """Cut a data set in two so that every class is divided in the same proportion.

    Parameters
    ----------
    data : Images
    test_fraction : float, in (0, 1)
        Share of each class, rounded to the nearest image, that goes to the test part.
    seed : int
        Equal seeds give equal splits.

    Returns
    -------
    Split
        Both parts in the order of `data`; together they are the whole of it.

    Raises
    ------
    ValueError
        `test_fraction` outside (0, 1), or a class that would be missing from one part.
    """
    if not 0.0 < test_fraction < 1.0:
        raise ValueError(f"test_fraction must lie between 0 and 1, got {test_fraction}.")
    rng = np.random.default_rng(seed)
    held_out = np.zeros(len(data), dtype=bool)
    for c in range(data.classes):
        rows = np.flatnonzero(data.labels == c)
        count = round(test_fraction * rows.size)
        if not 0 < count < rows.size:
            raise ValueError(
                f"class {c} has {rows.size} image(s): a test fraction of {test_fraction} leaves one part "
                f"without that class."
            )
        held_out[rng.permutation(rows)[:count]] = True
    return Split(
        data.subset(np.flatnonzero(~held_out), "train"), data.subset(np.flatnonzero(held_out), "test")
    )
