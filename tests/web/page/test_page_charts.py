"""Charts of what was found, each bar a search of its own; and the pictures to be saved."""

from __future__ import annotations

import sys
from datetime import date
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tracuu import Index

QUERY = quote("lãnh đạo")


def chart(page, name: str):
    return page.xpath(f"//section[@aria-labelledby='{name}-title']")[0]


@pytest.mark.parametrize("name", ["terms", "areas", "areas_terms", "years"])
def test_each_bar_finds_as_many_passages_as_it_says(page, name):
    links = chart(page(f"/charts?q={QUERY}"), name).xpath(".//td/a")
    assert links
    for link in links[:12]:
        found = page(link.get("href")).get_element_by_id("count").text_content().split()
        assert found[-2:] == [link.text_content().strip(), "đoạn"]


def test_the_chart_above_the_results_sets_achievements_against_shortcomings(page):
    found = page(f"/?q={QUERY}")
    (short,) = found.xpath("//section[@class='short']")
    links = short.xpath(".//a[contains(@class,'bar-link')]")
    tones = [link.get("class").split("tone-")[1] for link in links]
    assert {"achievement", "shortcoming"} == set(tones)
    for link in links:
        count = link.xpath(".//span[@class='bar-n']")[0].text_content()
        assert page(link.get("href")).get_element_by_id("count").text_content().split()[-2] == count
    assert short.xpath("./a/@href")[0].startswith("/charts?q=")


def test_what_is_not_assessed_has_a_scale_of_its_own(page):
    for row in chart(page("/charts?q=" + quote("thủy lợi")), "years").xpath(".//tbody/tr"):
        bars = row.xpath(".//a[contains(@class,'tone-none')]//rect/@width")
        assert bars == [] or float(bars[0].rstrip("%")) > 50


def test_the_columns_of_a_chart_add_up_to_what_the_search_finds(page, odd):
    rows = chart(page(f"/charts?q={QUERY}&assessment=shortcoming"), "areas").xpath(".//tbody/tr")
    with Index.open(odd) as index:
        found = index.search("lãnh đạo", assessment="shortcoming")
    assert sum(int(row[-1].text_content()) for row in rows) == found.total


def test_no_chart_shows_years_to_come_and_no_term_stands_twice(page):
    shown = page("/charts")
    years = [int(one.text_content()) for one in chart(shown, "years").xpath(".//tbody//th")]
    assert years
    assert max(years) <= date.today().year
    terms = [one.text_content() for one in chart(shown, "terms").xpath(".//tbody//th")]
    assert len(terms) == len(set(terms)) > 1


def test_no_page_draws_with_matplotlib(page, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert page("/charts").xpath("//table[@class='bars']")
    assert page(f"/?q={QUERY}").xpath("//section[@class='short']")


def test_the_earlier_address_of_the_charts_still_leads_there(page):
    assert page(f"/pictures?q={QUERY}").xpath("//section[@aria-labelledby='terms-title']")


@pytest.mark.parametrize("kind", ["matrix", "timeline", "shares"])
def test_a_picture_to_be_saved_is_a_whole_svg_that_runs_nothing(http, page, kind):
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    (link,) = page(f"/charts?q={QUERY}&lang=en").xpath(f"//a[@download='tracuu-{kind}.svg']")
    answer = http.get(link.get("href"))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert ElementTree.fromstring(answer.content).tag.endswith("svg")


def test_nothing_found_is_nothing_to_count(page):
    shown = page("/charts?q=zzqqxx")
    assert "Không có gì để đếm" in shown.text_content()
    assert not shown.xpath("//table")


def test_without_the_drawing_part_there_is_nothing_to_save(page, monkeypatch):
    monkeypatch.setattr("tracuu.web.page.charts_page.find_spec", lambda name: None)
    assert not page(f"/charts?q={QUERY}").xpath("//a[@download]")


def test_there_is_no_other_picture(http, odd):
    assert http.get("/charts/passwd.svg").status_code == 404
