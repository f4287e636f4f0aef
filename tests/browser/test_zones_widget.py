"""The interactive figure of the three zones in headless Chromium, on a page that holds nothing else.

Oracle for its numbers: `focalbook.theory`, through the reference cases that travel with the page and others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import focalbook as fb
from focalbook.book import assets
from focalbook.book.screenshot import browser, chromium, open_page
from focalbook.figures import zones_widget
from focalbook.figures.zones_widget import Group

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"

WORST = """cases => {
    const off = (a, b) => a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(b), 1e-300);
    const worst = {q: 0, multiplier: 0, low: 0, high: 0, words: []};
    for (const c of cases) {
        const found = focalZones.solve(c.groups, c.gamma);
        found.q.forEach((q, i) => { worst.q = Math.max(worst.q, off(q, c.q[i])); });
        for (const key of ["multiplier", "low", "high"]) {
            worst[key] = Math.max(worst[key], off(found[key], c[key]));
        }
        const same = found.regime === c.regime && String(found.zone) === String(c.zone);
        if (!same) worst.words.push(JSON.stringify(c));
    }
    return worst;
}"""
STATE = "() => document.querySelector('.zones-widget').zones.state"


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    """One Chromium for all tests."""
    if chromium() is None:
        message = "Chromium is not installed (apt-get install chromium), so the figure was not tried"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with browser() as instance:
        yield instance


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with the figure, its scripts and its style."""
    folder = tmp_path_factory.mktemp("widget")
    assets.copy_widgets(folder)
    files = assets.widgets()["zones-widget"]
    head = "".join(f'<script defer src="{name}"></script>' for name in files if name.endswith(".js"))
    head += "".join(f'<link rel="stylesheet" href="{name}">' for name in files if name.endswith(".css"))
    figure = zones_widget.draw(zones_widget.data(), alt="Bars and a curve that can be changed")
    body = figure._repr_mimebundle_()["text/html"]
    page = folder / "page.html"
    page.write_text(
        '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Zones</title>'
        f'{head}</head><body><div class="bd-article">{body}</div></body></html>',
        encoding="utf-8",
    )
    return page.as_uri()


@pytest.fixture
def page(running: Any, address: str) -> Iterator[Any]:
    """The page, loaded; no script may have failed."""
    errors: list[str] = []
    with open_page(running, 1000, "light") as opened:
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        opened.goto(address)
        opened.wait_for_selector(".zones-widget[data-ready]")
        yield opened
    assert errors == []


def as_cases(references: list[zones_widget.Reference]) -> list[dict[str, Any]]:
    return json.loads(json.dumps([zones_widget.asdict(reference) for reference in references]))


def shown(page: Any) -> tuple[np.ndarray, float]:
    """Masses, class by class, and gamma of the present state."""
    state = page.evaluate(STATE)
    groups = state["groups"]
    return np.repeat([g["mass"] for g in groups], [g["count"] for g in groups]), state["gamma"]


def test_solver_agrees_on_the_cases_of_the_page(page: Any) -> None:
    cases = page.evaluate(
        "() => JSON.parse(document.querySelector('script.zones-data').textContent).references"
    )
    assert len(cases) == len(zones_widget.data().references)
    worst = page.evaluate(WORST, cases)
    assert worst["words"] == []
    assert worst["q"] < 1e-9
    assert worst["multiplier"] < 1e-9
    assert worst["low"] < 1e-9
    assert worst["high"] < 1e-9


def test_solver_agrees_on_random_and_extreme_cases(page: Any) -> None:
    rng = np.random.default_rng(0)
    references = []
    for gamma in (1e-3, 0.1, 0.7, 1.0, 2.0, 5.0, 10.0, 100.0):
        for decades in (0.5, 5.0, 30.0, 290.0):
            p = 10.0 ** (-decades * rng.uniform(size=6))
            references.append(zones_widget.solve([Group(float(x)) for x in p / p.sum()], gamma))
    worst = page.evaluate(WORST, as_cases(references))
    assert worst["words"] == []
    assert max(worst["q"], worst["multiplier"]) < 1e-9
    assert max(worst["low"], worst["high"]) < 1e-7  # where the thresholds meet they are ill-conditioned


def test_slider_and_box_move_gamma(page: Any) -> None:
    slider = page.locator('input[type="range"]')
    slider.focus()
    before = shown(page)[1]
    page.keyboard.press("ArrowRight")
    assert shown(page)[1] == pytest.approx(before + 0.05)
    slider.fill("2.5")
    p, gamma = shown(page)
    assert gamma == 2.5
    level = float(fb.multiplier(p, 2.5))
    assert f"λ = {level:.4g}" in page.locator(".zones-summary").inner_text()
    box = page.get_by_label("gamma, the focusing parameter, as a number")
    assert box.input_value() == "2.5"
    box.fill("0.3333")
    assert shown(page)[1] == pytest.approx(0.3333)
    box.fill("-1")
    assert box.get_attribute("aria-invalid") == "true"
    assert shown(page)[1] == pytest.approx(0.3333)
    box.fill("0")
    assert "Q* is P" in page.locator(".zones-summary").inner_text()


def test_a_typed_mass_makes_the_others_give_way(page: Any) -> None:
    mass = page.get_by_role("spinbutton", name="mass of each class in row 1")
    mass.fill("0.05")
    mass.press("Enter")
    p, gamma = shown(page)
    assert p[0] == 0.05
    assert p.sum() == pytest.approx(1.0, rel=1e-12)
    assert p[-1] == pytest.approx(0.0002 * (1 - 0.5) / (1 - 0.8), rel=1e-12)
    assert "multiplied by 2.5" in page.locator(".zones-note").inner_text()
    q = fb.minimizer(p, gamma)
    cell = page.locator(".zones-table tbody tr").nth(0).locator("td").nth(2).inner_text()
    assert float(cell) == pytest.approx(q[0], rel=1e-3)
    mass.fill("3")
    mass.press("Enter")
    assert "from 0 to 1" in page.locator(".zones-note").inner_text()
    assert shown(page)[0][0] == 0.05


def test_a_handle_is_dragged_by_mouse_and_moved_by_keys(page: Any) -> None:
    handle = page.locator(".zones-handle").nth(1)
    box = handle.locator("circle").nth(1).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = shown(page)[0][-1]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 12, steps=4)
    page.mouse.up()
    p, _ = shown(page)
    assert p[-1] > 1.2 * before
    assert p.sum() == pytest.approx(1.0, rel=1e-12)
    page.keyboard.press("ArrowDown")
    after, _ = shown(page)
    assert after[-1] == pytest.approx(p[-1] / 1.1, rel=1e-9)
    assert float(handle.get_attribute("aria-valuenow")) == pytest.approx(after[-1], rel=1e-9)


def test_a_finger_may_drag_too(page: Any) -> None:
    before = shown(page)[0][0]
    page.evaluate("""() => {
        const handle = document.querySelector(".zones-handle");
        handle.setPointerCapture = () => {};
        const box = handle.querySelectorAll("circle")[1].getBoundingClientRect();
        const at = dy => ({pointerId: 7, pointerType: "touch", bubbles: true, clientX: box.x + box.width / 2,
                           clientY: box.y + box.height / 2 + dy});
        handle.dispatchEvent(new PointerEvent("pointerdown", at(0)));
        handle.dispatchEvent(new PointerEvent("pointermove", at(15)));
        handle.dispatchEvent(new PointerEvent("pointerup", at(15)));
        handle.dispatchEvent(new PointerEvent("pointermove", at(90)));
    }""")
    after = shown(page)[0][0]
    assert 0.4 * before < after < 0.95 * before, "the move after lifting the finger must not count"
    style = "e => getComputedStyle(e).touchAction"
    assert page.locator(".zones-handle").first.evaluate(style) == "none"


def test_classes_come_and_go(page: Any) -> None:
    page.get_by_role("button", name="Add a class").click()
    p, _ = shown(page)
    assert p[-1] == pytest.approx(0.05 / 1.05)
    assert p.sum() == pytest.approx(1.0, rel=1e-12)
    count = page.get_by_label("number of classes in row 3")
    count.fill("4")
    count.press("Enter")
    assert shown(page)[0].size == 1014
    count = page.get_by_label("number of classes in row 3")
    count.fill("2.5")
    count.press("Enter")
    assert "whole number" in page.locator(".zones-note").inner_text()
    for _ in range(2):
        page.get_by_role("button", name="remove row 1").click()
    p, _ = shown(page)
    np.testing.assert_allclose(p, 0.25, rtol=1e-12)
    assert page.get_by_role("button", name="remove row 1").is_disabled()
    assert "Nothing moves" in page.locator(".zones-summary").inner_text()


def test_every_preset_loads_and_agrees(page: Any) -> None:
    choice = page.get_by_label("Example")
    for preset in zones_widget.PRESETS:
        choice.select_option(label=preset.name)
        p, gamma = shown(page)
        assert gamma == preset.gamma
        assert f"λ = {float(fb.multiplier(p, gamma)):.4g}" in page.locator(".zones-summary").inner_text()
        names = page.locator(".zones-zone").all_inner_texts()
        words = {1: "amplified", -1: "suppressed", -2: "over-suppressed", 0: "unchanged"}
        first = np.cumsum([0, *[group.count for group in preset.groups][:-1]])
        assert names == [words[int(code)] for code in fb.classify(p, gamma)[first]]


def test_everything_has_a_name(page: Any) -> None:
    unnamed = page.evaluate("""() => [...document.querySelectorAll(
        ".zones-widget input, .zones-widget select, .zones-widget button, .zones-widget [role]")]
        .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim() || (e.labels || []).length
                       || e.getAttribute("role") === "status"))
        .map(e => e.outerHTML.slice(0, 100))""")
    assert unnamed == []
    handles = page.locator('[role="slider"]')
    assert handles.count() == 2
    for i in range(2):
        assert handles.nth(i).get_attribute("tabindex") == "0"
        assert handles.nth(i).get_attribute("aria-valuetext")
    page.wait_for_function("document.querySelector('.zones-spoken').textContent.startsWith('λ')")


def test_narrow_and_dark(running: Any, address: str) -> None:
    with open_page(running, 390, "dark") as page:
        page.goto(address)
        page.wait_for_selector(".zones-widget[data-ready]")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        fill = "getComputedStyle(document.querySelector('.zones-fill.amplified')).fill"
        light = page.evaluate(fill)
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert page.evaluate(fill) != light
        bars, curve = (page.locator(".zones-charts svg").nth(i).bounding_box() for i in (0, 1))
        assert curve["y"] >= bars["y"] + bars["height"], "the drawings stand below each other"


def test_without_scripts_the_still_figure_is_there(running: Any, address: str) -> None:
    context = running.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(address)
        assert page.locator(".zones-fallback").is_visible()
        assert page.locator(".zones-panel").count() == 0
    finally:
        context.close()
    with open_page(running, 1000, "light") as page:
        page.goto(address)
        page.wait_for_selector(".zones-widget[data-ready]")
        assert not page.locator(".zones-fallback").is_visible()


@pytest.mark.skipif(not (SITE / "book" / "three-zones.html").is_file(), reason="the site has not been built")
def test_only_its_page_loads_the_scripts() -> None:
    with_scripts = [
        p.stem for p in SITE.rglob("*.html") if "zones-widget.js" in p.read_text(encoding="utf-8")
    ]
    assert with_scripts == ["three-zones"]
