"""Arguments that several losses share, checked once where they enter."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

REDUCTIONS = ("none", "mean", "sum")


def at_least_float32(dtype: torch.dtype) -> torch.dtype:
    """The dtype to compute in: float32 for half precision, else the dtype itself."""
    return torch.promote_types(dtype, torch.float32)


def check_number(value: float, name: str = "gamma") -> float:
    """A number as a float, finite and at least 0."""
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a number, got {value!r}.") from error
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{name} must be finite and at least 0, got {value}.")
    return number


def set_gamma(module: nn.Module, gamma: float | Tensor) -> None:
    """Keep gamma on a module: a number as float, a parameter as parameter, another 0-d tensor as buffer."""
    if not isinstance(gamma, Tensor):
        module.gamma = check_number(gamma)  # type: ignore[assignment]
        return
    if gamma.ndim or not gamma.dtype.is_floating_point:
        raise ValueError(
            f"gamma as a tensor must be 0-d and float, got shape {tuple(gamma.shape)} of {gamma.dtype}."
        )
    check_number(gamma.detach().item())
    if isinstance(gamma, nn.Parameter):
        module.gamma = gamma
    else:
        module.register_buffer("gamma", gamma)


def check_reduction(reduction: str) -> str:
    """One of none, mean, sum."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {REDUCTIONS}, got {reduction!r}.")
    return reduction


def check_smoothing(label_smoothing: float) -> float:
    """A number in [0, 1]."""
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError(f"label_smoothing must be in [0, 1], got {label_smoothing}.")
    return float(label_smoothing)


def check_alpha(alpha: float) -> float:
    """A number strictly between 0 and 1."""
    try:
        number = float(alpha)
    except (TypeError, ValueError) as error:
        raise ValueError(f"alpha must be a number, got {alpha!r}.") from error
    if not 0.0 < number < 1.0:
        raise ValueError(f"alpha must lie strictly between 0 and 1, got {alpha}; None weighs both alike.")
    return number


def check_class_weight(weight: Tensor | None, positive: bool = False) -> Tensor | None:
    """Class weights as a 1-d float tensor: finite and at least 0, above 0 where `positive`."""
    if weight is None:
        return None
    weight = torch.as_tensor(weight)
    if weight.ndim != 1 or not weight.dtype.is_floating_point:
        raise ValueError(
            f"weight must be a 1-d float tensor with one weight for each class, got shape "
            f"{tuple(weight.shape)} of {weight.dtype}."
        )
    low = (weight <= 0) if positive else (weight < 0)
    if bool((low | ~torch.isfinite(weight)).any()):
        raise ValueError(f"weight must be finite and {'above' if positive else 'at least'} 0.")
    return weight


def check_weight_length(weight: Tensor | None, classes: int) -> None:
    """As many weights as classes."""
    if weight is not None and weight.shape != (classes,):
        raise ValueError(
            f"weight must have one entry for each of the {classes} classes, got shape {tuple(weight.shape)}."
        )


def check_logits(logits: Tensor) -> int:
    """Floats of shape (K,), (N, K) or (N, K, ...); the class axis."""
    if not isinstance(logits, Tensor) or logits.ndim == 0 or not logits.dtype.is_floating_point:
        given = (
            f"{logits.dtype} of shape {tuple(logits.shape)}" if isinstance(logits, Tensor) else type(logits)
        )
        raise ValueError(f"logits must be floats of shape (K,), (N, K) or (N, K, ...), got {given}.")
    return 0 if logits.ndim == 1 else 1


def check_target(logits: Tensor, target: Tensor, axis: int) -> bool:
    """Whether the target holds class indices (else soft targets); its shape must fit the logits."""
    rows = logits.shape[:axis] + logits.shape[axis + 1 :]
    if target.dtype.is_floating_point:
        if target.shape != logits.shape:
            raise ValueError(
                f"soft targets must have the shape of the logits {tuple(logits.shape)}, got "
                f"{tuple(target.shape)}. Class indices must be integers."
            )
        return False
    if target.dtype in (torch.bool, torch.complex32, torch.complex64, torch.complex128):
        raise ValueError(
            f"target must hold class indices (integers) or soft targets (floats), got {target.dtype}."
        )
    if target.shape != rows:
        raise ValueError(
            f"class indices must have shape {tuple(rows)} for logits of shape {tuple(logits.shape)}, got "
            f"{tuple(target.shape)}. Soft targets must be floats."
        )
    return True


def autocast_logits(logits: Tensor) -> Tensor:
    """Under autocast losses are computed in float32, as PyTorch does for its own."""
    half = logits.dtype in (torch.float16, torch.bfloat16)
    return logits.float() if half and torch.is_autocast_enabled(logits.device.type) else logits


def reduce_rows(loss: Tensor, reduction: str, total: Tensor | None = None) -> Tensor:
    """Reduce the losses of rows; the mean divides by `total` where it is given."""
    if reduction == "none":
        return loss
    if reduction == "sum":
        return loss.sum()
    return loss.mean() if total is None else loss.sum() / total


class ClassLoss(nn.Module):
    """What every loss of class indices keeps: weight of each class, reduction, index of rows to ignore."""

    weight: Tensor | None

    def __init__(self, weight: Tensor | None, reduction: str, ignore_index: int) -> None:
        super().__init__()
        self.reduction = check_reduction(reduction)
        self.ignore_index = int(ignore_index)
        self.register_buffer("weight", check_class_weight(weight))
