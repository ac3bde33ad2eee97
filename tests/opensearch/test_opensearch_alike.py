"""Searches on a real cluster that it answers otherwise than asked: with one score for all, or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracuu import engines as c
from tracuu.engines.memory import MemoryEngine

SCHEMA = c.Schema((c.TextField("body", positions=True),), ("report",), ("year",))


def document(number: int, chance: random.Random) -> c.Document:
    """The phrase's words in some order, and ever more others."""
    words = ["a", "b", "a", f"w{number}"]
    chance.shuffle(words)
    words += [f"w{number}"] * (number * 7 % 90)
    key = f"p/{number}"
    return c.Document(
        key, {"body": [(word, at) for at, word in enumerate(words)]}, {"report": ["p"]}, {}, key
    )


def test_a_phrase_that_is_verified_document_by_document(
    opensearch: Callable[..., Any], tmp_path: Path
) -> None:
    chance, lists = random.Random(4), []
    documents = [document(number, chance) for number in range(300)]
    phrase = c.Phrase("body", ("a", "b", "a"), slop=4, ordered=False)
    for kind in (MemoryEngine, opensearch(shards=2)):
        folder = tmp_path / getattr(kind, "__name__", "cluster")
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


def test_a_point_in_time_on_a_node_that_is_gone_is_opened_again(
    opensearch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cluster says so with a 500 of no special kind where it has forgotten the node already."""
    client, refused = pytest.importorskip("tracuu.engines.opensearch.client"), []
    real = client.Client.call

    def call(self: Any, method: str, path: str, *rest: Any, **more: Any) -> Any:
        if path == "/_search" and not refused:
            refused.append(path)
            raise client.Refused(
                500,
                "illegal_state_exception",
                "no node found for id: x",
                {"reason": "no node found for id: x"},
            )
        return real(self, method, path, *rest, **more)

    engine = opensearch(shards=2).create(tmp_path, SCHEMA)
    with engine.writer() as writer:
        writer.add(document(1, random.Random(1)))
    with engine.snapshot() as snapshot:
        monkeypatch.setattr(client.Client, "call", call)
        assert snapshot.search(c.Request(c.Term("body", "a"), 10)).total == 1
    engine.close()
    assert refused
