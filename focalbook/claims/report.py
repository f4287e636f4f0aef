"""The ledger as it is shown in the book: an overview, and one card for each claim with its derivation."""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from focalbook.claims.core import ORDER, Check, Result, Status
from focalbook.symbolic.render import math_html, words_html

__all__ = ["MEANING", "Cards", "Overview", "Statuses"]

#: What each status means, in the words of the book.
MEANING: Mapping[Status, str] = {
    "proved": "A program verified every step of the derivation, the check passes and its control fails.",
    "certified": "Reserved: a bound verified with interval arithmetic.",
    "corrected": "The source's own version has a stored counterexample, evaluated again in each run; the "
    "mended statement, which is the one shown, passes.",
    "checked": "The check passes and its control fails, but the derivation is missing or has a step that no "
    "program verified.",
    "empirical": "Measured in an experiment; the control experiments fail.",
    "open": "A conjecture that passes its check.",
    "refuted": "A stored counterexample breaks it, and no mended version is established.",
    "failed": "Something that should hold does not: the check fails, its control passes, or a step is false.",
}


def number(value: float) -> str:
    """A residual or a tolerance for the page: mantissa and power of ten, short ones as they are."""
    if not math.isfinite(value):
        return "false" if value == math.inf else "not a number"
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.2g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    power = rf"10^{{{int(exponent)}}}"
    return math_html(power if float(mantissa) == 1 else rf"{mantissa} \times {power}")


def domain_html(text: str) -> str:
    """A domain, written in plain text, for the page: Greek letters and powers as they should be."""
    shown = (
        html.escape(text[0].upper() + text[1:])
        .replace("gamma", "γ")
        .replace("Gamma", "γ")
        .replace("lambda", "λ")
    )
    shown = re.sub(r"\b1e-(\d+)", r"10<sup>−\1</sup>", shown)
    return re.sub(r"2\^-(\w+)", r"2<sup>−\1</sup>", shown)


def badge(status: str) -> str:
    """A status as a coloured label."""
    return f'<span class="claim-status status-{status}">{status}</span>'


@dataclass(frozen=True)
class Statuses:
    """How many claims have each status, and what the statuses mean."""

    results: Sequence[Result]

    def rows(self) -> list[tuple[Status, int, str]]:
        """Status, number of claims and meaning, best first."""
        counts = Counter(result.status for result in self.results)
        return [(status, counts[status], MEANING[status]) for status in ORDER]

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{badge(status)}</td><td>{count or '–'}</td><td>{words_html(text)}</td></tr>"
            for status, count, text in self.rows()
        )
        head = "<tr><th>Status</th><th>Claims</th><th>Meaning</th></tr>"
        return f'<div class="ledger-scroll"><table class="ledger-statuses">{head}{rows}</table></div>'

    def _repr_markdown_(self) -> str:
        lines = ["| Status | Claims | Meaning |", "| --- | --- | --- |"]
        return "\n".join([*lines, *(f"| {s} | {n} | {text} |" for s, n, text in self.rows())])


@dataclass(frozen=True)
class Overview:
    """One line for each claim: status, steps, residual against tolerance, comparisons."""

    results: Sequence[Result]

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th>{name}</th>"
            for name in ("Claim", "Status", "Steps", "Residual", "Tolerance", "Comparisons", "Control")
        )
        rows = "".join(self._row(result) for result in self.results)
        return (
            f'<div class="ledger-scroll"><table class="ledger-overview"><tr>{head}</tr>{rows}</table></div>'
        )

    @staticmethod
    def _row(result: Result) -> str:
        cells = (
            f'<a href="#ledger-{result.id.lower()}">{result.id}</a> {words_html(result.claim.title)}',
            badge(result.status),
            steps_text(result),
            number(result.residual),
            number(result.tolerance),
            f"{result.count:,}",
            "fails, as it should" if not result.control.passed else "passes: no power",
        )
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    def _repr_markdown_(self) -> str:
        lines = ["| Claim | Status | Residual | Tolerance | Comparisons |", "| --- | --- | --- | --- | --- |"]
        rows = (
            f"| {r.id} {r.claim.title} | {r.status} | {r.residual:.1e} | {r.tolerance:.0e} | {r.count:,} |"
            for r in self.results
        )
        return "\n".join([*lines, *rows])


@dataclass(frozen=True)
class Cards:
    """One card for each claim of a source: statement, evidence and the derivation behind a fold.

    A card has the id ``claim-fe-8`` and holds the anchor ``ledger-fe-8``.
    """

    results: Sequence[Result]
    source: str

    def chosen(self) -> list[Result]:
        """The results of this source."""
        return [result for result in self.results if result.claim.source == self.source]

    def _repr_html_(self) -> str:
        return f'<div class="ledger">{"".join(card(result) for result in self.chosen())}</div>'

    def _repr_markdown_(self) -> str:
        return "\n\n".join(
            f"**{r.id}** {r.claim.title} ({r.status}). {r.claim.statement}" for r in self.chosen()
        )


def steps_text(result: Result) -> str:
    """How many steps of the derivation a program verified."""
    if not result.derivation:
        return "–"
    return f"{sum(verdict.ok for verdict in result.derivation.verdicts)} of {len(result.derivation)}"


def card(result: Result) -> str:
    """One claim as an HTML card."""
    claim, name = result.claim, result.id.lower()
    facts = [
        ("Assumptions", "<ul>" + "".join(f"<li>{words_html(a)}</li>" for a in claim.assumptions) + "</ul>"),
        ("Origin", words_html(claim.origin)),
        ("Derivation", _derivation_fact(result)),
        ("Check", _check_fact(result.check)),
        ("Control", _control_fact(result)),
    ]
    if result.counterexample is not None:
        facts.append(("Counterexample", _check_fact(result.counterexample)))
    listed = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in facts)
    fold = ""
    if result.derivation:
        fold = f"<details><summary>Show the derivation</summary>{result.derivation._repr_html_()}</details>"
    return (
        f'<section class="ledger-claim" id="claim-{name}"><span id="ledger-{name}"></span>'
        f'<p class="ledger-head"><a class="ledger-id" href="{claim.chapter}.html#{name}">{result.id}</a> '
        f"<strong>{words_html(claim.title)}</strong> {badge(result.status)}</p>"
        f'<p class="ledger-statement">{words_html(claim.statement)}</p>'
        f'<dl class="ledger-facts">{listed}</dl>{fold}</section>'
    )


def _derivation_fact(result: Result) -> str:
    if not result.derivation:
        return "None: this is a measurement." if result.claim.kind == "experiment" else "None."
    return f"{steps_text(result)} steps verified by a program."


def _check_fact(check: Check) -> str:
    outcome = "within" if check.passed else "beyond"
    return (
        f"Residual {number(check.residual)}, {outcome} the tolerance {number(check.tolerance)}; "
        f"{check.count:,} comparisons. <span class='ledger-domain'>{domain_html(check.domain)}.</span>"
    )


def _control_fact(result: Result) -> str:
    says = words_html(result.claim.control_says[0].upper() + result.claim.control_says[1:])
    if result.control.passed:
        return f"{says}: the check passes all the same, so it has no power."
    off = result.control.residual
    how = f"its residual is {number(off)}" if math.isfinite(off) else "a statement in it is plainly false"
    return f"{says}. It fails, as it should: {how}."
