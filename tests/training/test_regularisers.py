"""Estimated traces; oracles: dense Hessians and Jacobians by autograd, and z-tests of the estimators."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from focalbook.nn import FLSD53, FocalLoss
from focalbook.nn.models import build_model
from focalbook.training.norms import differentiable_norms
from focalbook.training.regularisers import gauss_newton_trace, hessian_trace, signs
from tests.training.networks import TinyConv

SHAPE, CLASSES = (1, 4, 4), 3


def case(criterion: nn.Module) -> tuple[nn.Module, Tensor, Tensor, nn.Module]:
    """A network with batch normalisation in training mode, all in float64."""
    generator = torch.Generator().manual_seed(1)
    with torch.random.fork_rng():
        torch.manual_seed(5)
        model = TinyConv(SHAPE, CLASSES, width=2, smooth=True).double()
    x = torch.randn(6, *SHAPE, generator=generator, dtype=torch.float64)
    return model, x, torch.randint(CLASSES, (6,), generator=generator), criterion


def flat(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def logits_at(model: nn.Module, x: Tensor, w: Tensor) -> Tensor:
    """Logits as a function of all parameters in one vector."""
    parts = w.split([p.numel() for p in model.parameters()])
    names = [name for name, _ in model.named_parameters()]
    shapes = [p.shape for p in model.parameters()]
    named = {name: part.view(shape) for name, part, shape in zip(names, parts, shapes, strict=True)}
    buffers = {name: b.clone() for name, b in model.named_buffers()}
    return functional_call(model, named | buffers, (x,))


def dense_hessian(model: nn.Module, x: Tensor, y: Tensor, criterion: nn.Module, w: Tensor) -> Tensor:
    def gradient(v: Tensor) -> Tensor:
        return torch.autograd.grad(criterion(logits_at(model, x, v), y), v, create_graph=True)[0]

    g = gradient(w)
    return torch.stack([torch.autograd.grad(g, w, e, retain_graph=True)[0] for e in torch.eye(len(w)).to(w)])


def dense_gauss_newton(model: nn.Module, x: Tensor, y: Tensor, criterion: nn.Module, w: Tensor) -> Tensor:
    """J'AJ from the dense Jacobian and the dense Hessian in the logits."""
    z = logits_at(model, x, w)
    rows = [torch.autograd.grad(z.flatten()[i], w, create_graph=True)[0] for i in range(z.numel())]
    jacobian = torch.stack(rows)
    slope = torch.autograd.grad(criterion(z, y), z, create_graph=True)[0].flatten()
    rows = [torch.autograd.grad(slope[i], z, create_graph=True)[0].flatten() for i in range(len(slope))]
    return jacobian.T @ torch.stack(rows) @ jacobian


CRITERIA = [FocalLoss(0.0), FocalLoss(2.0), FocalLoss(0.5, label_smoothing=0.1), FLSD53()]
DENSE = {"hessian": dense_hessian, "gauss-newton": dense_gauss_newton}


def estimate(
    kind: str,
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    criterion: nn.Module,
    generator: torch.Generator,
    n: int,
) -> Tensor:
    z = model(x)
    loss, parameters = criterion(z, y), list(model.parameters())
    if kind == "hessian":
        return hessian_trace(loss, parameters, generator, n)
    return gauss_newton_trace(loss, z, parameters, generator, n)


@pytest.mark.parametrize("kind", DENSE)
@pytest.mark.parametrize("criterion", CRITERIA, ids=str)
def test_one_probe_is_the_quadratic_form_of_the_dense_matrix(kind: str, criterion: nn.Module) -> None:
    model, x, y, criterion = case(criterion)
    dense = DENSE[kind](model, x, y, criterion, flat(model).requires_grad_()).detach()
    for seed in range(3):
        v = torch.cat(
            [s.flatten() for s in signs(list(model.parameters()), torch.Generator().manual_seed(seed))]
        )
        found = estimate(kind, model, x, y, criterion, torch.Generator().manual_seed(seed), 1)
        torch.testing.assert_close(found.detach(), v @ dense @ v, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", DENSE)
def test_estimates_are_unbiased_with_the_variance_stated(kind: str) -> None:
    """z-tests of mean and variance of 2000 probes against the dense matrix."""
    model, x, y, criterion = case(FocalLoss(2.0))
    dense = DENSE[kind](model, x, y, criterion, flat(model).requires_grad_()).detach()
    variance = float(2 * (dense.square().sum() - dense.diagonal().square().sum()))
    generator, n = torch.Generator().manual_seed(0), 2000
    v = torch.stack(
        [torch.cat([s.flatten() for s in signs(list(model.parameters()), generator)]) for _ in range(n)]
    )
    values = ((v @ dense) * v).sum(dim=1)
    assert abs(float(values.mean() - dense.trace())) < 4 * math.sqrt(variance / n)
    fourth = float((values - values.mean()).pow(4).mean())
    assert abs(float(values.var()) - variance) < 4 * math.sqrt((fourth - variance**2) / n)
    found = estimate(kind, model, x, y, criterion, torch.Generator().manual_seed(7), 400)
    assert abs(float(found.detach() - dense.trace())) < 4 * math.sqrt(variance / 400)


def trace_at(kind: str, model: nn.Module, x: Tensor, y: Tensor, criterion: nn.Module, w: Tensor) -> Tensor:
    return DENSE[kind](model, x, y, criterion, w.clone().requires_grad_()).detach()


def slope(kind: str, model: nn.Module, x: Tensor, y: Tensor, criterion: nn.Module, form: Tensor) -> Tensor:
    """Gradient of ``(form * dense).sum()`` by central differences of the dense matrix."""
    w, step = flat(model), 1e-5
    values = []
    for e in torch.eye(len(w), dtype=w.dtype):
        ends = [(form * trace_at(kind, model, x, y, criterion, w + s * step * e)).sum() for s in (1, -1)]
        values.append((ends[0] - ends[1]) / (2 * step))
    return torch.stack(values)


def penalty_gradient(
    kind: str, model: nn.Module, x: Tensor, y: Tensor, criterion: nn.Module, generator: torch.Generator
) -> Tensor:
    with differentiable_norms(model):
        found = estimate(kind, model, x, y, criterion, generator, 1)
    gradient = torch.autograd.grad(found, list(model.parameters()), materialize_grads=True)
    return torch.cat([g.flatten() for g in gradient])


@pytest.mark.parametrize("kind", DENSE)
@pytest.mark.parametrize("criterion", CRITERIA[:3], ids=str)
def test_gradient_of_one_probe_is_that_of_the_dense_quadratic_form(kind: str, criterion: nn.Module) -> None:
    model, x, y, criterion = case(criterion)
    v = torch.cat([s.flatten() for s in signs(list(model.parameters()), torch.Generator().manual_seed(3))])
    expected = slope(kind, model, x, y, criterion, torch.outer(v, v))
    found = penalty_gradient(kind, model, x, y, criterion, torch.Generator().manual_seed(3))
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", DENSE)
def test_gradient_is_that_of_the_exact_trace_in_the_mean(kind: str) -> None:
    """Largest of the z-scores of all coordinates over 300 probes."""
    model, x, y, criterion = case(FocalLoss(0.0))
    exact = slope(kind, model, x, y, criterion, torch.eye(len(flat(model)), dtype=torch.float64))
    generator = torch.Generator().manual_seed(0)
    sample = torch.stack([penalty_gradient(kind, model, x, y, criterion, generator) for _ in range(300)])
    error = sample.std(dim=0) / math.sqrt(len(sample))
    assert float(((sample.mean(dim=0) - exact).abs() / (error + 1e-7)).max()) < 4.5
    assert float(exact.norm()) > 1e-2


@pytest.mark.parametrize("kind", DENSE)
@pytest.mark.parametrize(
    ("name", "options"), [("cnn", {}), ("vit", {"depth": 1, "dimension": 12, "heads": 2, "patch": 4})]
)
def test_gradient_through_architectures(name: str, options: dict[str, int], kind: str) -> None:
    """Along one direction, by differences so small that hardly any rectified unit changes its side."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = build_model(name, (1, 8, 8), 3, **options).double().train()
    generator = torch.Generator().manual_seed(2)
    x, y = torch.randn(4, 1, 8, 8, generator=generator, dtype=torch.float64), torch.tensor([0, 1, 2, 1])
    parameters, step = list(model.parameters()), 1e-8
    direction = [
        torch.randn(p.shape, generator=generator, dtype=p.dtype) * p.abs().mean() for p in parameters
    ]

    def value() -> Tensor:
        with differentiable_norms(model), sdpa_kernel(SDPBackend.MATH):
            return estimate(kind, model, x, y, FocalLoss(1.0), torch.Generator().manual_seed(1), 1)

    gradient = torch.autograd.grad(value(), parameters, materialize_grads=True)
    ends = []
    for move in (step, -2 * step):
        with torch.no_grad():
            torch._foreach_add_(parameters, direction, alpha=move)
        ends.append(value().detach())
    found = sum((g * d).sum().item() for g, d in zip(gradient, direction, strict=True))
    assert found == pytest.approx(float(ends[0] - ends[1]) / (2 * step), rel=1e-5)


def test_gauss_newton_of_the_cross_entropy_is_never_negative_and_that_of_focal_loss_may_be() -> None:
    model, x, y, _ = case(FocalLoss(0.0))
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        assert float(estimate("gauss-newton", model, x, y, FocalLoss(0.0), generator, 1).detach()) >= 0
    z = torch.tensor([[-1.0, 1.0]], dtype=torch.float64, requires_grad=True)
    found = gauss_newton_trace(
        FocalLoss(5.0)(z, torch.tensor([0])), z, [z], torch.Generator().manual_seed(0), 50
    )
    slope = torch.func.hessian(lambda logits: FocalLoss(5.0)(logits, torch.tensor([0])))(z.detach())
    torch.testing.assert_close(torch.sign(found.detach()), torch.sign(slope.view(2, 2).trace()))


def test_constant_gradients_have_trace_zero() -> None:
    w = nn.Parameter(torch.ones(3))
    unused = nn.Parameter(torch.ones(2))
    assert hessian_trace(w.sum(), [w, unused], torch.Generator().manual_seed(0)).item() == 0.0


def test_signs_are_fair_and_repeatable() -> None:
    parameters = [nn.Parameter(torch.zeros(100, 50)), nn.Parameter(torch.zeros(7))]
    first, second = (signs(parameters, torch.Generator().manual_seed(2)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert [s.shape for s in first] == [p.shape for p in parameters]
    assert set(first[0].flatten().tolist()) == {-1.0, 1.0}
    assert abs(float(first[0].mean())) < 4 / math.sqrt(5000)


def test_at_least_one_probe() -> None:
    w = nn.Parameter(torch.ones(1))
    with pytest.raises(ValueError, match="at least one probe is needed, got 0"):
        hessian_trace((w**2).sum(), [w], torch.Generator(), 0)
