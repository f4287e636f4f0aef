"""Configurations from text; oracle: the same configurations built by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.training.files import merged, parse_settings, read_config, read_settings
from focalbook.training.run_config import RunConfig

TOML = """
model = "mlp"
gamma = 2
flip = true
[model_options]
hidden = [32, 32]
"""


def test_a_file_is_the_configuration_it_says(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(TOML)
    options = {"hidden": [32, 32]}
    assert read_config(path) == RunConfig(model="mlp", gamma=2.0, flip=True, model_options=options)
    assert read_config(path, {"gamma": 3.0}) == RunConfig(gamma=3.0, flip=True, model_options=options)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"gama = 2", r"run.toml: unknown setting 'gama'.*did you mean 'gamma'"),
        (b"gamma = -2", r"run.toml: gamma must be finite"),
        (b"gamma = ", r"run.toml: not TOML: .*end of document"),
        (b"gamma = 2\nflip = yes", r"run.toml: not TOML: .*line 2"),
        (b"\xff", r"run.toml: not TOML"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "run.toml"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_config(path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none.toml: cannot be read: No such file"):
        read_settings(tmp_path / "none.toml")


def test_settings_of_every_kind() -> None:
    given = ["gamma=0.5", "epochs = 3", "flip=true", "model=vit", "data='x y'", "model_options.hidden=[1, 2]"]
    given += ["model_options.name=resnet-18", "gamma=1"]
    assert parse_settings(given) == {
        "gamma": 1,
        "epochs": 3,
        "flip": True,
        "model": "vit",
        "data": "x y",
        "model_options": {"hidden": [1, 2], "name": "resnet-18"},
    }


@pytest.mark.parametrize("entry", ["gamma", "=2", "a b=2", "a..b=2", "a='"])
def test_other_forms_are_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="is no setting: write key=value"):
        parse_settings([entry])


def test_tables_are_merged_entry_by_entry() -> None:
    below = {"a": 1, "t": {"x": 1, "y": {"z": 2}}}
    assert merged(below, {"t": {"y": {"w": 3}}}) == {"a": 1, "t": {"x": 1, "y": {"z": 2, "w": 3}}}
    assert merged(below, {"t": 5}) == {"a": 1, "t": 5}
    assert below == {"a": 1, "t": {"x": 1, "y": {"z": 2}}}
