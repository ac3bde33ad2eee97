"""Long JSON is printed item by item, and looks as if it had been printed at once."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tracuu import Index, Passage, Report
from tracuu.cli import main
from tracuu.cli.console import Console

SHAPES: list[Any] = [
    [],
    [1],
    [{"a": [1, 2], "b": {}}, {"text": 'dòng một\ndòng hai "ba" \\ bốn'}],
]


@pytest.mark.parametrize("items", SHAPES)
def test_an_iterator_is_printed_as_a_list(items: list[Any], capsys: Any) -> None:
    Console("json").json(iter(items))
    assert capsys.readouterr().out == json.dumps(items, ensure_ascii=False, indent=2) + "\n"
    whole = {"total": 3, "hits": items, "areas": [{"x": [1]}], "none": {}}
    Console("json").json({**whole, "hits": iter(items)})
    assert capsys.readouterr().out == json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def test_a_list_longer_than_memory_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0

    def count(self: Console, text: str) -> None:
        nonlocal written
        written += len(text)

    def items() -> Iterator[dict[str, str]]:
        for _ in range(20_000):
            yield {"text": "ngân sách " * 100}

    monkeypatch.setattr(Console, "_write", count)
    tracemalloc.start()
    Console("json").json({"hits": items()})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written > 20_000_000
    assert peak < 2_000_000


@pytest.mark.parametrize("command", ["search", "similar", "show", "reports"])
def test_commands_print_whole_documents(tmp_path: Path, command: str) -> None:
    texts = ["Giải ngân vốn đầu tư công còn chậm.", "Giải ngân vốn đầu tư đạt chỉ tiêu."]
    with Index.create(tmp_path / "own") as index:
        passages = [Passage("a", at, text) for at, text in enumerate(texts, 1)]
        index.add(passages, report=Report("a", title="Báo cáo"))
        found = index.search("giải ngân").to_dict()
    words = {"search": ["giải", "ngân", "--explain"], "similar": ["a#1"], "show": ["a"]}
    options = ["--index", str(tmp_path / "own"), "--json"]
    result = CliRunner().invoke(main, [command, *words.get(command, []), *options])
    data = json.loads(result.stdout)
    assert result.stdout == json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if command == "search":
        for hit in data["hits"]:
            assert hit.pop("explanation")["score"] == pytest.approx(hit["score"], abs=1e-5)
        assert data == found
