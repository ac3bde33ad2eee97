"""An application's own Whoosh index, with the package's Vietnamese tokens."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from whoosh import index
from whoosh.fields import ID, TEXT, Schema
from whoosh.qparser import QueryParser

from tracuu.analysis import VietnameseAnalyzer
from tracuu.errors import OptionError

TEXTS = {
    "y-te": "Trạm Y TẾ phường, theo Kế hoạch 15-KH/UBND.",
    "hoa": "Tổ hoà giải khu phố.",
    "ngan": "Giải ngân vốn đầu tư công ở quận.",
}


@pytest.fixture
def notes(tmp_path: Path) -> Any:
    schema = Schema(
        id=ID(stored=True),
        body=TEXT(VietnameseAnalyzer(), stored=True, multitoken_query="phrase"),
        plain=TEXT(VietnameseAnalyzer("folded"), multitoken_query="phrase"),
        words=TEXT(VietnameseAnalyzer("words")),
    )
    with index.create_in(tmp_path, schema).writer() as writer:
        for key, text in TEXTS.items():
            writer.add_document(id=key, body=text, plain=text, words=text)
    return index.open_dir(tmp_path)


def found(notes: Any, field: str, text: str) -> set[str]:
    query = QueryParser(field, notes.schema).parse(text)
    with notes.searcher() as searcher:
        return {hit["id"] for hit in searcher.search(query)}


@pytest.mark.parametrize(
    ("field", "query", "keys"),
    [
        ("body", "y tế", {"y-te"}),  # Whoosh's own analyzers drop "y"
        ("body", '"y tế"', {"y-te"}),
        ("body", "hòa giải", {"hoa"}),
        ("body", "hoà", {"hoa"}),
        ("body", "ở", {"ngan"}),
        ("body", "y te", set()),
        ("plain", "y te", {"y-te"}),
        ("plain", "y tế", {"y-te"}),
        ("plain", "đầu tư", {"ngan"}),
        ("plain", "dau tu", {"ngan"}),
        ("body", '"kế hoạch 15-KH/UBND"', {"y-te"}),
        ("body", "15-kh/ubnd", {"y-te"}),
        ("body", "16-kh/ubnd", set()),
        ("body", "ubnd", {"y-te"}),
        ("body", '"giải ngân vốn"', {"ngan"}),
        ("body", '"ngân giải"', set()),
        ("body", "gi*", {"hoa", "ngan"}),
        ("words", "giải_ngân", {"ngan"}),
        ("words", "ngân", set()),
    ],
)
def test_queries_of_whooshs_parser(notes: Any, field: str, query: str, keys: set[str]) -> None:
    assert found(notes, field, query) == keys


def test_highlights_mark_the_text_as_it_was_written(notes: Any) -> None:
    query = QueryParser("body", notes.schema).parse("hòa")
    with notes.searcher() as searcher:
        (hit,) = searcher.search(query)
        assert ">hoà</b>" in hit.highlights("body")


def test_positions_offsets_and_originals() -> None:
    text = "Uỷ ban\u00a0xã 15-CT/TU"
    tokens = [
        (token.text, token.pos, text[token.startchar : token.endchar], token.original)
        for token in VietnameseAnalyzer()(
            text, positions=True, chars=True, keeporiginal=True, start_pos=7
        )
    ]
    assert tokens[:3] == [("ủy", 7, "Uỷ", "Uỷ"), ("ban", 8, "ban", "ban"), ("xã", 9, "xã", "xã")]
    assert tokens[3:] == [
        ("15-ct/tu", 10, "15-CT/TU", "15-CT/TU"),
        ("15", 10, "15", "15"),
        ("ct", 11, "CT", "CT"),
        ("tu", 12, "TU", "TU"),
    ]


def test_an_analyzer_is_kept_with_a_schema() -> None:
    for form in ("syllables", "folded", "words"):
        analyzer = VietnameseAnalyzer(form)  # type: ignore[arg-type]
        again = pickle.loads(pickle.dumps(analyzer))
        assert (again, repr(again)) == (analyzer, f"VietnameseAnalyzer({form!r})")
    assert VietnameseAnalyzer() != VietnameseAnalyzer("folded")


def test_another_form_is_refused() -> None:
    with pytest.raises(OptionError, match="syllables, folded, words"):
        VietnameseAnalyzer("stems")  # type: ignore[arg-type]
