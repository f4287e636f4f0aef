"""Invented measurements of small networks, for figures of them."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.local_curvature import MATRICES, Measured


def invented() -> Measured:
    """Two seeds, three gammas, random positive traces; at gamma = 0 both places are one."""
    rng = np.random.default_rng(0)
    trace = rng.uniform(1, 2, (2, 2, 3, len(MATRICES)))
    trace[0, :, 0] = trace[1, :, 0]
    trace[:, :, 0, MATRICES.index("cross-entropy hessian")] = trace[:, :, 0, MATRICES.index("hessian")]
    gammas, seeds, shape = (0.0, 1.0, 2.0), (0, 1), (2, 2, 3)
    zero = np.zeros(shape)
    return Measured(gammas, seeds, trace, trace, zero, zero, np.ones((2, 3, 5)), np.ones((2, 3)), 7)
