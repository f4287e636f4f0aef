"""Training of one network as a configuration says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from focalbook.data import Batches, Images, Partition, mixup
from focalbook.nn import AdaFocal
from focalbook.training.checkpoint import save_checkpoint
from focalbook.training.devices import out_of_memory, pick_device
from focalbook.training.evaluate import logits_of
from focalbook.training.history import History, Log
from focalbook.training.losses import build_loss
from focalbook.training.parts import load_parts
from focalbook.training.precision import run_settings
from focalbook.training.prepare import check_partition, compiled_forward, initial_model
from focalbook.training.run_config import RunConfig
from focalbook.training.schedules import learning_rates
from focalbook.training.step import Stepper
from focalbook.training.streams import Streams

__all__ = ["TrainedRun", "train"]


@dataclass(frozen=True)
class TrainedRun:
    """A trained network.

    Attributes
    ----------
    model : nn.Module
        On the device it was trained on, in evaluation mode.
    config : RunConfig
    history : History
        Training curve.
    shape : tuple of int
        Shape of one input (channels, height, width).
    classes : int
    mean, std : tuple of float
        The network expects ``(pixel - mean) / std``, channel by channel, of pixels in [0, 1].
    data : str
        SHA-256 of the training images.
    device : str
    seconds : float
        From the first to the last step, compilation included.
    images_per_second : float
        Without the first step, in which kernels are chosen or compiled; NaN where there is no other.
    """

    model: nn.Module
    config: RunConfig
    history: History
    shape: tuple[int, ...]
    classes: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    data: str
    device: str
    seconds: float
    images_per_second: float

    def logits(self, images: Images, chunk: int = 2048) -> Tensor:
        """Logits for images, see :func:`focalbook.training.logits_of`."""
        return logits_of(self.model, images, self.mean, self.std, chunk=chunk)

    def save(self, path: Path) -> Path:
        """Write the network as a checkpoint, see :func:`focalbook.training.save_checkpoint`."""
        return save_checkpoint(
            path,
            self.model,
            self.config,
            shape=self.shape,
            classes=self.classes,
            mean=self.mean,
            std=self.std,
            data=self.data,
        )


def train(
    config: RunConfig,
    data: Partition | None = None,
    *,
    folder: Path | None = None,
    device: str | torch.device = "auto",
    progress: bool = False,
    compile: bool | str = False,
    channels_last: bool | None = None,
    threads: int | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> TrainedRun:
    """Train a network.

    Parameters
    ----------
    config : RunConfig
    data : Partition, optional
        The images; where None, those that the configuration names. The test part is not looked at, the
        validation part only by ``ada-focal``, which adapts to it after every epoch.
    folder : Path, optional
        Where data sets lie that are not embedded.
    device : str
        ``auto`` takes a GPU where there is one.
    progress : bool
        Show a progress bar on standard error.
    compile : bool or str
        Compile the network with ``torch.compile``; a string is its mode, such as ``max-autotune``. Steps with
        a regulariser stay eager.
    channels_last : bool, optional
        Memory layout of images and convolutions; where None, channels last for networks with convolutions.
    threads : int, optional
        Threads of PyTorch on the CPU; as they are where None.
    watch : callable, optional
        Called as ``watch(done, total)`` after every epoch; what it raises ends the run.

    Returns
    -------
    TrainedRun
        On a CPU the same to the bit for the same configuration, data, versions of the libraries, `threads`,
        `compile` and `channels_last`. PyTorch's global random state is neither used nor changed.

    Raises
    ------
    ValueError
        Unknown names, parts of the data that disagree, a device that is not there.
    FloatingPointError
        The loss is not finite any more; the message names the step.
    MemoryError
        A batch does not fit into the memory of the device.
    """
    where = pick_device(device)
    parts = load_parts(config, folder) if data is None else data
    check_partition(parts)
    with run_settings(config.precision, where, threads):
        run = _Run(config, parts, where, compile, channels_last, watch)
        try:
            return run.train(progress)
        except RuntimeError as error:
            if not out_of_memory(error):
                raise
            raise MemoryError(
                f"a batch of {run.batches.batch_size} images does not fit into the memory of {where}: lower "
                f"batch_size, and learning_rate in proportion, or set precision to 'bf16'."
            ) from error


class _Run:
    """A run on its device, ready to start."""

    def __init__(
        self,
        config: RunConfig,
        parts: Partition,
        device: torch.device,
        compiled: bool | str,
        channels_last: bool | None,
        watch: Callable[[int, int], None] | None,
    ) -> None:
        self.watch = watch
        self.config, self.parts, self.device = config, parts, device
        self.streams = Streams.of(config.seed)
        self.criterion = build_loss(config, parts.train.classes).to(device)
        shape = parts.train.channels_first().shape[1:]
        self.shape = tuple(int(size) for size in shape)
        model = initial_model(config, self.shape, parts.train.classes)
        if channels_last is None:
            channels_last = any(isinstance(part, nn.Conv2d) for part in model.modules())
        self.model = model.to(device)
        if channels_last:
            self.model = self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.forward = compiled_forward(self.model, compiled)
        self.batches = Batches(
            parts.train,
            min(config.batch_size, len(parts.train)),
            device=device,
            seed=self.streams.batches,
            crop=config.crop,
            flip=config.flip,
            channels_last=channels_last,
        )
        self.steps = config.epochs * len(self.batches)

    def train(self, progress: bool) -> TrainedRun:
        """Take all steps."""
        config = self.config
        rates = learning_rates(config.schedule, self.steps, config.learning_rate, config.warmup)
        probes = torch.Generator(self.device).manual_seed(self.streams.probes)
        stepper = Stepper(config, self.model.train(), self.criterion, rates, self.forward, probes)
        log = Log(self.steps, self.device)
        index = self.device.index or 0
        cuda = [index] if self.device.type == "cuda" else []
        with (
            torch.random.fork_rng(devices=cuda),
            tqdm(
                total=self.steps * self.batches.batch_size,
                disable=not progress,
                desc="training",
                unit=" images",
                unit_scale=True,
            ) as bar,
        ):
            torch.manual_seed(self.streams.network)
            seconds, rate = self._loop(stepper, log, rates, bar)
        stepper.finish()
        self._check_weights()
        return TrainedRun(
            self.model.eval(),
            config,
            log.history(),
            self.shape,
            self.parts.train.classes,
            self.batches.mean,
            self.batches.std,
            self.parts.train.provenance.sha256,
            str(self.device),
            seconds,
            rate,
        )

    def _loop(self, stepper: Stepper, log: Log, rates: list[float], bar: tqdm) -> tuple[float, float]:
        """All steps; their seconds, and images in a second without the first of them."""
        size, started = self.batches.batch_size, time.perf_counter()
        warm = started
        for step, (x, target) in enumerate(self._stream()):
            loss, trace = stepper(step, x, target)
            look = log.add(step, loss, trace)
            if step == 0:
                loss.item()
                warm = time.perf_counter()
            if look:
                mean = log.look(step, rates[step])
                bar.set_postfix(loss=f"{mean:.4f}", refresh=False)
                bar.update((step + 1) * size - bar.n)
        ended = time.perf_counter()
        rest = (self.steps - 1) * size
        return ended - started, rest / (ended - warm) if rest else float("nan")

    def _stream(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of all epochs, mixed where asked for."""
        alpha, mixing = self.config.mixup, np.random.default_rng(self.streams.mixup)
        for k in range(self.config.epochs):
            for x, y in self.batches.epoch(k):
                yield mixup(x, y, self.batches.classes, alpha, mixing) if alpha > 0 else (x, y)
            if self.watch is not None:
                self.watch(k + 1, self.config.epochs)
            if isinstance(self.criterion, AdaFocal):
                validation = self.parts.validation
                found = logits_of(self.model, validation, self.batches.mean, self.batches.std)
                self.criterion.update(
                    found.to(self.device), torch.as_tensor(validation.labels).to(self.device)
                )

    def _check_weights(self) -> None:
        """Refuse weights that the last step made infinite or NaN."""
        worst = torch.stack([p.detach().abs().max() for p in self.model.parameters()]).max()
        if not bool(torch.isfinite(worst)):
            raise FloatingPointError(
                f"the weights are not finite after the last of {self.steps} steps: lower learning_rate, now "
                f"{self.config.learning_rate:g}."
            )
