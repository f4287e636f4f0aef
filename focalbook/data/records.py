"""Records: one image a row, its class in the first byte, its pixels (channel, row, column) behind it.

All readers produce these, so that everything below is written once: the checks, the order and the content
sum.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.data.arrays import Images, Provenance, fingerprint
from focalbook.data.catalogue import DataSet
from focalbook.data.errors import DataError

__all__ = ["Part", "checked_part"]


@dataclass(frozen=True)
class Part:
    """The training or the test part of a data set, complete and checked.

    Attributes
    ----------
    records : uint8 array, shape (n, 1 + pixels)
        In the order of the files.
    order : int64 array, shape (n,)
        Rows of `records` by the SHA-256 of their bytes: an order that does not depend on that of the files.
    content : str
        SHA-256 of the sorted SHA-256 sums of the records; the order of the files does not matter here either.
    """

    records: NDArray[np.uint8]
    order: NDArray[np.int64]
    content: str

    @property
    def labels(self) -> NDArray[np.int64]:
        """Classes in that order."""
        return self.records[self.order, 0].astype(np.int64)

    def images(self, spec: DataSet, part: str, rows: NDArray[np.int64] | None = None) -> Images:
        """The images at positions `rows` of the order (None: all), named ``<name>/<part>``."""
        places = self.order if rows is None else self.order[rows]
        labels = self.records[places, 0].astype(np.int64)
        pixels = self.records[:, 1:][places].reshape(-1, *spec.shape)
        images = pixels[:, 0] if spec.shape[0] == 1 else pixels.transpose(0, 2, 3, 1)
        shape = images.shape[1:]
        origin = Provenance(
            f"{spec.name}/{part}", spec.source, len(labels), shape, fingerprint(images, labels)
        )
        return Images(images, labels, spec.classes, 255, origin)


def checked_part(spec: DataSet, records: NDArray[np.uint8], per_class: int, where: str) -> Part:
    """A part of a data set from its records.

    Raises
    ------
    DataError
        A label out of range, or a class with the wrong number of images; `where` names the file(s).
    """
    labels = records[:, 0]
    wrong = np.flatnonzero(labels >= spec.classes)
    if wrong.size:
        raise DataError(
            f"{where}: label {labels[wrong[0]]} in row {wrong[0]:,}, expected 0 to {spec.classes - 1}: "
            f"the file is damaged, or not {spec.title}"
        )
    counts = np.bincount(labels, minlength=spec.classes)
    odd = np.flatnonzero(counts != per_class)
    if odd.size:
        raise DataError(
            f"{where}: class {odd[0]} has {counts[odd[0]]:,} images, expected {per_class:,} of each: the "
            f"file is damaged, or not {spec.title}"
        )
    sums = [hashlib.sha256(row).digest() for row in records]
    order = np.array(sorted(range(len(sums)), key=sums.__getitem__), dtype=np.int64)
    content = hashlib.sha256(b"".join(sorted(sums))).hexdigest()
    return Part(records, order, content)
