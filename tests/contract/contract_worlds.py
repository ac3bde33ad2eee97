"""Random documents and random trees, of a few tokens, so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

from tracuu import engines as c

SCHEMA = c.Schema(
    (c.TextField("body", positions=True), c.TextField("head", k1=0.9, b=0.3)),
    ("area", "report"),
    ("year",),
)
TOKENS = st.sampled_from(["a", "ă", "â", "chấp hành", "b_c", "b", "", "😀", "\ud800"])
AREAS = st.sampled_from(["x", "y", "ỳ z", ""])
BOOSTS = st.sampled_from([1.0, 0.5, 2, 0.0])


@st.composite
def bodies(draw: st.DrawFn) -> list[tuple[str, int]]:
    tokens = draw(st.lists(TOKENS, max_size=12))
    steps = draw(
        st.lists(st.sampled_from([0, 1, 1, 1, 3]), min_size=len(tokens), max_size=len(tokens))
    )
    pairs, at = [], 0
    for token, step in zip(tokens, steps, strict=True):
        at += step
        pairs.append((token, at))
    return pairs


@st.composite
def documents(draw: st.DrawFn) -> list[c.Document]:
    found = []
    for at in range(draw(st.integers(0, 9))):
        tokens = {"body": draw(bodies()), "head": draw(st.lists(TOKENS, max_size=4))}
        keywords = {"area": draw(st.lists(AREAS, max_size=2)), "report": [f"r{at // 2}"]}
        numbers = draw(st.sampled_from([{}, {"year": 2020}, {"year": -5}, {"year": 2**40}]))
        found.append(c.Document(f"khoá{9 - at}", tokens, keywords, numbers, f"<{at}>"))
    return found


FIELDS = st.sampled_from(["body", "head"])
LEAVES = st.one_of(
    st.builds(c.Term, FIELDS, TOKENS, BOOSTS),
    st.builds(
        c.Phrase, st.just("body"), st.lists(TOKENS, min_size=1, max_size=3).map(tuple), st.integers(0, 3),
        st.booleans(), BOOSTS,
    ),
    st.builds(c.Prefix, FIELDS, st.sampled_from(["", "b", "ch"]), st.integers(1, 4), BOOSTS),
    st.builds(c.TermIn, st.just("area"), st.lists(AREAS, max_size=2).map(tuple)),
    st.builds(c.Range, st.just("year"), st.sampled_from([None, -5, 0]), st.sampled_from([None, 2020])),
    st.just(c.MatchAll()),
)  # fmt: skip


def inner(nodes: st.SearchStrategy[c.Node]) -> st.SearchStrategy[c.Node]:
    several = st.lists(nodes, max_size=4).map(tuple)
    return st.one_of(
        st.builds(c.Or, several, st.integers(0, 4)),
        st.builds(c.And, several),
        st.builds(c.DisMax, several),
        st.builds(c.AndMaybe, nodes, nodes),
        st.builds(c.AndNot, nodes, nodes),
        st.builds(c.ConstantScore, nodes),
    )


TREES = st.recursive(LEAVES, inner, max_leaves=8)
ORDERS = st.lists(
    st.builds(c.SortKey, st.sampled_from(["year", "area", "report"]), st.booleans()), max_size=2
).map(tuple)
