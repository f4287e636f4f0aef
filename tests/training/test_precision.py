"""Settings of PyTorch in a run; oracle: PyTorch's own getters, before, within and after."""

from __future__ import annotations

import contextlib

import pytest
import torch

from focalbook.training.precision import autocast, run_settings

CPU, GPU = torch.device("cpu"), torch.device("cuda")


def settings() -> tuple[object, ...]:
    cudnn = torch.backends.cudnn
    return torch.get_float32_matmul_precision(), cudnn.allow_tf32, cudnn.benchmark, torch.get_num_threads()


@pytest.mark.parametrize(
    ("precision", "device", "within"),
    [
        ("float32", GPU, ("highest", False, True)),
        ("tf32", GPU, ("high", True, True)),
        ("bf16", GPU, ("high", True, True)),
    ],
)
def test_settings_within_a_run_and_after_it(
    precision: str, device: torch.device, within: tuple[object, ...]
) -> None:
    """The settings may be made without a GPU."""
    before = settings()
    with contextlib.suppress(KeyError), run_settings(precision, device, threads=3):
        assert settings() == (*within, 3)
        raise KeyError
    assert settings() == before


def test_on_a_cpu_only_threads_change() -> None:
    before = settings()
    with run_settings("tf32", CPU, threads=3):
        assert settings() == (*before[:3], 3)
    with run_settings("tf32", CPU):
        assert settings() == before
    assert settings() == before


@pytest.mark.parametrize(("precision", "dtype"), [("float32", torch.float32), ("bf16", torch.bfloat16)])
def test_autocast_is_for_bf16_alone(precision: str, dtype: torch.dtype) -> None:
    a = torch.ones(2, 2)
    with autocast(precision, CPU):
        assert (a @ a).dtype == dtype
