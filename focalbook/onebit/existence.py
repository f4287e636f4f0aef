r"""When the likelihood of one-bit data has a maximum (claim OB-6), and what a design can tell at all.

A cell with predictor x beta has ones, zeros, or both. Data are separated when some beta != 0 has x beta >= 0
wherever there are ones and x beta <= 0 wherever there are zeros: moving along it never lowers the likelihood.
Otherwise they overlap, and the maximum exists (Albert and Anderson 1984). Separation means that the vectors x
of the ones and -x of the zeros lie in one closed half-space.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from focalbook.onebit._tails import Bool, Float

__all__ = ["missing_directions", "overlap", "overlap_line", "overlap_plane", "overlap_program", "residual"]

#: Sectors of the circle for a first look at large designs.
SECTORS = 128


def _product_error(a: Float, b: Float, p: Float) -> Float:
    """A b - p exactly, for p the rounded product (Dekker)."""
    factor = 134217729.0  # 2^27 + 1
    high_a, high_b = factor * a, factor * b
    high_a, high_b = high_a - (high_a - a), high_b - (high_b - b)
    low_a, low_b = a - high_a, b - high_b
    return ((high_a * high_b - p) + high_a * low_b + low_a * high_b) + low_a * low_b


def residual(w: Float, tau: Float, value: float) -> Float:
    """Tau - w value, rounded once and a half: the product does not lose what its difference to tau needs."""
    product = w * value
    return (tau - product) - _product_error(w, np.full_like(w, value), product)


def _positions(x: Float, y: Float) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Rank of the line through each vector (x, y) by its slope, exactly; side of it; number of lines."""
    side = np.where((x < 0) | ((x == 0) & (y < 0)), 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(x == 0, np.inf, y / x)
        rest = np.where(x == 0, 0.0, ((y - slope * x) - _product_error(slope, x, slope * x)) / x)
    order = np.lexsort((rest, slope))
    new = np.ones(len(x), bool)
    new[1:] = (slope[order][1:] != slope[order][:-1]) | (rest[order][1:] != rest[order][:-1])
    rank = np.empty(len(x), np.int64)
    rank[order] = np.cumsum(new) - 1
    return rank, side, int(new.sum())


def overlap_line(x: Float, ones: Bool, zeros: Bool) -> Bool:
    """Overlap for one coordinate: masks of shape (r, c), cells x of shape (c,); shape (r,)."""
    up = (ones & (x > 0)) | (zeros & (x < 0))
    down = (ones & (x < 0)) | (zeros & (x > 0))
    return np.asarray(up.any(axis=-1) & down.any(axis=-1))


def overlap_plane(design: Float, ones: Bool, zeros: Bool) -> Bool:
    """Overlap for two coordinates, exactly: no gap between neighbouring directions reaches half a turn.

    Lines through the cells are ranked by exact comparison of their slopes, so that opposite directions are
    known to be opposite and no angle is ever rounded.
    """
    proper = (design != 0).any(axis=1)
    design, ones, zeros = design[proper], ones[:, proper], zeros[:, proper]
    if len(design) == 0:
        return np.zeros(len(ones), bool)
    if len(design) > SECTORS:
        verdict = _surely_overlap(design, ones, zeros)
        rest = np.flatnonzero(~verdict)
        if rest.size:
            verdict[rest] = _overlap_by_rank(design, ones[rest], zeros[rest])
        return verdict
    return _overlap_by_rank(design, ones, zeros)


def _surely_overlap(design: Float, ones: Bool, zeros: Bool) -> Bool:
    """Overlap that shows already in which sectors of the circle are hit; sorting is then not needed."""
    angle = np.arctan2(design[:, 1], design[:, 0])
    sector = np.floor((angle / np.pi + 1.0) * (SECTORS // 2)).astype(np.int64) % SECTORS
    hit = np.zeros((len(ones), SECTORS), bool)
    for mask, turn in ((ones, 0), (zeros, SECTORS // 2)):
        rows, cells = np.nonzero(mask)
        hit[rows, ((sector + turn) % SECTORS)[cells]] = True
    # two sectors to spare: one for the width of a sector, one for angles rounded across an edge
    return np.asarray(hit.any(axis=1) & (_widest_gap(hit) < SECTORS // 2 - 2))


def _widest_gap(seen: Bool) -> NDArray[np.int64]:
    """Largest step between neighbouring places that are seen, round the circle, shape (r,)."""
    places = seen.shape[1]
    place = np.arange(places)
    before = np.maximum.accumulate(np.where(seen, place, -1), axis=1)
    gap = np.where(seen[:, 1:] & (before[:, :-1] >= 0), place[1:] - before[:, :-1], 0)
    return np.maximum(gap.max(axis=1, initial=0), np.argmax(seen, axis=1) + places - before[:, -1])


def _overlap_by_rank(design: Float, ones: Bool, zeros: Bool) -> Bool:
    rank, side, lines = _positions(design[:, 0], design[:, 1])
    seen = np.zeros((len(ones), 2 * lines), bool)
    for mask, half in ((ones, side), (zeros, 1 - side)):
        rows, cells = np.nonzero(mask)
        seen[rows, (rank + lines * half)[cells]] = True
    return np.asarray(seen.any(axis=1) & (_widest_gap(seen) < lines))


def overlap_program(design: Float, ones: Bool, zeros: Bool) -> Bool:
    """Overlap for any number of coordinates, by a linear programme where simple conditions do not decide.

    The design must have full column rank. Cells that show both values and span the space decide for overlap.
    """
    scale = np.abs(design).max(axis=0)
    x = design / np.where(scale > 0, scale, 1.0)
    verdict = np.zeros(len(ones), bool)
    known: dict[bytes, bool] = {}
    for row, (one, zero) in enumerate(zip(ones, zeros, strict=True)):
        key = one.tobytes() + zero.tobytes()
        if key not in known:
            both = x[one & zero]
            spans = len(both) >= x.shape[1] and np.linalg.matrix_rank(both) == x.shape[1]
            known[key] = bool(spans) or not _separable(x, one, zero)
        verdict[row] = known[key]
    return verdict


def _separable(x: Float, one: Bool, zero: Bool) -> bool:
    signed = np.concatenate([x[one], -x[zero]])
    if np.linalg.matrix_rank(signed) < x.shape[1]:
        return True
    bounds = [(-1.0, 1.0)] * x.shape[1]
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=bounds)
    return bool(-found.fun > 1e-9 * len(signed))


def overlap(design: Float, ones: Bool, zeros: Bool) -> Bool:
    """Whether each row of counts over the cells of `design` has a finite maximum-likelihood estimate.

    Parameters
    ----------
    design : ndarray, shape (c, d), of full column rank
        Coefficients of the predictor in each cell.
    ones, zeros : ndarray of bool, shape (r, c)
        Where there is at least one 1, and at least one 0.

    Returns
    -------
    ndarray of bool, shape (r,)
        Exact for d = 1 and d = 2; by a linear programme for more.
    """
    if (ones & zeros).all():  # both values everywhere: only beta = 0 passes through every cell
        return np.ones(len(ones), bool)
    if design.shape[1] == 1:
        return overlap_line(design[:, 0], ones, zeros)
    if design.shape[1] == 2:
        return overlap_plane(design, ones, zeros)
    return overlap_program(design, ones, zeros)


def missing_directions(design: Float) -> Float:
    """Directions of beta that no predictor sees: an orthonormal basis of the null space, shape (m, d)."""
    scale = np.abs(design).max(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    _, values, rows = np.linalg.svd(design / scale, full_matrices=True)
    values = np.concatenate([values, np.zeros(design.shape[1] - len(values))])
    limit = values.max(initial=0.0) * max(design.shape) * np.finfo(np.float64).eps
    null = rows[values <= limit] / scale
    return null / np.maximum(np.linalg.norm(null, axis=1, keepdims=True), 1e-300)
