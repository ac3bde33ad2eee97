"""Candidates scored again from their packed tokens score as the contract says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracuu import engines as c
from tracuu.engines import engine_class
from tracuu.engines.document import prepare
from tracuu.engines.memory import MemorySource
from tracuu.engines.scoring.bm25 import Scorer
from tracuu.engines.scoring.forward_index import Packer
from tracuu.engines.scoring.rerank import Candidates, depth

sys.path.insert(0, str(Path(__file__).parent))
from contract_reference import Reference
from contract_worlds import SCHEMA, TREES, documents

PACKER = Packer(SCHEMA)


class Whole:
    """The figures of all documents."""

    def __init__(self, docs: Sequence[c.Document]) -> None:
        self.source = MemorySource([prepare(doc, SCHEMA) for doc in docs], SCHEMA)

    def field_stats(self, name: str) -> c.FieldStats:
        return self.source.field_stats(name)

    def doc_freq(self, name: str, token: str) -> int:
        return self.source.doc_freqs(name, [token])[0]

    def expand(self, prefix: c.Prefix) -> list[str]:
        return [term.token for term in Scorer(self.source, SCHEMA).expand(prefix)]


@settings(max_examples=150)
@given(documents(), TREES, st.data())
def test_candidates_score_as_they_do_in_the_whole_index(
    docs: list[c.Document], tree: c.Node, data: st.DataObject
) -> None:
    expected = Reference(docs, SCHEMA).matches(tree)
    taken = [doc for doc in docs if data.draw(st.booleans())]
    packed = [PACKER.read(PACKER.pack(prepare(doc, SCHEMA))) for doc in taken]
    candidates = Candidates(packed, SCHEMA, Whole(docs))
    matching = [doc.key for doc in taken if doc.key in expected]
    assert [packed[at].key for at in candidates.matching(tree)] == matching
    only = Candidates([one for one in packed if one.key in expected], SCHEMA, Whole(docs))
    found = dict(zip(matching, only.scores(tree), strict=True))
    assert found == pytest.approx({key: expected[key] for key in matching}, abs=1e-9)
    for at, doc in enumerate(taken):
        explained = candidates.explain(tree, at)
        assert (explained is not None) == (doc.key in expected)
        if explained is not None:
            assert explained[0] == pytest.approx(expected[doc.key], abs=1e-9)


ODD = st.lists(st.text(st.sampled_from("aă\0\1\2bc\ud800 1,"), max_size=4), max_size=30)


@given(ODD, ODD, st.text(), st.lists(st.integers(0, 70_000), min_size=30, max_size=30))
def test_what_is_packed_comes_back(
    body: list[str], head: list[str], stored: str, gaps: list[int]
) -> None:
    places = [sum(gaps[: at + 1]) for at in range(len(body))]
    document = c.Document(
        stored,
        {"body": list(zip(body, places, strict=True)), "head": head},
        {"area": [stored]},
        {"year": -(2**63)},
        stored,
    )
    packed = PACKER.read(PACKER.pack(prepare(document, SCHEMA)))
    assert (packed.key, packed.stored, packed.keywords["area"], packed.numbers) == (
        stored, stored, [stored], {"year": -(2**63)},
    )  # fmt: skip
    assert (packed.length("body"), packed.length("head")) == (len(body), len(head))
    assert packed.tokens("head") == {token: head.count(token) for token in head}
    assert {token: list(where) for token, where in packed.positions("body").items()} == {
        token: [place for other, place in zip(body, places, strict=True) if other == token]
        for token in body
    }


def test_a_torn_document_is_refused() -> None:
    document = prepare(c.Document("key", {}, {}, {}, "văn bản"), SCHEMA)
    before = Packer(SCHEMA, packing=2)  # without checksums
    with pytest.raises(ValueError, match="torn"):
        before.read(b"\0\0")
    with pytest.raises(ValueError, match="torn"):
        _ = before.read(before.pack(document).replace(b"\1", b"\2")).key
    assert before.read(before.pack(document)).stored == "văn bản"


def test_a_document_with_any_bit_flipped_is_refused() -> None:
    packed = PACKER.pack(prepare(c.Document("key", {}, {}, {}, "văn bản"), SCHEMA))
    for bit in range(8 * len(packed)):
        flipped = bytearray(packed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="other bytes"):
            PACKER.read(bytes(flipped))
    with pytest.raises(ValueError, match="other bytes"):
        PACKER.read(b"\0")


def test_pages_of_one_list_come_from_the_same_candidates() -> None:
    assert depth(0) == depth(10) == depth(c.FACET_SCORE_DEPTH) == 2 * c.FACET_SCORE_DEPTH
    assert depth(96) == depth(100) == 160
    assert depth(5000) >= 7500


def test_an_optional_phrase_gives_nothing_where_it_does_not_stand(tmp_path):
    for engine in ("whoosh", "tantivy"):
        if engine == "tantivy":
            pytest.importorskip("tantivy", reason="the extra tantivy is not installed")
        (tmp_path / engine).mkdir()
        made = engine_class(engine).create(tmp_path / engine, SCHEMA)
        with made.writer() as writer:
            for key, tokens in (("both", [("a", 0), ("b", 1)]), ("one", [("a", 0)])):
                writer.add(c.Document(key, {"body": tokens}, {}, {"year": 2020}, ""))
        query = c.AndMaybe(c.Range("year"), c.Phrase("body", ("a", "b")))
        with made.snapshot() as snapshot:
            scores = {hit.key: hit.score for hit in snapshot.search(c.Request(query)).hits}
        made.close()
        assert scores["both"] > 0
        assert scores["one"] == 0
