"""Rows in, posteriors out, and what is counted on the way."""

from __future__ import annotations

import numpy as np
import pytest

from focalbook.io.errors import DataFileError, RowError
from focalbook.io.recovery import Recovery
from tests.io.samples import naive_posterior, rows


def make(gamma: float = 2.0, classes: int = 3, **more: object) -> Recovery:
    settings: dict[str, object] = {"weights": None, "logits": False, "tolerance": 1e-6, **more}
    return Recovery(gamma, classes, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0, 7.5])
@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 0.5]])
def test_posteriors(gamma: float, weights: list[float] | None) -> None:
    """Oracle: the paper's formula in a loop."""
    q = rows(50, 3)
    expected = [naive_posterior(row, gamma, weights) for row in q]
    np.testing.assert_allclose(make(gamma, weights=weights)(q), expected, rtol=1e-10)


def test_logits_are_softmaxed() -> None:
    z = np.array([[3.0, 1.0, -2.0], [800.0, 0.0, -800.0]])
    e = np.exp(z[0])
    p = make(logits=True)(z)
    np.testing.assert_allclose(p[0], naive_posterior(e / e.sum(), 2.0), rtol=1e-12)
    np.testing.assert_array_equal(p[1], [1, 0, 0])


def test_summary_does_not_depend_on_blocks() -> None:
    q = rows(101, 3)
    one, many = make(), make()
    one(q)
    for block in np.array_split(q, 7):
        many(block)
    assert one.summary.rows == many.summary.rows == 101
    assert one.summary.kept == many.summary.kept == 101
    assert (
        one.summary.top_before
        == pytest.approx(many.summary.top_before)
        == pytest.approx(q.max(axis=1).mean())
    )
    assert one.summary.top_after == pytest.approx(many.summary.top_after)


def test_class_weights_may_change_the_top_class() -> None:
    """Oracle: the two largest posteriors by the formula."""
    q = rows(500, 3)
    weights = [5.0, 1.0, 1.0]
    work = make(weights=weights)
    work(q)
    naive = np.array([naive_posterior(row, 2.0, weights) for row in q])
    assert work.summary.kept == (naive.argmax(axis=1) == q.argmax(axis=1)).sum() < 500


def test_ties_count_as_kept() -> None:
    work = make(classes=2)
    work(np.array([[0.5, 0.5]]))
    assert work.summary.kept == 1


def test_rows_near_one_are_divided_by_their_sum() -> None:
    q = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.204], [0.5, 0.3, 0.198]])
    work = make(tolerance=5e-3)
    p = work(q)
    assert (work.summary.rescaled, work.summary.deviation) == (2, pytest.approx(4e-3))
    np.testing.assert_allclose(p, [naive_posterior(row / row.sum(), 2.0) for row in q], rtol=1e-12)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ([0.5, np.nan, 0.5], 1, r"a missing value \(NaN\)"),
        ([0.5, 0.5, -np.inf], 2, r"an infinite value \(-inf\)"),
        ([-0.5, 1.0, 0.5], 0, "negative probability -0.5: if these are logits, say --logits"),
        ([0.5, 0.4, 0.0], None, r"sum to 0\.9, not to 1 \(tolerance 1e-06\): is a class missing"),
        ([50.0, 40.0, 10.0], None, "percentages"),
        ([1.0, 1.0, 1.0], None, r"suspicion, or are these logits \(--logits\)"),
    ],
)
def test_refused_rows(row: list[float], column: int | None, message: str) -> None:
    q = rows(5, 3)
    q[3] = row
    with pytest.raises(RowError, match=message) as caught:
        make(suspect="suspicion, or ")(q)
    assert (caught.value.row, caught.value.column) == (3, column)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_refused_logits(value: float) -> None:
    with pytest.raises(RowError, match=r"missing|infinite"):
        make(logits=True)(np.array([[0.0, value, 1.0]]))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gamma": -1.0}, "gamma must be finite and at least 0, got -1"),
        ({"gamma": np.nan}, "gamma must be finite"),
        ({"gamma": np.inf}, "gamma must be finite"),
        ({"tolerance": -1.0}, "tolerance must be at least 0 and below 1"),
        ({"tolerance": np.nan}, "tolerance must be"),
        ({"tolerance": 1.0}, "tolerance must be"),
        ({"weights": [1.0, 2.0]}, r"2 class weight\(s\) for 3 classes: give one for each class"),
        ({"weights": [1.0, 0.0, 1.0]}, "positive and finite, got 0"),
        ({"weights": [1.0, -2.0, 1.0]}, "got -2"),
        ({"weights": [1.0, np.inf, 1.0]}, "got inf"),
    ],
)
def test_refused_parameters(settings: dict[str, object], message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        make(**settings)  # type: ignore[arg-type]
