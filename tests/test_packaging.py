"""Metadata that must agree: requirements, pins, citation, chapters, tests. Oracles: the files themselves."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement

from focalbook.book.inputs import chapter_inputs, front_matter
from focalbook.book.notebooks import chapter_names

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = chapter_names(ROOT)


@cache
def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _requirements() -> list[str]:
    extras = _project()["optional-dependencies"]
    return [*_project()["dependencies"], *(line for extra in extras.values() for line in extra)]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {_canonical(name): version for name, version in pins}


def test_environment_names_the_packages_of_the_project() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    nested = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert f"python{_project()['requires-python']}" in environment["dependencies"]
    assert nested[0] == "-c constraints.txt"
    assert nested[-1] == "-e ."
    assert sorted(nested[1:-1]) == sorted(_requirements())


def test_pins_are_exact_versions_without_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"(#.*|[\w.-]+==[\w.]+)", line)]
    assert wrong == []


def test_every_package_needed_is_pinned_and_fits() -> None:
    todo = [Requirement(line) for line in _requirements()]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        requirement = todo.pop()
        name = _canonical(requirement.name)
        key = (name, frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        assert name in _pins(), f"constraints.txt does not pin {name}"
        assert requirement.specifier.contains(_pins()[name], prereleases=True), (
            f"{requirement} against the pin"
        )
        assert importlib.metadata.version(name).split("+")[0] == _pins()[name], (
            f"{name} is not installed as pinned"
        )
        extras = [{"extra": extra} for extra in requirement.extras] or [{"extra": ""}]
        for line in importlib.metadata.requires(name) or []:
            inner = Requirement(line)
            if inner.marker is None or any(inner.marker.evaluate(extra) for extra in extras):
                todo.append(inner)


def test_citation_follows_the_official_schema() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    # Dates stay text, as the schema wants them.
    citation = yaml.load(text, Loader=yaml.BaseLoader)
    schema = json.loads((ROOT / "tests/vendor/cff-1.2.0.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(citation)
    assert citation["version"] == _project()["version"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate({**citation, "authors": []})


def test_version_is_said_once() -> None:
    assert importlib.import_module("focalbook").__version__ == _project()["version"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_of_the_contents_exists(name: str) -> None:
    assert (ROOT / f"{name}.md").is_file()


def test_every_chapter_is_in_the_contents() -> None:
    pages = {f"book/{path.stem}" for path in (ROOT / "book").glob("*.md")}
    assert pages == set(CHAPTERS)


def _cells(text: str) -> list[str]:
    cells = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    without_options = [re.sub(r"\A---\n.*?^---$", "", cell, flags=re.MULTILINE | re.DOTALL) for cell in cells]
    return [re.sub(r"^:[\w-]+:.*$", "", cell, flags=re.MULTILINE) for cell in without_options]


def _file(module: str) -> Path:
    return ROOT / f"{module.replace('.', '/')}.py"


def _is_module(name: str) -> bool:
    return _file(name).is_file() or _file(name).with_suffix("").is_dir()


def _modules_used(cell: str) -> set[str]:
    """Modules of the package that a cell names, those behind ``fb.name`` included."""
    package = importlib.import_module("focalbook")
    tree = ast.parse(cell)
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name for name in inner if _is_module(name)} or {node.module}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "fb":
            used = getattr(package, node.attr)
            names.add(getattr(used, "__module__", None) or used.__name__)
    return {name for name in names if name.split(".")[0] == "focalbook"}


def _executed() -> list[str]:
    pages = [name for name in CHAPTERS if (ROOT / f"{name}.md").is_file()]
    return [name for name in pages if _cells((ROOT / f"{name}.md").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", _executed())
def test_chapter_declares_what_it_uses(name: str) -> None:
    text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
    cells = _cells(text)
    assert "depends" in front_matter(text).data, "a chapter with code says what it depends on"
    declared = {path.relative_to(ROOT).with_suffix("").as_posix() for path in chapter_inputs(text, ROOT)}
    for module in set().union(*(_modules_used(cell) for cell in cells)) - {"focalbook"}:
        path = module.replace(".", "/")
        if _file(module).is_file():
            assert path in declared, f"{name} uses {module}: add {path}.py to depends"
        elif (ROOT / path).is_dir():
            assert f"{path}/__init__" in declared, f"{name} uses {module}: add {path} to depends"


def _mirrored() -> list[Path]:
    modules = sorted((ROOT / "focalbook").rglob("*.py"))
    return [path.relative_to(ROOT / "focalbook") for path in modules if not path.stem.startswith("__")]


#: One test goes through all derivations and one through all claims, whichever module they stand in.
TOGETHER = {"focalbook.symbolic.kernel": "symbolic/test_derivations.py", "Claim(": "claims/test_claims.py"}


@pytest.mark.parametrize("module", _mirrored(), ids=str)
def test_module_has_its_test_file(module: Path) -> None:
    own = f"{module.parent.as_posix()}/test_{module.stem.lstrip('_')}.py"
    text = (ROOT / "focalbook" / module).read_text(encoding="utf-8")
    shared = [
        test for mark, test in TOGETHER.items() if mark in text and module.parts[0] == test.split("/")[0]
    ]
    tests = [ROOT / "tests" / test for test in (own, *shared)]
    assert any(test.is_file() for test in tests), f"focalbook/{module} has no tests in tests/{own}"
