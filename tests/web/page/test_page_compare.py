"""Two reports side by side on a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracuu import Index, Passage, Report

BAD = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def terms(tmp_path_factory, root: Path) -> Path:
    """Two terms of one committee, and two reports that tell nothing of their time."""
    path = tmp_path_factory.mktemp("terms") / "index"
    with Index.create(path) as index:
        list(index.update([root / "corpus" / "samples", root / "tests" / "data" / "terms"], jobs=1))
        for name in ("x/1", "x 2"):
            index.add(
                [Passage(name, 1, f"Cầu {BAD} hư hỏng.", area="do-thi", assessment="shortcoming")],
                report=Report(name, title=f"Báo cáo {BAD}"),
                classify=False,
            )
    return path


@pytest.fixture
def compare(client, terms):
    from lxml import html

    def get(query: str, status: int = 200):
        answer = client(terms).get(f"/compare?{query}")
        assert answer.status_code == status, answer.text[:500]
        return html.fromstring(answer.text)

    return get


PAIR = "a=bao-cao-chinh-tri-huyen-uy-2015-2020&b=bao-cao-chinh-tri-huyen-uy-2020-2025"


def test_pairs_stand_side_by_side_under_what_became_of_them(compare, terms):
    page = compare(PAIR)
    with Index.open(terms) as index:
        found = index.compare("huyen-uy-2015", "huyen-uy-2020")
    shown = {
        body.xpath("string(.//th)").strip(): len(body.xpath(".//tr[td]"))
        for body in page.xpath("//section[@aria-labelledby='van-hoa-xa-hoi']//tbody")
    }
    area = next(one for one in found.areas if one.area == "van-hoa-xa-hoi")
    assert shown["Trước tồn tại, nay là mặt được"] == len(area.with_fate("mended"))
    assert shown["Vẫn còn tồn tại"] == len(area.with_fate("persisting"))
    row = next(
        row for row in page.xpath("//tr[td]") if "Nạn tảo hôn còn phổ biến" in row.text_content()
    )
    assert "Nạn tảo hôn chưa được đẩy lùi" in row.xpath("td")[1].text_content()
    assert "Nạn tảo hôn" in row.xpath("td")[0].xpath(".//mark/text()")
    (link,) = row.xpath("td")[1].xpath(".//a/@href")
    assert link.startswith("/reports/bao-cao-chinh-tri-huyen-uy-2020-2025/")


def test_the_counts_are_those_of_the_library(compare, terms):
    rows = compare(PAIR + "&lang=en").xpath("//table[@class='figures']//tbody/tr")
    with Index.open(terms) as index:
        found = index.compare("huyen-uy-2015", "huyen-uy-2020")
    assert len(rows) == len(found.areas)
    for row, area in zip(rows, found.areas, strict=True):
        cells = [cell.text_content().strip() for cell in row]
        told = [
            f"{area.older[name]} → {area.newer[name]}" for name in ("achievement", "shortcoming")
        ]
        fates = [
            str(len(area.with_fate(fate)))
            for fate in ("mended", "persisting", "worsened", "repeated")
        ]
        assert cells == [area.label, *told, *fates]


def test_every_link_leads_to_the_passage(compare, client, terms):
    links = compare(PAIR).xpath("//table[@class='pairs']//a/@href")
    assert len(links) > 20
    assert client(terms).get(links[0]).status_code == 200


def test_without_reports_there_is_the_form_alone(compare):
    page = compare("")
    assert page.xpath("//main//select/@name") == ["a", "b"]
    assert {"x/1", "x 2"} <= set(page.xpath("//select[@name='a']/option/@value"))
    assert not page.xpath("//table")
    chosen = compare("a=x/1").xpath("//select[@name='a']/option[@selected]/@value")
    assert chosen == ["x/1"]


def test_what_cannot_be_compared_is_told_in_the_visitor_s_language(compare):
    assert compare("a=x/1&b=nothing", 404).xpath("//h1")
    assert compare("a=x/1&b=x/1", 422).xpath("//h1")


def test_markup_stays_text_and_an_unknown_order_is_told(compare):
    page = compare("a=x/1&b=x%202")
    assert "Không rõ báo cáo nào cũ hơn" in page.text_content()
    assert BAD in page.xpath("//td")[-1].text_content()
    assert not [one for one in page.xpath("//script") if "alert" in (one.text or "")]


def test_a_report_s_page_leads_here(client, terms):
    from lxml import html

    page = html.fromstring(client(terms).get("/reports/x%202?lang=en").text)
    (link,) = page.xpath("//a[starts-with(@href, '/compare')]/@href")
    assert link == "/compare?a=x%202&lang=en"
    assert html.fromstring(client(terms).get(link).text).xpath("//option[@selected]/@value") == [
        "x 2"
    ]


def test_a_long_list_is_cut_and_the_area_alone_has_all_of_it(compare, client, terms, monkeypatch):
    monkeypatch.setattr("tracuu.web.page.compare_page.SHOWN", 1)
    with Index.open(terms) as index:
        found = index.compare("huyen-uy-2015", "huyen-uy-2020")
    area = max(found.areas, key=lambda one: len(one.with_fate("mended")))
    number = len(area.with_fate("mended"))
    mended = "//section[@aria-labelledby=$area]//tbody[normalize-space(.//th)='Trước tồn tại, nay là mặt được']"
    (body,) = compare(PAIR).xpath(mended, area=area.area)
    (link,) = body.xpath(".//td[@colspan]/a")
    assert link.text_content().startswith(f"Còn {number - 1} dòng nữa")
    alone = compare(link.get("href").partition("?")[2])
    assert [heading.get("id") for heading in alone.xpath("//section/h2")] == [area.area]
    (body,) = alone.xpath(mended, area=area.area)
    assert len(body.xpath(".//tr[count(td)=2]")) == number > 1
    (back,) = alone.xpath("//a[text()='Xem lại mọi lĩnh vực']/@href")
    assert len(compare(back.partition("?")[2]).xpath("//section/h2")) > 1


def test_an_area_that_is_none_is_told(compare):
    assert "bien" in compare(f"{PAIR}&area=bien", status=422).text_content()


def test_reports_of_two_terms_are_told_apart_at_the_beginning_of_their_names(compare):
    options = [one.text_content() for one in compare("").xpath("//select[@name='a']/option")]
    assert {"2015–2020 · BÁO CÁO K", "2020–2025 · BÁO CÁO K"} <= {one[:21] for one in options}
