"""Checkpoints; oracles: the network that was written, and files damaged by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from focalbook.nn import models
from focalbook.nn.models import build_model
from focalbook.training.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from focalbook.training.run_config import RunConfig
from tests.training.networks import TinyConv

CONFIG = RunConfig(model_options={"hidden": [8]}, gamma=2.0)
FACTS = {"shape": (1, 3, 2), "classes": 4, "mean": (0.25,), "std": (0.5,), "data": "ab"}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    model = build_model("mlp", (1, 3, 2), 4, hidden=[8])
    return save_checkpoint(tmp_path / "net.npz", model, CONFIG, **FACTS)


def rewrite(path: Path, changed: dict[str, object] | None = None, **arrays: np.ndarray) -> None:
    """Replace parts of the header, or arrays, of a checkpoint."""
    with np.load(path) as file:
        content = {name: file[name] for name in file.files}
    if changed is not None:
        old = json.loads(content["header"].tobytes())
        content["header"] = np.frombuffer(json.dumps(old | changed).encode(), dtype=np.uint8)
    with path.open("wb") as handle:
        np.savez(handle, **(content | arrays))


def test_round_trip(tmp_path: Path) -> None:
    torch.manual_seed(3)
    model = build_model("mlp", (1, 3, 2), 4, hidden=[8])
    x = torch.rand(5, 1, 3, 2)
    path = save_checkpoint(tmp_path / "net.npz", model, CONFIG, **FACTS)
    before = torch.get_rng_state()
    found = load_checkpoint(path)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(found.model(x), model(x))
    assert not found.model.training
    assert found.config == CONFIG
    facts = {name: getattr(found, name) for name in FACTS}
    assert facts == FACTS


def test_buffers_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(models.MODELS, "tiny-conv", TinyConv)
    model = TinyConv((2, 3, 2), 4)
    model(torch.rand(6, 2, 3, 2))
    path = save_checkpoint(
        tmp_path / "n.npz", model, RunConfig(model="tiny-conv"), **(FACTS | {"shape": (2, 3, 2)})
    )
    found = load_checkpoint(path).model.state_dict()
    for name, value in model.state_dict().items():
        assert torch.equal(found[name], value)
        assert found[name].dtype == value.dtype


def test_what_is_no_checkpoint_is_refused(tmp_path: Path, written: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read: No such file"):
        load_checkpoint(tmp_path / "none.npz")
    with pytest.raises(CheckpointError, match="cannot be read: Is a directory"):
        load_checkpoint(tmp_path)
    other = tmp_path / "other.npz"
    np.savez(other, a=np.zeros(3))
    with pytest.raises(CheckpointError, match=r"other.npz: no checkpoint of focalbook"):
        load_checkpoint(other)
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, header=np.array([{"a": 1}], dtype=object))
    with pytest.raises(CheckpointError, match="no checkpoint, or a damaged one"):
        load_checkpoint(pickled)
    rewrite(written, header=np.frombuffer(b"{no", dtype=np.uint8))
    with pytest.raises(CheckpointError, match="header is not JSON"):
        load_checkpoint(written)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_truncated_files_are_refused(written: Path, share: float) -> None:
    content = written.read_bytes()
    written.write_bytes(content[: int(share * len(content))])
    with pytest.raises(CheckpointError, match="perhaps truncated"):
        load_checkpoint(written)


def test_a_flipped_byte_is_refused(written: Path) -> None:
    content = bytearray(written.read_bytes())
    place = content.find(b"state/layers.1.weight") + 200
    content[place] ^= 0xFF
    written.write_bytes(bytes(content))
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(written)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"schema": 2}, "schema 2, this version of focalbook reads 1"),
        ({"classes": 5}, r"float32 of shape \(4, 8\), and mlp for 5 classes.* shape \(5, 8\)"),
        ({"shape": [1, 4, 4]}, r"\(8, 6\), and mlp .* \(8, 16\)"),
        ({"config": CONFIG.to_dict() | {"model_options": {}}}, "weights of another architecture"),
        ({"config": CONFIG.to_dict() | {"model": "mpl"}}, "unknown model 'mpl'.*did you mean 'mlp'"),
        ({"config": CONFIG.to_dict() | {"model_options": {"widht": 2}}}, "cannot be built: .*widht"),
        ({"config": {"gama": 1}}, "unknown setting 'gama'"),
    ],
)
def test_another_network_is_refused(written: Path, header: dict[str, object], message: str) -> None:
    rewrite(written, header)
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(written)


def test_another_kind_of_number_is_refused(written: Path) -> None:
    rewrite(written, **{"state/layers.1.bias": np.zeros(8)})
    with pytest.raises(CheckpointError, match=r"'layers\.1\.bias' is float64"):
        load_checkpoint(written)


def test_nothing_half_written(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written.read_bytes()

    def broken(handle: object, **arrays: np.ndarray) -> None:
        handle.write(b"half")  # type: ignore[attr-defined]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", broken)
    with pytest.raises(ValueError, match="not written: No space left"):
        save_checkpoint(written, build_model("mlp", (1, 3, 2), 4), CONFIG, **FACTS)
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == ["net.npz"]
