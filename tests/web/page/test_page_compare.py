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


def test_the_committee_is_chosen_first_and_then_its_reports(compare):
    page = compare("")
    assert not page.xpath("//table | //input[@name='r']")
    bodies = {
        one.text_content().rpartition(" (")[0]: one.get("value")
        for one in page.xpath("//select[@name='body']/option")
    }
    (body,) = [value for name, value in bodies.items() if name == "Huyện ủy Tân Sơn Trung"]
    reports = compare(f"body={body}").xpath("//input[@name='r']/@value")
    assert reports == ["bao-cao-chinh-tri-huyen-uy-2020-2025"]
    assert bodies["Không ghi cơ quan"] == "-"
    others = compare("body=-").xpath("//input[@name='r']/@value")
    assert {"x/1", "x 2"} <= set(others)
    chosen = compare("a=x/1").xpath("//input[@checked]/@value")
    assert chosen == ["x/1"]


def test_the_sentence_on_top_counts_as_the_library_does(compare, terms):
    page = compare(PAIR)
    with Index.open(terms) as index:
        series = index.compare_terms(["huyen-uy-2015", "huyen-uy-2020"])
    (verdict,) = page.xpath("//p[@class='verdict']")
    assert verdict.text_content() == (
        f"{len(series.mended)} tồn tại đã khắc phục, {len(series.persisting)} còn lại."
    )
    assert len(series.mended) > 0


def test_reports_of_different_bodies_are_compared_with_a_warning(compare):
    pair = "r=bao-cao-chinh-tri-huyen-uy-2015-2020&r=bao-cao-tong-ket-thanh-uy-2015-2020"
    assert "những cơ quan khác nhau" in compare(pair).xpath("//p[@role='note']")[0].text_content()
    assert not compare(PAIR).xpath("//p[@role='note']")


def test_what_returns_term_after_term_stands_first(client, root, tmp_path):
    from lxml import html

    told = "Hệ thống thoát nước khu chợ cũ xuống cấp, ngập úng kéo dài mỗi mùa mưa."
    with Index.create(tmp_path / "index") as index:
        for n, term in enumerate([(2010, 2015), (2015, 2020), (2020, 2025)]):
            index.add(
                [
                    Passage(f"k{n}", 1, told, area="do-thi", assessment="shortcoming"),
                    Passage(f"k{n}", 2, f"Việc khác hẳn của khóa {n}."),
                ],
                report=Report(f"k{n}", title=f"Khóa {n}", issuing_body="HUYỆN ỦY X", term=term),
                classify=False,
            )
    answer = client(tmp_path / "index").get("/compare?r=k2&r=k0&r=k1")
    page = html.fromstring(answer.text)
    assert page.xpath("//p[@class='verdict']")[0].text_content() == (
        "0 tồn tại đã khắc phục, 1 còn lại, 1 lặp lại qua ba nhiệm kỳ trở lên."
    )
    links = page.xpath("//ol[@class='threads']//li//li/a")
    assert [link.text_content() for link in links] == ["2010–2015", "2015–2020", "2020–2025"]
    assert links[0].get("href") == "/reports/k0/1"


def test_what_cannot_be_compared_is_told_in_the_visitor_s_language(compare):
    assert compare("a=x/1&b=nothing", 404).xpath("//h1")
    assert compare("a=x/1&b=x/1&r=x/1").xpath("//h1")


def test_markup_stays_text_and_an_unknown_order_is_told(compare):
    page = compare("a=x/1&b=x%202")
    assert "Không rõ báo cáo nào cũ hơn" in page.text_content()
    assert BAD in page.xpath("//td")[-1].text_content()
    assert not [one for one in page.xpath("//script") if "alert" in (one.text or "")]


def test_a_report_s_page_leads_here(client, terms):
    from lxml import html

    page = html.fromstring(client(terms).get("/reports/x%202?lang=en").text)
    (link,) = page.xpath("//a[starts-with(@href, '/compare?a=')]/@href")
    assert link == "/compare?a=x%202&lang=en"
    assert html.fromstring(client(terms).get(link).text).xpath("//input[@checked]/@value") == [
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
    (whole,) = compare(PAIR).xpath("//a[text()='Hiện tất cả, để in']/@href")
    printed = compare(whole.partition("?")[2])
    (body,) = printed.xpath(mended, area=area.area)
    assert len(body.xpath(".//tr[count(td)=2]")) == number
    assert not printed.xpath("//a[contains(., 'dòng nữa') or text()='Hiện tất cả, để in']")


def test_an_area_that_is_none_is_told(compare):
    assert "bien" in compare(f"{PAIR}&area=bien", status=422).text_content()


def test_committees_with_several_terms_are_offered_before_anything_is_chosen(compare):
    page = compare("")
    ways = page.xpath("//section[@aria-labelledby='ready-title']//li")
    texts = {" ".join(way.text_content().split()): way.xpath(".//a/@href")[0] for way in ways}
    (text,) = (one for one in texts if "Hải Vân Đông" in one)
    assert "2015–2020 → 2020–2025" in text
    compared = compare(texts[text].partition("?")[2])
    assert compared.xpath("//p[@class='verdict']")
    assert not compared.xpath("//section[@aria-labelledby='ready-title']")


def test_a_comparison_is_read_on_a_phone_without_scrolling_sideways(chromium, serve, terms):
    width = 360
    with serve(terms) as address:
        page = chromium.new_page(
            base_url=address, viewport={"width": width, "height": 640}, is_mobile=True
        )
        page.goto(f"/compare?{PAIR}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for table in page.locator(".table").all():
            assert table.evaluate("one => one.scrollWidth <= one.clientWidth")
        # each figure stands beside its name, which the header of the column is on a desktop
        figures = page.locator(".figures").first
        names = figures.locator("thead th").all_text_contents()[1:]
        cells = figures.locator("tbody tr").first.locator("td")
        shown = [
            one.evaluate("one => getComputedStyle(one, '::before').content.slice(1, -1)")
            for one in cells.all()
        ]
        assert shown == names
        page.close()
