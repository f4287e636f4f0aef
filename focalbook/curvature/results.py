"""What the estimators return."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Eigenvalue", "Eigenvalues", "Trace"]


@dataclass(frozen=True)
class Eigenvalue:
    """An extreme eigenvalue.

    Attributes
    ----------
    value : float
        The Ritz value: never beyond the extreme eigenvalue, in exact arithmetic.
    error : float
        Estimated distance to the eigenvalue: residual^2 / gap, gap being the distance to the next Ritz value
        less its residual; at most the residual.
    residual : float
        |A x - value x| for the unit Ritz vector x: some eigenvalue lies within it, whatever the gap.
    """

    value: float
    error: float
    residual: float

    @property
    def low(self) -> float:
        """Value less error."""
        return self.value - self.error

    @property
    def high(self) -> float:
        """Value plus error."""
        return self.value + self.error

    def __str__(self) -> str:
        return f"{self.value:.5g} ± {self.error:.1g}"


@dataclass(frozen=True)
class Eigenvalues:
    """Extreme eigenvalues of a curvature matrix.

    Attributes
    ----------
    top : tuple of Eigenvalue
        The largest, in descending order.
    bottom : tuple of Eigenvalue
        The smallest, in ascending order; empty unless asked for.
    converged : bool
        Whether each error is within the tolerance.
    products, samples : int
        Products with the matrix, each over all samples; number of samples.
    seconds : float
    """

    top: tuple[Eigenvalue, ...]
    bottom: tuple[Eigenvalue, ...]
    converged: bool
    products: int
    samples: int
    seconds: float

    @property
    def value(self) -> float:
        """The largest eigenvalue, or the smallest where only that was asked for."""
        return (self.top or self.bottom)[0].value

    @property
    def error(self) -> float:
        """Estimated error of `value`."""
        return (self.top or self.bottom)[0].error


@dataclass(frozen=True)
class Trace:
    """A trace.

    Attributes
    ----------
    value : float
    error : float
        Standard error over the random vectors; 0 where nothing was random. The samples are taken as given.
    method : str
        How it was found.
    products : float
        Products with the matrix and backward passes, each counted as its share of the samples.
    samples : int
    seconds : float
    """

    value: float
    error: float
    method: str
    products: float
    samples: int
    seconds: float

    @property
    def low(self) -> float:
        """Value less 1.96 standard errors."""
        return self.value - 1.96 * self.error

    @property
    def high(self) -> float:
        """Value plus 1.96 standard errors."""
        return self.value + 1.96 * self.error

    def __str__(self) -> str:
        return f"{self.value:.5g} ± {self.error:.1g}"
