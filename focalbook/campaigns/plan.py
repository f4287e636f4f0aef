"""Plans of campaigns: grids of runs, written as TOML files.

A plan names an experiment, the settings that all runs share (``base``) and the axes along which they differ.
An axis is a list of values of the setting of its name, or a list of tables, each with a ``label`` and the
settings that belong together. Every combination is a run. ``order`` lists the axes from the slowest to the
fastest: with ``["seed", "architecture", "gamma"]`` one seed of everything comes before the next seed.
Several grids may follow each other as ``[[grid]]``.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from focalbook.campaigns.experiments import experiment
from focalbook.io.names import nearest
from focalbook.store import configuration_id

__all__ = ["Plan", "PlanError", "Run", "known_plans", "load_plan", "parse_plan"]

_KEYS = ("name", "title", "experiment", "base", "axes", "order", "grid", "report")
_GRID_KEYS = ("base", "axes", "order")


class PlanError(ValueError):
    """A plan that cannot be carried out; the message says where and why."""


@dataclass(frozen=True)
class Run:
    """One run of a plan.

    Attributes
    ----------
    id : str
        Of its record.
    configuration : dict
        Complete, as JSON values.
    labels : dict
        Label of its place on each axis.
    """

    id: str
    configuration: dict[str, Any]
    labels: dict[str, str]

    @property
    def title(self) -> str:
        """Its place on the axes, in words."""
        return ", ".join(f"{axis} {label}" for axis, label in self.labels.items())


@dataclass(frozen=True)
class Plan:
    """A campaign: its runs in the order in which they are wanted.

    Attributes
    ----------
    name : str
        Folder of its records, below ``results``.
    title : str
    experiment : str
        One of :data:`focalbook.campaigns.experiments.EXPERIMENTS`.
    runs : tuple of Run
    axes : tuple of str
        Names of all axes.
    report : tuple of str
        Metrics that the status shows.
    """

    name: str
    title: str
    experiment: str
    runs: tuple[Run, ...]
    axes: tuple[str, ...]
    report: tuple[str, ...]


def _refuse_unknown(values: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    known = tuple(known)
    for key in values:
        if key not in known:
            hint = nearest(key, known) or f"; known are {', '.join(known)}"
            raise PlanError(f"{where}: unknown key {key!r}{hint}")


def _axis(name: str, values: Any, where: str) -> list[tuple[str, dict[str, Any]]]:
    """Label and settings of every place on an axis."""
    if not isinstance(values, list) or not values:
        raise PlanError(f"{where}: axis {name!r} must be a list with at least one entry, got {values!r}")
    places = []
    for value in values:
        if isinstance(value, Mapping):
            settings = dict(value)
            label = settings.pop("label", None)
            if not isinstance(label, str) or not settings:
                raise PlanError(f"{where}: each table of axis {name!r} needs a label and settings: {value!r}")
            places.append((label, settings))
        else:
            places.append((f"{value:g}" if isinstance(value, float) else str(value), {name: value}))
    if len({label for label, _ in places}) != len(places):
        raise PlanError(f"{where}: axis {name!r} has two entries with one label")
    return places


def _grid(
    content: Mapping[str, Any], base: Mapping[str, Any], where: str
) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Settings and labels of all combinations of one grid, in its order."""
    axes = content.get("axes", {})
    if not isinstance(axes, Mapping) or not axes:
        raise PlanError(f"{where}: [axes] is missing or empty")
    order = content.get("order", list(axes))
    if sorted(order) != sorted(axes):
        raise PlanError(f"{where}: order {order!r} must name each axis once: {', '.join(axes)}")
    shared = dict(base) | dict(content.get("base", {}))
    places = [[(name, *place) for place in _axis(name, axes[name], where)] for name in order]
    found = []
    for combination in itertools.product(*places):
        settings = dict(shared)
        for _, _, change in combination:
            settings |= change
        found.append((settings, {name: label for name, label, _ in combination}))
    return found


def _grids(content: Mapping[str, Any], where: str) -> list[tuple[Mapping[str, Any], str]]:
    if ("grid" in content) == ("axes" in content):
        raise PlanError(f"{where}: a plan has either [axes] or [[grid]]")
    if "axes" in content:
        return [({key: content[key] for key in ("axes", "order") if key in content}, where)]
    if not isinstance(content["grid"], list):
        raise PlanError(f"{where}: grids are written [[grid]]")
    grids = [(grid, f"{where}, grid {number}") for number, grid in enumerate(content["grid"], 1)]
    for grid, place in grids:
        _refuse_unknown(grid, _GRID_KEYS, place)
    return grids


def parse_plan(text: str, where: str = "plan") -> Plan:
    """Read a plan.

    Parameters
    ----------
    text : str
        TOML.
    where : str
        Name for messages.

    Returns
    -------
    Plan

    Raises
    ------
    PlanError
        Not TOML, an unknown key (the message says which known one is nearest), a value that the experiment
        refuses, or two equal runs.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{where}: not TOML: {error}") from error
    _refuse_unknown(content, _KEYS, where)
    name = content.get("name")
    if not isinstance(name, str) or not name or not name.replace("-", "").isalnum() or name.startswith("-"):
        raise PlanError(f"{where}: name must be letters, digits and hyphens, got {name!r}")
    kind = content.get("experiment", "training")
    try:
        configure = experiment(kind).configure
    except ValueError as error:
        raise PlanError(f"{where}: {error}") from error
    runs: list[Run] = []
    axes: dict[str, None] = {}
    for grid, place in _grids(content, where):
        for settings, labels in _grid(grid, content.get("base", {}), place):
            runs.append(_run(name, configure, settings, labels, place))
            axes |= dict.fromkeys(labels)
    _refuse_twins(runs, where)
    report = tuple(str(metric) for metric in content.get("report", ()))
    return Plan(name, str(content.get("title", name)), kind, tuple(runs), tuple(axes), report)


def _run(
    name: str,
    configure: Callable[[Mapping[str, Any]], dict[str, Any]],
    settings: dict[str, Any],
    labels: dict[str, str],
    where: str,
) -> Run:
    try:
        configuration = configure(settings)
        return Run(
            configuration_id({"campaign": name, "configuration": configuration}), configuration, labels
        )
    except (ValueError, TypeError) as error:
        place = ", ".join(f"{axis} {label}" for axis, label in labels.items())
        raise PlanError(f"{where}: {place}: {error}") from error


def _refuse_twins(runs: Iterable[Run], where: str) -> None:
    seen: dict[str, Run] = {}
    for run in runs:
        if run.id in seen:
            raise PlanError(f"{where}: {seen[run.id].title} and {run.title} are the same run")
        seen[run.id] = run


def known_plans() -> dict[str, str]:
    """Text of every plan that comes with the package, by its name."""
    folder = resources.files("focalbook.campaigns") / "plans"
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def load_plan(name: str) -> Plan:
    """A plan by its name, or from a TOML file.

    Raises
    ------
    PlanError
        No such plan (the message says which known one is nearest), or one that cannot be carried out.
    """
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return parse_plan(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise PlanError(f"{path}: cannot be read: {error}") from error
    plans = known_plans()
    if name not in plans:
        hint = nearest(name, plans)
        raise PlanError(f"unknown campaign {name!r}: expected a .toml file or one of {sorted(plans)}{hint}")
    return parse_plan(plans[name], f"campaign {name}")
