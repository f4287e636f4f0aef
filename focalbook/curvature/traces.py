"""Trace of a curvature matrix, with its standard error."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from focalbook.curvature.estimators import hutch_plus_plus, hutchinson, signs, xtrace
from focalbook.curvature.operators import Operator, curvature_operator
from focalbook.curvature.pairs import gauss_newton_trace
from focalbook.curvature.piecewise import is_piecewise_linear
from focalbook.curvature.results import Trace

__all__ = ["METHODS", "operator_trace", "trace"]

METHODS = ("auto", "hutchinson", "hutch++", "xtrace")

#: Passes over the samples for the Gauss-Newton part, unless it is all.
PASSES = 2.0

Tick = Callable[[], object] | None


def trace(
    model: nn.Module,
    inputs: Tensor | NDArray[Any],
    labels: Tensor | NDArray[Any],
    *,
    gamma: float = 0.0,
    loss: nn.Module | None = None,
    matrix: str = "hessian",
    products: int | None = None,
    method: str = "auto",
    seed: int = 0,
    **options: Any,
) -> Trace:
    """Trace of a curvature matrix of the mean loss.

    Parameters
    ----------
    model, inputs, labels, gamma, loss, matrix, **options
        See :func:`focalbook.curvature.curvature_operator`.
    products : int, optional
        Products with the matrix; for "auto", products with the remainder or, where there is none, passes over
        the samples (as many as classes make the trace exact). By default 32; 2 passes.
    method : {"auto", "xtrace", "hutch++", "hutchinson"}
        "auto" takes the Gauss-Newton part from the gradients of single samples
        (:mod:`focalbook.curvature.pairs`) and, for a Hessian, adds the trace of the remainder: 0 for networks
        that are piecewise linear in each layer (:mod:`focalbook.curvature.piecewise`), else by XTrace, to
        which the remainder presents far less variance than the Hessian. The others know nothing of networks.
    seed : int
        Seed of the random vectors.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError
        As :func:`focalbook.curvature.curvature_operator`; an unknown method; too few products.

    Notes
    -----
    All methods are unbiased, and the number of products does not depend on what they find: a rule that stops
    when the estimate seems to have settled delivers a far larger error than it asks for, and the runs that
    stop first are biased.

    Examples
    --------
    >>> import torch
    >>> net = torch.nn.Linear(1, 2, bias=False)
    >>> _ = torch.nn.init.zeros_(net.weight)
    >>> round(trace(net, torch.ones(1, 1), torch.tensor([0]), products=2).value, 6)
    0.5
    """
    operator = curvature_operator(model, inputs, labels, gamma=gamma, loss=loss, matrix=matrix, **options)
    return operator_trace(operator, products=products, method=method, seed=seed)


def operator_trace(
    operator: Operator,
    *,
    products: int | None = None,
    method: str = "auto",
    seed: int = 0,
    tick: Tick = None,
) -> Trace:
    """The same as :func:`trace` for an operator; `tick` is called now and then."""
    began = time.perf_counter()
    if method not in METHODS:
        raise ValueError(f"method must be one of {METHODS}, got {method!r}.")
    least = {"auto": 1, "hutchinson": 2, "hutch++": 6, "xtrace": 4}[method]
    if products is not None and (isinstance(products, bool) or products < least):
        raise ValueError(f"products must be at least {least} for {method!r}, got {products}.")
    generator = torch.Generator().manual_seed(seed)
    if method == "auto":
        value, error, name, count = _auto(operator, products, generator, tick)
    else:
        before = operator.products
        value, error = _estimate(operator, method, products or 32, generator, tick)
        name, count = method, float(operator.products - before)
    return Trace(value, error, name, count, operator.samples, time.perf_counter() - began)


def _auto(
    operator: Operator, products: int | None, generator: torch.Generator, tick: Tick
) -> tuple[float, float, str, float]:
    if operator.matrix == "remainder":
        value, error = _estimate(operator, "xtrace", max(products or 32, 4), generator, tick)
        return value, error, "xtrace", float(operator.products)
    forward = operator.forward
    whole = operator.matrix == "gauss-newton" or _piecewise(operator)
    passes = PASSES if products is None or not whole else float(products)
    part = gauss_newton_trace(forward, operator.loss, passes, generator, tick)
    if whole:
        return part.value, part.error, "samples", part.passes
    rest = Operator(forward, operator.loss, "remainder", operator.share)
    value, error = _estimate(rest, "xtrace", max(products or 32, 4), generator, tick)
    return part.value + value, math.hypot(part.error, error), "samples + xtrace", part.passes + rest.products


def _piecewise(operator: Operator) -> bool:
    """Whether the Hessian has the trace of the Gauss-Newton matrix."""
    with operator.forward.running():
        logits = operator.forward.model(operator.forward.inputs[:1])
        return is_piecewise_linear(logits, operator.forward.parameters)


def _estimate(
    operator: Operator, method: str, count: int, generator: torch.Generator, tick: Tick
) -> tuple[float, float]:
    def products(rows: Tensor) -> Tensor:
        found = operator.products_of(list(rows))
        if tick is not None:
            tick()
        return torch.stack(found)

    drawn = count // 2 if method == "xtrace" else count
    drawn = min(drawn, operator.size if method == "xtrace" else drawn)
    like = torch.empty(0, dtype=operator.dtype, device=operator.device)
    probes = signs(drawn, operator.size, generator, like)
    if method == "hutchinson":
        return hutchinson(products, probes)
    return (hutch_plus_plus if method == "hutch++" else xtrace)(products, probes)
