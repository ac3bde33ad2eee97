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


@pytest.mark.parametrize(
    ("rare", "query", "first"),
    [
        ("karst", "karst, cầu, đường?", 16),
        ("hang", "hang, cầu, đường?", 1),
        # "huong" is no name, but a syllable without its marks.
        ("hương", "huong, cau, duong?", 1),
        ("karst", "karst, cau, duong?", 16),
    ],
)
def test_a_rare_name_outweighs_two_less_rare_words(
    tmp_path: Path, rare: str, query: str, first: int
) -> None:
    # By plain BM25 two words of 15 passages in 200 outweigh one word of a single passage.
    both = ["cầu của xã và đường của ấp"] * 15
    others = ["chợ của xã và trường của ấp"] * 184
    searcher = searcher_of(tmp_path, [*both, f"{rare} của xã và trường của ấp", *others])
    assert ranked(searcher, query)[0] == first


def test_a_name_weighs_more_than_a_rare_word(tmp_path: Path) -> None:
    # Each word in one passage: only its kind can decide.
    texts = ["Lễ bế giảng lớp.", "Lễ ở Davos.", *["Họp giao ban hằng tuần."] * 30]
    assert ranked(searcher_of(tmp_path, texts), "giảng Davos?")[0] == 2


def test_what_a_thing_includes_is_no_question_word(tmp_path: Path) -> None:
    texts = ["Tài sản riêng."] * 3 + ["Tài sản bao gồm ruộng, nhà và máy cày."]
    searcher = searcher_of(tmp_path, [*texts, *["Họp giao ban hằng tuần."] * 20])
    assert ranked(searcher, "Tài sản bao gồm những gì?")[0] == 4


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


def test_a_question_ranks_passages_that_it_does_not_count(tmp_path: Path) -> None:
    # "hồ" alone makes a match, "được" and "cho" alone make none, but few passages hold them.
    texts = [f"Quanh hồ số {number} mọc đầy cỏ lau và lục bình trôi dạt." for number in range(4)]
    texts += ["Thửa ruộng này được cho là của chung."]
    texts += [f"Đường liên thôn số {number} rải đá cấp phối." for number in range(45)]
    searcher = searcher_of(tmp_path, texts)
    query = "Hồ được cho như thế nào?"
    found = searcher.search(query, collapse=False)
    by_position = searcher.search(query, sort="reading", collapse=False, limit=50)
    assert {hit.passage.position for hit in by_position} == {1, 2, 3, 4}
    assert found.total == by_position.total == len(found)
    assert found.facets == by_position.facets
    uncounted = [hit for hit in found if hit.passage.position > 4]
    assert uncounted, "a passage with more of the words in a row ranks above a mere match"
    explained = searcher.explain(query, uncounted[0].passage.id)
    assert not explained.matches
    assert explained.score == pytest.approx(uncounted[0].score)
    assert sum(part.score for part in explained.parts) == pytest.approx(explained.score)
    assert "is ranked for some of its words" in str(explained)


def test_a_long_query_lists_only_what_holds_the_word_with_a_plus(tmp_path: Path) -> None:
    texts = ["Thu ngân sách xã tăng nhờ chợ đầu mối.", "Chi ngân sách cho trường học và trạm y tế."]
    texts += ["Xã mở đường, xây chợ, kéo điện và lập trường nghề."] * 3
    searcher = searcher_of(tmp_path, texts)
    words = "ngân sách, chợ, điện, đường, trường?"
    assert set(ranked(searcher, words)) == {1, 2, 3, 4, 5}
    assert ranked(searcher, f"{words} +điện") == [3, 4, 5]
    assert set(ranked(searcher, f'{words} -"trạm y tế"')) == {1, 3, 4, 5}
    assert set(ranked(searcher, f"{words} -điện")) == {1, 2}


def test_words_are_the_same_with_and_without_marks(tmp_path: Path) -> None:
    # "uo" and "ie" are no rhymes, but ươ and iê without their marks.
    texts = ["Hồ chứa Luống Xiêng giữ nước cho xã."] * 6
    texts += ["Luống rau của hộ Xiêng giữ sạch nước.", *["Họp giao ban hằng tuần."] * 30]
    searcher = searcher_of(tmp_path, texts)
    for query in ("luống xiêng giữ nước", "luong xieng giu nuoc"):
        assert searcher.search(query, collapse=False).total == 6


def test_of_a_long_word_that_no_passage_has_its_parts_are_searched(tmp_path: Path) -> None:
    texts = ["Nhiệm vụ quốc phòng và an ninh được giữ vững.", "Phòng chống lụt bão ở an toàn khu."]
    texts += ["Họp giao ban hằng tuần."] * 20 + ["Công an giữ gìn an ninh trật tự."]
    found = searcher_of(tmp_path, texts).search("quốc phòng an ninh")
    assert found.relaxed == "fewer-words"
    assert [one.word for one in found.missing] == ["quốc phòng an ninh"]
    assert [hit.passage.position for hit in found] == [1, 23]
