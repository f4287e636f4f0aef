r"""Products of vectors with the Hessian, the Gauss-Newton matrix and what lies between them.

For a loss that is a mean over samples of l(z_n, y_n), z_n the logits and J_n their Jacobian in the weights,

    H = G + R,    G = mean J_n' H_n J_n,    R = mean sum_k (dl / dz_k) (second derivative of z_nk),

with H_n the Hessian of l in the logits. G is positive semidefinite if l is convex in the logits, which focal
loss is not: where q_y is small, H_n has a negative eigenvalue (claim GC-9).

The graph of the gradient is made once for each chunk of samples and kept: every product is then one backward
pass through it. A vector goes through G by way of J' as a function of what it is applied to, u -> J'u, whose
own backward pass is v -> Jv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from focalbook.curvature.forward import Forward
from focalbook.curvature.losses import RowLoss, row_loss
from focalbook.curvature.settings import full_precision

__all__ = ["MATRICES", "Operator", "curvature_operator"]

MATRICES = ("hessian", "gauss-newton", "remainder")


@dataclass(frozen=True)
class _Graph:
    """What is kept of a chunk.

    `first` is J'u: for the Hessian and the remainder as a function of the weights, with u the derivative of
    the loss in the logits; for the Gauss-Newton matrix as a function of u, the leaf `cotangent`, with
    `slope` the derivative of the loss as a function of `leaf`, the logits cut from the network.
    """

    logits: Tensor
    first: tuple[Tensor, ...]
    cotangent: Tensor | None = None
    leaf: Tensor | None = None
    slope: Tensor | None = None


class Operator:
    """A curvature matrix of the mean loss, known by its products with vectors.

    Parameters
    ----------
    forward : Forward
        Network and samples; several operators may share one, and with it the graph of the logits.
    loss : RowLoss
    matrix : {"hessian", "gauss-newton", "remainder"}
        "remainder" is Hessian minus Gauss-Newton.
    share : float, in (0, 1]
        Share of the memory budget that this operator may use.

    Attributes
    ----------
    products : int
        Products made so far, in passes over all samples.
    """

    def __init__(self, forward: Forward, loss: RowLoss, matrix: str = "hessian", share: float = 1.0) -> None:
        if matrix not in MATRICES:
            raise ValueError(f"matrix must be one of {MATRICES}, got {matrix!r}.")
        self.forward, self.loss, self.matrix, self.share = forward, loss, matrix, share
        self.size, self.samples = forward.size, forward.samples
        self.device, self.dtype = forward.device, forward.dtype
        self.divisor = loss.divisor(forward.labels)
        self.products = 0
        self._graphs: dict[int, _Graph] = {}
        self._version = forward.version

    def product(self, vector: Tensor) -> Tensor:
        """Matrix times vector, both flat: shape (parameters,), parameters in the order of the network."""
        return self.products_of([vector])[0]

    def products_of(self, vectors: Sequence[Tensor]) -> list[Tensor]:
        """Matrix times each of several vectors; where graphs are not kept, one graph serves all of them."""
        found = self.forward.halving(lambda: self._all_chunks(vectors))
        self.products += len(vectors)
        return found

    def gradient(self) -> Tensor:
        """Gradient of the mean loss, flat; free where the graphs of the Hessian are kept."""
        return self.forward.halving(self._gradient)

    def _all_chunks(self, vectors: Sequence[Tensor]) -> list[Tensor]:
        parts = [self.forward.split(v) for v in vectors]
        totals = [torch.zeros(self.size, dtype=self.dtype, device=self.device) for _ in vectors]
        with full_precision(self.device):
            for index in range(self.forward.chunks):
                graph = self._graph(index)
                for part, total in zip(parts, totals, strict=True):
                    total += _flat(self._one(graph, part))
        return totals

    def _gradient(self) -> Tensor:
        total = torch.zeros(self.size, dtype=self.dtype, device=self.device)
        with full_precision(self.device):
            for index in range(self.forward.chunks):
                graph = self._graph(index)
                if graph.slope is None:
                    total += _flat(graph.first).detach()
                else:
                    total += _flat(_grad(graph.logits, self.forward.parameters, graph.slope.detach()))
        return total

    def _graph(self, index: int) -> _Graph:
        if self._version != self.forward.version:
            self._graphs.clear()
            self._version = self.forward.version
        graph = self._graphs.get(index)
        if graph is None:
            keep = index < self.forward.kept(self.share)
            graph = self._build(index, keep)
            if keep:
                self._graphs[index] = graph
        return graph

    def _slope(self, leaf: Tensor, index: int, create_graph: bool = False) -> Tensor:
        """Derivative of the mean loss in the logits of a chunk."""
        loss = self.loss.total(leaf, self.forward.rows(index)[1]) / self.divisor
        return torch.autograd.grad(loss, leaf, create_graph=create_graph)[0]

    def _build(self, index: int, keep: bool) -> _Graph:
        logits = self.forward.logits(index, keep)
        weights = self.forward.parameters
        if self.matrix == "hessian":
            loss = self.loss.total(logits, self.forward.rows(index)[1]) / self.divisor
            return _Graph(logits, _grad(loss, weights, create_graph=True))
        leaf = logits.detach().requires_grad_()
        if self.matrix == "remainder":
            slope = self._slope(leaf, index)
            return _Graph(logits, _grad(logits, weights, slope, create_graph=True))
        slope = self._slope(leaf, index, create_graph=True)
        cotangent = torch.zeros_like(leaf, requires_grad=True)
        first = _grad(logits, weights, cotangent, create_graph=True)
        return _Graph(logits, first, cotangent, leaf, slope)

    def _one(self, graph: _Graph, vector: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Product with the part of a chunk."""
        weights = self.forward.parameters
        pairs = [(g, v) for g, v in zip(graph.first, vector, strict=True) if g.requires_grad]
        if not pairs:  # a network that is linear in its weights has no remainder
            return tuple(torch.zeros_like(p) for p in weights)
        first, parts = zip(*pairs, strict=True)
        if graph.cotangent is None:
            return _grad(first, weights, parts)
        (moved,) = _grad(first, [graph.cotangent], parts)  # J v
        assert graph.leaf is not None
        (bent,) = _grad(graph.slope, [graph.leaf], moved)
        return _grad(graph.logits, weights, bent)


def curvature_operator(
    model: nn.Module,
    inputs: Tensor | NDArray[Any],
    labels: Tensor | NDArray[Any],
    *,
    gamma: float = 0.0,
    loss: nn.Module | None = None,
    matrix: str = "hessian",
    dtype: torch.dtype = torch.float32,
    chunk: int | None = None,
    memory: float | None = None,
) -> Operator:
    """Curvature of the mean loss of a network as an operator on flat vectors.

    Parameters
    ----------
    model, inputs, labels, dtype, chunk, memory
        See :class:`focalbook.curvature.forward.Forward`.
    gamma : float, >= 0
        Focusing parameter of the focal loss; 0 is the cross-entropy.
    loss : nn.Module, optional
        Another loss, called as ``loss(logits, labels)``: a mean over rows, ``reduction="mean"``.
    matrix : {"hessian", "gauss-newton", "remainder"}
        "remainder" is Hessian minus Gauss-Newton.

    Returns
    -------
    Operator

    Raises
    ------
    ValueError
        As :class:`focalbook.curvature.forward.Forward`; an unknown matrix; gamma negative or not finite; a
        loss that is not a mean.

    Examples
    --------
    >>> import torch
    >>> net = torch.nn.Linear(1, 2, bias=False)
    >>> H = curvature_operator(net, torch.ones(1, 1), torch.tensor([0]))
    >>> H.product(torch.ones(2)).abs().max().item() < 1e-6
    True
    """
    rows = row_loss(gamma, loss)
    forward = Forward(model, inputs, labels, dtype=dtype, chunk=chunk, memory=memory, ignored=rows.ignored)
    return Operator(forward, rows.on(forward.device, dtype), matrix)


def _grad(
    outputs: Any, inputs: Sequence[Tensor], cotangents: Any = None, create_graph: bool = False
) -> tuple[Tensor, ...]:
    """Derivatives, zero where there is no dependence; the graph survives."""
    return torch.autograd.grad(
        outputs,
        inputs,
        cotangents,
        retain_graph=True,
        create_graph=create_graph,
        allow_unused=True,
        materialize_grads=True,
    )


def _flat(parts: Sequence[Tensor]) -> Tensor:
    return torch.cat([part.reshape(-1) for part in parts])
