"""Frozen configurations of training runs of whole networks.

A configuration holds what decides the outcome of a run in distribution, and nothing else: it is hashed, and
the hash names the run's record. Where a run is computed and what it shows meanwhile (device, threads,
compilation, memory layout, progress) are arguments of :func:`focalbook.training.train`. These change at most
the rounding; the precision, which changes how the network is computed, is a setting.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from focalbook.io.names import nearest
from focalbook.store import configuration_id
from focalbook.training.settings import check_settings, plain

__all__ = ["RunConfig"]


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A read-only copy of JSON values."""
    return MappingProxyType(json.loads(json.dumps(dict(values), allow_nan=False)))


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything that decides the outcome of one training run, but for rounding.

    Attributes
    ----------
    data : str
        Name of the data set, see :func:`focalbook.data.load`.
    validation : float, in [0, 1)
        Share of the training images that is held out; 0 trains on all of them.
    split_seed : int, >= 0
        Seed of that split, apart from `seed` so that runs of several seeds hold out the same images.
    per_class : int, >= 0
        Training images of each class, where fewer than there are shall be used; 0 uses all. Equal for all
        seeds, too.
    model : str
        Name of the architecture, see :data:`focalbook.nn.models.MODELS`.
    model_options : mapping
        JSON values, passed to the architecture.
    loss : str
        One of :data:`focalbook.training.losses.LOSSES`. ``cross-entropy`` is the focal loss at gamma = 0 and
        is kept as that.
    gamma : float, >= 0
        Focusing parameter of ``focal`` and ``dual-focal``.
    loss_options : mapping
        JSON values, passed to the loss; ``weight`` is one number for each class.
    label_smoothing : float, in [0, 1)
        Share of the uniform distribution in the targets. With ``focal`` only.
    mixup : float, >= 0
        Parameter alpha of the Beta(alpha, alpha) distribution of mixing weights; 0 mixes nothing. With
        ``focal`` only.
    optimiser : {"sgd", "adamw"}
    learning_rate : float, > 0
        Peak, for the mean loss of a batch.
    momentum : float, in [0, 1)
        Momentum of SGD, beta_1 of AdamW.
    nesterov : bool
        Nesterov's form of the momentum of SGD.
    beta2 : float, in [0, 1)
        Of AdamW.
    weight_decay : float, >= 0
        Per unit of learning rate, as PyTorch has it: the rate at which a weight shrinks is
        learning rate times `weight_decay` in a step. SGD adds ``weight_decay * weight`` to the gradient,
        before the momentum; AdamW shrinks the weight apart from the gradient.
    decay_vectors : bool
        Whether biases and gains of normalisations, the parameters with one axis, decay too.
    schedule : {"one-cycle", "cosine", "constant"}
        See :mod:`focalbook.training.schedules`.
    warmup : float, in [0, 1)
        Share of the steps in which the learning rate rises.
    epochs : int, >= 1
    batch_size : int, >= 1
        Images in a step; all of them where there are fewer. What is left of an epoch after the last full
        batch is left out.
    crop : int, >= 0
        Pixels by which training images are padded before a random crop of the old size.
    flip : bool
        Whether half of the training images are mirrored.
    precision : {"float32", "tf32", "bf16"}
        Of products and convolutions: bf16 by autocast, tf32 on GPUs that have it. Weights are float32.
    sam_rho : float, >= 0
        Radius of sharpness-aware minimisation; 0 is without.
    regulariser : {"none", "hessian-trace", "gauss-newton-trace"}
        Added to the loss, see :mod:`focalbook.training.regularisers`.
    regulariser_coefficient : float, >= 0
        Its weight; 0 is the same as ``none``.
    regulariser_probes : int, >= 1
        Random vectors behind each estimate of the trace.
    regulariser_every : int, >= 1
        The penalty is applied in one of so many steps, that many times as strong.
    clip_norm : float, >= 0
        Largest norm of the gradient; 0 does not clip.
    ema : float, in [0, 1)
        Decay in a step of the running mean of the weights that is kept as the result; 0 keeps the weights.
    seed : int, >= 0
        Seed of initial weights, order, augmentation, mixup, dropout and probes, each with its own stream.

    Raises
    ------
    ValueError
        A setting of the wrong kind, out of its range, or that contradicts another; the message says which.

    Notes
    -----
    Settings without effect (``nesterov`` with AdamW, ``regulariser_probes`` without a regulariser) take their
    default, so that equal runs have equal identifiers. Sources: ``guo2017calibration`` and
    ``mukhoti2020calibrating`` for what is commonly trained, ``foret2021sharpness`` for `sam_rho`,
    ``kimura2024geometric``, Eq. 33, for `regulariser`.

    Examples
    --------
    >>> RunConfig(loss="cross-entropy") == RunConfig(loss="focal", gamma=0)
    True
    >>> RunConfig.from_dict({"gama": 2})
    Traceback (most recent call last):
    ValueError: unknown setting 'gama' of a training run; did you mean 'gamma'?
    """

    data: str = "digits"
    validation: float = 0.1
    split_seed: int = 0
    per_class: int = 0
    model: str = "mlp"
    model_options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    loss: str = "focal"
    gamma: float = 0.0
    loss_options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    label_smoothing: float = 0.0
    mixup: float = 0.0
    optimiser: str = "sgd"
    learning_rate: float = 0.1
    momentum: float = 0.9
    nesterov: bool = True
    beta2: float = 0.999
    weight_decay: float = 5e-4
    decay_vectors: bool = False
    schedule: str = "one-cycle"
    warmup: float = 0.2
    epochs: int = 20
    batch_size: int = 128
    crop: int = 0
    flip: bool = False
    precision: str = "float32"
    sam_rho: float = 0.0
    regulariser: str = "none"
    regulariser_coefficient: float = 0.0
    regulariser_probes: int = 1
    regulariser_every: int = 1
    clip_norm: float = 0.0
    ema: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        checked = check_settings({name: getattr(self, name) for name in _names()})
        for name in ("model_options", "loss_options"):
            checked[name] = _frozen(checked[name])
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return RunConfig.from_dict, (self.to_dict(),)

    def to_dict(self) -> dict[str, Any]:
        """The configuration as JSON values, every setting included."""
        return {name: plain(getattr(self, name)) for name in _names()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RunConfig:
        """The configuration written by :meth:`to_dict`; missing keys take their defaults.

        Raises
        ------
        ValueError
            An unknown key (the message says which known key is nearest), or a value out of range.
        """
        known = _names()
        for key in values:
            if key not in known:
                raise ValueError(f"unknown setting {key!r} of a training run{nearest(key, known)}")
        return cls(**values)

    @property
    def id(self) -> str:
        """Identifier, equal for equal configurations."""
        return configuration_id(self.to_dict())


def _names() -> list[str]:
    return [entry.name for entry in dataclasses.fields(RunConfig)]
