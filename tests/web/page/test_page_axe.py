"""Accessibility by axe-core: no violation in any state of any page, in both languages, light and dark."""

from __future__ import annotations

import pytest

axe = pytest.importorskip(
    "axe_playwright_python.base", reason="the extra browser (axe) is not installed"
)

QUERY = "giải ngân vốn đầu tư"
REPORT = "/reports/bao-cao-kiem-diem-quan-uy-nhiem-ky-xi"
STATES = {
    "home": "/",
    "results": f"/?q={QUERY}",
    "filtered": "/?q=lãnh đạo&area=kinh-te&assessment=shortcoming&year=2018",
    "listing": "/?area=kinh-te&sort=date",
    "relaxed": "/?q=giải ngân thủy triều lục địa núi lửa",
    "meant": "/?q=giải ngâng vốn",
    "nothing": "/?q=zzqqxx&area=kinh-te",
    "hidden": "/?q=chè năm:1950&term=1900-1905",
    "trouble": "/?q=kỷ luật AND",
    "narrow": "/narrow?q=chè",
    "reports": "/reports",
    "report": f"{REPORT}?q={QUERY}",
    "passage": f"{REPORT}/6?q={QUERY}",
    "markup": "/?q=nội dung chậm&report=bad/report 1",
    "charts": "/charts?q=lãnh đạo",
    "compare": "/compare?a=bao-cao-kiem-diem-quan-uy-nhiem-ky-xi&b=bao-cao-tong-ket-thanh-uy-2015-2020",
    "help": "/help",
    "nowhere": "/nowhere",
}
RUN = """async rules => (await axe.run(document, rules ? {runOnly: rules} : {})).violations.map(
    one => `${one.id}: ${one.help} ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`)"""


def violations(page, rules: list[str] | None = None) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe.AXE_FILE_PATH.read_text(encoding="utf-8"))
    return page.evaluate(RUN, rules)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("state", STATES)
def test_a_page_is_accessible(tab, state, lang):
    page = tab(viewport={"width": 1200, "height": 900})
    address = STATES[state]
    page.goto(address if lang == "vi" else f"{address}{'&' if '?' in address else '?'}lang=en")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, ["color-contrast"]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_scripts_open_is_accessible(tab, scheme):
    page = tab(viewport={"width": 375, "height": 700}, color_scheme=scheme)
    page.goto(f"/?q={QUERY}")
    page.click("[data-filters]")
    assert violations(page) == []
    page.click(".hit [data-copy] >> nth=0")
    page.wait_for_selector(".toast:not(:empty)")
    assert violations(page) == []
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.fill("#q", "")
    page.type("#q", "giai ng", delay=20)
    page.wait_for_selector("#q-list [role=option]")
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
