"""Training against a plain PyTorch loop with data loading on the CPU: images a second, as ratios in one run.

``python -m benchmarks.training`` trains the same network on the same images in turns: by the loop that stands
in most tutorials (a Dataset that crops, flips and normalises one image at a time, a DataLoader, float32, the
loss read in every step), and by ``focalbook.training`` (images on the device, augmented a batch at a time),
on a GPU also in bf16 and compiled. The first step of each turn, in which kernels are chosen or compiled, does
not count. On a GPU whose peak is known the share of it that is reached is printed too. For one on a GPU:

    python -m benchmarks.training --data cifar100 --model resnet18 --batch-size 1024 --epochs 4
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad
from torch.utils.data import DataLoader, Dataset
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.report import show, write_json
from focalbook.campaigns.benchmarks import Measured, spread
from focalbook.data import Images, Partition, Provenance, load, statistics
from focalbook.nn.models import MODELS
from focalbook.store import Metric
from focalbook.training import RunConfig, train
from focalbook.training.devices import pick_device
from focalbook.training.prepare import initial_model

BASE = "plain PyTorch loop"
PADDING = 4

#: Dense bf16 operations a second at most. Source: NVIDIA's data sheets of the SXM forms, which print twice as
#: much, "with sparsity", for H100 and H200.
PEAKS = {"H200": 989.4e12, "H100": 989.4e12, "A100": 312e12}


class SmallConv(nn.Module):
    """Three convolutions, for machines without a GPU."""

    def __init__(self, shape: tuple[int, ...], classes: int, width: int = 16) -> None:
        super().__init__()
        widths = [shape[0], width, 2 * width, 2 * width]
        layers: list[nn.Module] = []
        for before, after, stride in zip(widths, widths[1:], (1, 2, 2), strict=False):
            layers += [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(2 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        return self.head(self.body(x).mean(dim=(2, 3)))


SMALL = "small-conv"


@dataclass(frozen=True)
class Task:
    """What everybody trains."""

    config: RunConfig
    data: Partition
    device: torch.device
    workers: int

    @property
    def images(self) -> int:
        """Images in one turn, without those of the first step."""
        size = min(self.config.batch_size, len(self.data.train))
        return self.config.epochs * (len(self.data.train) // size) * size - size


class OneByOne(Dataset):
    """Images of a training set, augmented one at a time, as an ordinary user writes it."""

    def __init__(self, images: Images) -> None:
        self.images, self.labels, self.levels = images.channels_first(), images.labels, images.levels
        mean, std = statistics(images)
        self.mean = torch.tensor(mean, dtype=torch.float32).view(-1, 1, 1)
        self.std = torch.tensor(std, dtype=torch.float32).view(-1, 1, 1)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        x = torch.from_numpy(np.ascontiguousarray(self.images[index])).float() / self.levels
        height, width = x.shape[1:]
        x = pad(x, (PADDING,) * 4, mode="reflect")
        top, left = (int(torch.randint(2 * PADDING + 1, ())) for _ in range(2))
        x = x[:, top : top + height, left : left + width]
        if torch.rand(()) < 0.5:
            x = x.flip(2)
        return (x - self.mean) / self.std, int(self.labels[index])


def plain_rate(task: Task) -> float:
    """Images a second of the plain loop, first step left out."""
    config, device = task.config, task.device
    images = task.data.train
    loader = DataLoader(
        OneByOne(images),
        batch_size=min(config.batch_size, len(images)),
        shuffle=True,
        drop_last=True,
        num_workers=task.workers,
        pin_memory=device.type == "cuda",
        persistent_workers=task.workers > 0,
    )
    shape = tuple(images.channels_first().shape[1:])
    model = initial_model(config, shape, images.classes).to(device).train()
    optimiser = torch.optim.SGD(
        model.parameters(), lr=config.learning_rate, momentum=config.momentum, nesterov=True,
        weight_decay=config.weight_decay,
    )  # fmt: skip
    steps = config.epochs * len(loader)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.learning_rate, steps)
    started, total = 0.0, 0.0
    for _ in range(config.epochs):
        for x, y in loader:
            x, y = x.to(device, non_blocking=True), y.to(device, non_blocking=True)
            optimiser.zero_grad()
            loss = cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
            started = started or time.perf_counter()
    return task.images / (time.perf_counter() - started)


def our_rate(task: Task, precision: str = "float32", compiled: bool = False) -> float:
    """Images a second of the package, first step left out."""
    config = RunConfig.from_dict(task.config.to_dict() | {"precision": precision})
    return train(config, task.data, device=task.device, compile=compiled).images_per_second


def contenders(device: torch.device) -> dict[str, Callable[[Task], float]]:
    """Everybody who can run on this device, the plain loop first."""
    there: dict[str, Callable[[Task], float]] = {BASE: plain_rate, "focalbook": our_rate}
    if device.type == "cuda":
        there["focalbook, bf16"] = lambda task: our_rate(task, "bf16")
        there["focalbook, bf16, compiled"] = lambda task: our_rate(task, "bf16", True)
    return there


def flops_of_an_image(task: Task) -> float:
    """Floating-point operations of forward and backward pass for one image (two for each multiply-add)."""
    images = task.data.train
    shape = tuple(images.channels_first().shape[1:])
    model, n = initial_model(task.config, shape, images.classes), 4
    with FlopCounterMode(display=False) as counter:
        model(torch.zeros(n, *shape)).sum().backward()
    return counter.get_total_flops() / n


def peak_of(device: torch.device) -> float | None:
    """Products a second that a device reaches at most in bf16, if its name is in the table."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else ""
    return next((peak for part, peak in PEAKS.items() if part in name), None)


def measure(task: Task, rounds: int) -> Measured:
    """Everybody in turns, after one turn each that does not count; the ratio is made round by round."""
    started, there = time.perf_counter(), contenders(task.device)
    for call in there.values():
        call(task)
    rates: dict[str, list[float]] = {name: [] for name in there}
    for shift in range(rounds):
        names = list(there)
        for name in names[shift % len(names) :] + names[: shift % len(names)]:
            rates[name].append(there[name](task))
    flops, peak = flops_of_an_image(task), peak_of(task.device)
    found: dict[str, dict[str, Metric]] = {}
    for name, values in rates.items():
        ratios = [a / b for a, b in zip(values, rates[BASE], strict=True)]
        found[name] = {"ratio": spread(ratios), "images per second": spread(values)}
        if peak is not None:
            found[name]["share of bf16 peak"] = spread([rate * flops / peak for rate in values])
    settings: dict[str, Any] = {
        "data": task.config.data,
        "images": len(task.data.train),
        "model": task.config.model,
        "batch_size": task.config.batch_size,
        "epochs": task.config.epochs,
        "device": task.device.type,
        "threads": torch.get_num_threads(),
        "workers": task.workers,
        "megaflops_of_an_image": flops / 1e6,
    }
    return Measured("training", settings, found, time.perf_counter() - started)


def noise(n: int) -> Partition:
    """Random images of the size of CIFAR's, 100 classes, fixed seed."""
    rng = np.random.default_rng(0)

    def part(size: int) -> Images:
        pixels = rng.integers(0, 256, size=(size, 32, 32, 3), dtype=np.uint8)
        labels = np.arange(size, dtype=np.int64) % 100
        return Images(pixels, labels, 100, 255, Provenance("noise", "benchmark", size, (32, 32, 3), "0" * 64))

    return Partition(part(n), part(100), part(100), tuple(str(c) for c in range(100)))


def make_task(args: argparse.Namespace) -> Task:
    """The task that the arguments describe."""
    MODELS.setdefault(SMALL, SmallConv)
    device = pick_device(args.device)
    data = noise(args.images) if args.data == "noise" else load(args.data, args.data_folder)
    config = RunConfig(
        data=args.data,
        model=args.model,
        epochs=args.epochs,
        batch_size=args.batch_size,
        crop=PADDING,
        flip=True,
        decay_vectors=True,
    )
    cores = os.cpu_count() or 1
    workers = (min(8, cores) if device.type == "cuda" else 0) if args.workers is None else args.workers
    return Task(config, data, device, workers)


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="noise", help="noise, or the name of a data set (noise)")
    parser.add_argument("--data-folder", type=Path, help="where data sets lie")
    parser.add_argument("--images", type=int, default=2000, help="images of noise (2000)")
    parser.add_argument("--model", default=SMALL, help=f"architecture ({SMALL})")
    parser.add_argument("--batch-size", type=int, default=128, help="images in a step (128)")
    parser.add_argument("--epochs", type=int, default=2, help="epochs in one turn (2)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of everybody (3)")
    parser.add_argument("--workers", type=int, help="processes of the DataLoader (8 with a GPU, else none)")
    parser.add_argument("--device", default="auto", help="cpu, cuda; default: auto")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (1)")
    parser.add_argument("--json", help="write the table to this file")
    return parser.parse_args(argv)


def main() -> None:
    """Measure and print; ``--json FILE`` keeps it."""
    args = parse()
    torch.set_num_threads(args.threads)
    table = measure(make_task(args), args.rounds)
    show(table)
    if args.json:
        write_json([table], args.json)


if __name__ == "__main__":
    main()
