"""Random documents and random trees: all engines, and the plain reading of the contract, agree."""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracuu import engines as c
from tracuu.engines import engine_class
from tracuu.errors import MissingExtra

sys.path.insert(0, str(Path(__file__).parent))
from contract_reference import Reference
from contract_worlds import ORDERS, SCHEMA, TREES, documents


def installed() -> list[str]:
    """The engines that keep their data in a folder, and whose packages are there."""
    found = []
    for name in c.ENGINES:
        with suppress(MissingExtra):
            if not hasattr(engine_class(name), "configured"):  # that of a server
                found.append(name)
    return found


ENGINES = installed()


WORLD = (
    documents(),
    st.lists(TREES, min_size=1, max_size=4),
    ORDERS,
    ORDERS,
    st.integers(1, 3),
    st.booleans(),
)


def check_agreement(
    docs: list[c.Document],
    trees: list[c.Node],
    order: tuple[c.SortKey, ...],
    tie_breakers: tuple[c.SortKey, ...],
    commits: int,
    delete: bool,
) -> None:
    kept = [doc for doc in docs if not delete or doc.keywords["report"] != ["r0"]]
    reference = Reference(kept, SCHEMA)
    with tempfile.TemporaryDirectory() as place:
        snapshots = [built(name, Path(place), docs, commits, delete) for name in ENGINES]
        for tree in trees:
            # Which terms a prefix takes may depend on deleted documents; see the contract's vocabulary().
            if delete and "Prefix" in repr(tree):
                continue
            request = c.Request(
                tree, 20, order=order, tie_breakers=tie_breakers, facets=("area", "report")
            )
            responses = [snapshot.search(request) for snapshot in snapshots]
            expected = pytest.approx(reference.matches(tree), abs=1e-9)
            for response in responses:
                assert [hit.key for hit in response.hits] == [hit.key for hit in responses[0].hits]
                assert {hit.key: hit.score for hit in response.hits} == expected
                assert response.total == len(response.hits)
            assert_facets(responses, kept)
            for snapshot in snapshots:
                for hit in responses[0].hits:
                    parts = snapshot.explain(tree, hit.key)
                    assert sum(part.score for part in parts) == pytest.approx(hit.score, abs=1e-9)
        for snapshot in snapshots:
            snapshot.close()


@settings(max_examples=120)
@given(*WORLD)
def test_engines_agree_with_the_contract(
    docs: list[c.Document],
    trees: list[c.Node],
    order: tuple[c.SortKey, ...],
    tie_breakers: tuple[c.SortKey, ...],
    commits: int,
    delete: bool,
) -> None:
    check_agreement(docs, trees, order, tie_breakers, commits, delete)


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


def assert_facets(responses: list[c.Response], docs: list[c.Document]) -> None:
    scores = {hit.key: hit.score for hit in responses[0].hits}
    for name in ("area", "report"):
        counts: dict[str, int] = {}
        sums: dict[str, float] = {}
        for doc in docs:
            for value in set(doc.keywords[name]) if doc.key in scores else ():
                counts[value] = counts.get(value, 0) + 1
                sums[value] = sums.get(value, 0.0) + scores[doc.key]
        for response in responses:
            assert {
                value: count.matches for value, count in response.facets[name].items()
            } == counts
            found = {value: count.score for value, count in response.facets[name].items()}
            assert found == pytest.approx(sums, abs=1e-9)
