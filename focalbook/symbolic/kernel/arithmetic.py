"""Exact satisfiability of Boolean combinations of linear inequalities over the reals.

Every inequality compares a linear form with zero. The search splits on the sign of one form at a time
(negative, zero, positive), drops branches whose signs no point has (Gaussian elimination for equations,
then Fourier-Motzkin elimination for strict inequalities, all in rational numbers) and branches in which
the formula is already false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

import sympy as sp
from sympy.core.relational import Relational

Form = tuple[tuple[tuple[str, Fraction], ...], Fraction]

_COMPARE: Mapping[type, Callable[[int, int], bool]] = {
    sp.StrictLessThan: operator.lt,
    sp.LessThan: operator.le,
    sp.StrictGreaterThan: operator.gt,
    sp.GreaterThan: operator.ge,
    sp.Equality: operator.eq,
    sp.Unequality: operator.ne,
}


class NotLinear(ValueError):
    """A comparison is not between linear expressions with rational coefficients."""


def satisfiable(*formulas: sp.Basic) -> bool:
    """Return whether some real values of the symbols make all formulas true.

    Parameters
    ----------
    *formulas
        Comparisons of linear expressions, joined by And, Or, Not, Implies, Equivalent. The search splits
        first on the comparisons that must hold, then on the others in the order in which they occur.

    Raises
    ------
    NotLinear
        If a comparison is not linear with rational coefficients.
    """
    forms = {
        node: _form(node.lhs - node.rhs)
        for formula in formulas
        for node in sp.preorder_traversal(formula)
        if isinstance(node, Relational)
    }
    conjuncts = [part for formula in formulas for part in sp.And.make_args(formula)]
    certain = [forms[part][0] for part in conjuncts if isinstance(part, Relational)]
    order = list(dict.fromkeys([*certain, *(form for form, _ in forms.values())]))
    return _search(sp.And(*formulas, evaluate=False), forms, order, {})


def _search(
    formula: sp.Basic, forms: Mapping[Relational, tuple[Form, int]], order: list[Form], signs: dict[Form, int]
) -> bool:
    """Return whether a point has the given signs and makes the formula true."""
    value = _truth(formula, forms, signs)
    if value is not None:
        return value
    form = next(form for form in order if form not in signs)
    for sign in (-1, 0, 1):
        branch = {**signs, form: sign}
        if feasible(branch) and _search(formula, forms, order, branch):
            return True
    return False


def _truth(
    formula: sp.Basic, forms: Mapping[Relational, tuple[Form, int]], signs: Mapping[Form, int]
) -> bool | None:
    """Return the truth value of the formula under partially known signs, or None."""
    if formula in (sp.true, sp.false):
        return bool(formula)
    if isinstance(formula, Relational):
        form, orientation = forms[formula]
        return _COMPARE[type(formula)](orientation * signs[form], 0) if form in signs else None
    values = [_truth(part, forms, signs) for part in formula.args]
    if isinstance(formula, sp.Not):
        return None if values[0] is None else not values[0]
    if isinstance(formula, sp.And):
        return False if False in values else None if None in values else True
    if isinstance(formula, sp.Implies):
        values = [None if values[0] is None else not values[0], values[1]]
    elif isinstance(formula, sp.Equivalent):
        return None if None in values else len(set(values)) == 1
    elif not isinstance(formula, sp.Or):
        raise NotLinear(f"{type(formula).__name__} is not a connective this search knows")
    return True if True in values else None if None in values else False


def _form(expr: sp.Expr) -> tuple[Form, int]:
    """Return a linear expression in a canonical scale, as coefficients and constant, and its orientation."""
    symbols = sorted(expr.free_symbols, key=str)
    if len({str(symbol) for symbol in symbols}) != len(symbols):
        raise NotLinear(f"two different symbols have one name in {expr}")
    try:
        polynomial = sp.Poly(expr, *symbols) if symbols else sp.Poly(expr, sp.Dummy())
        if polynomial.total_degree() > 1:
            raise NotLinear(f"{expr} is not linear")
        terms = {str(symbol): _rational(polynomial.coeff_monomial(symbol)) for symbol in symbols}
        constant = _rational(polynomial.coeff_monomial(1))
    except sp.PolynomialError as error:
        raise NotLinear(f"{expr} is not linear") from error
    lead = next((value for value in terms.values() if value), Fraction(1))
    scaled = tuple((name, value / abs(lead)) for name, value in terms.items() if value)
    orientation = 1 if lead > 0 else -1
    return (tuple((n, orientation * v) for n, v in scaled), orientation * constant / abs(lead)), orientation


def _rational(value: sp.Expr) -> Fraction:
    if not value.is_Rational:
        raise NotLinear(f"{value} is not a rational number")
    return Fraction(int(value.p), int(value.q))


def feasible(signs: Mapping[Form, int]) -> bool:
    """Return whether some point gives every form its sign."""
    equations = [(dict(form[0]), form[1]) for form, sign in signs.items() if sign == 0]
    below = [
        ({name: -sign * value for name, value in form[0]}, -sign * form[1])
        for form, sign in signs.items()
        if sign
    ]  # every entry is a form that must be negative
    while equations:
        row, constant = equations.pop()
        if not row:
            if constant != 0:
                return False
            continue
        pivot = next(iter(row))
        equations = [_substitute(other, pivot, (row, constant)) for other in equations]
        below = [_substitute(other, pivot, (row, constant)) for other in below]
    return _strictly_feasible(below)


def _substitute(
    target: tuple[dict[str, Fraction], Fraction], pivot: str, source: tuple[dict[str, Fraction], Fraction]
) -> tuple[dict[str, Fraction], Fraction]:
    """Eliminate the pivot from one form with the help of another."""
    row, constant = target
    factor = row.get(pivot, Fraction(0)) / source[0][pivot]
    return _combine(row, constant, source[0], source[1], Fraction(1), -factor)


def _combine(
    a: Mapping[str, Fraction], ca: Fraction, b: Mapping[str, Fraction], cb: Fraction, x: Fraction, y: Fraction
) -> tuple[dict[str, Fraction], Fraction]:
    """Return x times one form plus y times another, without zero coefficients."""
    total = {name: x * a.get(name, Fraction(0)) + y * b.get(name, Fraction(0)) for name in {*a, *b}}
    return {name: value for name, value in total.items() if value}, x * ca + y * cb


def _strictly_feasible(below: list[tuple[dict[str, Fraction], Fraction]]) -> bool:
    """Fourier-Motzkin: return whether all forms can be negative at once."""
    while True:
        if any(not row and constant >= 0 for row, constant in below):
            return False
        below = [entry for entry in below if entry[0]]
        if not below:
            return True
        name = min(
            {name for row, _ in below for name in row}, key=lambda n: sum(n in row for row, _ in below)
        )
        upper = [entry for entry in below if entry[0].get(name, 0) > 0]
        lower = [entry for entry in below if entry[0].get(name, 0) < 0]
        rest = [entry for entry in below if name not in entry[0]]
        below = rest + [_combine(*u, *v, -v[0][name], u[0][name]) for u in upper for v in lower]
