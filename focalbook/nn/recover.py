"""Class posteriors from the logits of a network trained with focal loss: p_i ~ 1 / (w_i phi(q_i))."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from focalbook.nn._checks import (
    at_least_float32,
    check_alpha,
    check_class_weight,
    check_number,
    check_weight_length,
)
from focalbook.nn._fused import can_fuse
from focalbook.nn._posterior import GRAPH_GAMMA, posterior, posterior_graph
from focalbook.nn.log_odds import all_log_odds, log_slope_from_log_odds

__all__ = ["Recover", "SigmoidRecover", "recover_log_posterior", "recover_sigmoid_log_odds"]


def _check_classes(logits: Tensor, dim: int) -> None:
    if not logits.dtype.is_floating_point:
        raise ValueError(f"logits must be floats, got {logits.dtype}.")
    if logits.ndim == 0 or logits.shape[dim] < 2:
        raise ValueError(f"at least two classes are needed along dim {dim}, got shape {tuple(logits.shape)}.")


def recover_log_posterior(
    logits: Tensor, gamma: float | Tensor, weight: Tensor | None = None, dim: int = -1
) -> Tensor:
    """Log-posteriors from the logits of a network trained with focal loss.

    Parameters
    ----------
    logits : Tensor, any shape with K >= 2 classes along `dim`
        Unnormalised log-probabilities, any float dtype.
    gamma : float or Tensor, >= 0
        Focusing parameter of the loss the network was trained with. A tensor is broadcast against `logits`
        with the class axis last.
    weight : Tensor, shape (K,), optional
        Class weights of that loss (alpha).
    dim : int
        Class axis.

    Returns
    -------
    Tensor
        log p, same shape and dtype as `logits`; ``exp`` of it sums to one along `dim`.

    Raises
    ------
    ValueError
        Fewer than two classes, or a weight that does not fit.

    Notes
    -----
    The inverse of the focal-entropy minimiser, claim FE-6 (with weights FE-16); ``charoenphakdee2021focal``
    for the unweighted case. Finite and twice differentiable for every finite logit: log-odds never round
    1 - q.
    """
    _check_classes(logits, dim)
    rows = logits.movedim(dim, -1)
    check_weight_length(weight, rows.shape[-1])
    rows = rows.to(at_least_float32(rows.dtype))
    score = -log_slope_from_log_odds(all_log_odds(rows), gamma)
    if weight is not None:
        score = score - weight.log()
    return torch.log_softmax(score, dim=-1).movedim(-1, dim).to(logits.dtype)


class Recover(nn.Module):
    """Turn the logits of a network trained with focal loss into class posteriors.

    Append it to the network when it is used, not when it is trained.

    Parameters
    ----------
    gamma : float, >= 0
        Focusing parameter the network was trained with; 0 makes this a softmax.
    weight : Tensor, shape (K,), optional
        Class weights of the training loss, each above 0.
    log : bool
        Return log-posteriors instead of posteriors.
    dim : int, optional
        Class axis of the logits. By default 1, or 0 without a batch, as in PyTorch's losses.

    Raises
    ------
    ValueError
        `gamma` negative or not finite, `weight` not above 0; logits with fewer than two classes.

    Notes
    -----
    Where no gradient is asked for, the posteriors are computed in a few passes over memory, not through
    their logarithms; under ``torch.compile`` in one fused loop, which is the fastest way. The order of the
    classes is kept where there are no weights. Claims FE-6 and FE-16; ``charoenphakdee2021focal`` for the
    unweighted case.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import Recover
    >>> Recover(gamma=0.0)(torch.zeros(1, 4))
    tensor([[0.2500, 0.2500, 0.2500, 0.2500]])
    """

    weight: Tensor | None

    def __init__(
        self, gamma: float, weight: Tensor | None = None, log: bool = False, dim: int | None = None
    ) -> None:
        super().__init__()
        self.gamma = check_number(gamma)
        self.log = bool(log)
        self.dim = dim
        self.register_buffer("weight", check_class_weight(weight, positive=True))

    def forward(self, logits: Tensor) -> Tensor:
        """Posteriors (or log-posteriors), same shape as `logits`."""
        dim = min(1, logits.ndim - 1) if self.dim is None else self.dim
        if not self.log and not (torch.is_grad_enabled() and logits.requires_grad):
            _check_classes(logits, dim)
            check_weight_length(self.weight, logits.shape[dim])
            if torch.compiler.is_compiling() and self.gamma <= GRAPH_GAMMA:
                return posterior_graph(logits, self.gamma, self.weight, dim)
            if can_fuse(logits) and logits.device.type == "cpu":
                found = posterior(logits, self.gamma, self.weight, dim)
                if found is not None:
                    return found
        out = recover_log_posterior(logits, self.gamma, self.weight, dim)
        return out if self.log else out.exp()

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"gamma={self.gamma:g}, log={self.log}"


def recover_sigmoid_log_odds(logits: Tensor, gamma: float | Tensor, alpha: float | None = None) -> Tensor:
    """Log-odds of presence, from the logits of a one-against-rest model trained with focal loss.

    Parameters
    ----------
    logits : Tensor
        Arguments of the sigmoid, any shape and float dtype, each its own two-class problem.
    gamma : float or Tensor, >= 0
        Focusing parameter of the training loss, broadcast against `logits`.
    alpha : float, in (0, 1), optional
        Weight of the present class in that loss, the absent one having 1 - alpha; None for equal weights.

    Returns
    -------
    Tensor
        log(p / (1-p)) = log phi(1-q) - log phi(q) + log((1-alpha)/alpha), shape and dtype of `logits`; apply
        ``sigmoid`` for p. Finite and twice differentiable for every finite logit.

    Raises
    ------
    ValueError
        `logits` not floats, `alpha` not inside (0, 1).

    Notes
    -----
    The two-class case of :func:`recover_log_posterior`. Claim FE-16; the loss is ``lin2017focal``, Eq. 5.
    """
    if not logits.dtype.is_floating_point:
        raise ValueError(f"logits must be floats, got {logits.dtype}.")
    prior = 0.0
    if alpha is not None:
        prior = math.log(check_alpha(alpha)) - math.log1p(-alpha)
    t = logits.to(at_least_float32(logits.dtype))

    out = log_slope_from_log_odds(-t, gamma) - log_slope_from_log_odds(t, gamma)
    return (out - prior).to(logits.dtype)


class SigmoidRecover(nn.Module):
    """Turn the logits of a one-against-rest model (RetinaNet and its like) into probabilities of presence.

    Parameters
    ----------
    gamma : float, >= 0
        Focusing parameter the model was trained with (RetinaNet: 2).
    alpha : float, in (0, 1), optional
        Weight of the present class in the training loss (RetinaNet: 0.25); None for equal weights.
    log_odds : bool
        Return log-odds, that is, corrected logits, instead of probabilities.

    Raises
    ------
    ValueError
        `gamma` negative or not finite, `alpha` not inside (0, 1).

    Notes
    -----
    Claim FE-16; ``lin2017focal``, Eq. 5.

    Examples
    --------
    >>> import torch
    >>> from focalbook.nn import SigmoidRecover
    >>> SigmoidRecover(gamma=2.0, alpha=0.25)(torch.zeros(1))
    tensor([0.7500])
    """

    def __init__(self, gamma: float, alpha: float | None = None, log_odds: bool = False) -> None:
        super().__init__()
        self.gamma = check_number(gamma)
        self.alpha = None if alpha is None else check_alpha(alpha)
        self.log_odds = bool(log_odds)

    def forward(self, logits: Tensor) -> Tensor:
        """Probabilities (or log-odds), same shape as `logits`."""
        out = recover_sigmoid_log_odds(logits, self.gamma, self.alpha)
        return out if self.log_odds else torch.sigmoid(out)

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"gamma={self.gamma:g}, alpha={self.alpha}, log_odds={self.log_odds}"
