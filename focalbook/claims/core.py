"""What a claim is, and how its status is computed. No status is ever typed in.

A claim comes with a derivation (SymPy steps that a program verifies), a check (the statement tested through
the numerical package, at random and at boundary points) and a control: the same test applied to a statement
that is false on purpose. A check whose control passes has no power and settles nothing.
"""

from __future__ import annotations

import math
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from focalbook.symbolic import Derivation, derivation

__all__ = ["ORDER", "Check", "Claim", "Kind", "Result", "Status", "evaluate", "rng_for", "worse"]

Status = Literal["proved", "certified", "corrected", "checked", "empirical", "open", "refuted", "failed"]

#: All statuses, best first. “certified” is reserved for bounds verified with interval arithmetic.
ORDER: tuple[Status, ...] = get_args(Status)

Kind = Literal["theorem", "lemma", "proposition", "corollary", "observation", "experiment", "conjecture"]

_ID = re.compile(r"[A-Z]{2}-\d+")


@dataclass(frozen=True)
class Check:
    """The outcome of one numerical test.

    Attributes
    ----------
    residual : float
        The largest disagreement found; its meaning (relative error, violation of an inequality ...) is part
        of ``domain``. 0 when there is none, infinite where a yes-or-no statement is false.
    tolerance : float
        The largest residual that counts as agreement.
    count : int
        Comparisons made.
    domain : str
        Where they were made.
    """

    residual: float
    tolerance: float
    count: int
    domain: str

    @property
    def passed(self) -> bool:
        """Whether something was compared and the residual is within the tolerance (NaN is not)."""
        return self.count > 0 and self.residual <= self.tolerance


@dataclass(frozen=True, kw_only=True)
class Claim:
    r"""One claim of the book. Text fields are Markdown with LaTeX between dollar signs.

    Attributes
    ----------
    id : str
        Two letters, a hyphen and a number; in lower case the label of its box in ``chapter``.
    source : str
        Bibliography key of the paper it is from or belongs to.
    kind : str
        Theorem, observation, experiment, conjecture ...
    title, statement : str
        A name, and the whole claim.
    assumptions : tuple of str
        Conditions under which it is claimed.
    origin : str
        What is the paper's, and what is new here or had to be mended.
    chapter : str
        File name, without suffix, of the chapter with its box.
    check, control : callables
        Test of the claim, and the same test of a false statement, each from a random generator.
    control_says : str
        What is false in the control.
    counterexample : callable, optional
        The source's own version evaluated at a stored counterexample; it has to fail.
    derived : bool
        Whether :mod:`focalbook.symbolic` has a derivation.
    """

    id: str
    source: str
    kind: Kind
    title: str
    statement: str
    assumptions: tuple[str, ...]
    origin: str
    chapter: str
    check: Callable[[np.random.Generator], Check]
    control: Callable[[np.random.Generator], Check]
    control_says: str
    counterexample: Callable[[], Check] | None = None
    derived: bool = True

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"a claim id has the form FE-8, got {self.id!r}.")
        if self.kind not in get_args(Kind):
            raise ValueError(f"{self.id}: unknown kind {self.kind!r}; known are {', '.join(get_args(Kind))}.")

    def derive(self) -> Derivation:
        """The derivation of the claim; empty where there is none."""
        return derivation(self.id) if self.derived else Derivation()


@dataclass(frozen=True)
class Result:
    """A claim with its computed status and everything it rests on.

    Attributes
    ----------
    claim : Claim
    status : str
        One of :data:`ORDER`.
    reason : str
        Why this status, in one line.
    check, control : Check
    counterexample : Check or None
    derivation : Derivation
    seconds : float
        Time the computation took.
    """

    claim: Claim
    status: Status
    reason: str
    check: Check
    control: Check
    counterexample: Check | None
    derivation: Derivation
    seconds: float

    @property
    def id(self) -> str:
        """Id of the claim."""
        return self.claim.id

    @property
    def residual(self) -> float:
        """Residual of the check."""
        return self.check.residual

    @property
    def tolerance(self) -> float:
        """Tolerance of the check."""
        return self.check.tolerance

    @property
    def count(self) -> int:
        """Comparisons of the check."""
        return self.check.count

    @property
    def domain(self) -> str:
        """Domain of the check."""
        return self.check.domain


def rng_for(claim: str, part: str) -> np.random.Generator:
    """A generator whose seed depends only on the claim and the part of it that is tested."""
    return np.random.default_rng([zlib.crc32(claim.encode()), zlib.crc32(part.encode())])


def evaluate(claim: Claim) -> Result:
    """Derive, check and control one claim and compute its status.

    Parameters
    ----------
    claim
        The claim.

    Returns
    -------
    Result
        Equal claims give equal results, apart from ``seconds``.
    """
    started = time.perf_counter()
    steps = claim.derive()
    check = claim.check(rng_for(claim.id, "check"))
    control = claim.control(rng_for(claim.id, "control"))
    counterexample = claim.counterexample() if claim.counterexample else None
    status, reason = _status(claim, steps, check, control, counterexample)
    seconds = time.perf_counter() - started
    return Result(claim, status, reason, check, control, counterexample, steps, seconds)


def _status(
    claim: Claim, steps: Derivation, check: Check, control: Check, counterexample: Check | None
) -> tuple[Status, str]:
    """Compute the status and the reason for it."""
    if control.passed:
        return "failed", "the check has no power: it also passes for a statement that is false"
    if counterexample is not None and counterexample.passed:
        return "failed", "the stored counterexample does not break the source's version"
    if not check.passed:
        if counterexample is not None:
            return (
                "refuted",
                "the stored counterexample breaks the source's version, and no mended one passes",
            )
        return "failed", f"the check fails: residual {_short(check.residual)}, tolerance {check.tolerance:g}"
    false = [step.title for step, verdict in steps.unverified() if verdict.state == "false"]
    if false:
        return "failed", f"a step of the derivation is false: {false[0]}"
    if claim.kind == "conjecture" and counterexample is not None:
        return (
            "refuted",
            "the stored counterexample breaks the conjecture; what is left of it passes its check",
        )
    if claim.kind == "conjecture":
        return "open", "a conjecture: it passes its check, nobody has proved it"
    if claim.kind == "experiment":
        return "empirical", f"measured: residual {_short(check.residual)}, tolerance {check.tolerance:g}"
    if counterexample is not None:
        return "corrected", "the source's version has a counterexample; the mended statement passes"
    if steps.ok:
        return "proved", f"{len(steps)} steps verified, the check passes, the control fails"
    if not steps:
        return "checked", "the check passes, the control fails; there is no derivation"
    open_steps = [step.title for step, _ in steps.unverified()]
    return "checked", f"the check passes, but {len(open_steps)} of {len(steps)} steps are not verified"


def _short(value: float) -> str:
    return f"{value:.1e}" if math.isfinite(value) else str(value)


def worse(now: str, before: str) -> bool:
    """Whether a status is worse than another one, in the order of :data:`ORDER`; unknown ones are worst.

    >>> worse("checked", "proved"), worse("proved", "checked")
    (True, False)
    """
    ranks: dict[str, int] = {status: rank for rank, status in enumerate(ORDER)}
    return ranks.get(now, len(ORDER)) > ranks.get(before, len(ORDER))
