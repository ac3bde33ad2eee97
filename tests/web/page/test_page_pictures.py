"""Pictures of what was found, and their numbers."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tracuu import Index

QUERY = quote("lãnh đạo")


def cells(page, section: str) -> list[list[str]]:
    rows = page.xpath(f"//section[@aria-labelledby='{section}-title']//tbody/tr")
    return [[cell.text_content().strip() for cell in row] for row in rows]


def test_the_table_beside_a_picture_counts_what_a_search_finds(page, odd):
    rows = cells(page(f"/pictures?q={QUERY}&assessment=shortcoming"), "matrix")
    with Index.open(odd) as index:
        found = index.search("lãnh đạo", assessment="shortcoming")
    assert rows[-1][-1] == str(found.total)
    assert {row[0]: int(row[2]) for row in rows[:-1] if row[2] != "0"} == {
        area.label: found.facets["area"][area.id]
        for area in found_areas(odd)
        if area.id in found.facets["area"]
    }


def found_areas(path):
    with Index.open(path) as index:
        return index.areas()


@pytest.mark.parametrize("kind", ["matrix", "timeline", "shares"])
def test_each_picture_is_a_whole_svg_that_runs_nothing(http, page, kind):
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    image = page(f"/pictures?q={QUERY}&lang=en").xpath(
        f"//section[@aria-labelledby='{kind}-title']//img"
    )[0]
    assert image.get("alt")
    answer = http.get(image.get("src"))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert ElementTree.fromstring(answer.content).tag.endswith("svg")


def test_without_anything_asked_the_whole_index_is_drawn(page, odd):
    rows = cells(page("/pictures"), "matrix")
    with Index.open(odd) as index:
        assert rows[-1][-1] == str(index.search("", limit=0).total)


def test_nothing_found_is_nothing_to_draw(page):
    shown = page("/pictures?q=zzqqxx")
    assert "Không có gì để vẽ" in shown.text_content()
    assert not shown.xpath("//img")


def test_without_the_drawing_part_there_are_figures_at_least(page, monkeypatch):
    monkeypatch.setattr("tracuu.web.page.pictures_page.find_spec", lambda name: None)
    shown = page(f"/pictures?q={QUERY}")
    assert not shown.xpath("//img")
    assert cells(shown, "shares")
    assert "chưa cài phần vẽ hình" in shown.text_content()


def test_there_is_no_other_picture(http, odd):
    assert http.get("/pictures/passwd.svg").status_code == 404
