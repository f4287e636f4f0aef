"""Log-odds of softmax probabilities without cancellation: the one number on which focal loss depends.

For logits z, the probability q_i of class i has the log-odds

    d_i = log(q_i / (1 - q_i)) = z_i - logsumexp_{j != i} z_j,

and log q_i = logsigmoid(d_i), log(1 - q_i) = logsigmoid(-d_i). Neither form loses digits when q_i rounds to
0 or to 1, and every function here is smooth in the logits as far as automatic differentiation sees it: any
derivative, in any mode, is finite for finite logits.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

__all__ = [
    "all_log_odds",
    "focal_from_log_odds",
    "limit",
    "log_gain_from_log_odds",
    "log_slope_from_log_odds",
    "target_log_odds",
]


def target_log_odds(logits: Tensor, target: Tensor, dim: int = -1) -> Tensor:
    """Log-odds of one class for each row.

    Parameters
    ----------
    logits : Tensor, K >= 2 classes along `dim`
        Unnormalised log-probabilities.
    target : Tensor of int64, shape of `logits` without `dim`
        Class of each row, in 0 .. K-1.
    dim : int
        Class axis.

    Returns
    -------
    Tensor, shape of `target`
        z_y - logsumexp of the other logits, to the accuracy of differences of logits however large these are;
        where such a difference overflows, the largest number of the dtype.
    """
    logits = logits - logits.detach().amax(dim=dim, keepdim=True)
    index = target.unsqueeze(dim)
    lowest = torch.finfo(logits.dtype).min
    others = logits.scatter(dim, index, lowest).clamp_min(lowest)
    own = logits.gather(dim, index).squeeze(dim).clamp_min(lowest)
    return own - torch.logsumexp(others, dim=dim)


def all_log_odds(logits: Tensor, dim: int = -1) -> Tensor:
    """Log-odds of every class, shape as `logits`, K >= 2 classes along `dim`.

    At most one class has more than half of the mass, and only that one needs its own sum over the others:
    for the rest log(1 - q) = log1p(-q) keeps every digit.
    """
    with torch.no_grad():
        index = logits.argmax(dim=dim, keepdim=True)
    log_q = torch.log_softmax(logits, dim=dim)
    q = log_q.exp().scatter(dim, index, 0.0)
    top = target_log_odds(logits, index.squeeze(dim), dim).unsqueeze(dim)
    return (log_q - torch.log1p(-q)).scatter(dim, index, top).clamp_min(torch.finfo(q.dtype).min)


def limit(d: Tensor) -> Tensor:
    """Log-odds kept so far from the largest number that products with gamma do not overflow."""
    largest = 1e-4 * torch.finfo(d.dtype).max
    return d.clamp(-largest, largest)


def focal_from_log_odds(d: Tensor, gamma: float | Tensor) -> Tensor:
    """Focal loss as a function of the log-odds: l = exp(-gamma softplus(d)) softplus(-d), in nats."""
    d = limit(d)
    return -logsigmoid(d) * torch.exp(gamma * logsigmoid(-d))


def log_gain_from_log_odds(d: Tensor, gamma: float | Tensor) -> Tensor:
    """Logarithm of the gain h(q) = (1-q)^gamma (1 + gamma x) at log-odds d, where x = q (-log q) / (1-q).

    With u = exp(-|d|), x is log1p(u)/u for d > 0 (1 in the limit) and u softplus(-d) below.
    """
    surprisal = -logsigmoid(d)
    u = torch.exp(torch.where(d > 0, -d, d))  # not abs, whose derivative at 0 is that of neither branch
    small = u < torch.finfo(d.dtype).eps
    ratio = torch.where(small, 1.0 - 0.5 * u, torch.log1p(u) / u.masked_fill(small, 1.0))
    x = torch.where(d > 0, ratio, u * surprisal.masked_fill(u == 0, 0.0))
    return gamma * logsigmoid(-d) + torch.log1p(gamma * x)


def log_slope_from_log_odds(d: Tensor, gamma: float | Tensor) -> Tensor:
    """Logarithm of the slope phi = -l'(q) at log-odds d: log h(q) - log q."""
    return log_gain_from_log_odds(d, gamma) - logsigmoid(d)
