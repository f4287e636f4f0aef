"""Dense curvature matrices of a small network: Fisher information, Gauss-Newton, Hessian, empirical Fisher.

Everything is made by automatic differentiation in double precision and averaged over the images, so that
equalities that are theorems show as rounding errors. The cost grows with the square of the number of
parameters times the images: meant for some hundreds of parameters.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, jacrev, vmap

from focalbook.nn.loss import focal_cross_entropy

__all__ = ["Local", "local"]

# Reverse over reverse differentiation everywhere: PyTorch's forward mode would first compile its rules, which
# takes longer than all matrices of a network together.
_LIMIT = 2000


@dataclass(frozen=True)
class Local:
    """A network at its weights, with the images and labels at which its curvature is measured.

    Attributes
    ----------
    outputs : callable
        Logits (n, K) as a function of the flat weights, shape (parameters,).
    weights : Tensor, shape (parameters,)
        Double precision.
    labels : Tensor, shape (n,)
    jacobian : Tensor, shape (n, K, parameters)
        Derivative of the logits in the weights.
    """

    outputs: Callable[[Tensor], Tensor]
    weights: Tensor
    labels: Tensor
    jacobian: Tensor

    @property
    def logits(self) -> Tensor:
        """Logits at the weights, shape (n, K)."""
        return self.outputs(self.weights)

    def _pull(self, middle: Tensor) -> Tensor:
        """Mean over images of J' M J, for matrices M of shape (n, K, K)."""
        n, k, size = self.jacobian.shape
        right = torch.bmm(middle, self.jacobian)
        return self.jacobian.reshape(n * k, size).T @ right.reshape(n * k, size) / n

    def fisher(self) -> Tensor:
        """Fisher information, from its definition: labels drawn from the model, outer products of scores."""
        q = torch.softmax(self.logits, dim=1)
        total = torch.zeros(self.jacobian.shape[2], self.jacobian.shape[2], dtype=q.dtype)
        for label in range(q.shape[1]):
            miss = -q + torch.nn.functional.one_hot(torch.tensor(label), q.shape[1])
            score = torch.einsum("nk,nkp->np", miss, self.jacobian)
            total += (score * q[:, label : label + 1]).T @ score
        return total / len(q)

    def empirical_fisher(self, gamma: float) -> Tensor:
        """Mean outer product of the gradients of the loss at the labels that were observed."""

        def one(z: Tensor, y: Tensor) -> Tensor:
            return focal_cross_entropy(z[None], y[None], gamma)

        slopes = vmap(grad(one))(self.logits, self.labels)
        each = torch.einsum("nk,nkp->np", slopes, self.jacobian)
        return each.T @ each / len(each)

    def gradient(self, gamma: float) -> Tensor:
        """Gradient of the mean loss."""
        return grad(lambda w: focal_cross_entropy(self.outputs(w), self.labels, gamma))(self.weights)

    def logit_hessian(self, gamma: float) -> Tensor:
        """Hessian of the loss in the logits, shape (n, K, K), by differentiation."""

        def one(z: Tensor, y: Tensor) -> Tensor:
            return focal_cross_entropy(z[None], y[None], gamma)

        return vmap(jacrev(grad(one)))(self.logits, self.labels)

    def gauss_newton(self, gamma: float) -> Tensor:
        """Generalised Gauss-Newton matrix: mean of J' H J, H the Hessian of the loss in the logits."""
        return self._pull(self.logit_hessian(gamma))

    def weighted(self, weight: Callable[[Tensor], Tensor]) -> Tensor:
        """Mean of weight(q_y) J'(diag q - q q')J, q_y the probability of the label."""
        q = torch.softmax(self.logits, dim=1)
        own = q.gather(1, self.labels[:, None])[:, 0]
        return self._pull(weight(own)[:, None, None] * self.logit_hessian(0.0))

    def hessian(self, gamma: float) -> Tensor:
        """Hessian of the mean loss in the weights."""
        slope = grad(lambda w: focal_cross_entropy(self.outputs(w), self.labels, gamma))
        return jacrev(slope)(self.weights)

    def divergence_hessian(self) -> Tensor:
        """Hessian, in the second argument, of the mean divergence from the network to a moved copy of it."""
        here = torch.log_softmax(self.logits, dim=1)

        def divergence(w: Tensor) -> Tensor:
            there = torch.log_softmax(self.outputs(w), dim=1)
            return (here.exp() * (here - there)).sum(dim=1).mean()

        return jacrev(grad(divergence))(self.weights)


def local(network: nn.Module, inputs: Tensor, labels: Tensor) -> Local:
    """Prepare a network for its curvature matrices.

    Parameters
    ----------
    network : nn.Module
        Maps (n, ...) to logits (n, K); converted to double precision on a copy. At most 2,000 parameters.
    inputs : Tensor, shape (n, ...)
    labels : integer Tensor, shape (n,)

    Returns
    -------
    Local

    Raises
    ------
    ValueError
        Too many parameters for dense matrices, or labels that do not fit the inputs.
    """
    twin = copy.deepcopy(network).double()
    named = dict(twin.named_parameters())
    count = sum(value.numel() for value in named.values())
    if count > _LIMIT:
        raise ValueError(
            f"the network has {count} parameters: dense matrices are meant for at most {_LIMIT}. "
            "Use a smaller network, or an estimator of the trace."
        )
    if labels.shape != inputs.shape[:1] or labels.is_floating_point():
        raise ValueError(
            f"labels must be integers of shape ({len(inputs)},), got {labels.dtype} {tuple(labels.shape)}."
        )
    x = inputs.double()
    sizes = [value.numel() for value in named.values()]
    shapes = [value.shape for value in named.values()]

    def spread(w: Tensor) -> dict[str, Tensor]:
        parts = [part.reshape(shape) for part, shape in zip(w.split(sizes), shapes, strict=True)]
        return dict(zip(named, parts, strict=True))

    def outputs(w: Tensor) -> Tensor:
        return functional_call(twin, spread(w), (x,))

    def single(w: Tensor, image: Tensor) -> Tensor:
        return functional_call(twin, spread(w), (image[None],))[0]

    weights = torch.cat([value.detach().reshape(-1) for value in named.values()])
    jacobian = vmap(jacrev(single), in_dims=(None, 0))(weights, x)
    return Local(outputs, weights, labels, jacobian)
