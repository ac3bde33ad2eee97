"""What is taken along: CSV for spreadsheets, .docx for texts."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import pytest

from tracuu import Index, Passage

QUERY = "giải ngân vốn đầu tư"


def rows(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_holds_the_results_in_their_order(http, odd):
    answer = http.get(f"/export.csv?q={quote(QUERY)}&assessment=shortcoming")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    found = rows(answer)
    with Index.open(odd) as index:
        hits = index.search(QUERY, assessment="shortcoming", limit=100)
    assert [row["id"] for row in found] == [hit.passage.id for hit in hits]
    assert [row["text"] for row in found] == [hit.passage.text for hit in hits]
    assert {row["assessment_label"] for row in found} == {"Mặt tồn tại"}
    assert http.get(found[0]["url"]).status_code == 200


def test_no_cell_is_a_formula(http, odd):
    found = rows(http.get(f"/export.csv?report={quote('bad/report 1')}"))
    assert found[0]["number"] == "'=1+1"
    for row in found:
        assert not [cell for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r", "\n+"])
def test_whatever_a_formula_may_begin_with_is_made_harmless(start):
    from tracuu.export import harmless

    assert harmless(f"{start}cmd|calc").startswith("'")
    assert harmless("Ngân sách = 5") == "Ngân sách = 5"
    assert harmless(-5) == -5


def test_a_table_has_a_bounded_number_of_rows_and_tells_it(http, monkeypatch):
    monkeypatch.setattr("tracuu.web.page.export.CSV_ROWS", 7)
    answer = http.get(f"/export.csv?q={quote('thủy lợi')}")
    assert len(rows(answer)) == 7
    shown, total = answer.headers["x-rows"].split("/")
    assert (int(shown), int(total) >= 450) == (7, True)


def test_the_page_tells_where_the_table_ends(page, monkeypatch):
    monkeypatch.setattr("tracuu.web.page.search_page.CSV_ROWS", 100)
    found = page(f"/?q={quote('thủy lợi')}")
    assert "100 đoạn đầu" in found.xpath("//a[starts-with(@href,'/export.csv')]")[0].text_content()


def test_the_workbook_has_the_rows_of_the_table(http):
    pytest.importorskip("xlsxwriter", reason="the extra web is not installed")
    answer = http.get(f"/export.xlsx?q={quote(QUERY)}")
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert answer.headers["content-disposition"] == 'attachment; filename="tracuu.xlsx"'


def words_of(content: bytes) -> list[tuple[str, str]]:
    docx = pytest.importorskip("docx", reason="the extra web is not installed")
    return [(part.style.name, part.text) for part in docx.Document(io.BytesIO(content)).paragraphs]


def test_quotations_have_text_and_citation(http, odd):
    answer = http.get(f"/export.docx?q={quote(QUERY)}&area=do-thi")
    assert answer.status_code == 200
    found = words_of(answer.content)
    with Index.open(odd) as index:
        hits = index.search(QUERY, area="do-thi", limit=100)
    quoted = [text for style, text in found if style == "Quote"]
    assert quoted == [f"“{hit.passage.text}”" for hit in hits]
    cited = [text for style, text in found if text.startswith("(")]
    assert len(cited) == len(hits)
    assert all(
        f"{hit.passage.heading_path[-1]}”)" in text for hit, text in zip(hits, cited, strict=True)
    )
    assert ("Subtitle", f"Câu tìm: {QUERY}") in found


def test_markup_and_characters_that_word_cannot_hold_do_no_harm(tmp_path, client):
    with Index.create(tmp_path / "i") as index:
        index.add([Passage("r", 1, "Một\x0bhai <w:p>\n“ba” \x01 & bốn", heading_path=("<b>\x02",))])
    answer = client(tmp_path / "i").get("/export.docx?q=bốn")
    quoted = "\n".join(text for style, text in words_of(answer.content) if style == "Quote")
    assert "<w:p>" in quoted
    assert "& bốn”" in quoted


def test_an_export_of_a_query_that_makes_no_sense_is_an_error_page(http, odd):
    for name in ("csv", "docx"):
        answer = http.get(f"/export.{name}?q=NOT")
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith("text/html")
