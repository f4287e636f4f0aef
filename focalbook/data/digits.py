"""The embedded data set: handwritten digits of 8 x 8 pixels that come with scikit-learn."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from focalbook.data.arrays import Images, Provenance, Split, fingerprint, stratified_split

__all__ = ["all_digits", "load_digits"]

SOURCE = "UCI Optical Recognition of Handwritten Digits, test part, as shipped with scikit-learn"
SHA256 = "65e5b4619795efb40c1082f4c350c049e4ad552200d369b6ae99e21eef5e72c5"


@lru_cache(maxsize=1)
def all_digits() -> Images:
    """All 1,797 digits, 8 x 8 pixels, grey levels 0 .. 16, classes 0 .. 9.

    Returns
    -------
    Images
        The arrays are read-only, because every caller gets the same ones.

    Raises
    ------
    RuntimeError
        The installed scikit-learn ships other data than the one all results here rest on.
    """
    from sklearn.datasets import load_digits as shipped

    bunch = shipped()
    images = np.ascontiguousarray(bunch.images, dtype=np.uint8)
    labels = np.ascontiguousarray(bunch.target, dtype=np.int64)
    found = fingerprint(images, labels)
    if found != SHA256:
        raise RuntimeError(
            f"scikit-learn's digits have SHA-256 {found}, expected {SHA256}: the data has changed. "
            f"Install a scikit-learn between 1.5 and 1.9."
        )
    images.flags.writeable = labels.flags.writeable = False
    provenance = Provenance("digits", SOURCE, len(labels), images.shape[1:], found)
    return Images(images, labels, 10, 16, provenance)


def load_digits(test_fraction: float = 0.3, seed: int = 0) -> Split:
    """Digits, cut in two by class.

    Parameters
    ----------
    test_fraction : float, in (0, 1)
        Share of each class held out.
    seed : int
        Seed of the split.

    Returns
    -------
    Split
        ``.train`` and ``.test``, each an :class:`~focalbook.data.arrays.Images`.

    Raises
    ------
    ValueError
        `test_fraction` that leaves a part without a class.

    Examples
    --------
    >>> split = load_digits()
    >>> len(split.train) + len(split.test), split.test.images.shape[1:], str(split.test.images.dtype)
    (1797, (8, 8), 'uint8')
    """
    return stratified_split(all_digits(), test_fraction, seed)
