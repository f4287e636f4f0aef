"""Derivations in SymPy, independent of the numerical package, as lists of steps that a program verifies.

>>> from focalbook.symbolic import derivation
>>> derivation("FE-8").ok
True

A step counts as verified only when a program decided it and every step it rests on. Identities simplify to
zero, inequalities are decided from assumptions on the symbols and from calculus, never by sampling, limits
and series are SymPy's, and conclusions are checked by exact linear arithmetic. What is trusted without a
proof is a short list of textbook facts, each behind a check of its premises: the intermediate and mean value
theorems, the implicit function theorem, properties of convex functions, dominated convergence and Fatou's
lemma, the envelope theorem, and of probability Chebyshev's weak law, Lyapunov's central limit theorem and
Slutsky's lemma. For these three the program decides expectations, bounds and limits; which quantity a bound
is about is said in words.
"""

from __future__ import annotations

import importlib

from focalbook.symbolic.kernel.step import Argument, Derivation, Step, Verdict, verify

__all__ = ["DERIVATIONS", "Argument", "Derivation", "Step", "Verdict", "derivation", "verify"]

#: Module and function of the derivation of each claim.
DERIVATIONS = {
    "FE-1": ("focalbook.symbolic.finiteness", "derivation"),
    "FE-2": ("focalbook.symbolic.convexity", "derivation"),
    "FE-3": ("focalbook.symbolic.continuity", "derivation"),
    "FE-4": ("focalbook.symbolic.exponent", "derivation"),
    "FE-5": ("focalbook.symbolic.optimum", "derivation"),
    "FE-6": ("focalbook.symbolic.inverse", "inverse_derivation"),
    "FE-7": ("focalbook.symbolic.inverse", "order_derivation"),
    "FE-8": ("focalbook.symbolic.gain", "derivation"),
    "FE-9": ("focalbook.symbolic.threshold", "derivation"),
    "FE-10": ("focalbook.symbolic.suppression", "derivation"),
    "FE-11": ("focalbook.symbolic.mild", "derivation"),
    "FE-12": ("focalbook.symbolic.rare", "derivation"),
    "FE-13": ("focalbook.symbolic.extremes", "derivation"),
    "FE-14": ("focalbook.symbolic.bayes", "derivation"),
    "FE-15": ("focalbook.symbolic.bernoulli", "derivation"),
    "FE-16": ("focalbook.symbolic.weights", "derivation"),
    "FE-18": ("focalbook.symbolic.confidence", "derivation"),
    "GC-0": ("focalbook.symbolic.calibration", "derivation"),
    "GC-1": ("focalbook.symbolic.entropy_bound", "derivation"),
    "GC-2": ("focalbook.symbolic.entropy_penalty", "derivation"),
    "GC-3": ("focalbook.symbolic.boltzmann", "derivation"),
    "GC-4": ("focalbook.symbolic.pacbayes", "derivation"),
    "GC-5": ("focalbook.symbolic.regulariser", "derivation"),
    "GC-6": ("focalbook.symbolic.fisher", "derivation"),
    "GC-7": ("focalbook.symbolic.surprisal", "derivation"),
    "GC-8": ("focalbook.symbolic.gradient", "derivation"),
    "GC-9": ("focalbook.symbolic.relative", "derivation"),
    "GC-10": ("focalbook.symbolic.certain", "derivation"),
    "OB-1": ("focalbook.symbolic.onebit_score", "derivation"),
    "OB-2": ("focalbook.symbolic.onebit_information", "derivation"),
    "OB-3": ("focalbook.symbolic.asymptotics", "derivation"),
    "OB-4": ("focalbook.symbolic.onebit_gaussian", "derivation"),
    "OB-5": ("focalbook.symbolic.onebit_poisson", "derivation"),
    "OB-6": ("focalbook.symbolic.onebit_existence", "derivation"),
    "OB-8": ("focalbook.symbolic.onebit_focal", "derivation"),
}


def derivation(claim: str) -> Derivation:
    """Return the derivation of a claim.

    Parameters
    ----------
    claim
        Claim id, for example ``"FE-8"``.

    Returns
    -------
    Derivation
        The steps in order. It shows itself as a list with a tick for every verified step.

    Raises
    ------
    KeyError
        If no derivation is written for the claim.
    """
    module, function = DERIVATIONS[claim]
    steps: Derivation = getattr(importlib.import_module(module), function)()
    return steps
