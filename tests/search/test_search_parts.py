"""Highlights, snippets, abbreviations of one's own, the ranking of areas, raw typing, typing errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracuu.corpus.model import Passage, Report
from tracuu.engines.engine import FacetCount
from tracuu.errors import OptionError
from tracuu.schema import passage_documents, text_of
from tracuu.search import load_abbreviations, snippet
from tracuu.search.area_ranking import rank_areas
from tracuu.search.collapse import COMPARED, SHORT, SIMILAR, Fingerprint, group
from tracuu.search.highlighter import highlight
from tracuu.search.matching import min_should_match
from tracuu.search.patterns import Pattern, PatternToken, pattern_tokens
from tracuu.search.query.fields import one_letter_apart
from tracuu.search.spelling import edits
from tracuu.search.telex import decode
from tracuu.vietnamese import Analyser, Analysis


def shown(text: str, *patterns: Pattern) -> list[str]:
    """The highlighted pieces of a text."""
    return [text[start:end] for start, end in highlight(text, patterns)]


def test_syllables_of_a_word_are_one_span_and_stray_ones_are_none() -> None:
    spots = pattern_tokens(("giải", "ngân"), folded=False)
    text = "Giải ngân chậm; ngân hàng giải quyết; giải   NGÂN."
    assert shown(text, Pattern(spots, whole=False, least=2)) == ["Giải ngân", "giải   NGÂN"]


def test_part_of_a_long_word() -> None:
    spots = pattern_tokens(("ủy", "ban", "nhân", "dân"), folded=False)
    pattern = Pattern(spots, whole=False, least=2)
    assert shown("Uỷ ban nhân dân và nhân dân, dân ủy", pattern) == ["Uỷ ban nhân dân", "nhân dân"]


def test_folded_and_decomposed_text() -> None:
    text = "tha\u0300nh u\u0309y"
    assert shown(text, Pattern(pattern_tokens(("thanh", "uy"), folded=True))) == [text]


def test_only_the_phrase_of_a_phrase() -> None:
    pattern = Pattern(pattern_tokens(("đầu", "tư"), folded=False))
    assert shown("đầu năm đầu tư, tư duy", pattern) == ["đầu tư"]


def test_codes_and_beginnings() -> None:
    assert shown("số 15 - CT/TU ngày", Pattern(pattern_tokens(("15-ct/tu",), folded=False))) == [
        "15 - CT/TU"
    ]
    assert shown("ngân ngành ngang", Pattern((PatternToken(begins_folded=("ngan",)),))) == [
        "ngân",
        "ngành",
        "ngang",
    ]


def test_headings_take_patterns_of_the_text_but_titles_do_not() -> None:
    pattern = Pattern(pattern_tokens(("kinh",), folded=False))
    assert highlight("kinh tế", [pattern], part="heading") == ((0, 4),)
    assert highlight("kinh tế", [pattern], part="title") == ()


def test_a_snippet_shows_the_match() -> None:
    text = "Mở đầu. " * 50 + "Tiến độ giải ngân chậm. " + "Kết thúc. " * 50
    start = text.index("giải ngân")
    short, spans = snippet(text, [(start, start + 9)], 80)
    assert len(short) <= 80
    assert short.startswith("…")
    assert short.endswith("…")
    assert [short[a:b] for a, b in spans] == ["giải ngân"]
    assert set(short.strip("…").split()) <= set(text.split())


def test_a_short_text_is_its_own_snippet() -> None:
    assert snippet("Một\nhai", [(4, 7)]) == ("Một hai", ((4, 7),))


@given(
    words=st.lists(st.text("abcđ ", min_size=1, max_size=12), max_size=60),
    width=st.integers(20, 120),
    data=st.data(),
)
def test_snippets_keep_their_spans(words: list[str], width: int, data: st.DataObject) -> None:
    text = " ".join(words)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    short, moved = snippet(text, spans, width)
    assert len(short) <= width or len(text) <= width
    pieces = {text[start:end] for start, end in spans}
    for start, end in moved:
        assert 0 <= start < end <= len(short)
        assert any(short[start:end] in piece for piece in pieces)


def test_abbreviations_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "abbreviations.toml"
    file.write_text('[[abbreviation]]\nshort = "BCH"\nlong = ["bộ chỉ huy"]\n', "utf-8")
    found = load_abbreviations(file)
    assert found.expansions(["bch"], capitals=True) == [("bộ", "chỉ", "huy")]
    assert found.short_forms(["ủy", "ban", "nhân", "dân"])[0] == ("ubnd",)


def test_abbreviations_that_are_words_too_need_capitals() -> None:
    found = load_abbreviations()
    assert found.expansions(["tu"], capitals=False) == []
    assert ("thành", "ủy") in found.expansions(["tu"], capitals=True)
    assert found.short_forms(["thành", "ủy"]) == []


@pytest.mark.parametrize(
    "text", ["short =", '[[abbreviation]]\nshort = "A"', '[[abbreviation]]\nlong = ["a"]']
)
def test_bad_abbreviations(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(OptionError, match=r"bad\.toml"):
        load_abbreviations(file)
    with pytest.raises(OptionError, match="missing"):
        load_abbreviations(tmp_path / "missing.toml")


def test_areas_are_ranked_by_share_and_density() -> None:
    found = {
        "large": FacetCount(20, 40.0),
        "tiny": FacetCount(1, 2.0),
        "spread": FacetCount(20, 38.0),
    }
    rows = rank_areas(found, {"large": 100, "tiny": 2, "spread": 1000})
    assert [row.area for row in rows] == ["large", "tiny", "spread"]
    assert rows[0].share == pytest.approx(0.5)
    assert rows[0].density == pytest.approx(0.2)
    assert rows[0].score == pytest.approx((0.5 * 0.2) ** 0.5)


def test_areas_without_scores_go_by_number() -> None:
    rows = rank_areas({"a": FacetCount(3, 0.0), "b": FacetCount(1, 0.0)}, {"a": 10, "b": 10})
    assert [(row.area, row.share) for row in rows] == [("a", 0.75), ("b", 0.25)]


@given(st.text(), st.text(), st.text())
def test_the_text_of_a_stored_passage_is_read_alone(report: str, text: str, heading: str) -> None:
    for odd in ("", '"', "\\", ',"text":"', '\\","text":"'):
        passage = Passage(report + odd, 1, odd + text, (heading, odd))
        (document,) = passage_documents([passage], Report(passage.report, ""), Unsegmented())
        assert text_of(document.stored) == passage.text


class Unsegmented(Analyser):
    """Analyses without words."""

    def analyse(self, text: str, *, words: bool = True) -> Analysis:
        return super().analyse(text, words=False)


def test_another_number_is_another_passage() -> None:
    words = "thu ngân sách trên địa bàn quận năm nay đạt {} tỷ đồng vượt dự toán đã giao"
    texts = [words.format(95), words.format(96), words.format(95) + " .", "ngắn", "ngắn"]
    found = group([(str(at), text) for at, text in enumerate(texts)])
    assert [(one.place, one.duplicates) for one in found] == [(0, ["2"]), (1, []), (3, ["4"])]


@given(
    st.lists(
        st.lists(st.sampled_from([*"abcdefghijklmn", "7"]), min_size=1, max_size=24), max_size=70
    )
)
def test_a_passage_joins_the_last_of_those_shown_that_is_nearly_the_same(
    texts: list[list[str]],
) -> None:
    heads: list[tuple[int, list[str]]] = []
    expected: dict[int, list[str]] = {}
    for place, words in enumerate(texts):
        near = (head for head in reversed(heads[-COMPARED:]) if _nearly_the_same(words, head[1]))
        same = next(near, None)
        if same is None:
            heads.append((place, words))
            expected[place] = []
        else:
            expected[same[0]].append(str(place))
    found = group((str(at), " ".join(words)) for at, words in enumerate(texts))
    assert {one.place: one.duplicates for one in found} == expected


def _nearly_the_same(words: list[str], others: list[str]) -> bool:
    if min(len(words), len(others)) < SHORT:
        return words == others
    one, other = set(words), set(others)
    alike = (
        len(one & other) / len(one | other) >= SIMILAR
        and SIMILAR <= len(words) / len(others) <= 1 / SIMILAR
    )
    return alike and "7" not in one ^ other


@given(
    st.lists(st.text("abcdefgh 7", max_size=60), max_size=30),
    st.lists(st.text("abcdefgh 7", max_size=60), max_size=30),
)
def test_fingerprints_of_earlier_searches_change_no_group(one: list[str], two: list[str]) -> None:
    texts = {str(at): text for at, text in enumerate(dict.fromkeys((*one, *two)))}
    known: dict[str, Fingerprint] = {}
    for chosen in (one, two):
        passages = [(key, text) for key, text in texts.items() if text in chosen]
        alone = [(found.place, found.duplicates) for found in group(passages)]
        shared = [(found.place, found.duplicates) for found in group(passages, fingerprints=known)]
        assert shared == alone


def test_how_many_words_must_be_held() -> None:
    assert [min_should_match(n) for n in (1, 2, 3, 7, 20)] == [1, 2, 2, 2, 2]
    assert [min_should_match(n, question=True) for n in (1, 2, 20)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("tieengs", "tiếng"),
        ("Vieejt", "việt"),
        ("tie61ng", "tiếng"),
        ("Vie65t", "việt"),
        ("dduwowngf", "đường"),
        ("d9u7o7ng2", "đường"),
        ("duong72", "dường"),
        ("nghij", "nghị"),
        ("quyeets", "quyết"),
        ("kinh", None),
        ("has", "há"),
        ("windows", None),
        ("2005", None),
    ],
)
def test_raw_typing(raw: str, meant: str | None) -> None:
    assert decode(raw) == meant


def test_one_letter_apart_agrees_with_the_candidates() -> None:
    for word in ("giai", "ab", "aab"):
        for other in edits(word, "abgi"):
            assert one_letter_apart(word, other)
            assert one_letter_apart(other, word)
    assert not one_letter_apart("giai", "giai")
    assert not one_letter_apart("giai", "gaia")
