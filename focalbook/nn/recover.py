"""Class posteriors from the logits of a network trained with focal loss: p_i ~ 1 / (w_i phi(q_i))."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from focalbook.nn.log_odds import all_log_odds, log_slope_from_log_odds
from focalbook.nn.loss import check_class_weight, check_gamma

__all__ = ["Recover", "recover_log_posterior"]


def recover_log_posterior(
    logits: Tensor, gamma: float | Tensor, weight: Tensor | None = None, dim: int = -1
) -> Tensor:
    """Log-posteriors from the logits of a network trained with focal loss.

    Parameters
    ----------
    logits : Tensor, any shape with K >= 2 classes along `dim`
        Unnormalised log-probabilities.
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
        log p, same shape as `logits`; ``exp`` of it sums to one along `dim`.

    Raises
    ------
    ValueError
        Fewer than two classes, or a weight that does not fit.

    Notes
    -----
    The inverse of the focal-entropy minimiser, claim FE-6 (with weights FE-16); ``charoenphakdee2021focal``
    for the unweighted case. Finite for every finite logit: log-odds never round 1 - q.
    """
    rows = logits.movedim(dim, -1)
    if rows.shape[-1] < 2:
        raise ValueError(f"at least two classes are needed along dim {dim}, got shape {tuple(logits.shape)}.")
    score = -log_slope_from_log_odds(all_log_odds(rows), gamma)
    if weight is not None:
        if weight.shape != rows.shape[-1:]:
            raise ValueError(
                f"weight must have one entry for each of the {rows.shape[-1]} classes, got {weight.numel()}."
            )
        score = score - weight.log()
    return torch.log_softmax(score, dim=-1).movedim(-1, dim)


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
        `gamma` negative or not finite, `weight` not above 0.

    Notes
    -----
    Claims FE-6 and FE-16. The order of the classes is kept where there are no weights.

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
        self.gamma = check_gamma(gamma)
        self.log = bool(log)
        self.dim = dim
        self.register_buffer("weight", check_class_weight(weight, positive=True))

    def forward(self, logits: Tensor) -> Tensor:
        """Posteriors (or log-posteriors), same shape as `logits`."""
        dim = min(1, logits.ndim - 1) if self.dim is None else self.dim
        out = recover_log_posterior(logits, self.gamma, self.weight, dim)
        return out if self.log else out.exp()

    def extra_repr(self) -> str:
        """Parameters shown in ``print(module)``."""
        return f"gamma={self.gamma:g}, log={self.log}"
