"""tracuu in an application that has modules of the same names as its rooms."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = (
    "search",
    "corpus",
    "indexer",
    "web",
    "engines",
    "agents",
    "commands",
    "vietnamese",
    "index",
    "errors",
    "mcp",
)

USE = """
from tracuu import Index, Passage
import tracuu.search, tracuu.corpus, tracuu.indexer, tracuu.engines, tracuu.cli
import tempfile
with tempfile.TemporaryDirectory() as folder, Index.create(folder + "/idx") as index:
    index.add([Passage("a", 1, "Giải ngân vốn đầu tư còn chậm.", heading_path=("Kinh tế", "Hạn chế"))])
    found = index.search("giai ngan")
    assert [hit.passage.id for hit in found] == ["a#1"], found
    assert tracuu.cli.main.get_command(None, "search") is not None
"""


@pytest.mark.parametrize("first", ["the application's", "tracuu's"])
def test_neither_s_modules_stand_in_the_other_s_way(first: str, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("OWN = True\n", encoding="utf-8")
    own = "".join(f"import {name}; assert {name}.OWN, {name}\n" for name in NAMES)
    program = tmp_path / "application.py"
    program.write_text(
        own + USE + own if first == "the application's" else USE + own, encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr


def test_nothing_but_tracuu_is_installed_at_the_top(root: Path) -> None:
    listed = (
        (root / "pyproject.toml")
        .read_text(encoding="utf-8")
        .partition("packages = [")[2]
        .partition("]")[0]
    )
    names = [line.strip().strip('",') for line in listed.splitlines() if line.strip()]
    assert names
    assert {name.split(".")[0] for name in names} == {"tracuu"}
