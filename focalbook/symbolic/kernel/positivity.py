"""Which expressions are manifestly positive: the only place where a sign is finally decided.

Nothing is sampled here. An expression is manifestly nonnegative when, in one of a few normal forms, it
is a sum of terms and each term is a product of factors whose sign follows from the assumptions on the
symbols in it (SymPy's assumption system: a product of positive numbers is positive, log(1 + x) > 0 ...).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import sympy as sp

_SAMPLES = (sp.Rational(1, 1000), sp.Rational(3, 10), sp.Rational(11, 10), sp.Rational(7, 2), sp.Integer(40))


def normal_forms(expr: sp.Expr) -> Iterator[sp.Expr]:
    """Yield equal forms of an expression, cheapest first."""
    yield expr
    opened = sp.expand_log(expr)
    yield opened
    yield sp.expand(opened)
    yield sp.factor(opened)
    yield sp.powsimp(sp.expand(sp.powdenest(sp.expand_power_base(opened))))
    yield sp.factor(sp.simplify(opened))
    yield sp.expand(sp.simplify(opened))


def manifestly(expr: sp.Expr, *, strict: bool) -> bool:
    """Return whether an expression is manifestly positive (strict) or nonnegative (not strict).

    Parameters
    ----------
    expr
        An expression in symbols that carry their assumptions.
    strict
        Ask for ``> 0`` rather than ``>= 0``.
    """
    expr = sp.sympify(expr)
    if not expr.free_symbols and contradicted(expr, strict=strict):
        return False  # a number: its factors could take hours to find, and say nothing
    return any(_signed(form, strict) for form in normal_forms(expr))


def _signed(form: sp.Expr, strict: bool) -> bool:
    """Return whether one form has the sign, read as it stands or as a quotient."""
    return _plain(form, strict) or _quotient(form, strict)


def _plain(form: sp.Expr, strict: bool) -> bool:
    """Return whether the form is a sum of signed terms, or a product of signed factors."""
    if form.is_positive or (not strict and form.is_nonnegative):
        return True
    if isinstance(form, sp.Mul):
        negative = [factor for factor in form.args if _negative(factor)]
        rest = [factor for factor in form.args if factor not in negative]
        return len(negative) % 2 == 0 and all(_plain(factor, strict) for factor in rest)
    if isinstance(form, sp.log):
        return _signed(form.args[0] - 1, strict)
    if isinstance(form, sp.Pow):
        return bool(form.exp.is_real) and _signed(form.base, True)
    if isinstance(form, sp.Add):
        return all(_plain(term, False) for term in form.args) and (
            not strict or any(_plain(term, True) for term in form.args)
        )
    return False


def _negative(factor: sp.Expr) -> bool:
    """Return whether a factor is manifestly negative: a number, a logarithm below 1, or one over such."""
    if isinstance(factor, sp.Pow) and factor.exp.is_odd:
        return _negative(factor.base)
    if isinstance(factor, sp.Mul):
        negative = [part for part in factor.args if _negative(part)]
        return len(negative) % 2 == 1 and all(
            _plain(part, True) for part in factor.args if part not in negative
        )
    if isinstance(factor, sp.log):
        return _signed(1 / factor.args[0] - 1, True)
    return bool(factor.is_negative)


def _quotient(form: sp.Expr, strict: bool) -> bool:
    """Return whether the form is a signed numerator over a positive denominator."""
    numerator, denominator = sp.fraction(sp.together(form))
    if denominator == 1:
        return False
    return _plain(sp.expand(denominator), True) and (
        _plain(sp.expand(numerator), strict) or _plain(sp.factor(numerator), strict)
    )


_JUMPS = (
    *(sp.acot, sp.acoth, sp.asec, sp.acsc, sp.asech, sp.acsch, sp.atan2, sp.arg, sp.sign, sp.Heaviside),
    *(sp.floor, sp.ceiling, sp.frac, sp.Mod, sp.DiracDelta, sp.Piecewise),
)


def continuous(expr: sp.Expr) -> bool:
    """Return whether an expression is free of functions that jump where their derivative shows nothing of it.

    A pole or a branch point of an elementary expression is one of its derivative too, which then has no
    manifest sign. The derivative of a step, or of an inverse function with a jump, hides it; so may that of
    an arc tangent of a quotient.
    """
    expr = sp.sympify(expr)
    inner = [sp.together(part.args[0]) for part in expr.atoms(sp.atan)]
    return not expr.has(*_JUMPS) and all(manifestly(sp.denom(part), strict=True) for part in inner)


def contradicted(expr: sp.Expr, *, strict: bool) -> bool:
    """Return whether an evaluation shows that the expression is negative (or zero, when strict).

    This never accepts a step: it separates a false step from one that could not be decided.
    """
    symbols = sorted(expr.free_symbols, key=str)
    if any(not (symbol.is_positive or symbol.is_nonnegative) for symbol in symbols):
        return False
    points = itertools.islice(itertools.product(_SAMPLES, repeat=len(symbols)), 60)
    for point in points:
        value = expr.subs(dict(zip(symbols, point, strict=True))).evalf(30)
        if value.is_real and (value < sp.Float("-1e-20") or (strict and value.is_zero)):
            return True
    return False


def same(left: sp.Expr, right: sp.Expr) -> bool:
    """Return whether two expressions are equal under the assumptions on their symbols."""
    difference = sp.sympify(left) - sp.sympify(right)
    if difference.has(sp.gamma):
        difference = sp.expand_func(difference)  # gamma(x + 1) = x gamma(x)
    if difference == 0:
        return True
    if _differ(difference):
        return False
    if _rational(difference):
        return True
    attempts = (
        lambda e: sp.expand(sp.expand_log(sp.expand(e))),
        lambda e: sp.powsimp(sp.expand(sp.expand_power_base(e))),
        sp.simplify,
        lambda e: sp.simplify(sp.expand_log(sp.expand_power_base(sp.expand(e)))),
        lambda e: sp.simplify(sp.expand(sp.powsimp(e))),
    )
    return any(attempt(difference) == 0 for attempt in attempts)


def _differ(difference: sp.Expr) -> bool:
    """Return whether an evaluation shows that a difference is not zero (this saves hopeless attempts)."""
    atoms = sorted(difference.atoms(sp.Symbol, sp.Indexed), key=str)
    point = {atom: sp.Rational(3 + 2 * k, 7 + 5 * k) for k, atom in enumerate(atoms) if not atom.is_integer}
    point |= {atom: sp.Integer(2 + k) for k, atom in enumerate(atoms) if atom.is_integer}
    value = difference.subs(point).evalf(20)
    return bool(value.is_number and value.is_finite and sp.Abs(value) > sp.Float("1e-9"))


def _rational(expr: sp.Expr) -> bool:
    """Return whether an expression is zero as a rational function of its logarithms and symbolic powers.

    Arguments of logarithms and bases of powers are first brought to a factorised form and split, and a
    power such as ``b**(g - 1)`` is read as ``b**g / b``; what is left is replaced by new symbols.
    """
    names: dict[sp.Expr, sp.Dummy] = {}

    def name(value: sp.Expr) -> sp.Dummy:
        return names.setdefault(value, sp.Dummy())

    def logarithm(argument: sp.Expr) -> sp.Expr:
        opened = sp.expand_log(sp.log(sp.factor(sp.together(argument))))
        return opened.replace(lambda e: isinstance(e, sp.log), name)

    def power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        whole, rest = exponent.as_coeff_Add()
        if not exponent.free_symbols or not whole.is_integer:
            return name(base**exponent) if exponent.free_symbols else base**exponent
        base = sp.factor(sp.together(base))
        split = sp.expand_power_base(base**rest).replace(
            lambda e: isinstance(e, sp.Pow) and e.exp == rest, name
        )
        return base**whole * split

    plain = expr.replace(sp.log, logarithm).replace(sp.Pow, power)
    return sp.expand(sp.numer(sp.together(plain))) == 0
