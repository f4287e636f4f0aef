"""Every claim: the check passes with other seeds too, and its control fails with them.

Oracle: the recorded statuses, and the rule that a control must fail.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from focalbook.claims import CLAIMS, run, worse
from focalbook.claims.record import FILE, read, statuses

FAST = [one for one in CLAIMS if CLAIMS[one].kind != "experiment"]


@pytest.mark.parametrize("claim_id", FAST)
def test_check_passes_and_control_fails_with_another_seed(claim_id: str) -> None:
    claim = CLAIMS[claim_id]
    check = claim.check(np.random.default_rng(1))
    assert check.passed, check
    assert check.count > 100
    control = claim.control(np.random.default_rng(2))
    assert not control.passed, control


@pytest.mark.parametrize("claim_id", FAST)
def test_status_is_as_recorded(claim_id: str, root: Path) -> None:
    recorded = statuses(read(root / "results" / FILE))
    result = run(claim_id)[0]
    assert not worse(result.status, recorded[claim_id]), result.reason
    assert result.control.residual > 100 * result.control.tolerance, "the control fails by a hair"


@pytest.mark.slow
def test_experiments_are_empirical() -> None:
    for one in CLAIMS.values():
        if one.kind == "experiment":
            result = run(one.id)[0]
            assert result.status == "empirical", result.reason
            assert result.control.residual > 2 * result.control.tolerance
