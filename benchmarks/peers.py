"""Other libraries that compute the focal loss, where they are installed. None of them is a requirement."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import metadata
from typing import Any

import torch

KORNIA, TORCHVISION = "Kornia", "torchvision, sigmoid"


@cache
def kornia_loss() -> Callable[..., Any] | None:
    """Kornia's ``focal_loss``, or None."""
    try:
        from kornia.losses import focal_loss
    except ImportError:
        return None
    return focal_loss


@cache
def torchvision_loss() -> Callable[..., Any] | None:
    """torchvision's ``sigmoid_focal_loss``, or None.

    The function is plain Python, but torchvision does not import where its compiled operators do not fit the
    build of torch, as with wheels made for graphics cards beside torch for the CPU. Declaring the operators
    that it then misses, without a body, is enough to import it; the loss uses none of them.
    """
    library = None
    for missing in ("nms", "qnms", ""):
        try:
            from torchvision.ops import sigmoid_focal_loss
        except ImportError:
            return None
        except RuntimeError:
            if not missing:
                return None
            library = library or torch.library.Library("torchvision", "FRAGMENT")
            library.define(f"{missing}(Tensor x) -> Tensor")
        else:
            _KEPT.append(library)  # operators are declared as long as their library lives
            return sigmoid_focal_loss
    return None


_KEPT: list[Any] = []


def versions() -> dict[str, str]:
    """Versions of the peers that can be imported."""
    found = {"kornia": kornia_loss(), "torchvision": torchvision_loss()}
    return {name: metadata.version(name) for name, loss in found.items() if loss is not None}
