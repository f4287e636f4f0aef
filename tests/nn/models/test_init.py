"""All architectures by name. Oracles: counts published elsewhere, finite differences, shapes by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from focalbook.nn.models import MODELS, build_model

IMAGES = ("cnn", "resnet18", "mobilenet-v2", "vgg19", "vit")

#: Parameters for images of 3 x 32 x 32. ResNet-18, VGG-19 and MobileNet-v2 with 10 classes: 11,173,962 and
#: 20,040,522 as in the common collections of CIFAR networks; 2,236,682 is torchvision's count at 10 classes.
COUNTS = {
    ("resnet18", 10): 11_173_962,
    ("resnet18", 100): 11_220_132,
    ("vgg19", 10): 20_040_522,
    ("vgg19", 100): 20_086_692,
    ("mobilenet-v2", 10): 2_236_682,
    ("mobilenet-v2", 100): 2_351_972,
    ("mobilenet-v2", 1000): 3_504_872,  # torchvision's, and the 3.4 million of the paper's Table 4
    ("vit", 100): 5_380_132,
}


def _count(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize(("name", "classes"), COUNTS)
def test_parameter_counts(name: str, classes: int) -> None:
    with torch.device("meta"):
        assert _count(build_model(name, (3, 32, 32), classes)) == COUNTS[name, classes]


def test_vision_transformer_of_the_paper() -> None:
    """Oracle: 5,717,416 parameters, the published count of ViT-Ti/16 on ImageNet."""
    with torch.device("meta"):
        assert _count(build_model("vit", (3, 224, 224), 1000, patch=16)) == 5_717_416


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (2, 12, 20), (3, 28, 28)])
def test_any_size_and_number_of_channels(name: str, shape: tuple[int, ...]) -> None:
    network = build_model(name, shape, 7).eval()
    with torch.no_grad():
        logits = network(torch.randn(2, *shape, generator=torch.Generator().manual_seed(0)))
    assert logits.shape == (2, 7)
    assert torch.isfinite(logits).all()


@pytest.mark.parametrize("name", IMAGES)
def test_images_do_not_meet_in_evaluation(name: str) -> None:
    """In evaluation mode an image's logits do not depend on its batch. Oracle: one image at a time."""
    network = build_model(name, (3, 16, 16), 5).double().eval()
    x = torch.randn(3, 3, 16, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    with torch.no_grad():
        alone = torch.cat([network(one[None]) for one in x])
        torch.testing.assert_close(network(x), alone, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", IMAGES)
def test_memory_format_does_not_matter(name: str) -> None:
    network = build_model(name, (3, 16, 16), 5).double().eval()
    x = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    with torch.no_grad():
        other = network(x.to(memory_format=torch.channels_last))
        torch.testing.assert_close(network(x), other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", IMAGES)
def test_second_derivatives_exist(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: a central difference of the gradient along one direction, kinks made smooth for it."""
    monkeypatch.setattr(nn.functional, "relu", lambda x, **_: nn.functional.softplus(x))
    monkeypatch.setattr(nn.ReLU6, "forward", lambda _, x: nn.functional.softplus(x))
    torch.manual_seed(0)
    options = {"depth": 1, "dimension": 12} if name == "vit" else {}
    network = build_model(name, (3, 8, 8), 4, **options).double().eval()
    x = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    weights = list(network.parameters())
    direction = [torch.randn_like(w) / w.numel() ** 0.5 for w in weights]

    def slope() -> list[torch.Tensor]:
        loss = nn.functional.cross_entropy(network(x), torch.tensor([1, 3]))
        return list(torch.autograd.grad(loss, weights, create_graph=True))

    with sdpa_kernel(SDPBackend.MATH):
        along = sum((s * d).sum() for s, d in zip(slope(), direction, strict=True))
        exact = torch.autograd.grad(along, weights)  # type: ignore[arg-type]
        ends = []
        for sign in (1, -1):
            with torch.no_grad():
                for w, d in zip(weights, direction, strict=True):
                    w += sign * 1e-6 * d
            ends.append([s.detach() for s in slope()])
            with torch.no_grad():
                for w, d in zip(weights, direction, strict=True):
                    w -= sign * 1e-6 * d
    error = size = 0.0
    for high, low, value in zip(*ends, exact, strict=True):
        error += float((((high - low) / 2e-6 - value) ** 2).sum())
        size += float((value**2).sum())
    assert size > 0
    assert error < 1e-6 * size


@pytest.mark.parametrize("name", IMAGES)
def test_weights_follow_the_seed(name: str) -> None:
    networks = []
    for seed in (0, 0, 1):
        torch.manual_seed(seed)
        networks.append(build_model(name, (1, 8, 8), 3))
    one, two, three = (torch.cat([p.flatten() for p in n.parameters()]) for n in networks)
    assert torch.equal(one, two)
    assert not torch.equal(one, three)


@pytest.mark.parametrize("name", IMAGES)
def test_bad_shapes_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="one channel, \\(1, height, width\\)"):
        build_model(name, (8, 8), 3)
    with pytest.raises(ValueError, match="shape of an image"):
        build_model(name, (3, 0, 8), 3)
    with pytest.raises(ValueError, match="at least two classes"):
        build_model(name, (3, 8, 8), 1)


def test_unknown_options_say_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'width'"):
        build_model("resnet18", (3, 8, 8), 3, widht=2)
    with pytest.raises(ValueError, match="'vgg19' has no option 'depth'; it has none"):
        build_model("vgg19", (3, 8, 8), 3, depth=2)
    with pytest.raises(ValueError, match="no option 'hidden'"):
        build_model("cnn", (3, 8, 8), 3, hidden=(2,))
    with pytest.raises(ValueError, match="did you mean 'mobilenet-v2'"):
        build_model("mobilenet", (3, 8, 8), 3)
    assert set(IMAGES) < set(MODELS)
