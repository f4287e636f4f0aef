"""Small networks for the tests of training."""

from __future__ import annotations

from torch import Tensor, nn


class TinyConv(nn.Module):
    """A convolution with batch normalisation, pooling and, where asked for, dropout."""

    def __init__(
        self, shape: tuple[int, ...], classes: int, width: int = 4, dropout: float = 0.0, smooth: bool = False
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(shape[0], width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.act = nn.Tanh() if smooth else nn.ReLU()
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        x = self.act(self.norm(self.conv(x)))
        return self.head(self.dropout(x.mean(dim=(2, 3))))
