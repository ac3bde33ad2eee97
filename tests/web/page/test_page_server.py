"""The pages as they come from the server, without any script."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import unicodedata
from urllib.parse import quote

import pytest

QUERY = "giải ngân vốn đầu tư"
REPORT = "/reports/bao-cao-kiem-diem-quan-uy-nhiem-ky-xi"
PAGES = [
    "/",
    f"/?q={quote(QUERY)}",
    "/?area=kinh-te&assessment=shortcoming",
    "/?q=zzqqxx&area=kinh-te",
    "/?q=NOT",
    "/?area=nowhere",
    f"/narrow?q={quote('chè')}",
    "/reports",
    "/reports?find=huyen",
    "/reports?find=zzzz",
    f"{REPORT}?q={quote(QUERY)}",
    "/reports/long?part=2",
    "/reports/nothing",
    f"{REPORT}/6?q={quote(QUERY)}",
    f"{REPORT}/6000",
    "/charts",
    f"/charts?q={quote(QUERY)}",
    "/help",
    "/nowhere",
]


def said(element) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole_and_in_its_language(browse, address, lang):
    from lxml import html

    joined = address + ("" if lang == "vi" else ("&" if "?" in address else "?") + "lang=en")
    answer = browse(joined)
    assert answer.status_code < 500
    page = html.document_fromstring(answer.text)
    assert page.get("lang") == lang
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    assert page.xpath("//title/text()")[0].endswith("Tra cứu")
    assert not page.xpath(
        "//*[@style] | //style | //script[not(@src)] | //*[starts-with(name(@*), 'on')]"
    )
    for address in page.xpath("//link/@href | //script/@src | //img/@src"):
        assert browse(address).status_code == 200, address
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for target in page.xpath("//label/@for | //@aria-labelledby | //@aria-controls"):
        assert target in ids, target


@pytest.mark.parametrize("address", PAGES)
def test_links_of_an_english_page_stay_english(browse, address):
    from lxml import html

    page = html.document_fromstring(
        browse(address + ("&" if "?" in address else "?") + "lang=en").text
    )
    links = [link for link in page.xpath("//a/@href") if "#" not in link]
    own = page.xpath("//a[@hreflang]/@href")
    assert links
    assert own
    assert [link for link in links if "lang=en" not in link and link not in own] == []


def test_results_tell_area_and_assessment_in_words_and_mark_what_was_found(page):
    found = page(f"/?q={quote(QUERY)}")
    first = found.xpath("//article")[0]
    assert "giải ngân" in [said(mark) for mark in first.xpath(".//mark")]
    assert (
        said(first.xpath(".//span[contains(@class,'area')]")[0])
        == "Quản lý đô thị, xây dựng cơ bản"
    )
    assert said(first.xpath(".//span[contains(@class,'tone')]")[0]) == "Mặt được"
    assert first.xpath(".//h3/a/@href")[0].startswith("/reports/")
    assert "6 đoạn" in said(found.get_element_by_id("count"))


def counts(page, room: str) -> dict[str, int]:
    rows = page.xpath(f"//input[@name='{room}' and @type='checkbox']/..")
    return {
        row.xpath("./input/@value")[0]: int(said(row.xpath("./span[@class='check-n']")[0]))
        for row in rows
    }


def test_filters_count_all_matches_and_can_be_widened_again(page):
    wide = page("/?q=" + quote("lãnh đạo"))
    narrow = page("/?q=" + quote("lãnh đạo") + "&assessment=shortcoming")
    assert counts(wide, "assessment") == counts(narrow, "assessment")
    assert counts(narrow, "assessment")["achievement"] > 0
    assert sum(counts(narrow, "area").values()) == counts(wide, "assessment")["shortcoming"]
    assert narrow.xpath("//input[@value='shortcoming']/@checked")
    assert not narrow.xpath("//input[@value='achievement']/@checked")


def test_what_a_filter_counts_is_what_it_finds(page):
    wide = page("/?q=" + quote("lãnh đạo"))
    for room in ("area", "assessment", "report"):
        for value, count in counts(wide, room).items():
            found = page(f"/?q={quote('lãnh đạo')}&{room}={quote(value)}")
            assert f"{count} đoạn" in said(found.get_element_by_id("count")), (room, value)
    years = wide.xpath("//ul[@class='years']//a")
    assert years
    for link in years:
        found = page(link.get("href"))
        assert f"{said(link.xpath('.//span')[-1])} đoạn" in said(found.get_element_by_id("count"))
    terms = wide.xpath("//input[@name='term' and @value!='']/..")
    assert terms
    for row in terms:
        found = page(f"/?q={quote('lãnh đạo')}&term={row.xpath('./input/@value')[0]}")
        assert f"{said(row.xpath('./span')[-1])} đoạn" in said(found.get_element_by_id("count"))


def test_each_chip_takes_away_its_own_filter(page):
    found = page("/?area=kinh-te&area=do-thi&assessment=shortcoming&year=2019")
    chips = {
        said(chip.xpath(".//span[@lang]")[0]): chip.get("href")
        for chip in found.xpath("//a[@class='chip']")
    }
    assert set(chips) == {
        "Kinh tế, ngân sách",
        "Quản lý đô thị, xây dựng cơ bản",
        "Mặt tồn tại",
        "2019",
    }
    assert chips["Kinh tế, ngân sách"] == "/?area=do-thi&assessment=shortcoming&year=2019"
    assert chips["2019"] == "/?area=kinh-te&area=do-thi&assessment=shortcoming"


def test_years_may_be_given_as_first_and_last(page):
    one = page("/?q=lãnh+đạo&from=2015&to=2020")
    other = page("/?q=lãnh+đạo&year=2015..2020")
    assert said(one.get_element_by_id("count")) == said(other.get_element_by_id("count"))
    assert one.get_element_by_id("f-from").get("value") == "2015"
    assert other.get_element_by_id("f-to").get("value") == "2020"


def test_pages_of_results_follow_each_other_without_gap_or_repetition(page):
    seen: list[str] = []
    address = "/?q=" + quote("thủy lợi") + "&sort=reading&size=50"
    while address:
        found = page(address)
        seen += found.xpath("//article//h3/a/@href")
        address = next(iter(found.xpath("//a[@rel='next']/@href")), None)
    assert len(seen) == len(set(seen)) > 400


def test_all_reports_with_matches_can_be_chosen_from(page):
    found = page("/?q=" + quote("trồng chè Thái Nguyên"))
    more = found.xpath("//a[starts-with(@href,'/narrow')]")[0]
    assert said(more) == "Tất cả 12 báo cáo…"
    narrow = page(more.get("href") + "&find=" + quote("so 7"))
    chosen = narrow.xpath("//ul[@class='narrow']//a")
    assert [said(link) for link in chosen] == ["Báo cáo xã số 7"]
    assert "1 đoạn" in said(page(chosen[0].get("href")).get_element_by_id("count"))


def test_a_query_that_makes_no_sense_is_pointed_at_and_can_be_taken_literally(page):
    wrong = page("/?q=" + quote("kỷ luật AND"), status=422)
    assert said(wrong.xpath("//h1")[0]) == "Không hiểu được câu tìm"
    assert [said(mark) for mark in wrong.xpath("//mark")] == ["AND"]
    assert "Sau “AND” phải có từ cần tìm" in said(wrong.xpath("//main")[0])
    literal = wrong.xpath("//a[contains(@href,'literal=1')]/@href")[0]
    assert page(literal).xpath("//article")


def test_a_wrong_spelling_leads_to_the_right_one(page):
    found = page("/?q=" + quote("giải ngâng vốn"))
    link = found.xpath("//p[contains(@class,'meant')]/a")[0]
    assert said(link) == "giải ngân vốn"
    assert page(link.get("href")).xpath("//article")


def test_what_was_relaxed_is_told(page):
    found = page("/?q=" + quote("giải ngân thủy triều lục địa núi lửa"))
    assert found.xpath("//article")
    notes = [said(note) for note in found.xpath("//p[@role='note']")]
    assert [note for note in notes if note.startswith("Không")]
    assert "lục" in " ".join(notes)


def test_where_all_words_are_is_said_of_a_relaxed_search(page):
    found = page("/?q=" + quote("giải ngân vốn") + "&area=kinh-te")
    (note,) = found.xpath("//p[@role='note']")
    assert said(note).startswith("Không đoạn nào có đủ các từ đã gõ.")
    (link,) = note.xpath("a")
    assert said(link) == "Bỏ “Lĩnh vực”: 5 đoạn"
    assert said(page(link.get("href")).get_element_by_id("count")).startswith("5 đoạn")


def test_nothing_found_says_what_to_do(page):
    found = page("/?q=zzqqxx&area=kinh-te")
    assert said(found.get_element_by_id("count")) == "Không tìm thấy đoạn nào"
    assert found.xpath("//div[@class='empty']//a/@href")[0] == "/?q=zzqqxx"


def test_a_passage_stands_among_its_neighbours_and_leads_to_them(page):
    shown = page(f"{REPORT}/6?q={quote(QUERY)}")
    assert [step.get("id") for step in shown.xpath("//div[starts-with(@class,'step ')]")] == [
        "p4",
        "p5",
        "p6",
        "p7",
        "p8",
    ]
    assert shown.xpath("//div[@aria-current='true']/@id") == ["p6"]
    assert shown.xpath("//a[@rel='prev']/@href")[0].startswith(f"{REPORT}/5?")
    assert shown.xpath("//a[@rel='next']/@href")[0].startswith(f"{REPORT}/7?")
    assert "giải ngân" in [said(mark) for mark in shown.xpath("//mark")]
    back = [link for link in shown.xpath("//a/@href") if link == f"/?q={quote(QUERY)}"]
    assert back
    cited = said(shown.get_element_by_id("cite"))
    assert cited.endswith("› Mặt tồn tại”.")  # a file of plain text has no pages
    assert "đoạn" not in cited


def test_first_and_last_passage_end_the_row(page):
    assert not page(f"{REPORT}/1").xpath("//a[@rel='prev']")
    assert not page(f"{REPORT}/40").xpath("//a[@rel='next']")


def test_a_report_shows_every_passage_under_its_headings(page):
    shown = page(REPORT)
    assert len(shown.xpath("//div[starts-with(@class,'step ')]")) == 40
    for link in shown.xpath("//nav[@class='outline']//a/@href"):
        assert shown.get_element_by_id(link.lstrip("#")) is not None
    assert "Ban Chấp hành Đảng bộ quận Hải Vân Đông" in said(shown.xpath("//dl")[0])


def test_a_long_report_comes_in_parts_and_each_passage_leads_to_its_own(page):
    parts = [page(f"/reports/long?part={n}") for n in (1, 2, 3)]
    ids = [part.xpath("//div[starts-with(@class,'step ')]/@id") for part in parts]
    assert [one for part in ids for one in part] == [f"p{n}" for n in range(1, 451)]
    whole = page("/reports/long/430").xpath("//a[contains(@href,'#p430')]/@href")[0]
    assert "p430" in page(whole.split("#")[0]).xpath("//@id")
    link = next(
        one for one in parts[0].xpath("//nav[@class='outline']//a") if said(one) == "Phần 8"
    )
    path, _, anchor = link.get("href").partition("#")
    assert anchor in page(path).xpath("//@id")


def test_where_a_report_lies_on_the_server_is_not_told(browse, root):
    for address in (REPORT, f"{REPORT}/6", "/reports", "/?q=ngân"):
        assert str(root) not in browse(address).text
    assert "bao-cao-kiem-diem-quan-uy-nhiem-ky-xi.txt" in browse(REPORT).text


@pytest.mark.parametrize(
    "address",
    [
        "/reports/..%2f..%2fetc%2fpasswd",
        "/reports/nothing/1",
        "/static/x/..%2f__init__.py",
        "/static/x/visit.py",
        "/static/x/nothing.css",
    ],
)
def test_no_path_is_taken_from_a_request(browse, address):
    answer = browse(address)
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "import" not in answer.text


def test_style_sheets_may_be_kept_for_ever_under_their_version_only(browse):
    from lxml import html

    sheet = html.document_fromstring(browse("/").text).xpath("//link[@rel='stylesheet']/@href")[0]
    assert "immutable" in browse(sheet).headers["cache-control"]
    assert "immutable" not in browse("/static/old/base.css").headers["cache-control"]
    assert browse("/").headers["cache-control"] == "no-cache"


def test_mounted_below_a_path_every_address_begins_with_it(client, odd):
    from lxml import html
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.testclient import TestClient

    http = TestClient(Starlette(routes=[Mount("/tim", app=client(odd).app)]))
    for address in ("/tim/", "/tim/?q=lãnh+đạo", "/tim/reports", f"/tim{REPORT}/6", "/tim/?q=NOT"):
        page = html.document_fromstring(http.get(address).text)
        links = page.xpath("//a/@href | //form/@action | //link/@href | //script/@src")
        assert [link for link in links if not link.startswith(("#", "/tim/"))] == []
        assert http.get(page.xpath("//link/@href")[0]).status_code == 200


def test_an_overlong_query_is_refused_in_words(page):
    wrong = page("/?q=" + "a" * 1500, status=422)
    assert "Câu tìm dài 1500 ký tự" in said(wrong.xpath("//main")[0])


def test_without_an_index_the_page_says_so(client, tmp_path):
    answer = client(tmp_path / "none").get("/", headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert "Chỉ mục tạm thời không đọc được" in answer.text
    assert str(tmp_path) not in answer.text


def test_an_address_that_leads_nowhere_is_a_page_too(browse):
    answer = browse("/nowhere")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


def test_scripts_are_whole_javascript(root):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    scripts = sorted((root / "web" / "page" / "static").glob("*.js"))
    assert len(scripts) > 5
    for script in scripts:
        with script.open("rb") as text:
            done = subprocess.run(
                [node, "--check", "--input-type=module", "-"],
                stdin=text,
                capture_output=True,
                check=False,
            )
        assert done.returncode == 0, f"{script.name}: {done.stderr.decode()}"


def test_without_python_docx_the_page_tells_what_to_install(browse, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    answer = browse("/export.docx?q=chè")
    assert answer.status_code == 501
    assert "[web]" in answer.text


def test_one_may_page_only_as_far_as_the_service_allows(client, odd):
    from lxml import html

    answer = client(odd, offset=40).get("/?q=" + quote("thủy lợi") + "&sort=reading&page=900")
    page = html.document_fromstring(answer.text)
    assert page.xpath("//article//span[@class='hit-rank']/text()")[0] == "41"
    assert not page.xpath("//a[@rel='next']")


@pytest.mark.parametrize(
    ("lang", "notice"), [("vi", "không có từ nào để tìm"), ("en", "no word to search for")]
)
def test_a_query_without_a_word_names_what_it_lacks(page, lang, notice):
    from urllib.parse import quote

    for query in ("((", '"', "***"):
        (empty,) = page(f"/?lang={lang}&q={quote(query)}").xpath("//div[@class='empty']")
        assert notice in empty.text_content()
        assert query in empty.text_content()
    (empty,) = page(f"/?lang={lang}&q=zzqqxx").xpath("//div[@class='empty']")
    assert notice not in empty.text_content()


def test_nothing_found_links_to_what_is_found_without_each_filter(page):
    found = page("/?q=" + quote("trồng chè") + "&area=kinh-te&year=1950")
    ways = found.xpath("//div[@class='empty']//li/a[contains(., '“Năm”')]")
    assert len(ways) == 1
    number = said(ways[0]).rsplit(": ", 1)[1]
    assert number.endswith(" đoạn")
    assert number in said(page(ways[0].get("href")).get_element_by_id("count"))


@pytest.mark.parametrize("query", ["chè năm:1950", "năm:1950 chè", "+năm:1950 chè"])
def test_a_filter_typed_in_the_query_is_taken_out_by_a_link(page, query):
    found = page("/?q=" + quote(query))
    way = found.xpath("//div[@class='empty']//li/a[contains(., 'năm:1950')]")[0]
    assert way.get("href") == "/?q=" + quote("chè")
    number = said(way).rsplit(": ", 1)[1]
    assert number in said(page(way.get("href")).get_element_by_id("count"))


def test_no_filter_alone_hides_all_but_a_link_drops_them_all(page):
    found = page("/?q=" + quote("chè năm:1950") + "&term=1900-1905")
    ways = found.xpath("//div[@class='empty']//li/a[contains(., 'mọi bộ lọc')]/@href")
    assert ways == ["/?q=" + quote("chè")]


def test_a_shared_link_has_a_preview(page):
    def preview(address):
        metas = page(address).xpath("//meta[starts-with(@property, 'og:')]")
        return {meta.get("property")[3:]: meta.get("content") for meta in metas}

    assert preview("/")["site_name"] == "Tra cứu"
    assert preview("/?q=" + quote("chè"))["title"] == "chè – kết quả tìm"
    assert preview("/?q=" + quote("thủy lợi"))["description"].startswith("450 đoạn")
    assert preview("/reports/long")["title"] == "Báo cáo dài"
    assert "HUYỆN ỦY BÌNH SƠN · 5/3/2024" in preview("/reports/long")["description"]
    assert preview("/reports/long/7")["description"] == "Đoạn thứ 7 nói về thủy lợi."
    assert preview("/reports/long?lang=en")["locale"] == "en_US"


def test_the_icons_are_pictures_that_browsers_draw(page, browse):
    from lxml import etree

    small, drawn = page("/").xpath("//link[@rel='icon']/@href")
    assert etree.fromstring(browse(drawn).content).tag == "{http://www.w3.org/2000/svg}svg"
    kept = browse(small)
    assert kept.headers["content-type"] == "image/x-icon"
    assert browse("/favicon.ico").content == kept.content
    reserved, kind, pictures = struct.unpack("<HHH", kept.content[:6])
    assert (reserved, kind, pictures) == (0, 1, 3)


def test_readers_of_feeds_find_the_one_of_saved_searches(page, browse):
    (link,) = page("/").xpath("//link[@rel='alternate'][@type='application/atom+xml']")
    assert link.get("title") == "Đoạn mới theo các câu tìm đã lưu"
    assert browse(link.get("href")).headers["content-type"] == "application/atom+xml"


def test_the_preview_of_a_link_has_a_picture_of_the_size_it_names(page, browse):
    head = page("/").xpath("//head")[0]
    (address,) = head.xpath("meta[@property='og:image']/@content")
    assert address.startswith("http://testserver/static/")
    content = browse(address).content
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    sizes = [
        head.xpath(f"meta[@property='og:image:{side}']/@content")[0] for side in ("width", "height")
    ]
    assert struct.unpack(">II", content[16:24]) == tuple(map(int, sizes))


def _faces(browse, page) -> list[tuple[str, str, list[tuple[int, int]]]]:
    """The fonts of the style sheet: weights, address, ranges of code points."""
    sheet = next(one for one in page("/").xpath("//link[@rel='stylesheet']/@href") if "base" in one)
    found = []
    for face in re.findall(r"@font-face \{(.*?)\}", browse(sheet).text):
        weight = re.search(r"font-weight: ([^;]+);", face)[1]
        name = re.search(r'url\("([^"]+)"\)', face)[1]
        ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face)
        assert "font-display: swap" in face
        found.append(
            (
                weight,
                f"{sheet.rsplit('/', 1)[0]}/{name}",
                [(int(a, 16), int(b or a, 16)) for a, b in ranges],
            )
        )
    return found


def test_the_font_covers_vietnamese_and_is_small(page, browse):
    faces = _faces(browse, page)
    letters = [
        unicodedata.normalize("NFC", letter + tone)
        for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
        for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    ] + list("đĐ–—“”…0123456789")
    for weight in {face[0] for face in faces}:
        mine = [face for face in faces if face[0] == weight]
        for letter in letters:
            assert any(a <= ord(letter) <= b for face in mine for a, b in face[2]), letter
        contents = [browse(face[1]).content for face in mine]
        assert all(content.startswith(b"wOF2") for content in contents)
        assert sum(map(len, contents)) <= 60_000


def test_the_list_of_reports_names_each_file_but_no_folder(page):
    found = page("/reports")
    files = [said(one) for one in found.xpath("//ul[@class='reports']//*[@class='mono']")]
    assert files
    assert all(one.startswith("Tệp: ") and "." in one for one in files)
    assert not [one for one in files if "/" in one or "\\" in one]


def test_the_list_of_reports_tells_documents_of_one_file_apart(root, tmp_path, client):
    from lxml import html

    from tracuu import Index

    folder = tmp_path / "Đảng bộ" / "2017"
    folder.mkdir(parents=True)
    shutil.copy(root / "tests" / "data" / "reports" / "bao-cao-hai-van-ban.txt", folder)
    with Index.create(tmp_path / "index") as index:
        list(index.update([tmp_path / "Đảng bộ"], jobs=1))
    found = html.fromstring(client(tmp_path / "index").get("/reports").text)
    rows = [said(one) for one in found.xpath("//li[@class='report']")]
    assert len(rows) == 2
    assert {one for row in rows for one in re.findall(r"văn bản \d trong \d của tệp", row)} == {
        "văn bản 1 trong 2 của tệp",
        "văn bản 2 trong 2 của tệp",
    }
    assert all("Định dạng: TXT" in row and "Thư mục: Đảng bộ/2017" in row for row in rows)


def test_a_term_that_ends_in_years_to_come_is_no_later_than_what_is_dated(tmp_path, client):
    from datetime import date

    from lxml import html

    from tracuu import Index, Passage, Report

    with Index.create(tmp_path / "index") as index:
        for report in (
            Report("plan", title="Chỉ thị nhiệm kỳ", term=(2025, 2030)),
            Report("dated", title="Báo cáo năm", date=date(2026, 3, 1)),
            Report("old", title="Báo cáo cũ", date=date(2020, 3, 1)),
        ):
            index.add([Passage(report.id, 1, "Một đoạn.")], report=report)
    found = html.fromstring(client(tmp_path / "index").get("/reports").text)
    titles = [said(one) for one in found.xpath("//li[@class='report']//h3")]
    assert titles == ["Báo cáo năm", "Chỉ thị nhiệm kỳ", "Báo cáo cũ"]


def test_the_words_that_decided_stand_without_their_weights(tmp_path, client):
    from lxml import html

    from tracuu import Index, Passage

    with Index.create(tmp_path / "index") as index:
        index.add([Passage("a", 1, "Thu ngân sách còn thấp, giải ngân vốn đầu tư công chậm.")])
        decision = index.passage("a#1").area_decision
    assert decision.source == "words"
    assert re.search(r"\d\.\d", decision.evidence[0])
    page = html.fromstring(client(tmp_path / "index").get("/reports/a/1").text)
    why = said(page.xpath("//section[@aria-labelledby='why-title']")[0])
    assert decision.evidence[0].rpartition(" ")[0] in why
    assert not re.search(r"\d\.\d", why)
