"""Small stores of tantivy for the tests of its engine, and what they answer."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracuu import engines as c
from tracuu import errors
from tracuu.engines import engine_class

if TYPE_CHECKING:
    from tracuu.engines.tantivy.engine import TantivyEngine
else:
    try:
        TantivyEngine = engine_class("tantivy")
    except errors.MissingExtra as error:
        pytest.skip(str(error), allow_module_level=True)

SCHEMA = c.Schema(
    (c.TextField("body", positions=True), c.TextField("head")), ("area", "report"), ("year",)
)
WORDS = [f"w{at}" for at in range(400)]


def document(key: str, text: str = "a b a", **more: object) -> c.Document:
    words = text.split()
    body = [(word, at) for at, word in enumerate(words)]
    keywords = {"area": ["x"], "report": [key.partition("/")[0]], **more}
    return c.Document(key, {"body": body, "head": words}, keywords, {"year": len(words)}, key)


def filled(folder: Path, parts: int = 2, each: int = 300) -> TantivyEngine:
    folder.mkdir()
    engine = TantivyEngine.create(folder, SCHEMA)
    chance = random.Random(1)
    for part in range(parts):
        with engine.writer() as writer:
            for at in range(each):
                writer.add(
                    document(f"{part}/{at}", " ".join([*chance.sample(WORDS, 12), "a", "b"]))
                )
    return engine


def answers(folder: Path) -> list[object]:
    engine = TantivyEngine.open(folder, SCHEMA)
    try:
        with engine.snapshot() as snapshot:
            tree = c.Or((c.Term("body", "a"), c.Phrase("body", ("a", "b")), c.Prefix("head", "w3")))
            found = snapshot.search(
                c.Request(tree, 600, tie_breakers=(c.SortKey("year"),), facets=("area",))
            )
            order = snapshot.search(
                c.Request(c.TermIn("area", ("x",)), 600, order=(c.SortKey("year"),))
            )
            words = [snapshot.search(c.Request(c.Term("body", word), 100)) for word in WORDS[::40]]
            return [found, order, words, list(snapshot.vocabulary("body")), snapshot.get("0/7")]
    finally:
        engine.close()


def what(folder: Path) -> list[str]:
    return [
        fault.what for fault in TantivyEngine.integrity_check(folder, SCHEMA) if not fault.leftover
    ]


def total(engine: TantivyEngine, query: c.Node | None = None) -> int:
    with engine.snapshot() as snapshot:
        return snapshot.search(c.Request(query or c.MatchAll())).total


def remove(folder: Path, report: str) -> None:
    engine = TantivyEngine.open(folder, SCHEMA)
    with engine.writer() as writer:
        writer.delete("report", report)
    engine.close()


def everything(folder: Path) -> tuple[c.ScoredDocument, ...]:
    engine = TantivyEngine.open(folder, SCHEMA)
    with engine.snapshot() as snapshot:
        hits = snapshot.search(c.Request(c.MatchAll(), 10_000)).hits
    engine.close()
    return hits
