"""Fashion-MNIST: four IDX files, as published or already unpacked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from focalbook.data.catalogue import DataSet
from focalbook.data.errors import DataError
from focalbook.data.idx import read_idx

__all__ = ["present", "read"]


def present(folder: Path, file: str) -> Path | None:
    """The file in this folder, plain or with .gz, or None."""
    return next((path for path in (folder / f"{file}.gz", folder / file) if path.is_file()), None)


def read(spec: DataSet, folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[str, ...]]:
    """Records of train and test part, and the names of the classes.

    Parameters
    ----------
    spec : DataSet
        Of kind "idx".
    folder : Path
        It holds all of ``spec.files``.

    Raises
    ------
    DataError
        A file that is missing, damaged, or of another size than Fashion-MNIST's.
    """
    train_images, train_labels, test_images, test_labels = spec.files
    train = _part(spec, folder, train_images, train_labels, spec.train * spec.classes)
    test = _part(spec, folder, test_images, test_labels, spec.test * spec.classes)
    return train, test, tuple(spec.names)


def _part(spec: DataSet, folder: Path, images: str, labels: str, n: int) -> NDArray[np.uint8]:
    records = np.empty((n, 1 + spec.pixels), dtype=np.uint8)
    for file, shape, place in ((labels, (n,), 0), (images, (n, *spec.shape[1:]), slice(1, None))):
        path = present(folder, file)
        if path is None:
            raise DataError(f"{folder / file}(.gz) is missing")
        array = read_idx(path, len(shape))
        if array.shape != shape:
            raise DataError(
                f"{path}: shape {array.shape}, expected {shape}: this is not {spec.title}'s {file}"
            )
        records[:, place] = array if array.ndim == 1 else array.reshape(n, -1)
    return records
