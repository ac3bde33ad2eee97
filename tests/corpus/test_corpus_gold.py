"""Our reading against a person's, line by line: the annotations in tests/data/gold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracuu.corpus import Passage, Reader, read_blocks

HIDDEN_AREAS = 0.85
AREAS = 0.88
ASSESSMENTS = 0.92


@dataclass(frozen=True)
class Pair:
    """One passage, and what the person who annotated the report made of its line."""

    report: str
    passage: Passage
    mark: dict[str, Any]


@pytest.fixture(scope="module")
def pairs(reader: Reader, root: Path, sample_reports: list[Path]) -> list[Pair]:
    found = []
    for path in sample_reports:
        gold = root / "tests" / "data" / "gold" / f"{path.stem}.jsonl"
        marks = {
            mark["line"]: mark
            for mark in map(json.loads, gold.read_text(encoding="utf-8").splitlines())
        }
        readings = reader.parse(list(read_blocks(path).blocks), id=path.stem, name=path.stem)
        for reading in readings:
            found += [
                Pair(path.stem, passage, marks.pop(passage.line)) for passage in reading.passages
            ]
        assert not [mark for mark in marks.values() if mark["role"] == "passage"], (
            f"passages of {path} were not read"
        )
    return found


def key(path: list[str] | tuple[str, ...]) -> list[str]:
    """A heading path for comparing: letters and digits alone."""
    return ["".join(char for char in text if char.isalnum()).lower() for text in path]


def same_path(passage: Passage, wanted: list[str]) -> bool:
    """Whether the heading path is right; a heading that only begins the passage's own paragraph
    ("Về kinh tế: …") stands in the text."""
    path, text = key(passage.heading_path), key([passage.text])[0]
    *above, last = ["", *key(wanted)]
    return path == key(wanted) or (path == above[1:] and text.startswith(last))


def test_there_is_enough_to_measure(pairs: list[Pair]) -> None:
    assert len(pairs) >= 300
    assert len({pair.report for pair in pairs}) >= 11


def test_what_the_person_calls_a_passage_is_one_and_nothing_else(pairs: list[Pair]) -> None:
    assert [(pair.report, pair.mark) for pair in pairs if pair.mark["role"] != "passage"] == []


def test_every_heading_path_is_right(pairs: list[Pair]) -> None:
    wrong = [
        (pair.report, pair.passage.line, pair.passage.heading_path, pair.mark["path"])
        for pair in pairs
        if not same_path(pair.passage, pair.mark["path"])
    ]
    assert wrong == []


def test_areas(pairs: list[Pair]) -> None:
    wrong = [
        (pair.report, pair.passage.line, pair.passage.area, pair.mark["area"])
        for pair in pairs
        if pair.passage.area != pair.mark["area"]
    ]
    assert 1 - len(wrong) / len(pairs) >= AREAS, wrong


def test_assessments(pairs: list[Pair]) -> None:
    wrong = [
        (pair.report, pair.passage.line, pair.passage.assessment, pair.mark["assessment"])
        for pair in pairs
        if pair.passage.assessment != pair.mark["assessment"]
    ]
    assert 1 - len(wrong) / len(pairs) >= ASSESSMENTS, wrong


def test_areas_by_the_words_alone(reader: Reader, pairs: list[Pair]) -> None:
    hits = Counter(
        reader.classify(Passage("r", 1, pair.passage.text)).area == pair.mark["area"]
        for pair in pairs
    )
    assert hits[True] / len(pairs) >= HIDDEN_AREAS, hits
