"""Searches of a tantivy index: verified phrases, large facets, threads, equal scores."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest
from tantivy_stores import SCHEMA, WORDS, TantivyEngine, answers, document

from tracuu import engines as c
from tracuu import errors
from tracuu.engines.tantivy import collector as _tantivy_lists


def test_phrases_that_may_stand_in_many_ways_are_verified(engine: TantivyEngine) -> None:
    with engine.writer() as writer:
        writer.add(document("yes", "e1 z d1 c1 z b1 a1"))
        writer.add(document("no", "e1 z z d1 c1 z b1 z a1"))
    phrase = c.Phrase("body", ("a1", "b1", "c1", "d1", "e1"), slop=2, ordered=False)
    with engine.snapshot() as snapshot:
        found = snapshot.search(c.Request(c.And((phrase, c.Term("head", "z"))), facets=("report",)))
        assert [hit.key for hit in found.hits] == ["yes"]
        assert (found.total, found.facets["report"]["yes"].matches) == (1, 1)


def test_many_values_are_counted_and_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tantivy_lists, "BUCKETS", 50)
    monkeypatch.setattr(_tantivy_lists, "_SORTED", 8)
    monkeypatch.setattr(_tantivy_lists, "_PAGE", 60)
    (tmp_path / "store").mkdir()
    engine = TantivyEngine.create(tmp_path / "store", SCHEMA)
    docs = [
        document(f"r{at % 200:03}/{at:04}", "a", report=[f"r{at % 200:03}", "more"])
        for at in range(1000)
    ]
    docs += [document(f"none/{at}", "a", report=[]) for at in range(10)]
    with engine.writer() as writer:
        for one in docs:
            writer.add(one)
    expected = [
        one.key for one in sorted(docs, key=lambda one: (not one.keywords["report"], one.key))
    ]
    order = (c.SortKey("report"), c.SortKey("year"))
    with engine.snapshot() as snapshot:
        found = snapshot.search(c.Request(c.MatchAll(), 2000, order=order, facets=("report",)))
        assert [hit.key for hit in found.hits] == expected
        assert found.facets["report"]["more"].matches == 1000
        assert {found.facets["report"][f"r{at:03}"].matches for at in range(200)} == {5}
        for offset in (0, 3, 497, 998, 1009):
            page = snapshot.search(c.Request(c.MatchAll(), 7, offset, order=order)).hits
            assert [hit.key for hit in page] == expected[offset : offset + 7]
        keys = snapshot.search(c.Request(c.MatchAll(), 5, 500)).hits
        assert [hit.key for hit in keys] == sorted(expected)[500:505]
    engine.close()


def test_threads_share_a_snapshot(whole: tuple[Path, list[object]]) -> None:
    engine = TantivyEngine.open(whole[0], SCHEMA)
    wrong: list[object] = []

    def ask() -> None:
        with engine.snapshot() as snapshot:
            for word in WORDS[:60]:
                found = snapshot.search(c.Request(c.Term("body", word), 600, facets=("report",)))
                if (
                    found.total != len(found.hits)
                    or found.total != snapshot.doc_freqs("body", [word])[0]
                ):
                    wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    engine.close()


def test_many_matches_are_counted_by_another_thread(
    whole: tuple[Path, list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tantivy_lists, "ASIDE", 1)
    assert answers(whole[0]) == whole[1]
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert answers(whole[0]) == whole[1]


def refuse(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_an_error_of_the_other_thread_comes_out() -> None:
    def work() -> dict[str, object]:
        raise errors.IndexDamaged("store", "torn")

    with pytest.raises(errors.IndexDamaged, match="torn"):
        _tantivy_lists.Aside(work).result()


def test_two_of_many_conditions(whole: tuple[Path, list[object]]) -> None:
    engine = TantivyEngine.open(whole[0], SCHEMA)
    with engine.snapshot() as snapshot:
        holding = [
            {hit.key for hit in snapshot.search(c.Request(c.Term("body", word), 600)).hits}
            for word in WORDS[:9]
        ]
        for count in range(2, 10):
            words = c.Or(tuple(c.Term("body", word) for word in WORDS[:count]), 2)
            found = snapshot.search(c.Request(c.ConstantScore(words), 600))
            several = {
                key
                for keys in holding
                for key in keys
                if sum(key in one for one in holding[:count]) > 1
            }
            assert {hit.key for hit in found.hits} == several
    engine.close()


def test_a_phrase_that_tantivy_gives_one_score_is_ranked_like_elsewhere(tmp_path: Path) -> None:
    """It is looked for in each document, and what holds it is asked for by keys."""
    from tracuu.engines.memory import MemoryEngine

    chance, lists = random.Random(4), []
    phrase = c.Phrase("body", ("a", "b", "d", "e"), slop=4, ordered=False)
    documents = []
    for at in range(300):
        words = ["a", "b", "d", "e", *chance.sample(WORDS, 3)]
        chance.shuffle(words)
        documents.append(
            document(f"p/{at}", " ".join(words + chance.sample(WORDS, 1 + at * 7 % 90)))
        )
    for kind in (MemoryEngine, TantivyEngine):
        folder = tmp_path / kind.__name__
        folder.mkdir()
        engine = kind.create(folder, SCHEMA)
        with engine.writer() as writer:
            for each in documents:
                writer.add(each)
        with engine.snapshot() as snapshot:
            found = snapshot.search(c.Request(phrase, 10))
            lists.append((found.total, [(hit.key, round(hit.score, 6)) for hit in found.hits]))
        engine.close()
    assert lists[0] == lists[1]
