from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tracuu import Change, Index

TEXT = """BÁO CÁO
Kết quả năm {year}

I. KINH TẾ, NGÂN SÁCH

Ưu điểm

Thu ngân sách năm {year} đạt 112 tỷ đồng, bằng 109% dự toán được giao, {more}.

Khuyết điểm

Tiến độ giải ngân vốn đầu tư công năm {year} còn chậm, nhiều dự án phải chuyển vốn.

II. XÂY DỰNG ĐẢNG

Ưu điểm

Kết nạp 12 đảng viên mới trong năm {year}, sinh hoạt chi bộ đi vào nề nếp.
"""

Fates = list[tuple[str, str, tuple[str, ...]]]


def write(path: Path, year: int = 2010, more: str = "các khoản chi đều đúng Luật") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(year=year, more=more), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def engine(each_engine: str) -> str:
    """Whichever engine keeps an index, its users get the same."""
    return each_engine


@pytest.fixture
def make() -> Callable[..., Path]:
    """Writes a report of three passages to a file; ``year`` and ``more`` change its text."""
    return write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two reports."""
    write(tmp_path / "reports" / "mot.txt", 2001)
    write(tmp_path / "reports" / "hai.txt", 2002)
    return tmp_path / "reports"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An empty index."""
    with Index.create(tmp_path / "index") as index:
        yield index


@pytest.fixture
def fates() -> Callable[..., Fates]:
    """Runs an update; kind, file name and reports of each change."""

    def run(index: Index, paths: Iterable[Any], **options: Any) -> Fates:
        changes: list[Change] = list(index.update(paths, **options))
        return [(change.kind, Path(change.path).name, change.reports) for change in changes]

    return run
