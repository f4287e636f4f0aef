"""What the choice of the images does to a curvature: the error that no estimator of one matrix can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from focalbook.curvature import curvature_operator, extreme_eigenvalues, operator_trace
from focalbook.data import Batches, load
from focalbook.training import RunConfig, train

__all__ = ["Sampled", "sampling_error"]

Float = NDArray[np.float64]

#: Half of the training images is held out, so that there is something to draw from.
NETWORK = RunConfig(
    data="digits", validation=0.5, model="mlp", model_options={"hidden": [16]}, epochs=30, learning_rate=0.1
)


@dataclass(frozen=True)
class Sampled:
    """Curvature of one network over subsets of held-out images.

    Attributes
    ----------
    sizes : tuple of int
        Images in a subset.
    trace, top : array, shape (sizes, subsets)
        Exact trace and largest eigenvalue of the Hessian of the mean loss over the subset.
    stated : array, shape (sizes, subsets)
        Error that the eigenvalue comes with; that of the trace is 0, but for rounding.
    whole : tuple of float
        Trace and largest eigenvalue over all images.
    images : int
        All of them.
    gamma : float
        Of the loss whose curvature it is.
    """

    sizes: tuple[int, ...]
    trace: Float
    top: Float
    stated: Float
    whole: tuple[float, float]
    images: int
    gamma: float

    def spread(self, values: Float) -> Float:
        """Standard deviation over subsets, relative to the mean, for each size."""
        return values.std(axis=1, ddof=1) / values.mean(axis=1)


def sampling_error(
    config: RunConfig = NETWORK,
    sizes: Sequence[int] = (25, 50, 100, 200, 400),
    subsets: int = 24,
    gamma: float = 0.0,
    seed: int = 0,
) -> Sampled:
    """Measure one network on many subsets of its validation images.

    Parameters
    ----------
    config : RunConfig
        A network that is piecewise linear in each layer, so that its traces are exact.
    sizes : sequence of int
        Images in a subset, at most as many as there are.
    subsets : int, >= 2
        Random subsets of each size.
    gamma : float
        Of the loss whose curvature is measured.
    seed : int

    Returns
    -------
    Sampled

    Raises
    ------
    ValueError
        A subset larger than the validation part.
    """
    data = load(config.data, validation=config.validation, seed=config.split_seed)
    count = len(data.validation)
    if max(sizes) > count:
        raise ValueError(f"subsets may have at most {count} images, got {max(sizes)}.")
    run = train(config, data, device="cpu")
    x, y = Batches(data.validation, count, shuffle=False, mean=run.mean, std=run.std).select()
    rng = np.random.default_rng(seed)

    def measured(rows: NDArray[np.int64]) -> tuple[float, float, float]:
        operator = curvature_operator(run.model, x[rows], y[rows], gamma=gamma)
        top = extreme_eigenvalues(operator, tolerance=1e-3)
        return operator_trace(operator, products=run.classes).value, top.value, top.error

    each = [[measured(rng.permutation(count)[:size]) for _ in range(subsets)] for size in sizes]
    trace, top, stated = np.moveaxis(np.array(each), -1, 0)
    whole = measured(np.arange(count))
    return Sampled(tuple(sizes), trace, top, stated, whole[:2], count, gamma)
