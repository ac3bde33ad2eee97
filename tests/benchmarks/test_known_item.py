from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tracuu import Passage


def test_spans_of_a_report_are_found_again(run_benchmark, root: Path):
    report = root / "tests" / "data" / "reports" / "chi-bo-xa-danh-so.txt"
    done = run_benchmark("known_item", report, "--n", 12)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^1 reports, \d+ passages, 12 spans\.$", done.stdout, re.MULTILINE)
    found = re.findall(r"^\| tracuu \| ([\d.]+) \| ([\d.]+) \|", done.stdout, re.MULTILINE)
    assert len(found) == 2, "once as typed, once without diacritics"
    assert all(float(at_ten) >= 0.9 for _, at_ten in found)
    assert "## no diacritics" in done.stdout


def test_draws_are_the_same_every_time_and_stay_within_a_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    known_item = importlib.import_module("known_item")
    passages = [
        Passage("r", 1, "Một hai (ba bốn); năm sáu. Bảy – tám chín"),
        Passage("r", 2, "Mười"),
    ]
    items = known_item.draw(passages, 6)
    assert items == known_item.draw(passages, 6)
    allowed = {
        "Một hai",
        "hai ba",
        "ba bốn",
        "năm sáu",
        "tám chín",
        "Một hai ba",
        "hai ba bốn",
        "Một hai ba bốn",
    }
    assert {item.text for item in items} <= allowed
    assert len(items) == 6
    assert known_item.draw([], 6) == []


def test_a_path_that_is_not_there_is_an_error(run_benchmark, tmp_path: Path):
    done = run_benchmark("known_item", tmp_path / "nothing.txt")
    assert done.returncode == 1
    assert "nothing.txt" in done.stderr
    assert "Traceback" not in done.stderr
