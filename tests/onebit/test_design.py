"""Designs. Oracles: brute force over grids, closed forms, textbook values, dense sensitivities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import norm

from focalbook.onebit import Bernoulli, Exponential, Gaussian, Poisson, design

Float = np.ndarray


def weight(z: Float) -> Float:
    return norm.pdf(z) ** 2 / (norm.cdf(z) * norm.sf(z))


def pair(function: object) -> float:
    """Best z of two thresholds at -z and z, half of the bits each, by one-dimensional search."""
    return float(minimize_scalar(function, bounds=(0.2, 4), method="bounded", options={"xatol": 1e-12}).x)


PAIRS = {
    "D": lambda z: 1 / (weight(z) * z),
    "A": lambda z: 1 / weight(z) + 1 / (weight(z) * z**2),
    "s": lambda z: 1 / (weight(z) * z**2),
}


@pytest.mark.parametrize("criterion", ["D", "A", "s"])
def test_two_thresholds_on_either_side(criterion: str) -> None:
    best = design.gaussian([0.0, 1.0], criterion)
    z = pair(PAIRS[criterion])
    np.testing.assert_allclose(np.sort(best.predictors()), [-z, z], atol=1e-7)
    np.testing.assert_allclose(best.weights, 0.5, atol=1e-9)
    assert best.value == pytest.approx(PAIRS[criterion](z), rel=1e-9)
    assert best.efficiency_bound > 1 - 1e-6


def test_textbook_value_of_the_d_optimal_probit_design() -> None:
    """Oracle: +-1.138, tabulated for the two-parameter probit model."""
    assert np.abs(design.gaussian([0.0, 1.0]).predictors()) == pytest.approx([1.138, 1.138], abs=5e-4)


def test_for_the_mean_alone_one_threshold_at_it() -> None:
    best = design.gaussian([0.7, 2.0], "a")
    assert best.model.tau == pytest.approx([0.7])
    assert best.value == pytest.approx(4 * np.pi / 2)
    assert np.linalg.matrix_rank(best.information) == 1


@settings(max_examples=12, deadline=None)
@given(
    st.floats(-50, 50), st.floats(-3, 3), st.sampled_from(["D", "A", "s", "a"]), st.sampled_from([1.0, -1.0])
)
def test_designs_follow_place_and_scale(a: float, log_s: float, criterion: str, w: float) -> None:
    s = 10.0**log_s
    base, moved = design.gaussian([0.0, 1.0], criterion), design.gaussian([a, s], criterion, w=w)
    np.testing.assert_allclose(
        np.sort(moved.predictors()), np.sort(base.predictors()), atol=1e-6 * (1 + abs(a) / s)
    )
    assert moved.value == pytest.approx(s**2 * base.value, rel=1e-9)
    assert moved.efficiency_bound > 1 - 1e-6


@pytest.mark.parametrize(
    ("parameters", "criterion", "w"),
    [
        ([3.0, 2.0], "D", [0.5, 1.0]),
        ([3.0, 2.0], "s", [0.0, 1.0]),
        ([3.0, 1.0], "A", [-1.0, 0.3, 2.0]),
        ([0.0, 1.0], [1.0, 1.0], [1.0]),
        ([3.0, 2.0], [1.0, 1.64], [1.0]),
        ([1000.0, 1e-3], "D", [1.0]),
        ([[0.0, 1.0], [0.0, 2.0], [1.0, 1.0], [1.0, 2.0]], "D", [1.0]),
        ([[0.0, 1.0], [0.0, 3.0], [2.0, 1.0], [2.0, 3.0], [1.0, 2.0]], "A", [1.0]),
    ],
)
def test_certificate_holds_on_a_dense_grid(parameters: object, criterion: object, w: list[float]) -> None:
    """Oracle: the sensitivity itself, at twenty thousand thresholds for every w."""
    best = design.gaussian(parameters, criterion, w=w)
    assert best.efficiency_bound > 1 - 1e-6
    a, s = best.parameters.mean(axis=0)
    for slope in w:
        tau = slope * a + max(best.parameters[:, 1].max(), s) * np.linspace(-15, 15, 20_001)
        assert best.sensitivity(Gaussian(slope, tau)).max() < 1 + 1e-6
    assert best.weights @ best.sensitivity(best.model) == pytest.approx(1.0)


def test_no_random_design_beats_the_certificate() -> None:
    rng = np.random.default_rng(0)
    best = {c: design.gaussian([0.3, 1.5], c) for c in ("D", "A", "s")}
    for _ in range(200):
        m = int(rng.integers(2, 6))
        model, share = Gaussian(1.0, rng.normal(0.3, 2.5, m)), rng.dirichlet(np.ones(m))
        for criterion, one in best.items():
            found = design.efficiency(model, share, [0.3, 1.5], criterion, best=one.value)
            assert 0 < found <= 1 / one.efficiency_bound


@pytest.mark.parametrize("criterion", ["D", "A"])
def test_average_over_guesses_against_a_general_optimiser(criterion: str) -> None:
    """Oracle: SLSQP over the weights of a grid of thresholds."""
    model = Gaussian(1.0, np.linspace(-4, 4, 17))
    guesses = np.array([[0.0, 1.0], [1.0, 2.0]])
    prior = np.array([0.7, 0.3])
    best = design.optimal(model, guesses, criterion, prior=prior)

    def loss(w: Float) -> float:
        total = 0.0
        for q, at in zip(prior, guesses, strict=True):
            each = np.array([Gaussian(1.0, t).fisher_information(at) for t in model.tau])
            j = np.tensordot(w, each, axes=1)
            total += q * (
                -0.5 * np.log(np.linalg.det(j)) if criterion == "D" else np.log(np.trace(np.linalg.inv(j)))
            )
        return total

    start = np.full(17, 1 / 17)
    found = minimize(
        loss,
        start,
        bounds=[(0, 1)] * 17,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert loss(best.weights) <= found.fun + 1e-9
    assert best.efficiency_bound > 1 - 1e-8
    assert prior @ np.log(best.values) == pytest.approx(loss(best.weights))


def test_best_threshold_of_a_poisson_mean() -> None:
    """Oracle: the largest information of one threshold."""
    model = Poisson(1.0, np.arange(1, 40))
    for mu in (0.3, 1.0, 5.0, 17.0):
        each = [Poisson(1.0, k).fisher_information(mu)[0, 0] for k in range(1, 40)]
        best = design.optimal(model, mu)
        assert int(best.weights.argmax()) == int(np.argmax(each))
        assert best.value == pytest.approx(1 / max(each))
        assert best.efficiency_bound > 1 - 1e-9
        assert design.optimal(model, mu, "mu").value == pytest.approx(best.value)


def test_exponential_and_logistic() -> None:
    """Oracles: P(X >= tau) near 0.2 for a waiting time; +-1.5434 for the two-parameter logistic model."""
    tau = np.linspace(0.1, 5, 400)
    best = design.optimal(Exponential(tau), 1.0)
    assert np.exp(-tau[best.weights.argmax()]) == pytest.approx(0.2032, abs=2e-3)
    v = np.stack([np.ones(801), np.linspace(-4, 4, 801)], axis=1)
    best = design.optimal(Bernoulli(v), [0.0, 1.0])
    used = best.weights > 0
    assert np.abs(v[used, 1]) == pytest.approx(1.5434, abs=0.011)
    assert best.weights[v[:, 1] < 0].sum() == pytest.approx(0.5, abs=1e-3)


def test_worst_case_against_brute_force() -> None:
    """Oracle: all designs of two thresholds with equal weights and three of a coarse grid of weights."""
    model = Gaussian(1.0, np.linspace(-3, 3, 13))
    guesses = [[0.0, 0.5], [0.0, 2.0]]
    best, reached = design.worst_case(model, guesses)
    assert best.efficiency_bound > 1 - 2e-4
    singles = [design.optimal(model, g) for g in guesses]
    again = [
        design.efficiency(model, best.weights, g, best=one.value)
        for g, one in zip(guesses, singles, strict=True)
    ]
    np.testing.assert_allclose(again, reached, rtol=1e-9)
    rng = np.random.default_rng(1)
    for _ in range(300):
        w = np.zeros(13)
        w[rng.choice(13, 4, replace=False)] = rng.dirichlet(np.ones(4))
        worst = min(
            design.efficiency(model, w, g, best=one.value) for g, one in zip(guesses, singles, strict=True)
        )
        assert worst <= reached.min() / best.efficiency_bound + 1e-9
    average = design.optimal(model, guesses)
    least = min(
        design.efficiency(model, average.weights, g, best=one.value)
        for g, one in zip(guesses, singles, strict=True)
    )
    assert reached.min() >= least - 1e-6


def test_efficiency_of_what_cannot_be_told_is_zero() -> None:
    model = Gaussian(1.0, [0.0, 1.0])
    assert design.efficiency(model, [1, 0], [0.0, 1.0], "a") == pytest.approx(1.0)
    assert design.efficiency(model, [1, 0], [0.0, 1.0], "s") == 0.0
    assert design.efficiency(model, [1, 0], [0.0, 1.0], "D") == 0.0
    doubled = [design.efficiency(model, np.array([1.0, 3.0]) * k, [0.0, 1.0]) for k in (1, 7)]
    assert doubled[0] == pytest.approx(doubled[1])


def test_repeated_rows_keep_their_order() -> None:
    model = Gaussian(1.0, np.tile([2.0, -1.138, 1.138, 0.0], 5))
    best = design.optimal(model, [0.0, 1.0])
    assert best.weights[
        np.isclose(np.abs(np.tile([2.0, -1.138, 1.138, 0.0], 5)), 1.138)
    ].sum() == pytest.approx(1.0)
    assert best.predictors().shape == (20,)
    assert best.trials(10).sum() == 10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: design.optimal(Gaussian(1.0, [0.0, 1.0]), [0.0, 1.0], "E"), "unknown"),
        (lambda: design.optimal(Gaussian(1.0, [0.0, 1.0]), [0.0, 1.0], [0.0, 0.0]), "contrast"),
        (lambda: design.optimal(Gaussian(1.0, [0.0, 1.0]), [0.0, -1.0]), "above 0"),
        (lambda: design.optimal(Gaussian([1.0, 2.0], [1.0, 2.0]), [0.0, 1.0]), "cannot tell"),
        (lambda: design.optimal(Gaussian(1.0, [0.0, 1.0]), [[0.0, 1.0], [1.0, 1.0]], "a"), "one guess"),
        (lambda: design.optimal(Gaussian(1.0, [0.0]), [0.0, 1.0], "s"), "tell nothing"),
        (lambda: design.optimal(Gaussian(1.0, [0.0, 1.0]), [0.0, 1.0], prior=[1.0, 1.0]), "prior"),
        (lambda: design.gaussian([0.0, 1.0], reach=0.0), "reach"),
        (lambda: design.gaussian([0.0, 1.0], w=np.nan), "finite"),
        (lambda: design.gaussian([0.0, 1.0], w=0.0), "cannot tell"),
        (lambda: design.worst_case(Gaussian(1.0, [0.0, 1.0]), [[0.0, 1.0]], "a"), "'D' or 'A'"),
        (lambda: design.efficiency(Gaussian(1.0, [0.0, 1.0]), [1.0], [0.0, 1.0]), "2 shares"),
        (lambda: design.efficiency(Gaussian(1.0, [0.0, 1.0]), [1.0, 1.0], [[0.0, 1.0]]), "one set"),
    ],
)
def test_bad_input_is_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
