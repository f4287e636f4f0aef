"""A network and the samples at which its curvature is measured, in chunks, with graphs kept if they fit."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from focalbook.curvature.rewrite import Rewrite
from focalbook.curvature.settings import free_memory, full_precision
from focalbook.training.devices import out_of_memory
from focalbook.training.evaluate import evaluation_mode

__all__ = ["Forward"]

Result = TypeVar("Result")

#: A chunk has at most so many samples on a CPU, where larger ones leave the caches.
CPU_CHUNK = 64

#: Share of the free memory that kept graphs may take, unless a budget is given.
SHARE = 0.4

# Graphs of first derivatives hold about so many times what the graph of a forward pass holds.
_GROWTH = 3.0


class Forward:
    """A network, its trained parameters and the samples, cut into chunks.

    Parameters
    ----------
    model : nn.Module
        Maps inputs (n, ...) to logits (n, K), K >= 2. Used in evaluation mode; left as it was.
    inputs : Tensor or array, shape (n, ...), n >= 1
    labels : Tensor or array of int, shape (n,)
        Classes in 0 .. K-1.
    dtype : torch.dtype
        float32 or float64. Where the network has another one, a copy is converted.
    chunk : int, optional
        Samples that pass through the network at a time; chosen by `memory` unless given.
    memory : float, optional
        Bytes for the graphs that are kept from product to product; 0.4 of the free memory unless given.
    ignored : int, optional
        A label outside 0 .. K-1 that stands for "no label".

    Raises
    ------
    ValueError
        No sample, numbers of inputs and labels that differ, labels that are no classes of this network,
        weights or inputs that are not finite, inputs of a shape that the network refuses, no trained
        parameter.
    """

    def __init__(
        self,
        model: nn.Module,
        inputs: Tensor | NDArray[Any],
        labels: Tensor | NDArray[Any],
        *,
        dtype: torch.dtype = torch.float32,
        chunk: int | None = None,
        memory: float | None = None,
        ignored: int | None = None,
    ) -> None:
        if dtype not in (torch.float32, torch.float64):
            raise ValueError(f"dtype must be torch.float32 or torch.float64, got {dtype}.")
        if any(p.dtype != dtype for p in model.parameters()):
            model = copy.deepcopy(model).to(dtype)
        self.model = model
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        _check_weights(model, self.parameters)
        self.device, self.dtype = self.parameters[0].device, dtype
        self.inputs, self.labels = _check_samples(inputs, labels, self.device, dtype)
        self.shapes = [p.shape for p in self.parameters]
        self.lengths = [p.numel() for p in self.parameters]
        self.size, self.samples = sum(self.lengths), len(self.labels)
        self.classes = self._probe(ignored)
        self.memory = SHARE * free_memory(self.device) if memory is None else float(memory)
        self.memory_of_sample = self._bytes()
        self.chunk = self._fitting_chunk() if chunk is None else _check_chunk(chunk)
        self.version = 0
        self._logits: dict[int, Tensor] = {}

    def _probe(self, ignored: int | None) -> int:
        """Number of classes, from one sample."""
        try:
            with self.running(), torch.no_grad():
                logits = self.model(self.inputs[:1])
        except RuntimeError as error:
            if out_of_memory(error):
                raise
            raise ValueError(
                f"the network does not take inputs of shape {tuple(self.inputs.shape[1:])}: {error}. "
                "Is it the checkpoint of another architecture or data set?"
            ) from error
        if not isinstance(logits, Tensor) or logits.ndim != 2 or logits.shape[1] < 2:
            given = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
            raise ValueError(f"the network must return logits of shape (n, K) with K >= 2, got {given}.")
        counted = self.labels if ignored is None else self.labels[self.labels != ignored]
        low, high = (int(counted.min()), int(counted.max())) if len(counted) else (0, 0)
        if low < 0 or high >= logits.shape[1]:
            raise ValueError(
                f"labels go from {low} to {high}, but the network has {logits.shape[1]} classes: expected 0 "
                f"to {logits.shape[1] - 1}. Is it the checkpoint of another data set?"
            )
        return logits.shape[1]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Evaluation mode, full precision, and attention by operations that have second derivatives."""
        with full_precision(self.device), evaluation_mode(self.model), sdpa_kernel(SDPBackend.MATH):
            yield

    def _bytes(self) -> float:
        """Bytes that the graph of one sample's logits holds, without the parameters."""
        own = {p.untyped_storage().data_ptr() for p in self.model.parameters()}
        sizes = []
        for count in (1, 2):
            rows = self.inputs[:1].repeat(count, *(1,) * (self.inputs.ndim - 1))
            held: dict[int, Tensor] = {}  # tensors, so that no memory is used twice meanwhile

            def note(x: Tensor, held: dict[int, Tensor] = held) -> Tensor:
                if x.untyped_storage().data_ptr() not in own:
                    held[x.data_ptr()] = x.detach()
                return x.detach()

            with self.running(), Rewrite(), torch.autograd.graph.saved_tensors_hooks(note, lambda x: x):
                self.model(rows)
            sizes.append(sum(x.nbytes for x in held.values()))
        return float(max(sizes[1] - sizes[0], 1))

    def _fitting_chunk(self) -> int:
        """As many samples as half of the budget takes; few on a CPU."""
        fitting = int(0.5 * self.memory / (_GROWTH * self.memory_of_sample))
        if self.device.type == "cpu":
            fitting = min(fitting, CPU_CHUNK)
        fitting = max(1, min(fitting, self.samples))
        return -(-self.samples // -(-self.samples // fitting))  # chunks of equal size

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.samples // self.chunk)

    def kept(self, share: float = 1.0) -> int:
        """Number of chunks whose graphs fit in a share of the budget."""
        each = _GROWTH * self.memory_of_sample * self.chunk
        return min(self.chunks, int(share * self.memory / each))

    def rows(self, index: int) -> tuple[Tensor, Tensor]:
        """Inputs and labels of a chunk."""
        part = slice(index * self.chunk, (index + 1) * self.chunk)
        return self.inputs[part], self.labels[part]

    def logits(self, index: int, keep: bool) -> Tensor:
        """Logits of a chunk with their graph, which is the same at each call as long as it is kept."""
        found = self._logits.get(index)
        if found is None:
            with self.running(), Rewrite():
                found = self.model(self.rows(index)[0])
            if keep:
                self._logits[index] = found
        return found

    def split(self, vector: Tensor) -> list[Tensor]:
        """A flat vector in the shapes of the parameters."""
        parts = vector.split(self.lengths)
        return [part.view(shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def halving(self, work: Callable[[], Result]) -> Result:
        """Do some work; each time memory runs out, halve the chunks and do it again."""
        while True:
            try:
                return work()
            except (RuntimeError, MemoryError) as error:
                if not out_of_memory(error):
                    raise
                if self.chunk == 1:
                    raise MemoryError(
                        f"out of memory with a single sample: {self.size} parameters do not fit."
                    ) from error
            self._halve()

    def _halve(self) -> None:
        before, self.chunk = self.chunk, max(1, self.chunk // 2)
        self.version += 1  # whoever keeps graphs of the old chunks lets them go
        self._logits.clear()
        self.memory = 0.0  # the budget was too large: keep nothing from now on
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        warnings.warn(
            f"out of memory with chunks of {before} samples: going on with {self.chunk}.",
            RuntimeWarning,
            stacklevel=4,
        )


def _check_weights(model: nn.Module, parameters: list[nn.Parameter]) -> None:
    if not parameters:
        raise ValueError("the network has no trained parameter: expected some with requires_grad.")
    for name, values in [*model.named_parameters(), *model.named_buffers()]:
        if values.dtype.is_floating_point and not bool(torch.isfinite(values).all()):
            raise ValueError(f"the weights {name!r} are not all finite. Did the training diverge?")


def _check_samples(
    inputs: Tensor | NDArray[Any], labels: Tensor | NDArray[Any], device: torch.device, dtype: torch.dtype
) -> tuple[Tensor, Tensor]:
    x, y = torch.as_tensor(inputs), torch.as_tensor(labels)
    if y.ndim != 1 or y.dtype.is_floating_point or y.dtype == torch.bool:
        raise ValueError(
            f"labels must be class numbers of shape (n,), got {y.dtype} of shape {tuple(y.shape)}."
        )
    if x.ndim < 2 or len(x) != len(y):
        raise ValueError(
            f"inputs of shape {tuple(x.shape)} do not fit {len(y)} labels: expected ({len(y)}, ...)."
        )
    if len(y) == 0:
        raise ValueError("no samples given: curvature is a mean over at least one.")
    if not x.dtype.is_floating_point:
        raise ValueError(f"inputs must be floats as the network was trained on, got {x.dtype}.")
    x = x.to(device, dtype)
    if not bool(torch.isfinite(x).all()):
        raise ValueError("inputs must be finite.")
    return x, y.to(device, torch.int64)


def _check_chunk(chunk: int) -> int:
    if isinstance(chunk, bool) or not isinstance(chunk, int) or chunk < 1:
        raise ValueError(f"chunk must be a number of samples of at least 1, got {chunk!r}.")
    return chunk
