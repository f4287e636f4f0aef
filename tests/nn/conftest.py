"""Small networks gain nothing from more threads, and lose much where cores are shared."""

from __future__ import annotations

import shutil

import pytest
import torch

from tests.logit_rows import Compile

torch.set_num_threads(1)


@pytest.fixture
def compiled() -> Compile:
    """torch.compile as users call it; with its graph capture alone where there is no C++ compiler."""
    backend = "inductor" if shutil.which("g++") or shutil.which("clang++") else "aot_eager"
    torch.compiler.reset()
    return lambda function: torch.compile(function, backend=backend, fullgraph=True)
