r"""Networks whose Hessian has exactly the trace of its Gauss-Newton matrix: piecewise linear in each layer.

If every weight enters a network at one place only, in a layer that is linear in its weights, and all that
follows is piecewise linear in its input, then each logit is piecewise linear in each single weight. Its
second derivative in that weight vanishes, so the remainder R of H = G + R has a zero diagonal: diag H = diag
G. That covers multi-layer perceptrons, convolutional and residual networks with rectified linear units, max
or average pooling and batch normalisation in evaluation mode. It does not cover smooth activations,
attention, layer normalisation, nor weights that are used twice.

Whether it holds is read off the graph of the logits, so that no claim about the code of a network is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn

__all__ = ["is_piecewise_linear"]

# Names as autograd gives them, without the number at their end. Linear or piecewise linear in one input:
_LINEAR = {
    "Add", "AdaptiveAvgPool2D", "Alias", "AsStrided", "AvgPool1D", "AvgPool2D", "Cat", "Clone",
    "ConstantPadNd", "Expand", "Flatten", "Flip", "Hardtanh", "LeakyRelu", "MaxPool1DWithIndices",
    "MaxPool2DWithIndices", "Mean", "Neg", "Permute", "Relu", "ReshapeAlias", "Reshape", "Select", "Slice",
    "Split", "SplitWithSizes", "Squeeze", "Stack", "Sub", "Sum", "T", "Threshold", "ToCopy", "Transpose",
    "UnsafeView", "Unsqueeze", "View",
}  # fmt: skip
# Linear in each of several inputs, so at most one may depend on more than a weight itself:
_BILINEAR = {
    "Addmm", "BatchNorm", "Bmm", "Convolution", "CudnnBatchNorm", "CudnnConvolution", "Div",
    "MkldnnConvolution", "Mm", "Mul", "Mv", "NativeBatchNorm",
}  # fmt: skip
_VIEWS = {"T", "View", "Transpose", "Permute", "UnsafeView", "ReshapeAlias", "Expand", "Unsqueeze", "Squeeze"}


def _kind(node: Any) -> str:
    return node.name().rstrip("0123456789").removesuffix("Backward")


def _leaf(node: Any) -> Any | None:
    """The parameter behind a node that only views it."""
    while _kind(node) in _VIEWS and len(node.next_functions) == 1 and node.next_functions[0][0] is not None:
        node = node.next_functions[0][0]
    return node.variable if hasattr(node, "variable") else None


def is_piecewise_linear(logits: Tensor, parameters: Sequence[nn.Parameter]) -> bool:
    """Whether each logit is piecewise linear in each single weight, by the graph of the logits.

    Parameters
    ----------
    logits : Tensor
        With their graph; batch normalisation in evaluation mode.
    parameters : sequence of nn.Parameter

    Returns
    -------
    bool
        True is a proof; False also where an operation is not known here.
    """
    wanted = {id(p) for p in parameters}
    uses: dict[int, int] = {}
    seen: set[Any] = set()
    stack = [logits.grad_fn]
    while stack:
        node = stack.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        kind = _kind(node)
        into = [n for n, _ in node.next_functions if n is not None]
        leaves = [_leaf(n) for n in into]
        signals = [n for n, leaf in zip(into, leaves, strict=True) if leaf is None]
        if kind == "Div" and node.next_functions[-1][0] is not None:
            return False
        if kind in _BILINEAR:
            if len(signals) > (0 if kind == "Div" and len(into) > 1 else 1):
                return False
        elif kind not in _LINEAR:
            return False
        for leaf in leaves:
            if leaf is not None:
                uses[id(leaf)] = uses.get(id(leaf), 0) + 1
        stack += signals
    return all(uses.get(key, 0) <= 1 for key in wanted)
