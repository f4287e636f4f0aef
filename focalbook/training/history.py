"""What is noted while a network is trained, without making the device wait for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["History", "Log"]

_POINTS = 100  # of the training curve, at most, in runs of up to _POINTS * _LONGEST steps
_LONGEST = 50  # steps between two looks at the losses


@dataclass(frozen=True)
class History:
    """Training curve.

    Attributes
    ----------
    steps : int array, shape (points,)
        Steps after which something was noted; the last one is the number of steps of the run.
    losses : float array, shape (points,)
        Mean training loss, in nats and without penalty, since the point before.
    traces : float array, shape (points,)
        Mean estimated trace of the regulariser since then; NaN where none was estimated.
    learning_rates : float array, shape (points,)
        Of the last of these steps.
    """

    steps: NDArray[np.int64]
    losses: NDArray[np.float64]
    traces: NDArray[np.float64]
    learning_rates: NDArray[np.float64]


class Log:
    """Losses of the steps since the last look, kept on the device.

    Parameters
    ----------
    steps : int
        Steps of the run.
    device : torch.device

    Notes
    -----
    The device has to catch up once in `every` steps only, when the losses are read; a loss that is not finite
    is therefore found up to that many steps late, but its step is known.
    """

    def __init__(self, steps: int, device: torch.device) -> None:
        self.total = steps
        self.every = min(_LONGEST, -(-steps // _POINTS))
        self.losses = torch.zeros(self.every, device=device)
        self.traces = torch.full((self.every,), math.nan, device=device)
        self.noted = 0
        self.points: list[tuple[int, float, float, float]] = []

    def add(self, step: int, loss: Tensor, trace: Tensor | None) -> bool:
        """Keep what came out of a step; whether it is time to look."""
        place = step - self.noted
        self.losses[place] = loss
        if trace is not None:
            self.traces[place] = trace
        return step + 1 - self.noted == self.every or step + 1 == self.total

    def look(self, step: int, rate: float) -> float:
        """Read the losses up to step number `step`; their mean.

        Raises
        ------
        FloatingPointError
            One of them is not finite; the message names the step.
        """
        count = step + 1 - self.noted
        losses = self.losses[:count].double().cpu().numpy()
        bad = np.flatnonzero(~np.isfinite(losses))
        if bad.size:
            raise FloatingPointError(
                f"the loss became {losses[bad[0]]} at step {self.noted + bad[0] + 1} of {self.total}, seen "
                f"after step {step + 1}: the learning rate there is {rate:g}; try a lower one"
            )
        traces = self.traces[:count].double().cpu().numpy()
        mean = float(losses.mean())
        estimated = traces[~np.isnan(traces)]
        trace = float(estimated.mean()) if estimated.size else math.nan
        self.points.append((step + 1, mean, trace, rate))
        self.noted = step + 1
        self.traces.fill_(math.nan)
        return mean

    def history(self) -> History:
        """The curve up to now."""
        columns = list(zip(*self.points, strict=True)) or [(), (), (), ()]
        return History(np.array(columns[0], dtype=np.int64), *(np.array(c, dtype=float) for c in columns[1:]))
