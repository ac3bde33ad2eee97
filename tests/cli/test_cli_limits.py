from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracuu.cli import main

TEXT = (
    "BÁO CÁO\nNĂM 2020\n\nI. KINH TẾ\n"
    + "Thu ngân sách tăng khá so với năm trước, vượt dự toán được giao.\n" * 40
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "r.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def index(report: Path, *options: str) -> tuple[int, list[dict[str, object]], str]:
    where = str(report.parent / "ix")
    done = CliRunner().invoke(main, ["index", str(report), "--index", where, "--jsonl", *options])
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_file_over_a_limit_is_refused_and_the_limit_can_be_raised(report: Path) -> None:
    code, changes, _ = index(report, "--limit", "file_bytes=1000")
    assert (code, changes[0]["kind"]) == (3, "failed")
    code, changes, _ = index(report, "--limit", "file_bytes=100_000", "--limit", "blocks=1000")
    assert (code, changes[0]["kind"]) == (0, "added")


@pytest.mark.parametrize(
    "given", ["pages", "pages=", "pages=-1", "pages=0", "sheets=3", "pages=many"]
)
def test_what_is_no_limit_is_told_with_those_there_are(report: Path, given: str) -> None:
    code, changes, message = index(report, "--limit", given)
    assert (code, changes) == (2, [])
    assert "file_bytes" in message
