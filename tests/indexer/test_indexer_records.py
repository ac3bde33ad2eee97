from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tracuu.corpus import Passage, Report
from tracuu.engines.engine import Engine
from tracuu.engines.memory import MemoryEngine
from tracuu.indexer import DocumentWriter
from tracuu.records import Record, find_record, known_passage, passages_of, read_records
from tracuu.schema import SCHEMA
from tracuu.vietnamese import Analyser

FULL = Record(
    Report(
        "r",
        "Báo cáo",
        "/x/y.txt",
        "báo cáo",
        "15-BC/QU",
        "Quận ủy",
        "Hà Nội",
        date(2005, 2, 28),
        (2000, 2005),
        "An",
        2,
    ),
    digest="ab" * 32,
    part=2,
    format="docx",
    notes=("đã sửa", "cắt"),
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = MemoryEngine.create(tmp_path, SCHEMA)
    yield engine
    engine.close()


def test_a_record_comes_back_as_it_was(engine: Engine) -> None:
    with engine.writer() as writer:
        DocumentWriter(writer, Analyser()).add(FULL, [])
        DocumentWriter(writer, Analyser()).add(Record(Report("bare")), [])
    with engine.snapshot() as snapshot:
        assert list(read_records(snapshot)) == [Record(Report("bare")), FULL]
        assert find_record(snapshot, "r") == FULL
        assert find_record(snapshot, "R") is None


def test_passages_come_in_order_of_position_however_many(engine: Engine) -> None:
    passages = [Passage("r", number, f"đoạn {number}") for number in range(1, 1203)]
    with engine.writer() as writer:
        DocumentWriter(writer, Analyser()).add(FULL, reversed(passages))
    with engine.snapshot() as snapshot:
        assert list(passages_of(snapshot, "r")) == passages
        assert known_passage(snapshot, "r#1202") == passages[-1]


def test_more_reports_than_one_page_of_the_engine(engine: Engine) -> None:
    with engine.writer() as writer:
        for number in range(1001):
            DocumentWriter(writer, Analyser()).add(Record(Report(f"r{number:04}")), [])
    with engine.snapshot() as snapshot:
        assert [record.report.id for record in read_records(snapshot)] == [
            f"r{number:04}" for number in range(1001)
        ]


def test_taking_out_and_changing_a_record(engine: Engine) -> None:
    with engine.writer() as writer:
        intake = DocumentWriter(writer, Analyser())
        intake.add(FULL, [Passage("r", 1, "một đoạn")])
        intake.add(Record(Report("s")), [Passage("s", 1, "hai đoạn")])
    with engine.writer() as writer:
        intake = DocumentWriter(writer, Analyser())
        intake.remove(["s"])
        intake.replace_records([Record(Report("r", "Tên mới"))])
    with engine.snapshot() as snapshot:
        assert list(read_records(snapshot)) == [Record(Report("r", "Tên mới"))]
        assert [passage.text for passage in passages_of(snapshot, "r")] == ["một đoạn"]
        assert list(passages_of(snapshot, "s")) == []
