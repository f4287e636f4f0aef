"""Networks of each kind, small enough for dense matrices: what estimates of curvature are compared with.

A perceptron, a convolutional network with batch normalisation, one with a depthwise convolution, and a vision
transformer of one block, each trained for a moment on a part of the digits. Their Hessians are formed by
automatic differentiation in double precision, without any of the code of :mod:`focalbook.curvature`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from focalbook.campaigns.curvature_matrices import Local, local
from focalbook.curvature import Operator
from focalbook.data import Batches, load
from focalbook.nn import focal_cross_entropy
from focalbook.nn.models import build_model

__all__ = ["KINDS", "Dense", "KnownMatrix", "SmallNetwork", "dense", "small_network", "weights_digest"]

SHAPE, CLASSES = (1, 8, 8), 10

KINDS = ("perceptron", "batch norm", "depthwise", "attention")


@dataclass(frozen=True, eq=False)
class SmallNetwork:
    """A trained network with the images at which its curvature is measured.

    Attributes
    ----------
    kind : str
    model : nn.Module
        In evaluation mode, float32.
    inputs : Tensor, shape (n, 1, 8, 8)
    labels : Tensor, shape (n,)
    accuracy : float
        Share of these images that it names rightly; it was not trained on them.
    """

    kind: str
    model: nn.Module
    inputs: Tensor
    labels: Tensor
    accuracy: float

    @property
    def parameters(self) -> int:
        """Number of trained parameters."""
        return sum(p.numel() for p in self.model.parameters())


@dataclass(frozen=True)
class Dense:
    """Matrices of the mean focal loss, formed entry by entry in double precision.

    Attributes
    ----------
    hessian, gauss_newton : Tensor, shape (parameters, parameters)
    gradient : Tensor, shape (parameters,)
    """

    hessian: Tensor
    gauss_newton: Tensor
    gradient: Tensor

    def eigenvalues(self) -> NDArray[np.float64]:
        """Eigenvalues of the Hessian, ascending."""
        return torch.linalg.eigvalsh(self.hessian).numpy()


class KnownMatrix(Operator):
    """A dense matrix in the place of a network: the same iterations, at less cost.

    Parameters
    ----------
    matrix : Tensor, shape (size, size)
        Symmetric.
    slope : Tensor, shape (size,)
        What :meth:`gradient` returns.
    """

    def __init__(self, matrix: Tensor, slope: Tensor) -> None:
        self.known, self.slope = matrix, slope
        self.size, self.samples = len(matrix), 1
        self.device, self.dtype = matrix.device, matrix.dtype
        self.products, self.matrix = 0, "hessian"

    def products_of(self, vectors: Sequence[Tensor]) -> list[Tensor]:
        """Matrix times each of several vectors."""
        self.products += len(vectors)
        return [self.known @ v for v in vectors]

    def gradient(self) -> Tensor:
        """The vector that was given."""
        return self.slope


def _build(kind: str) -> nn.Module:
    if kind == "perceptron":
        return build_model("mlp", SHAPE, CLASSES, hidden=(6,))
    if kind == "batch norm":
        return build_model("cnn", SHAPE, CLASSES, widths=(4, 8))
    if kind == "attention":
        return build_model("vit", SHAPE, CLASSES, patch=4, dimension=6, depth=1, heads=2)
    if kind != "depthwise":
        raise ValueError(f"kind must be one of {KINDS}, got {kind!r}.")
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
        nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
        nn.Conv2d(8, 12, 1, bias=False), nn.BatchNorm2d(12), nn.ReLU6(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, CLASSES),
    )  # fmt: skip


def small_network(kind: str, *, images: int = 48, steps: int = 120, seed: int = 0) -> SmallNetwork:
    """Train a network of one kind with the cross-entropy, all training images in every step.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    images : int, 1 .. 126
        Validation images for the curvature.
    steps : int, >= 1
        Of Adam.
    seed : int
        Of the initial weights. PyTorch's global random state is left as it was.

    Returns
    -------
    SmallNetwork

    Raises
    ------
    ValueError
        An unknown kind, or more images than there are.
    """
    data = load("digits")
    if not 1 <= images <= len(data.validation):
        raise ValueError(f"images must lie between 1 and {len(data.validation)}, got {images}.")
    batches = Batches(data.train, len(data.train), shuffle=False)
    x, y = batches.select(range(400))
    with torch.random.fork_rng(devices=[]), sdpa_kernel(SDPBackend.MATH):
        torch.manual_seed(seed)
        model = _build(kind).train()
        optimiser = torch.optim.Adam(model.parameters(), 0.02)
        for _ in range(steps):
            optimiser.zero_grad()
            focal_cross_entropy(model(x), y, 0.0).backward()
            optimiser.step()
    model.eval()
    held, labels = batches.evaluation(data.validation).select(range(images))
    with torch.no_grad():
        accuracy = float((model(held).argmax(1) == labels).double().mean())
    return SmallNetwork(kind, model, held, labels, accuracy)


@cache
def dense(network: SmallNetwork, gamma: float = 0.0) -> Dense:
    """Hessian and Gauss-Newton matrix of the mean focal loss.

    Parameters
    ----------
    network : SmallNetwork
    gamma : float, >= 0

    Returns
    -------
    Dense
    """
    with sdpa_kernel(SDPBackend.MATH):
        at = _local(network)
        parts = at.hessian(gamma), at.gauss_newton(gamma), at.gradient(gamma)
    return Dense(*(part.detach() for part in parts))


@cache
def _local(network: SmallNetwork) -> Local:
    return local(network.model, network.inputs, network.labels)


def weights_digest(model: nn.Module) -> str:
    """First 16 digits of the SHA-256 of all weights and statistics of a network, to the bit."""
    parts = [value.detach().cpu().contiguous().numpy().tobytes() for value in model.state_dict().values()]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]
