"""How derivations are shown. Oracle: the text that has to be there, and HTML that parses."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
import sympy as sp

from focalbook.symbolic import DERIVATIONS, Argument, Derivation, derivation
from focalbook.symbolic.focal import UNIT, gamma, q, s
from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.methods import Terms
from focalbook.symbolic.kernel.sign import Sign
from focalbook.symbolic.render import derivation_html, derivation_latex, derivation_markdown, tex, words_html

VOID = {"br", "hr", "img"}


class _Balanced(HTMLParser):
    """Fails on tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def check_html(text: str) -> None:
    """Assert that all tags are balanced."""
    parser = _Balanced()
    parser.feed(text)
    parser.close()
    assert parser.open == []


@pytest.mark.parametrize("claim", sorted(DERIVATIONS))
def test_derivations_render(claim: str) -> None:
    steps = derivation(claim)
    page = steps._repr_html_()
    check_html(page)
    assert page.count('class="step step-verified"') == len(steps)
    assert f"{len(steps)} of {len(steps)} steps verified" in page
    assert "$" not in page, "mathematics that no page would typeset"
    assert steps._repr_markdown_().count("$$") == 2 * len(steps)
    assert steps._repr_latex_().count(r"\checkmark") == len(steps)


def test_a_step_that_is_not_verified_has_no_tick() -> None:
    wrong = Identity(title="One & two", left=sp.S.One, right=sp.Integer(2))
    prose = Argument(title="Clear", text="clear")
    page = derivation_html(Derivation((wrong, prose)))
    check_html(page)
    assert "✗" in page
    assert "✓" not in page
    assert "0 of 2 steps verified" in page
    assert "One &amp; two" in page
    assert r"\checkmark" not in derivation_latex(Derivation((wrong,)))
    assert derivation_markdown(Derivation((wrong,))).startswith("1. ✗")


def test_single_step() -> None:
    step = Identity(title="Twice", left=q + q, right=2 * q)
    check_html(step._repr_html_())
    assert "✓" in step._repr_html_()
    assert step._repr_markdown_().startswith("✓ **Twice**")
    assert step._repr_latex_().startswith("$")


def test_sums_begin_with_a_positive_term() -> None:
    assert tex(1 - q) == "1 - q"
    assert tex(q - gamma * q) == r"q - \gamma q"
    assert tex(-q - gamma) == r"- \gamma - q"


def test_domain_follows_the_formula() -> None:
    step = Sign(title="", left=(1 - q) ** gamma, domain={q: UNIT}, cover={q: 1 / (1 + s)}, method=Terms())
    assert step.latex().endswith(r"\qquad (0 < q < 1,\ \gamma > 0)")


def test_words() -> None:
    assert words_html("a < b") == "a &lt; b"
    assert words_html("`code` and $x < y$") == (
        '<code>code</code> and <span class="math notranslate nohighlight">\\(x &lt; y\\)</span>'
    )
