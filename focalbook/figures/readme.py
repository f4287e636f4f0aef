"""The README's picture: the landing page's figure as files, for light and dark pages.

``python -m focalbook.figures.readme`` writes them again after a change; a test compares them with the code.
"""

from __future__ import annotations

from pathlib import Path

from focalbook.figures import landing, style

__all__ = ["ALT", "FOLDER", "images"]

#: Where the pictures lie in the checkout.
FOLDER = Path(__file__).resolve().parents[2] / "book" / "_static"

#: What there is to see; the README repeats it.
ALT = (
    "Left: the probability that a model trained with focal loss reports, against the true one, for two "
    "classes and gamma 0.5, 1, 2 and 5: all curves lie below the diagonal. Right: the gain h rises from one "
    "at zero to a maximum, then falls to zero at one."
)


def images() -> dict[str, bytes]:
    """The SVG files by name."""
    drawn = style.figure(landing.draw, landing.data(), alt=ALT, size=(8.4, 3.7), ncols=2)
    return {"readme-gain.svg": drawn.light, "readme-gain-dark.svg": drawn.dark}


if __name__ == "__main__":
    for name, image in images().items():
        (FOLDER / name).write_bytes(image)
        print(FOLDER / name)
