"""A vision transformer for small images."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from focalbook.nn.models._image import check_classes, check_image

__all__ = ["ViT"]


class _Block(nn.Module):
    """Self-attention and a two-layer perceptron, each after a layer norm and beside a shortcut."""

    def __init__(self, dimension: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = (nn.LayerNorm(dimension, eps=1e-6) for _ in range(2))
        self.qkv = nn.Linear(dimension, 3 * dimension)
        self.out = nn.Linear(dimension, dimension)
        self.mlp = nn.Sequential(
            nn.Linear(dimension, 4 * dimension), nn.GELU(), nn.Linear(4 * dimension, dimension)
        )

    def _attend(self, x: Tensor) -> Tensor:
        n, tokens, dimension = x.shape
        qkv = self.qkv(x).reshape(n, tokens, 3, self.heads, dimension // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        return self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self._attend(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    """Vision transformer with a class token and learnt positions.

    Parameters
    ----------
    shape : tuple of int
        (channels, height, width) of one image; both sides are multiples of `patch`.
    classes : int, >= 2
        Number of logits.
    patch : int, >= 1
        Side of the square patches, in pixels.
    dimension : int
        Width of a token, a multiple of `heads`.
    depth, heads : int, >= 1
        Number of blocks, and of attention heads in each.

    Raises
    ------
    ValueError
        Fewer than two classes, or sizes that do not fit together.

    Notes
    -----
    Source: ``dosovitskiy2021vit``; the default is its smallest common size ("Ti"), with patches of four
    pixels instead of sixteen: 5,380,132 parameters for 32 x 32 x 3 and 100 classes. Attention is PyTorch's
    fused one; its second derivatives exist only in ``torch.nn.attention.SDPBackend.MATH``.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        classes: int,
        patch: int = 4,
        dimension: int = 192,
        depth: int = 12,
        heads: int = 3,
    ) -> None:
        super().__init__()
        channels, height, width = check_image(shape)
        check_classes(classes)
        for name, value in (("patch", patch), ("depth", depth), ("heads", heads)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}.")
        if height % patch or width % patch:
            raise ValueError(f"images of {height} x {width} cannot be cut into patches of {patch} x {patch}.")
        if dimension < 1 or dimension % heads:
            raise ValueError(f"dimension must be a multiple of the {heads} heads, got {dimension}.")
        tokens = (height // patch) * (width // patch)
        self.patches = nn.Conv2d(channels, dimension, patch, patch)
        self.token = nn.Parameter(torch.zeros(1, 1, dimension))
        self.position = nn.Parameter(torch.zeros(1, tokens + 1, dimension))
        self.blocks = nn.Sequential(*(_Block(dimension, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(dimension, eps=1e-6)
        self.head = nn.Linear(dimension, classes)
        self._initialise()

    def _initialise(self) -> None:
        """Draw weights from a normal distribution of deviation 0.02, cut off far out; biases start at 0."""
        nn.init.trunc_normal_(self.token, std=0.02)
        nn.init.trunc_normal_(self.position, std=0.02)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, shape (n, classes), of images of shape (n, channels, height, width)."""
        tokens = self.patches(x).flatten(2).transpose(1, 2)
        whole = torch.cat([self.token.expand(len(x), -1, -1), tokens], dim=1) + self.position
        return self.head(self.norm(self.blocks(whole))[:, 0])
