"""The implicit function theorem for one equation for each atom and a sum that is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from focalbook.symbolic.kernel.equality import Identity
from focalbook.symbolic.kernel.positivity import manifestly, same
from focalbook.symbolic.kernel.shape import BudgetRoot
from focalbook.symbolic.kernel.sign import Setting
from focalbook.symbolic.kernel.step import Step, Verdict, undecided, verified
from focalbook.symbolic.kernel.sums import split_sum


@dataclass(frozen=True, eq=False, kw_only=True)
class Branch(Step):
    """The solution of ``form(q_i, p_i, t) = kappa``, ``sum q_i = 1``, near a known one at t = 0.

    On a finite support the solution is smooth in t near zero, starts at ``base`` and leaves it with the
    slope ``rate``. The matrix of the linear system at the base is diagonal, with entries of one sign,
    bordered by ones: it is never singular, so the implicit function theorem applies. For t > 0 the solution
    is the minimiser, because the equations of the minimiser have no other solution.

    Attributes
    ----------
    unique
        The equations p_i phi(q_i) = lambda have exactly one solution that sums to one.
    equation
        p phi(q) written as a product of powers.
    form
        The common quantity kappa, in ``q``, ``p`` and ``t``.
    time
        The parameter t as a function of gamma.
    exponent
        ``log(p phi(q))`` through ``kappa`` and gamma; it grows with kappa, so that p phi(q) is the same for
        all atoms exactly when kappa is.
    kappa, q, p, t
        Common quantity, model probability, mass, and the parameter.
    base, level
        The solution at t = 0, and the value of the form there (free of p).
    rate, drift
        Claimed derivatives of the solution and of kappa at t = 0; the drift is free of p.
    domain, cover
        Ranges of p and of other symbols in the base (see `Setting`).
    index, mass, names
        How sums over the support are written (see `split_sum`): atom i has p = ``mass``.
    """

    unique: BudgetRoot
    equation: Identity
    form: sp.Expr
    time: sp.Expr
    exponent: sp.Expr
    kappa: sp.Symbol
    q: sp.Symbol
    p: sp.Symbol
    t: sp.Symbol
    base: sp.Expr
    level: sp.Expr
    rate: sp.Expr
    drift: sp.Expr
    domain: Mapping[sp.Symbol, sp.Interval]
    cover: Mapping[sp.Symbol, sp.Expr]
    index: sp.Symbol
    mass: sp.Expr
    names: Mapping[sp.Expr, sp.Expr]
    kind: ClassVar[str] = "implicit function"

    def premises(self) -> tuple[Step, ...]:
        """Return the uniqueness of the solution and the form of the equations."""
        return (self.unique, self.equation)

    def latex(self) -> str:
        """Return the expansion of the solution."""
        t, form = self.shown(self.t), self.shown(self.form)
        equations = rf"{form} = \kappa \ \text{{for all atoms}},\ \sum_i q_i = 1"
        branch = rf"q_i = {self.shown(self.base)} + {t} \left[ {self.shown(self.rate)} \right] + O({t}^2)"
        return rf"\begin{{aligned}} & {equations} \\ & \implies {branch} \end{{aligned}}"

    def decide(self) -> Verdict:
        """Check the equations, the base, smoothness there, the diagonal, the linear system and both sums."""
        at = {self.q: self.base, self.t: sp.S.Zero}
        setting = Setting(self.domain, self.cover)
        missed = setting.covers()
        if missed:
            return undecided(missed)
        if not self._equations():
            return undecided("the form is not a function of p phi(q) that is one to one")
        if not self._smooth(at, setting):
            return undecided("the form is not known to be smooth at the base")
        if self.level.has(self.p) or not same(self.form.subs(at), self.level):
            return undecided("the base does not solve the equations at zero")
        by_q, by_t = (sp.diff(self.form, x).subs(at) for x in (self.q, self.t))
        if not manifestly(setting.apply(-by_q), strict=True):
            return undecided("the diagonal of the linear system has no manifest sign")
        if self.drift.has(self.p) or not same(by_q * self.rate + by_t, self.drift):
            return undecided("the rates do not solve the linear system")
        for expr, total in ((self.base, sp.S.One), (self.rate, sp.S.Zero)):
            found = split_sum(expr.subs(self.p, self.mass), self.names, self.index)
            if found is None or not same(found, total):
                return undecided(f"the sum over the support is not known to be {total}")
        return verified(
            "implicit function theorem: a diagonal of one sign, bordered by ones, is never singular"
        )

    def _equations(self) -> bool:
        """Return whether p phi(q) is the exponential of the exponent, which grows with kappa."""
        written = sp.expand(self.exponent.subs(self.kappa, self.form.subs(self.t, self.time)))
        return (
            same(self.equation.left, self.p * self.unique.slope.expr)
            and same(self.equation.right, exponential(written))
            and manifestly(sp.diff(self.exponent, self.kappa), strict=True)
        )

    def _smooth(self, at: Mapping[sp.Symbol, sp.Expr], setting: Setting) -> bool:
        """Return whether logarithms and powers stay clear of zero at the base, where all is finite."""
        needs = [e.args[0] for e in self.form.atoms(sp.log)]
        needs += [e.base for e in self.form.atoms(sp.Pow) if not (e.exp.is_integer and e.exp.is_positive)]
        return all(manifestly(setting.apply(need.subs(at)), strict=True) for need in needs)


def exponential(exponent: sp.Expr) -> sp.Expr:
    """Return exp of a sum in which multiples of logarithms become powers."""
    factors = []
    for term in sp.Add.make_args(exponent):
        rest, logs = term.as_independent(sp.log)
        factors.append(logs.args[0] ** rest if isinstance(logs, sp.log) else sp.exp(term))
    return sp.Mul(*factors)
