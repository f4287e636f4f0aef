"""The scene of the one-bit camera. Oracle: the experiment's own numbers."""

from __future__ import annotations

from focalbook.campaigns.onebit_camera import Camera
from focalbook.figures import onebit_scene
from focalbook.figures.style import figure


def test_drawing() -> None:
    pictures = onebit_scene.data(Camera(rows=1, columns=2, bits=100))
    shown = figure(onebit_scene.draw, pictures, alt="Four pictures of one scene.", nrows=2, ncols=2)
    assert shown.light != shown.dark
