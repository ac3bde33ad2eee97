"""What a notebook shows: tables, in which text of reports stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, Passage, Report, Results

WILD = 'Vốn <script>alert("x")</script> & <b>giải ngân</b> chậm'


class Seen(HTMLParser):
    """The tags and the text of a page, and what of the text is marked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.marked: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self.open:
            self.marked.append(data)


@pytest.fixture
def index(tmp_path: Path) -> Any:
    with Index.create(tmp_path / "idx") as made:
        made.add(
            [
                Passage(
                    "a",
                    1,
                    WILD,
                    heading_path=("Kinh tế <i>", "Hạn chế về vốn"),
                    assessment="shortcoming",
                ),
                Passage("a", 2, "Thu ngân sách vượt dự toán.", heading_path=("Kinh tế", "Kết quả")),
            ],
            report=Report("a", title="Báo cáo <img src=x>", term=(2000, 2005)),
        )
        yield made


def test_results_are_a_table_with_path_area_assessment_and_marked_words(index: Index) -> None:
    results = index.search("giải ngân vốn")
    seen = Seen(results._repr_html_())
    assert seen.open == []
    assert set(seen.tags) <= {
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
        "small",
        "mark",
    }
    assert seen.tags.count("tr") == 1 + len(results)
    first = results[0].passage
    for wanted in (
        first.id,
        first.area,
        "shortcoming",
        "Kinh tế <i> › Hạn chế về vốn",
        WILD,
        "Báo cáo <img src=x>",
    ):
        assert wanted in seen.text, wanted
    assert {word.lower() for word in seen.marked} & {"vốn", "giải ngân", "vốn "}


def test_a_page_of_results_says_which_and_an_empty_one_what_was_meant(index: Index) -> None:
    assert "2 passages, 2–2 shown" in Seen(index.search("", limit=1, offset=1)._repr_html_()).text
    assert (
        "0 passages; did you mean: ngân <sách>"
        in Seen(Results("x", 0, (), did_you_mean="ngân <sách>")._repr_html_()).text
    )


def test_reports_are_a_table_and_still_a_tuple(index: Index) -> None:
    reports = index.reports()
    assert isinstance(reports, tuple)
    seen = Seen(reports._repr_html_())  # type: ignore[attr-defined]
    assert "1 report" in seen.text
    assert "Báo cáo <img src=x>" in seen.text
    assert "2000–2005" in seen.text
    assert "img" not in seen.tags


def test_surroundings_show_the_passage_among_its_neighbours(index: Index) -> None:
    seen = Seen(index.surroundings("a#2")._repr_html_())
    assert re.search(r"#1.*▶ #2", seen.text)
    assert "script" not in seen.tags
