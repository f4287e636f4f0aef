"""Small networks gain nothing from more threads, and lose much where cores are shared."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
