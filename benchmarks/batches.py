"""Random crops, flips and normalisation of a batch beside other ways to do it, on one core.

All start from the same uint8 images and the same offsets, and end with the same float32 batch. The first
contender is :class:`focalbook.data.Batches`; it also draws what is random, which the others are given.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from benchmarks.timing import rounds_of, summary
from focalbook.data import Batches, Images, Provenance

SIZE, CROP = 32, 4
MEAN, STD = (0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762)
Draws = tuple[Tensor, Tensor, Tensor, Tensor]


def image_set(n: int, seed: int = 0) -> Images:
    """Images of random pixels, as large as CIFAR's."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n, SIZE, SIZE, 3), dtype=np.uint8)
    origin = Provenance("noise", "made here", n, images.shape[1:], "")
    return Images(images, rng.integers(0, 100, n), 100, 255, origin)


def normalised(x: Tensor) -> Tensor:
    """Grey levels to float32 of mean 0 and deviation 1."""
    centre, scale = (torch.tensor(v, dtype=torch.float64).view(3, 1, 1) * 255 for v in (MEAN, STD))
    return x.to(torch.float32).sub_(centre.float()).mul_((1 / scale).float())


def image_loop(pixels: Tensor, draws: Draws) -> Tensor:
    """One image after the other, as a data set class does it: pad, cut, mirror, normalise."""
    out = []
    for row, down, right, flipped in zip(*(draw.tolist() for draw in draws), strict=True):
        wide = pad(pixels[row].float(), (CROP,) * 4, mode="reflect")
        window = wide[:, down : down + SIZE, right : right + SIZE]
        out.append(normalised(window.flip(-1) if flipped else window))
    return torch.stack(out)


def window_loop(padded: Tensor, draws: Draws) -> Tensor:
    """Only the cutting is a loop: the set is padded beforehand, mirrored and normalised in batch."""
    rows, down, right, flipped = draws
    out = torch.empty(len(rows), 3, SIZE, SIZE, dtype=torch.uint8)
    for i, (row, y, x) in enumerate(zip(rows.tolist(), down.tolist(), right.tolist(), strict=True)):
        out[i] = padded[row, :, y : y + SIZE, x : x + SIZE]
    return normalised(torch.where(flipped[:, None, None, None], out.flip(-1), out))


def shift_masks(padded: Tensor, draws: Draws) -> Tensor:
    """For each shift the images that have it, rows first, then columns, of a set padded beforehand."""
    rows, down, right, flipped = draws
    batch = padded[rows]
    cut = torch.empty(len(rows), 3, SIZE, SIZE + 2 * CROP, dtype=torch.uint8)
    out = torch.empty(len(rows), 3, SIZE, SIZE, dtype=torch.uint8)
    for shift in range(2 * CROP + 1):
        cut[down == shift] = batch[down == shift, :, shift : shift + SIZE]
    for shift in range(2 * CROP + 1):
        out[right == shift] = cut[right == shift, :, :, shift : shift + SIZE]
    return normalised(torch.where(flipped[:, None, None, None], out.flip(-1), out))


def window_index(padded: Tensor, draws: Draws) -> Tensor:
    """One index into all windows of a set padded beforehand."""
    rows, down, right, flipped = draws
    windows = padded.unfold(2, SIZE, 1).unfold(3, SIZE, 1)
    out = windows[rows, :, down, right]
    return normalised(torch.where(flipped[:, None, None, None], out.flip(-1), out))


def contenders(n: int, batch: int) -> dict[str, Callable[[], Tensor]]:
    """Everybody, ready to make the first batch of the first epoch."""
    batches = Batches(image_set(n), batch, crop=CROP, flip=True, mean=MEAN, std=STD)
    whole = batches._draw(0)
    draws: Draws = (whole.rows[:batch], whole.down[:batch], whole.right[:batch], whole.flipped[:batch])
    pixels = batches.pixels
    padded = pad(pixels.float(), (CROP,) * 4, mode="reflect").to(torch.uint8)
    return {
        "focalbook": lambda: next(batches.epoch(0))[0],
        "index into windows": lambda: window_index(padded, draws),
        "a mask for each shift": lambda: shift_masks(padded, draws),
        "loop over windows": lambda: window_loop(padded, draws),
        "loop over images": lambda: image_loop(pixels, draws),
    }


def main() -> None:
    """Measure and print images a second, and times relative to ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=10.0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    found = summary(rounds_of(contenders(args.batch, args.batch), args.seconds), "focalbook")
    print(f"torch {torch.__version__}, one core, batches of {args.batch}: crop {CROP}, flip, normalise")
    print(f"{'':24} {'images a second':>16} {'best':>9} {'times ours':>11}")
    for name, row in found.items():
        rate, best = (1e3 * args.batch / row[key].value for key in ("milliseconds", "least"))
        print(f"{name:24} {rate:16,.0f} {best:9,.0f} {row['ratio'].value:11.2f}")


if __name__ == "__main__":
    main()
