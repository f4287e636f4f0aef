"""curvlinops and PyHessian, where they are installed. Neither is a requirement."""

from __future__ import annotations

import contextlib
import io
import warnings
from importlib import metadata
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

__all__ = ["curvlinops", "pyhessian_class", "versions"]

#: Model, inputs, labels.
Case = tuple[nn.Module, Tensor, Tensor]


def curvlinops() -> Any | None:
    """The module, or None."""
    try:
        import curvlinops as module
    except (ImportError, RuntimeError):  # its torchvision may not fit the build of torch
        return None
    return module


def pyhessian_class() -> Any | None:
    """PyHessian's class, or None."""
    try:
        from pyhessian import hessian
    except (ImportError, RuntimeError):
        return None
    return hessian


def versions() -> dict[str, str]:
    """Versions of the peers that can be imported."""
    found = {"curvlinops-for-pytorch": curvlinops(), "pyhessian": pyhessian_class()}
    return {name: metadata.version(name) for name, module in found.items() if module is not None}


def curvlinops_operator(case: Case, check: bool = True) -> Any:
    """Its Hessian of the mean cross-entropy; `check` that products are deterministic is its default."""
    model, x, y = case
    module = curvlinops()
    assert module is not None
    parameters = [p for p in model.parameters() if p.requires_grad]
    loss = nn.CrossEntropyLoss()
    return module.HessianLinearOperator(model, loss, parameters, [(x, y)], check_deterministic=check)


def curvlinops_top(case: Case, **options: Any) -> float:
    """Largest eigenvalue by scipy's ``eigsh``, at its defaults unless options are given."""
    from scipy.sparse.linalg import eigsh

    operator = curvlinops_operator(case, check=not options).to_scipy()
    return float(eigsh(operator, k=1, which="LA", return_eigenvectors=False, **options)[0])


def curvlinops_trace(case: Case, products: int) -> float:
    """XTrace, with an even number of products."""
    module = curvlinops()
    assert module is not None
    return float(module.xtrace(curvlinops_operator(case, check=False), products))


def _pyhessian(case: Case) -> Any:
    model, x, y = case
    kind = pyhessian_class()
    assert kind is not None
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # it calls backward with create_graph
        return kind(model, lambda z, t: cross_entropy(z, t), data=(x, y), cuda=False)


def pyhessian_top(case: Case, products: int) -> float:
    """Power iteration with a given number of products."""
    try:
        return float(_pyhessian(case).eigenvalues(maxIter=products, tol=0.0)[0][0])
    finally:
        _forget(case[0])


def pyhessian_trace(case: Case, products: int) -> list[float]:
    """Its values v'Hv for a given number of products, without its stopping rule."""
    try:
        return [float(v) for v in _pyhessian(case).trace(maxIter=products, tol=-1.0)]
    finally:
        _forget(case[0])


def _forget(model: nn.Module) -> None:
    """Let go of the graph that PyHessian keeps in the gradients of the parameters."""
    for parameter in model.parameters():
        parameter.grad = None


def seed(number: int) -> None:
    """The peers draw from PyTorch's and NumPy's global generators."""
    torch.manual_seed(number)
    np.random.seed(number)  # noqa: NPY002
