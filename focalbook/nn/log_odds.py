"""Log-odds of softmax probabilities without cancellation: the one number on which focal loss depends.

For logits z, the probability q_i of class i has the log-odds

    d_i = log(q_i / (1 - q_i)) = z_i - logsumexp_{j != i} z_j,

and log q_i = logsigmoid(d_i), log(1 - q_i) = logsigmoid(-d_i). Neither form loses digits when q_i rounds to
0 or to 1, and every function here is smooth in the logits as far as automatic differentiation sees it.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

__all__ = ["all_log_odds", "focal_from_log_odds", "log_slope_from_log_odds", "target_log_odds"]


def target_log_odds(logits: Tensor, target: Tensor) -> Tensor:
    """Log-odds of one class for each row.

    Parameters
    ----------
    logits : Tensor, shape (..., K) with K >= 2
        Unnormalised log-probabilities, class axis last.
    target : Tensor of int64, shape (...)
        Class of each row, in 0 .. K-1.

    Returns
    -------
    Tensor, shape (...)
        z_y - logsumexp of the other logits, to the accuracy of differences of logits however large these are.
    """
    logits = logits - logits.detach().amax(dim=-1, keepdim=True)
    index = target.unsqueeze(-1)
    others = logits.scatter(-1, index, float("-inf"))
    return logits.gather(-1, index).squeeze(-1) - torch.logsumexp(others, dim=-1)


def all_log_odds(logits: Tensor) -> Tensor:
    """Log-odds of every class, shape (..., K) as `logits`, class axis last, K >= 2.

    At most one class has more than half of the mass, and only that one needs its own sum over the others:
    for the rest log(1 - q) = log1p(-q) keeps every digit.
    """
    with torch.no_grad():
        index = logits.argmax(dim=-1, keepdim=True)
    log_q = torch.log_softmax(logits, dim=-1)
    q = log_q.exp().scatter(-1, index, 0.0)
    top = target_log_odds(logits, index.squeeze(-1)).unsqueeze(-1)
    return (log_q - torch.log1p(-q)).scatter(-1, index, top)


def focal_from_log_odds(d: Tensor, gamma: float | Tensor) -> Tensor:
    """Focal loss as a function of the log-odds: l = exp(-gamma softplus(d)) softplus(-d), in nats."""
    return -logsigmoid(d) * torch.exp(gamma * logsigmoid(-d))


def log_slope_from_log_odds(d: Tensor, gamma: float | Tensor) -> Tensor:
    """Logarithm of the slope phi = -l'(q) at log-odds d.

    log phi = gamma log(1-q) - log q + log1p(gamma x) with x = q (-log q) / (1-q). With u = exp(-|d|), x is
    log1p(u)/u for d > 0 (1 in the limit) and u softplus(-d) below.
    """
    surprisal = -logsigmoid(d)
    u = torch.exp(torch.where(d > 0, -d, d))  # not abs, whose derivative at 0 is that of neither branch
    small = u < torch.finfo(d.dtype).eps
    ratio = torch.where(small, 1.0 - 0.5 * u, torch.log1p(u) / u.masked_fill(small, 1.0))
    x = torch.where(d > 0, ratio, u * surprisal.masked_fill(u == 0, 0.0))
    return gamma * logsigmoid(-d) + surprisal + torch.log1p(gamma * x)
