"""What the cluster gives one score is ranked as on the other engines."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tracuu.engines import contract as c
from tracuu.engines.memory import MemoryEngine

SCHEMA = c.Schema((c.TextField("body", positions=True),), ("report",), ("year",))


def document(number: int, chance: random.Random) -> c.Document:
    """The phrase's words in some order, and ever more others."""
    words = ["a", "b", "a", f"w{number}"]
    chance.shuffle(words)
    words += [f"w{number}"] * (number * 7 % 90)
    key = f"p/{number}"
    return c.Document(key, {"body": [(word, at) for at, word in enumerate(words)]}, {"report": ["p"]}, {}, key)


def test_a_phrase_that_is_verified_document_by_document(opensearch: Callable[..., Any], tmp_path: Path) -> None:
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
