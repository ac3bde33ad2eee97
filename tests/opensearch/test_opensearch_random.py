"""Random documents and random trees, on a real cluster: as the plain reading of the contract has them."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracuu import engines as c

sys.path.insert(0, str(Path(__file__).parent.parent / "contract"))
from contract_reference import Reference
from contract_worlds import ORDERS, SCHEMA, TREES, documents

FEW = settings(max_examples=15)


@pytest.fixture
def engine(opensearch: Callable[..., Any]) -> Any:
    with tempfile.TemporaryDirectory() as place:
        made = opensearch(shards=2).create(Path(place), SCHEMA)
        yield made
        made.close()


@FEW
@given(documents(), st.lists(TREES, min_size=8, max_size=20), ORDERS, ORDERS, st.booleans())
def test_it_finds_scores_sorts_and_counts_as_the_contract_says(
    engine: Any,
    docs: list[c.Document],
    trees: list[c.Node],
    order: tuple[c.SortKey, ...],
    tie_breakers: tuple[c.SortKey, ...],
    delete: bool,
) -> None:
    with engine.writer() as writer:
        for number in range(9):
            writer.delete("report", f"r{number}")
        for doc in docs:
            writer.add(doc)
    if delete:
        with engine.writer() as writer:
            writer.delete("report", "r0")
    kept = [doc for doc in docs if not delete or doc.keywords["report"] != ["r0"]]
    reference = Reference(kept, SCHEMA)
    with engine.snapshot() as snapshot:
        for tree in trees:
            expected = reference.matches(tree)
            for how in ((), order):
                found = snapshot.search(
                    c.Request(
                        tree, 20, order=how, tie_breakers=tie_breakers, facets=("area", "report")
                    )
                )
                assert {hit.key: hit.score for hit in found.hits} == pytest.approx(
                    expected, abs=1e-9
                ), tree
                assert found.total == len(expected)
                counts = {
                    value: sum(value in doc.keywords["area"] for doc in kept if doc.key in expected)
                    for value in ("x", "y", "ỳ z", "")
                }
                there = {value: count.matches for value, count in found.facets["area"].items()}
                assert there == {value: times for value, times in counts.items() if times}
            for key, score in expected.items():
                assert sum(part.score for part in snapshot.explain(tree, key)) == pytest.approx(
                    score, abs=1e-9
                )
