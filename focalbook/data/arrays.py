"""Labelled images as arrays, where they come from, and a stratified split of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Images",
    "Provenance",
    "Split",
    "fingerprint",
    "statistics",
    "stratified_rows",
    "stratified_split",
]

_BLOCK = 256  # images hashed or summed at a time, so that copies of them stay in the cache


def fingerprint(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> str:
    """SHA-256 of the bytes of images and labels, in that order, as hexadecimal digits."""
    digest = hashlib.sha256()
    for start in range(0, len(images), _BLOCK):
        digest.update(np.ascontiguousarray(images[start : start + _BLOCK]).data)
    digest.update(np.ascontiguousarray(labels, dtype="<i8").data)
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

    def channels_first(self) -> NDArray[np.uint8]:
        """The images as (n, channels, height, width); grey images have one channel. A view, no copy."""
        if self.images.ndim == 3:
            return self.images[:, None]
        return self.images.transpose(0, 3, 1, 2)

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


def statistics(images: Images) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each channel over all images and pixels.

    Parameters
    ----------
    images : Images, not empty

    Returns
    -------
    mean, std : float64 arrays, shape (channels,)
        In units of the largest grey level, so between 0 and 1; the deviation divides by the number of pixels.
        The sums behind both are exact: they are integers below 2^53.
    """
    pixels = images.channels_first()
    n, channels, height, width = pixels.shape
    if n == 0:
        raise ValueError("statistics need at least one image, got none.")
    total, squares = np.zeros(channels), np.zeros(channels)
    for start in range(0, n, _BLOCK):
        block = pixels[start : start + _BLOCK].transpose(1, 0, 2, 3).reshape(channels, -1).astype(np.float64)
        total += block.sum(axis=1)
        squares += np.einsum("ij,ij->i", block, block)
    count = n * height * width
    mean = total / count
    variance = np.maximum(squares / count - mean**2, 0.0)
    return mean / images.levels, np.sqrt(variance) / images.levels


def stratified_rows(
    labels: NDArray[np.int64], classes: int, fraction: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that stay and rows that are held out, each class divided in the same proportion.

    Parameters
    ----------
    labels : int64 array, shape (n,)
        Classes 0 .. `classes` - 1.
    classes : int
    fraction : float, in (0, 1)
        Share of each class, rounded to the nearest image, that is held out.
    seed : int
        Equal seeds give equal rows.

    Returns
    -------
    tuple of two int64 arrays
        Each in ascending order; together they are all rows.

    Raises
    ------
    ValueError
        A class that would be missing from one part.
    """
    rng = np.random.default_rng(seed)
    held_out = np.zeros(len(labels), dtype=bool)
    for c in range(classes):
        rows = np.flatnonzero(labels == c)
        count = round(fraction * rows.size)
        if not 0 < count < rows.size:
            raise ValueError(
                f"class {c} has {rows.size} image(s): a fraction of {fraction} leaves one part without "
                f"that class."
            )
        held_out[rng.permutation(rows)[:count]] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


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
    train, test = stratified_rows(data.labels, data.classes, test_fraction, seed)
    return Split(data.subset(train, "train"), data.subset(test, "test"))
