"""Plans of campaigns. Oracle: the combinations written out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from focalbook.campaigns.plan import PlanError, known_plans, load_plan, parse_plan
from focalbook.store import configuration_id

TEXT = """
name = "trial"
experiment = "rehearsal"
order = ["seed", "kind", "gamma"]
report = ["mean"]
[base]
seconds = 0.0
[axes]
gamma = [0, 2.5]
seed = [3, 4]
[[axes.kind]]
label = "short"
epochs = 1
[[axes.kind]]
label = "long"
epochs = 3
size = 7
"""


def test_order_and_settings() -> None:
    plan = parse_plan(TEXT)
    assert [tuple(run.labels.values()) for run in plan.runs] == [
        (seed, kind, gamma) for seed in ("3", "4") for kind in ("short", "long") for gamma in ("0", "2.5")
    ]
    last = plan.runs[-1].configuration
    assert (last["seed"], last["epochs"], last["size"], last["gamma"]) == (4, 3, 7, 2.5)
    assert plan.runs[0].id == configuration_id(
        {"campaign": "trial", "configuration": plan.runs[0].configuration}
    )
    assert plan.axes == ("seed", "kind", "gamma")
    assert plan.runs[0].title == "seed 3, kind short, gamma 0"


def test_grids_follow_each_other() -> None:
    head, axes = TEXT.split("[axes]")
    head = head.replace('order = ["seed", "kind", "gamma"]\n', "")
    text = (
        head + "[[grid]]\naxes = { gamma = [0.0] }\n[[grid]]\nbase = { size = 9 }\naxes = { seed = [1, 2] }\n"
    )
    plan = parse_plan(text)
    assert [run.configuration["size"] for run in plan.runs] == [100, 9, 9]
    assert plan.axes == ("gamma", "seed")
    assert axes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("name =", "nmae ="), "unknown key 'nmae'; did you mean 'name'"),
        (('"trial"', '"../trial"'), "letters, digits and hyphens"),
        (("[base]\n", "[base]\nepohcs = 2\n"), "unknown setting 'epohcs'"),
        (("seconds = 0.0", "seconds = -1.0"), "finite and at least 0"),
        (('"rehearsal"', '"rehersal"'), "did you mean 'rehearsal'"),
        (("gamma = [0, 2.5]", "gamma = [0, 0]"), "two entries with one label"),
        (("gamma = [0, 2.5]", "gamma = 2"), "must be a list"),
        (("gamma = [0, 2.5]", "gamma = []"), "at least one entry"),
        (('"kind", "gamma"]', '"gamma"]'), "must name each axis once"),
        (('label = "long"\n', ""), "needs a label and settings"),
        (("epochs = 3\nsize = 7", "epochs = 1"), "are the same run"),
        (("[axes]", "[axes"), "not TOML"),
        (("[base]", "[[grid]]\n[base]"), "either \\[axes\\] or \\[\\[grid\\]\\]"),
    ],
)
def test_mistakes_are_named(change: tuple[str, str], message: str) -> None:
    assert change[0] in TEXT
    with pytest.raises(PlanError, match=message):
        parse_plan(TEXT.replace(*change))


def test_unknown_key_in_a_grid() -> None:
    text = 'name = "x"\nexperiment = "rehearsal"\n[[grid]]\naxis = { seed = [1] }\n'
    with pytest.raises(PlanError, match=r"grid 1: unknown key 'axis'; did you mean 'axes'"):
        parse_plan(text)


def test_plans_of_the_package_can_be_read(tmp_path: Path) -> None:
    for name in known_plans():
        plan = load_plan(name)
        assert plan.name == name
        assert plan.runs
        assert all(set(run.labels) <= set(plan.axes) for run in plan.runs)
    path = tmp_path / "own.toml"
    path.write_text(TEXT)
    assert len(load_plan(str(path)).runs) == 8
    with pytest.raises(PlanError, match="did you mean 'rehearsal'"):
        load_plan("rehearsel")
    with pytest.raises(PlanError, match="cannot be read"):
        load_plan(str(tmp_path / "none.toml"))
