"""Tiny networks of each kind, with dense curvature matrices in double precision as oracles."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, jacrev
from torch.nn.functional import scaled_dot_product_attention

from focalbook.nn import focal_cross_entropy

CLASSES = 3
SHAPE = (1, 6, 6)


class Residual(nn.Module):
    """A block of two convolutions with a skip."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.norm = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.second, self.last = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Logits or features."""
        y = self.last(self.second(self.relu(self.norm(self.first(x)))))
        return self.relu(y + x)


class Attention(nn.Module):
    """Attention and a perceptron, each with a skip."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm, self.heads = nn.LayerNorm(width), heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 6), nn.GELU(), nn.Linear(6, width))

    def forward(self, x: Tensor) -> Tensor:
        """Logits or features."""
        n, t, d = x.shape
        q, k, v = self.qkv(self.norm(x)).view(n, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        x = x + self.out(scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, t, d))
        return x + self.mlp(x)


class Transformer(nn.Module):
    """A vision transformer of one block."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(1, 4, 3, 3)
        self.position = nn.Parameter(0.1 * torch.randn(1, 4, 4))
        self.block, self.norm, self.head = Attention(4, 2), nn.LayerNorm(4), nn.Linear(4, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        """Logits or features."""
        x = self.patch(x).flatten(2).transpose(1, 2) + self.position
        return self.head(self.norm(self.block(x)).mean(1))


def head(width: int) -> list[nn.Module]:
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, CLASSES)]


KINDS: dict[str, Callable[[], nn.Module]] = {
    "mlp": lambda: nn.Sequential(nn.Flatten(), nn.Linear(36, 5), nn.ReLU(), nn.Linear(5, CLASSES)),
    "smooth mlp": lambda: nn.Sequential(nn.Flatten(), nn.Linear(36, 4), nn.Tanh(), nn.Linear(4, CLASSES)),
    "cnn": lambda: nn.Sequential(
        nn.Conv2d(1, 4, 3, padding="same"), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 5, 3, stride=2, padding=1), nn.BatchNorm2d(5), nn.ReLU(), *head(5),
    ),
    "residual": lambda: nn.Sequential(
        nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), Residual(4), *head(4)
    ),
    "depthwise": lambda: nn.Sequential(
        nn.Conv2d(1, 6, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6(),
        nn.Conv2d(6, 6, 3, stride=2, padding=1, groups=6, bias=False), nn.BatchNorm2d(6), nn.Hardswish(),
        nn.Conv2d(6, 4, 1), nn.BatchNorm2d(4), *head(4),
    ),
    "transformer": Transformer,
}  # fmt: skip

#: Those whose Hessian has the diagonal of the Gauss-Newton matrix.
PIECEWISE = ("mlp", "cnn", "residual")


def network(kind: str, seed: int = 0) -> nn.Module:
    """A network in double precision with weights and statistics away from their initial values."""
    generator = torch.random.get_rng_state()
    torch.manual_seed(seed)
    model = KINDS[kind]().double()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0.0, 0.2)
            module.running_var.uniform_(0.3, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.2)
    torch.random.set_rng_state(generator)
    return model.eval()


def samples(n: int = 9, seed: int = 1) -> tuple[Tensor, Tensor]:
    """Inputs in double precision and labels."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, *SHAPE, generator=generator, dtype=torch.float64)
    return x, torch.randint(CLASSES, (n,), generator=generator)


def dense(model: nn.Module, x: Tensor, y: Tensor, loss: float | nn.Module) -> tuple[Tensor, Tensor]:
    """Hessian and Gauss-Newton matrix of the mean loss, by reverse over reverse differentiation."""
    names = [name for name, p in model.named_parameters() if p.requires_grad]
    weights = [p.detach() for p in model.parameters() if p.requires_grad]
    sizes = [w.numel() for w in weights]

    def logits(flat: Tensor, x: Tensor) -> Tensor:
        parts = [part.view(w.shape) for part, w in zip(flat.split(sizes), weights, strict=True)]
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
            return functional_call(model, dict(zip(names, parts, strict=True)), (x,))

    def value(z: Tensor, y: Tensor) -> Tensor:
        return loss(z, y) if isinstance(loss, nn.Module) else focal_cross_entropy(z, y, loss)

    flat = torch.cat([w.reshape(-1) for w in weights])
    hessian = jacrev(grad(lambda w: value(logits(w, x), y)))(flat)
    jacobian = jacrev(lambda w: logits(w, x))(flat)  # (n, K, P)
    z = logits(flat, x)
    middle = jacrev(grad(lambda z: value(z, y)))(z)  # (n, K, n, K): block diagonal, but for nothing assumed
    return hessian, torch.einsum("nkp,nkml,mlq->pq", jacobian, middle, jacobian)
