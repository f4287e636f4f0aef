"""Eigenvalues, dense and by quadrature. Oracle: the check itself is drawn."""

from __future__ import annotations

import numpy as np

from focalbook.campaigns.estimator_errors import SpectrumCheck
from focalbook.figures import spectrum_check
from focalbook.figures.style import figure


def test_it_draws_what_was_measured() -> None:
    at = np.linspace(-2, 20, 50)
    share = np.linspace(0, 1, 50)
    check = SpectrumCheck("k", np.sort(at), at, share, share + 0.01, 0 * share + 0.01, 0.02, 12)
    assert spectrum_check.data(check) is check
    shown = figure(spectrum_check.draw, check, alt="Two curves", ncols=2)
    assert shown.light != shown.dark
