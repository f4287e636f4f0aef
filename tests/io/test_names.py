"""Hints at names. Oracle: names written out by hand."""

from __future__ import annotations

from focalbook.io.names import nearest


def test_the_nearest_name_is_named_and_a_stranger_is_not() -> None:
    assert nearest("resnet", ["mlp", "resnet18"]) == "; did you mean 'resnet18'?"
    assert nearest("zzz", ["mlp", "resnet18"]) == ""
    assert nearest("mlp", []) == ""
