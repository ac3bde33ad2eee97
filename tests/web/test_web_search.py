"""Searching over HTTP: everything the library offers, and refusals that can be understood."""

from __future__ import annotations

import json

import pytest

from tracuu import Index, Passage
from tracuu.search import MissingWord

PROBLEM = "application/problem+json"


@pytest.fixture
def api(client, samples):
    """GETs below /api/v1."""
    made = client(samples)
    return lambda path, **parameters: made.get(f"/api/v1/{path}", params=parameters)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "giai ngan von dau tu"},
        {"q": "giải ngân", "area": "do-thi", "assessment": "shortcoming"},
        {"q": "", "area": "dan van", "limit": 3, "offset": 2},
        {"q": "ngân sách", "sort": "date", "year": "2015..2020", "width": 60},
        {"q": "ngân sách", "collapse": "false", "term": "2015-2020", "kind": "báo cáo"},
        {"q": "a:b (", "literal": "true"},
        {"q": "khongcotunaynhuvay"},
        {"q": "ngân sahc"},
    ],
)
def test_it_finds_what_the_library_finds(api, samples, asked):
    found = api("search", **asked).json()
    given = {
        name: value == "true" if value in ("true", "false") else value
        for name, value in asked.items()
        if name != "q"
    }
    with Index.open(samples) as index:
        wanted = index.search(asked["q"], **given).to_dict()
    links = found.pop("links")
    assert links["self"].startswith("/api/v1/search")
    for hit in found["hits"]:
        link = hit["passage"].pop("link")
        assert link.endswith(f"/passages/{hit['passage']['position']}")
    assert found == wanted


def test_several_values_mean_any_of_them(api):
    one, other = (
        api("search", area=area, limit=0).json()["total"] for area in ("kinh-te", "dan-van")
    )
    both = api("search", area=["kinh-te", "dan-van"], limit=0).json()["total"]
    assert both == one + other > 0


def test_links_lead_through_all_pages(client, samples):
    made = client(samples)
    page = made.get(
        "/api/v1/search", params={"q": "ngân sách", "limit": 4, "collapse": "false"}
    ).json()
    total, seen, places = page["total"], [], []
    while True:
        seen += [hit["passage"]["id"] for hit in page["hits"]]
        places.append(page["offset"])
        if page["links"]["next"] is None:
            break
        following = made.get(page["links"]["next"]).json()
        assert made.get(following["links"]["previous"]).json()["offset"] == page["offset"]
        page = following
    assert len(seen) == len(set(seen)) == total > 8
    assert places == list(range(0, total, 4))
    assert made.get(page["links"]["first"]).json()["offset"] == 0


def test_links_begin_with_the_path_a_proxy_shows(client, samples):
    made = client(samples, root_path="/tra-cuu")
    page = made.get("/api/v1/search?q=ngân&limit=1").json()
    assert page["links"]["next"].startswith("/tra-cuu/api/v1/search?")
    assert page["hits"][0]["passage"]["link"].startswith("/tra-cuu/api/v1/reports/")


def test_a_query_that_cannot_be_understood_tells_where(api):
    answer = api("search", q="ngân nam:abc")
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    problem = answer.json()
    assert problem["type"] == "urn:tracuu:problem:bad-query"
    assert problem["status"] == 422
    assert "ngân nam:abc"[problem["position"] :].startswith("nam") or problem["position"] == 9


def test_an_unknown_area_names_the_nearest(api):
    problem = api("search", area="xay dung").json()
    assert problem["type"].endswith(":bad-value")
    assert {"do-thi", "xay-dung-dang"} <= set(problem["nearest"])


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"limit": 101}, "limit"),
        ({"limit": -1}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"offset": 10_001}, "offset"),
        ({"q": "x" * 1001}, "q"),
        ({"area": "x" * 1001}, "area"),
        ({"sort": "size"}, "sort"),
        ({"year": "abc"}, "abc"),
        ({"year": "2005..2003"}, "2005"),
        ({"term": "2000"}, "2000"),
        ({"report": "khong-co-bao-cao-nay"}, "khong-co"),
        ({"assessment": "good"}, "good"),
        ({"assesment": "cause"}, "assesment"),
        ({"width": 5}, "width"),
        ({"literal": "maybe"}, "literal"),
        ({"q": ["a", "b"]}, "q"),
        ({"area": ["kinh-te"] * 51}, "50"),
    ],
)
def test_wrong_values_are_refused_and_named(api, asked, word):
    answer = api("search", **asked)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert word in answer.json()["detail"]


NASTY = [
    "<script>alert(1)</script>",
    "'; DROP TABLE passages; --",
    '" OR 1=1',
    "../../../etc/passwd",
    "\x00",
    "%00%0d%0aX: y",
    "\r\nSet-Cookie: a=b",
    "((((((((((" * 50,
    "a AND " * 100,
    "*" * 500,
    "\u202e\u0301" * 100,
    "🐉" * 200,
    "{{7*7}}${7*7}",
    "𠀀 \ufffe",
    "-" * 900,
]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_breaks_it_or_comes_back_as_anything_but_text(client, samples, text):
    made = client(samples)
    for path, names in (
        ("search", ("q", "area", "report", "number", "year", "kind")),
        ("suggest", ("q",)),
        ("areas", ("q",)),
    ):
        for name in names:
            answer = made.get(f"/api/v1/{path}", params={name: text})
            assert answer.status_code in (200, 422), (path, name, answer.text)
            assert answer.headers["content-type"] in ("application/json", PROBLEM)
            assert "set-cookie" not in answer.headers
            assert "Traceback" not in answer.text
            answer.json()


@pytest.mark.parametrize("raw", ["q=%ff%fe", "q=%ED%A0%80", "q=%", "&&&", "=", "q", "q=%C0%80"])
def test_what_is_no_utf8_is_no_trouble(client, samples, raw):
    assert client(samples).get(f"/api/v1/search?{raw}").status_code in (200, 422)


def test_suggestions(api):
    found = api("suggest", q="giai ng", limit=3).json()
    assert found["query"] == "giai ng"
    assert found["suggestions"][0] == {"text": "giải ngân", "passages": 5, "kind": "words"}


def test_areas_with_their_numbers_and_those_a_query_matters_to(api, samples):
    listed = api("areas").json()
    with Index.open(samples) as index:
        info = index.info()
    assert {area["id"]: area["passages"] for area in listed["areas"]} == info.areas
    assert sum(sum(area["assessments"].values()) for area in listed["areas"]) == info.passages
    assert [area["label"] for area in listed["areas"] if area["default"]] == ["Chung"]
    assert api("areas", q="cải cách hành chính").json()["ranking"][0]["area"] == "chinh-quyen"


def test_counts_by_two_things(api):
    rows = api("tally", by=["area", "assessment"], q="ngân sách").json()
    assert sum(row["matches"] for row in rows["counts"]) == rows["total"] > 0
    assert set(rows["counts"][0]) == {"area", "assessment", "matches"}
    assert api("tally").status_code == 422
    assert api("tally", by=["area", "report", "term"]).status_code == 422


def test_the_index_in_figures_tells_no_folder(api, samples):
    info = api("info").json()
    assert info["reports"] == 3
    assert str(samples) not in str(info)
    assert not {"path", "sources"} & set(info)


def test_what_has_not_changed_is_not_sent_again(client, own):
    made = client(own)
    first = made.get("/api/v1/search?q=ngân")
    again = made.get("/api/v1/search?q=ngân", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    with Index.open(own) as index:
        index.add([Passage("app", 1, "Thêm một đoạn về ngân sách.")])
    new = made.get("/api/v1/search?q=ngân", headers={"If-None-Match": first.headers["etag"]})
    assert new.status_code == 200
    assert new.headers["etag"] != first.headers["etag"]
    assert new.json()["total"] == first.json()["total"] + 1


def test_other_synonyms_are_another_state(client, own, tmp_path):
    made = client(own)
    first = made.get("/api/v1/search?q=khongcotunay")
    assert first.json()["total"] == 0
    file = tmp_path / "synonyms.toml"
    file.write_text('[[synonym]]\nwords = ["ngân sách", "khongcotunay"]\n', encoding="utf-8")
    with Index.open(own) as index:
        index.replace_synonyms(file)
    new = made.get(
        "/api/v1/search?q=khongcotunay", headers={"If-None-Match": first.headers["etag"]}
    )
    assert new.status_code == 200
    assert new.json()["total"] > 0


def test_abbreviations_of_ones_own(client, samples, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('[[abbreviation]]\nshort = "GNV"\nlong = ["giải ngân vốn"]\n', encoding="utf-8")
    assert client(samples).get("/api/v1/search?q=GNV").json()["total"] == 0
    assert client(samples, abbreviations=file).get("/api/v1/search?q=GNV").json()["total"] > 0


@pytest.mark.parametrize("query", ["((", "***", "..."])
def test_a_query_without_a_word_is_marked(api, query):
    for path, more in (("search", {}), ("tally", {"by": "area"})):
        answer = api(path, q=query, **more)
        assert (answer.status_code, answer.json()["total"], answer.json()["wordless"]) == (
            200,
            0,
            True,
        )
    assert api("search", q="khongcotunay").json()["wordless"] is False


def test_what_is_found_comes_as_a_table_too(client, samples):
    import csv
    import io

    from tracuu.search.table import COLUMNS

    reader = client(samples)
    answer = reader.get("/api/v1/table", params={"q": "giải ngân", "rows": 3})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (tuple(rows[0]), len(rows)) == (COLUMNS, 4)
    lines = reader.get("/api/v1/table", params={"q": "giải ngân", "format": "jsonl", "rows": 3})
    assert [tuple(json.loads(line)) for line in lines.text.splitlines()] == [COLUMNS] * 3
    pytest.importorskip("xlsxwriter", reason="the extra web is not installed")
    book = reader.get("/api/v1/table", params={"q": "giải ngân", "format": "xlsx"})
    assert book.content.startswith(b"PK")
    assert reader.get("/api/v1/table?format=doc").status_code == 422


def test_a_word_that_is_not_there_is_named_in_the_answer_and_on_the_page(client, samples):
    made = client(samples)
    found = made.get("/api/v1/search", params={"q": "giải ngâm vốn"}).json()
    assert found["missing"] == [MissingWord("ngâm", ("ngân",)).to_dict()]
    assert found["hits"][0]["missing_words"] == ["ngâm"]
    page = made.get("/", params={"q": "giải ngâm vốn", "lang": "vi"}).text
    assert "Không có “ngâm”; đang hiện “ngân”." in page
    assert "literal=1" in page[page.index("đang hiện “ngân”") :]
    page = made.get("/", params={"q": "khongcotunay", "lang": "vi"}).text
    assert "Không có “khongcotunay” trong các báo cáo." in page


def test_words_read_as_operators_are_named(client, samples):
    made = client(samples)
    asked = {"q": "giải ngân KHÔNG đầu tư"}
    assert made.get("/api/v1/search", params=asked).json()["operators"] == ["KHÔNG"]
    assert "Đã hiểu là phép tìm: KHÔNG." in made.get("/", params={**asked, "lang": "vi"}).text


def test_a_service_restarted_with_other_settings_sends_its_answers_anew(client, own, tmp_path):
    file = tmp_path / "own.toml"
    row = '[[abbreviation]]\nshort = "{}"\nlong = ["giải ngân vốn"]\n'
    url = "/api/v1/search?q=GNV"

    def tag(**settings: object) -> str:
        return client(own, **settings).get(url).headers["etag"]

    file.write_text(row.format("GNVV"), encoding="utf-8")
    without, other = tag(), tag(abbreviations=file)
    assert other == tag(abbreviations=file)  # the same settings, the same state
    file.write_text(row.format("GNV"), encoding="utf-8")  # as long as before
    started = client(own, abbreviations=file)
    for known in (without, other):
        new = started.get(url, headers={"If-None-Match": known})
        assert new.status_code == 200
        assert new.json()["total"] > 0
    assert tag(root_path="/kho") != without  # its links are others
