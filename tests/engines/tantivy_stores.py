"""Small stores of tantivy for the tests of its engine, and what they answer."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from engine_answers import WORDS, answers_of

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
    return answers_of(TantivyEngine, folder, SCHEMA)


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
