from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracuu import Index

Write = Callable[..., Path]

BODIES = {
    "mot": [
        "Thu ngân sách tăng đều qua các năm.",
        "Giải ngân vốn đầu tư còn chậm.",
        "Chợ mới đã xây xong.",
    ],
    "hai": ["Kết nạp đảng viên mới đạt chỉ tiêu.", "Sinh hoạt chi bộ còn đơn điệu."],
    "ba": ["Tuyển quân đạt chỉ tiêu từng năm."],
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with three reports."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, lines in BODIES.items():
        write_report(folder / f"{name}.txt", *lines)
    return folder


def write_report(path: Path, *lines: str) -> Path:
    path.write_text("\n\n".join(["BÁO CÁO", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def write() -> Write:
    """Writes a report of some paragraphs."""
    return write_report


@pytest.fixture
def own(tmp_path: Path, reports: Path) -> Path:
    """An index of the three reports and of one that an application added."""
    from tracuu import Passage, Report

    with Index.create(tmp_path / "own") as index:
        list(index.update([reports]))
        index.add(
            [Passage("app", 1, "Biên bản giao ban về giải ngân.")],
            report=Report("app", title="Biên bản"),
        )
    return tmp_path / "own"


def held(path: Path | Index) -> dict[str, list[str]]:
    """Report → the texts of its passages."""
    if isinstance(path, Path):
        with Index.open(path) as index:
            return held(index)
    return {
        report.id: [
            hit.passage.text for hit in path.search("", report=report.id, limit=100, collapse=False)
        ]
        for report in path.reports()
    }


@pytest.fixture(name="held")
def held_fixture() -> Callable[[Path | Index], dict[str, list[str]]]:
    """What an index holds: report → texts."""
    return held


@pytest.fixture
def script() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts Python code in a process of its own; it is killed at the end if it still runs."""
    running: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "PYTHONIOENCODING": "utf-8",
            },
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()
