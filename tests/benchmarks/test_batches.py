"""The contenders of the benchmark make the same batch, and it prints a ratio for each."""

from __future__ import annotations

import sys

import pytest
import torch

from benchmarks import batches


def test_all_make_the_same_batch() -> None:
    made = {name: call() for name, call in batches.contenders(40, 16).items()}
    for name, batch in made.items():
        assert batch.shape == (16, 3, 32, 32), name
        assert torch.allclose(batch, made["loop over images"], atol=1e-6), name


def test_it_prints_all_of_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["batches", "--batch", "8", "--seconds", "0.01"])
    threads = torch.get_num_threads()
    try:
        batches.main()
    finally:
        torch.set_num_threads(threads)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(batches.contenders(8, 8))
    assert lines[2].split()[-1] == "1.00"
