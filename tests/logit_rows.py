"""Rows of logits that tests of several losses share, and the focal loss of a row at 60 digits."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import mpmath as mp
import torch
from torch import Tensor

EXTREMES = (-1e4, -120.0, -17.0, -1.0, 0.0, 1.0, 17.0, 120.0, 1e4)
Compile = Callable[[Callable[..., Any]], Callable[..., Any]]
DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def extreme_rows(dtype: torch.dtype) -> Tensor:
    """Every row of three extreme logits."""
    rows = torch.tensor(list(itertools.product(EXTREMES, repeat=3)), dtype=torch.float64)
    return rows.to(dtype)


def exact_loss(logits: list[float], target: list[float], gamma: float) -> mp.mpf:
    """sum_i t_i (1 - q_i)^gamma (-log q_i), every 1 - q summed over the other classes."""
    with mp.workdps(60):
        z = [mp.mpf(x) for x in logits]
        top = max(z)
        e = [mp.exp(x - top) for x in z]
        total = mp.fsum(e)
        out = mp.mpf(0)
        for i, t in enumerate(target):
            if t:
                c = mp.fsum(x for j, x in enumerate(e) if j != i) / total
                surprisal = mp.log1p(mp.fsum(mp.exp(x - z[i]) for j, x in enumerate(z) if j != i))
                out += mp.mpf(t) * c ** mp.mpf(gamma) * surprisal
        return out


def exact_gradient(logits: list[float], target: list[float], gamma: float) -> list[float]:
    """d loss / d z_j = sum_i t_i h(q_i) (q_j - [i = j]), at 60 digits."""
    with mp.workdps(60):
        z = [mp.mpf(x) for x in logits]
        e = [mp.exp(x - max(z)) for x in z]
        total = mp.fsum(e)
        q = [x / total for x in e]
        c = [mp.fsum(x for j, x in enumerate(e) if j != i) / total for i in range(len(z))]
        g = mp.mpf(gamma)
        h = []
        for i in range(len(z)):
            b = mp.log1p(mp.fsum(mp.exp(x - z[i]) for j, x in enumerate(z) if j != i))
            h.append(c[i] ** g + g * q[i] * c[i] ** (g - 1) * b)
        pull = [mp.mpf(t) * x for t, x in zip(target, h, strict=True)]
        grad = []
        for j in range(len(z)):
            others = mp.fsum(x for i, x in enumerate(pull) if i != j)
            grad.append(float(q[j] * others - c[j] * pull[j]))
        return grad
