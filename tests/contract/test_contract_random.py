"""Random documents and random trees: both engines, and the plain reading of the contract, agree."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracuu.engines import contract as c
from tracuu.engines import engine_class

sys.path.insert(0, str(Path(__file__).parent))
from contract_reference import Reference

SCHEMA = c.Schema(
    (c.TextField("body", positions=True), c.TextField("head", k1=0.9, b=0.3)), ("area", "report"), ("year",)
)
TOKENS = st.sampled_from(["a", "ă", "â", "chấp hành", "b_c", "b", "", "😀", "\ud800"])
AREAS = st.sampled_from(["x", "y", "ỳ z", ""])
BOOSTS = st.sampled_from([1.0, 0.5, 2, 0.0])


@st.composite
def bodies(draw: st.DrawFn) -> list[tuple[str, int]]:
    tokens = draw(st.lists(TOKENS, max_size=12))
    steps = draw(st.lists(st.sampled_from([0, 1, 1, 1, 3]), min_size=len(tokens), max_size=len(tokens)))
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
    st.builds(c.Exact, st.just("area"), st.lists(AREAS, max_size=2).map(tuple)),
    st.builds(c.Between, st.just("year"), st.sampled_from([None, -5, 0]), st.sampled_from([None, 2020])),
    st.just(c.Everything()),
)  # fmt: skip


def inner(nodes: st.SearchStrategy[c.Node]) -> st.SearchStrategy[c.Node]:
    several = st.lists(nodes, max_size=4).map(tuple)
    return st.one_of(
        st.builds(c.Sum, several, st.integers(0, 4)),
        st.builds(c.All, several),
        st.builds(c.Best, several),
        st.builds(c.Boosted, nodes, nodes),
        st.builds(c.Without, nodes, nodes),
        st.builds(c.Silent, nodes),
    )


TREES = st.recursive(LEAVES, inner, max_leaves=8)
ORDERS = st.lists(st.builds(c.Order, st.sampled_from(["year", "area", "report"]), st.booleans()), max_size=2).map(tuple)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), st.lists(TREES, min_size=1, max_size=4), ORDERS, ORDERS, st.integers(1, 3), st.booleans())
def test_engines_agree_with_the_contract(
    docs: list[c.Document],
    trees: list[c.Node],
    order: tuple[c.Order, ...],
    ties: tuple[c.Order, ...],
    commits: int,
    delete: bool,
) -> None:
    kept = [doc for doc in docs if not delete or doc.keywords["report"] != ["r0"]]
    reference = Reference(kept, SCHEMA)
    with tempfile.TemporaryDirectory() as place:
        snapshots = [built(name, Path(place), docs, commits, delete) for name in ("whoosh", "memory")]
        for tree in trees:
            # Which terms a prefix takes may depend on deleted documents; see the contract's vocabulary().
            if delete and "Prefix" in repr(tree):
                continue
            request = c.Request(tree, 20, order=order, ties=ties, facets=("area", "report"))
            whoosh, memory = (snapshot.search(request) for snapshot in snapshots)
            assert [hit.key for hit in whoosh.hits] == [hit.key for hit in memory.hits]
            expected = pytest.approx(reference.matches(tree), abs=1e-9)
            assert {hit.key: hit.score for hit in whoosh.hits} == expected
            assert {hit.key: hit.score for hit in memory.hits} == expected
            assert whoosh.total == memory.total == len(whoosh.hits)
            assert_facets(whoosh, memory, kept)
            for snapshot in snapshots:
                for hit in memory.hits:
                    parts = snapshot.explain(tree, hit.key)
                    assert sum(part.score for part in parts) == pytest.approx(hit.score, abs=1e-9)
        for snapshot in snapshots:
            snapshot.close()


def built(name: str, place: Path, docs: list[c.Document], commits: int, delete: bool) -> c.Snapshot:
    folder = place / name
    folder.mkdir()
    engine = engine_class(name).create(folder, SCHEMA)
    for part in range(commits):
        with engine.writer() as writer:
            for doc in docs[part::commits]:
                writer.add(doc)
    if delete:
        with engine.writer() as writer:
            writer.delete("report", "r0")
    snapshot = engine.snapshot()
    engine.close()
    return snapshot


def assert_facets(one: c.Response, other: c.Response, docs: list[c.Document]) -> None:
    scores = {hit.key: hit.score for hit in other.hits}
    for name in ("area", "report"):
        counts: dict[str, int] = {}
        sums: dict[str, float] = {}
        for doc in docs:
            for value in set(doc.keywords[name]) if doc.key in scores else ():
                counts[value] = counts.get(value, 0) + 1
                sums[value] = sums.get(value, 0.0) + scores[doc.key]
        for response in (one, other):
            assert {value: count.matches for value, count in response.facets[name].items()} == counts
            found = {value: count.score for value, count in response.facets[name].items()}
            assert found == pytest.approx(sums, abs=1e-9)
