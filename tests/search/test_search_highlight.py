"""Highlights are where a plain reading of the patterns finds them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracuu.search import highlight
from tracuu.search.patterns import Pattern, PatternToken
from tracuu.vietnamese import Analysis, tokenise
from tracuu.vietnamese.tokens import columns_of

WORDS = [
    "giải",
    "giai",
    "ngân",
    "ngan",
    "vốn",
    "hành",
    "chánh",
    "chính",
    "Tỉ",
    "tỷ",
    "ủy",
    "uỷ",
    "15-CT/TU",
    "4.590",
]
TEXTS = st.lists(st.sampled_from([*WORDS, "UBND", "năm", "2019,"]), max_size=14).map(" ".join)
EXACT = st.frozensets(
    st.sampled_from(["giải", "ngân", "vốn", "hành", "chính", "tỷ", "uỷ", "15-ct/tu", "15", "4590"])
)
FOLDED = st.frozensets(
    st.sampled_from(["giai", "ngan", "von", "hanh", "chinh", "ty", "uy", "15-ct/tu"])
)
BEGINS = st.sampled_from([(), ("ng",), ("h", "g")])
SPOTS = st.builds(PatternToken, EXACT, FOLDED, BEGINS, BEGINS)
PATTERNS = st.builds(
    Pattern,
    st.lists(SPOTS, min_size=1, max_size=4).map(tuple),
    st.booleans(),
    st.just(0),
    st.integers(1, 3),
    st.sampled_from(["text", "heading", "title"]),
)


def plainly(text: str, pattern: Pattern) -> set[int]:
    """The characters that a pattern highlights, token by token."""
    tokens = tuple(tokenise(text))
    rows = [
        (token, form)
        for token, (form, _) in zip(tokens, Analysis(columns_of(text)).folded, strict=True)
    ]
    plain = [(token, form) for token, form in rows if token.kind != "code"]

    def fits(spot: PatternToken, at: int) -> bool:
        token, form = plain[at]
        known = token.text in spot.exact or form in spot.folded
        return (
            known
            or token.text.startswith(spot.begins or "~")
            or form.startswith(spot.begins_folded or "~")
        )

    def row(first: int, at: int) -> int:
        """How many spots from ``first`` on stand side by side from ``at`` on."""
        length = 0
        while (
            first + length < len(spots)
            and at + length < len(plain)
            and fits(spots[first + length], at + length)
        ):
            length += 1
        return length

    spots, found, done = pattern.tokens, set(), 0
    for at in range(len(plain)):
        if pattern.whole or len(spots) == 1:
            length = len(spots) if row(0, at) == len(spots) else 0
        else:
            length = 0 if at < done else max(row(first, at) for first in range(len(spots)))
            length = length if length >= pattern.least else 0
        if length:
            found.update(range(plain[at][0].start, plain[at + length - 1][0].end))
            done = at + length
    if len(spots) == 1:
        forms = spots[0].exact | spots[0].folded
        for token, form in rows:
            if token.kind == "code" and {token.text, form} & forms:
                found.update(range(token.start, token.end))
    return found


@given(TEXTS, st.lists(PATTERNS, max_size=3), st.sampled_from(["text", "heading", "title"]))
def test_highlights_are_where_the_patterns_stand(text, patterns, part):
    spans = highlight(text, patterns, part=part)
    wanted = [
        one for one in patterns if one.part == part or (one.part, part) == ("text", "heading")
    ]
    assert {at for start, end in spans for at in range(start, end)} == set().union(
        *(plainly(text, one) for one in wanted)
    )
    assert list(spans) == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("times", [1, 2])
def test_a_heading_seen_before_is_highlighted_by_the_patterns_of_now(times):
    for word in ("ngân", "vốn") * times:
        spans = highlight(
            "Giải ngân vốn", [Pattern((PatternToken(frozenset((word,))),))], part="heading"
        )
        assert ["Giải ngân vốn"[start:end] for start, end in spans] == [word]
