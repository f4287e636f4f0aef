"""FE-17: what a trained network converges to, measured where the posterior is known."""

from __future__ import annotations

import numpy as np

from focalbook.claims.core import Check, Claim

__all__ = ["CLAIMS"]

_DOMAIN = (
    "{n} held-out digit images, gamma = {gamma:g}, a network trained on exact expectations; position of "
    "output and "
    "recovered output between P (0) and the minimiser (1), medians with bootstrap intervals. Residual: "
    "farthest end "
    "of the two intervals from 1 and 0"
)
GAMMA = 2.0


def _learned(_: np.random.Generator) -> Check:
    """Deviation of the smallest version of the experiment from the claim."""
    from focalbook.campaigns.known_posterior import quick

    found = quick(gamma=GAMMA)
    domain = _DOMAIN.format(n=found.n, gamma=GAMMA)
    return Check(found.claim.deviation, found.claim.tolerance, found.n, domain)


def _controls(_: np.random.Generator) -> Check:
    """The most favourable of the controls of the experiment: all of them have to fail."""
    from focalbook.campaigns.known_posterior import quick

    found = quick(gamma=GAMMA)
    best = min(found.controls.values(), key=lambda verdict: verdict.deviation)
    return Check(
        best.deviation, best.tolerance, found.n * len(found.controls), _DOMAIN.format(n=found.n, gamma=GAMMA)
    )


CLAIMS = (
    Claim(
        id="FE-17",
        source="shah2026focal",
        kind="experiment",
        title="A network learns the minimiser, not the posterior",
        statement=r"A network that can represent the minimiser, trained with focal loss on labels whose "
        r"posterior "
        r"$P$ is known by construction, gives $Q^\star$ on new inputs and not $P$, and the inverse of FE-6 "
        r"applied to "
        r"its output gives $P$. As tested: on the line from $P$ (0) to $Q^\star$ (1) the median position, "
        r"with the "
        r"whole of its interval, is within $1/4$ of 1 before recovery and within $1/4$ of 0 after it.",
        assumptions=(
            "enough capacity and training: what is measured is how far the trained networks are from the "
            "limit",
            "the embedded digits with letters drawn through a known channel",
        ),
        origin="The experiment is the paper's, on other data; the comparison with the inverse is new.",
        chapter="known-posterior",
        check=_learned,
        control=_controls,
        control_says="the output taken for P, recovery or comparison with another gamma, and a network "
        "trained with "
        "the cross-entropy: the best of these four has to miss the claim",
        derived=False,
    ),
)
