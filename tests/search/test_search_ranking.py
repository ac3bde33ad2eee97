"""What ranks before what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tracuu.corpus.model import Passage, Report
from tracuu.engines.memory import MemoryEngine
from tracuu.schema import SCHEMA, passage_documents
from tracuu.search import Searcher
from tracuu.vietnamese import Analyser


def searcher_of(folder: Path, texts: Sequence[str]) -> Searcher:
    """A searcher over passages of one report."""
    engine = MemoryEngine.create(folder, SCHEMA)
    passages = [Passage("r", number, text) for number, text in enumerate(texts, start=1)]
    with engine.writer() as writer:
        for document in passage_documents(passages, Report("r", ""), Analyser()):
            writer.add(document)
    return Searcher(engine.snapshot(), Analyser(), str)


def ranked(searcher: Searcher, query: str) -> list[int]:
    return [hit.passage.position for hit in searcher.search(query, collapse=False)]


def test_one_rare_word_outweighs_two_less_rare_ones(tmp_path: Path) -> None:
    # By plain BM25 two words of 6 passages in 40 outweigh one word of a single passage.
    both = ["cầu của xã và đường của ấp"] * 6
    others = ["chợ của xã và trường của ấp"] * 33
    searcher = searcher_of(tmp_path, [*both, "karst của xã và trường của ấp", *others])
    assert ranked(searcher, "karst, cầu, đường?")[0] == 7


def test_a_question_ranks_what_holds_but_a_part_of_a_word(tmp_path: Path) -> None:
    texts = ["Vốn đầu tư công được giải ngân đủ.", "Ngân hàng cho vay vốn.", "Trường học đã xây."]
    texts += ["Giao thông nông thôn."] * 20
    searcher = searcher_of(tmp_path, texts)
    query = "Giải ngân được bao nhiêu?"
    assert ranked(searcher, query) == [1, 2]
    explained = searcher.explain(query, "r#2")
    assert explained.matches
    assert explained.least == 0
    assert [word.held for word in explained.words if word.counted] == [False]
    assert "for a question a rare syllable of one is enough" in str(explained)
    assert sum(part.score for part in explained.parts) == pytest.approx(explained.score)


@pytest.mark.parametrize("query", ["vì sao giải ngân chậm", "vi sao giai ngan cham"])
def test_the_words_that_ask_do_not_score(tmp_path: Path, query: str) -> None:
    texts = ["Công trình chậm vì vướng đất đai.", "Việc giải ngân vốn công trình còn chậm."]
    texts += [f"Chậm xử lý {number} hồ sơ giải quyết ngân hàng." for number in range(2, 12)]
    searcher = searcher_of(tmp_path, texts)
    best = searcher.search(query).hits[0].passage
    assert best.position == 2
    assert "vì" not in {part.text for part in searcher.explain(query, "r#1").parts}


def test_an_abbreviation_whose_words_are_there_is_not_missing(tmp_path: Path) -> None:
    searcher = searcher_of(tmp_path, ["Ủy ban nhân dân xã họp dân.", "Trường học của xã."])
    for query in ("UBND", "UBND xã", "ubnd xa"):
        found = searcher.search(query)
        assert found.missing == ()
        assert found.hits[0].passage.position == 1
    assert [str(one) for one in searcher.search("HĐND xã").missing] == ["No passage holds “HĐND”"]
