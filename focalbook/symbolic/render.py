"""How steps and derivations are shown: HTML for the book, Markdown and LaTeX for notebooks and print."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from focalbook.symbolic.kernel.step import Derivation, Step, Verdict, verify

LIST = r",\ "
_TICK = {"verified": "✓", "argument": "¶", "undecided": "?", "false": "✗"}
_SPOKEN = {
    "verified": "verified by a program",
    "argument": "an argument that no program verified",
    "undecided": "a program could not decide this",
    "false": "a program found this false",
}


def folded(expr: Any, fold: Mapping[sp.Expr, sp.Symbol]) -> sp.Basic:
    """Return an expression with names for subexpressions, the longest first."""
    expr = sp.sympify(expr)
    for known in sorted(fold, key=sp.count_ops, reverse=True):
        expr = expr.subs(known, fold[known]).subs(-known, -fold[known])
    return expr


class _Printer(LatexPrinter):
    """SymPy's printer, except that sums begin with a positive term: ``1 - p`` rather than ``-p + 1``."""

    def _print_Add(self, expr: sp.Add, order: str | None = None) -> str:
        terms = [self._print(term) for term in self._as_ordered_terms(expr, order=order)]
        plus = [term for term in terms if not term.startswith("-")]
        minus = [term[1:].lstrip() for term in terms if term.startswith("-")]
        if not plus:
            return " ".join(f"- {term}" for term in minus)
        return " + ".join(plus) + "".join(f" - {term}" for term in minus)


_PRINTER = _Printer({"ln_notation": False, "fold_short_frac": False, "long_frac_ratio": 3})


def tex(expr: Any) -> str:
    """Return an expression as LaTeX, with the conventions of the book."""
    shown = _PRINTER.doprint(sp.sympify(expr))
    shown = shown.replace(r"\Rightarrow", r"\implies").replace(r"\Leftrightarrow", r"\iff")
    return re.sub(r"\\log\{\\left\((\\?\w+) \\right\)\}", r"\\log \1", shown)


def _symbols(expr: sp.Expr) -> list[sp.Symbol]:
    """Return the plain symbols in an expression: no summation indices, no indexed families."""
    labels = {atom.base.label for atom in expr.atoms(sp.Indexed)}
    return sorted(
        (s for s in expr.free_symbols - labels if isinstance(s, sp.Symbol) and not s.is_integer), key=str
    )


def _range(symbol: sp.Symbol, domain: Mapping[sp.Symbol, sp.Interval]) -> str:
    """Return the range of one symbol, from the domain or from its assumptions."""
    interval = domain.get(symbol)
    if interval is None and not symbol.is_nonnegative:
        return ""
    if interval is None:
        interval = sp.Interval.open(0, sp.oo) if symbol.is_positive else sp.Interval(0, sp.oo)
    low, high = ("<" if side else r"\le" for side in (interval.left_open, interval.right_open))
    if interval.end == sp.oo:
        return f"{tex(symbol)} {low.replace('<', '>').replace('le', 'ge')} {tex(interval.start)}"
    return f"{tex(interval.start)} {low} {tex(symbol)} {high} {tex(interval.end)}"


def _listed(ranges: Iterable[str]) -> str:
    """Return ranges in parentheses, ready to follow a formula."""
    shown = [text for text in ranges if text]
    return rf"\qquad ({LIST.join(shown)})" if shown else ""


def domain_latex(domain: Mapping[sp.Symbol, sp.Interval], expr: sp.Basic, shown: sp.Basic) -> str:
    """Return the ranges of the symbols that are shown, and of gamma, ready to follow a formula."""
    seen = {s for s in _symbols(shown) if str(s)[0] != "{"} | {s for s in _symbols(expr) if str(s) == "gamma"}
    symbols = [*domain, *sorted(seen - set(domain), key=str)]
    return _listed(_range(symbol, domain) for symbol in symbols)


def assumed_latex(expr: sp.Expr, but: Iterable[sp.Symbol] = ()) -> str:
    """Return the range of gamma when an expression has it, ready to follow a formula."""
    return _listed(_range(s, {}) for s in _symbols(expr) if s not in set(but) and str(s) == "gamma")


def math_html(latex: str, display: bool = False) -> str:
    """Return LaTeX as an HTML element that the page's MathJax typesets."""
    tag, left, right = ("div", r"\[", r"\]") if display else ("span", r"\(", r"\)")
    return f'<{tag} class="math notranslate nohighlight">{left}{html.escape(latex)}{right}</{tag}>'


def words_html(text: str) -> str:
    """Return text with $mathematics$ and `code` in it as HTML."""
    pieces = re.split(r"(\$[^$]+\$|`[^`]+`)", text)
    shown = []
    for piece in pieces:
        if piece.startswith("$"):
            shown.append(math_html(piece[1:-1]))
        elif piece.startswith("`"):
            shown.append(f"<code>{html.escape(piece[1:-1])}</code>")
        else:
            shown.append(html.escape(piece))
    return "".join(shown)


def step_body(step: Step, verdict: Verdict) -> str:
    """Return the inside of the list item of a step."""
    spoken = f'role="img" aria-label="{_SPOKEN[verdict.state]}"'
    tick = f'<span class="step-tick" {spoken}>{_TICK[verdict.state]}</span>'
    note = f'<p class="step-note">{words_html(step.note)}</p>' if step.note else ""
    return (
        f'{tick}<span class="step-title">{words_html(step.title)}</span> '
        f'<span class="step-kind">{html.escape(step.kind)}</span>'
        f'<div class="step-math">{math_html(step.latex(), display=True)}</div>{note}'
        f'<p class="step-how">{words_html(verdict.method)}</p>'
    )


def step_html(step: Step) -> str:
    """Return one step as HTML."""
    verdict = verify(step)
    body = step_body(step, verdict)
    return f'<div class="derivation"><div class="step step-{verdict.state}">{body}</div></div>'


def derivation_html(steps: Derivation) -> str:
    """Return a derivation as an ordered list with a tick for each step that a program verified."""
    items = [(step, verify(step)) for step in steps]
    ticks = sum(verdict.ok for _, verdict in items)
    rows = "".join(f'<li class="step step-{v.state}">{step_body(s, v)}</li>' for s, v in items)
    summary = f'<p class="derivation-count">{ticks} of {len(items)} steps verified by a program</p>'
    return f'<div class="derivation"><ol>{rows}</ol>{summary}</div>'


def step_markdown(step: Step) -> str:
    """Return one step as Markdown."""
    verdict = verify(step)
    note = f"\n\n{step.note}" if step.note else ""
    tick = _TICK[verdict.state]
    return f"{tick} **{step.title}** ({step.kind}: {verdict.method})\n\n$$\n{step.latex()}\n$${note}\n"


def derivation_markdown(steps: Derivation) -> str:
    """Return a derivation as Markdown, one numbered paragraph a step."""
    return "\n".join(f"{number}. {step_markdown(step)}" for number, step in enumerate(steps, 1))


def derivation_latex(steps: Derivation) -> str:
    """Return a derivation as one aligned LaTeX formula, one row a step."""
    rows = []
    for step in steps:
        tick = r"\checkmark" if verify(step).ok else "?"
        title = re.sub(r"[`$\\]", "", step.title)
        rows.append(rf"{tick}\ & \text{{{title}}} \\ & {step.latex()}")
    return "$$\\begin{aligned}" + r" \\ ".join(rows) + "\\end{aligned}$$"
