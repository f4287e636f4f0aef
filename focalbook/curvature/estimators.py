"""Estimators of the trace of a symmetric matrix known by its products, each with its standard error."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["hutch_plus_plus", "hutchinson", "mean_and_error", "signs", "xtrace"]

#: Matrix times vectors, both as rows: (m, size) -> (m, size).
Products = Callable[[Tensor], Tensor]


def signs(count: int, size: int, generator: torch.Generator, like: Tensor) -> Tensor:
    """Random rows of +1 and -1, drawn on the CPU so that they do not depend on the device."""
    drawn = torch.randint(2, (count, size), generator=generator, dtype=torch.int8)
    return (2 * drawn - 1).to(like.device, like.dtype)


def mean_and_error(values: Tensor) -> tuple[float, float]:
    """Mean and its standard error; infinite for a single value."""
    values = values.double()
    if len(values) < 2:
        return float(values.mean()), math.inf
    return float(values.mean()), float(values.std() / math.sqrt(len(values)))


def hutchinson(products: Products, probes: Tensor) -> tuple[float, float]:
    """Mean of v'Av over the rows of `probes`, of independent signs: ``hutchinson1989stochastic``."""
    return mean_and_error(torch.linalg.vecdot(probes, products(probes)))


def hutch_plus_plus(products: Products, probes: Tensor) -> tuple[float, float]:
    """Trace on the range of A S plus Hutchinson's estimate off it; a third of the rows for each.

    The error is that of the second part, the only one that is random given the range.
    ``meyer2021hutch``, algorithm 1.
    """
    third = len(probes) // 3
    range_, _ = torch.linalg.qr(products(probes[:third]).mT)  # (size, third)
    inside = float(torch.linalg.vecdot(range_.mT, products(range_.mT.contiguous())).sum())
    rest = probes[2 * third :]
    rest = rest - (rest @ range_) @ range_.mT
    mean, error = mean_and_error(torch.linalg.vecdot(rest, products(rest)))
    return inside + mean, error


def xtrace(products: Products, probes: Tensor) -> tuple[float, float]:
    """XTrace with half of the products for `probes`, half for the basis of their images.

    Each of the m probes in turn tests what the space of the other images leaves over; the estimate is the
    mean of the m values, the error their standard deviation over sqrt(m). ``epperly2024xtrace``, Section 2.1
    and the implementation of its appendix, with probes normalised on the complement of the space.

    Parameters
    ----------
    products : callable
        Matrix times vectors.
    probes : Tensor, shape (m, size), m >= 2
        2 m products are made.
    """
    m, size = probes.shape
    images = products(probes)
    q, r = torch.linalg.qr(images.mT)  # (size, m), (m, m)
    of_basis = products(q.mT.contiguous()).mT  # A Q, (size, m)
    h = q.mT @ of_basis
    t = q.mT @ probes.mT  # Q' Omega
    z = of_basis.mT @ probes.mT  # (A Q)' Omega
    # column i of s: the unit vector, in the coordinates of Q, orthogonal to all images but the i-th
    s = torch.linalg.inv(r).mT
    s = s / torch.linalg.vector_norm(s, dim=0)
    leftover = _diag(s, t)  # s_i' Q' omega_i
    norm = (probes.square().sum(1) - t.square().sum(0) + leftover**2).clamp_min(
        torch.finfo(probes.dtype).tiny
    )
    scale = (size - m + 1) / norm
    shs = _diag(s, h @ s)
    x = t - s * leftover  # Q_i' omega_i in the coordinates of Q
    quadratic = torch.linalg.vecdot(probes, images) + _diag(x, h @ x) - 2 * _diag(x, z)
    values = torch.trace(h) - shs + scale * quadratic
    return mean_and_error(values)


def _diag(a: Tensor, b: Tensor) -> Tensor:
    """Diagonal of a'b."""
    return (a * b).sum(0)
