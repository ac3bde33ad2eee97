from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu.corpus import Block, Passage, Reader, Reading, read_blocks

Understand = Callable[..., Reading]

BODY = "Thu ngân sách năm 2010 đạt 112 tỷ đồng, bằng 109% dự toán được giao, các khoản chi đều đúng Luật."


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def understand(reader: Reader) -> Understand:
    """Reads one document given as lines with blank ones between; ``…`` stands for a paragraph of text."""

    def one(*lines: str, name: str = "") -> Reading:
        blocks = [
            Block(BODY if text == "…" else text, line=number, gap=True)
            for number, text in enumerate(lines, 1)
        ]
        (reading,) = reader.parse(blocks, id="r", name=name)
        return reading

    return one


@pytest.fixture(scope="session")
def paths(understand: Understand) -> Callable[..., list[tuple[str, ...]]]:
    """The heading path of each passage of a document given as lines."""

    def of(*lines: str) -> list[tuple[str, ...]]:
        return [
            passage.heading_path for passage in understand("BÁO CÁO", "NĂM 2010", *lines).passages
        ]

    return of


@pytest.fixture(scope="session")
def district_passages(reader: Reader, district_report: Path) -> tuple[Passage, ...]:
    (reading,) = reader.parse(
        list(read_blocks(district_report).blocks), id="quan-uy", name=district_report.stem
    )
    return reading.passages
