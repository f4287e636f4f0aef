"""A multi-layer perceptron for small images."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from torch import Tensor, nn

__all__ = ["MLP"]


class MLP(nn.Module):
    """Fully connected layers with an activation between them.

    Parameters
    ----------
    shape : tuple of int
        Shape of one input; flattened.
    classes : int, >= 2
        Number of logits.
    hidden : sequence of int
        Width of each hidden layer; empty for a linear classifier.
    activation : callable
        Makes the layer between two linear ones; rectified linear units unless given.

    Raises
    ------
    ValueError
        Fewer than two classes, or a width below 1.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        classes: int,
        hidden: Sequence[int] = (128, 128),
        activation: Callable[[], nn.Module] = nn.ReLU,
    ) -> None:
        super().__init__()
        if classes < 2:
            raise ValueError(f"at least two classes are needed, got {classes}.")
        if any(width < 1 for width in hidden):
            raise ValueError(f"hidden widths must be at least 1, got {tuple(hidden)}.")
        widths = [math.prod(shape), *hidden]
        layers: list[nn.Module] = [nn.Flatten()]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Linear(before, after), activation()]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], classes))

    def forward(self, x: Tensor) -> Tensor:
        """Logits, shape (n, classes), of inputs of shape (n, *shape)."""
        return self.layers(x)
