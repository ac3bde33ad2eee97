"""Docstrings, comments, messages and pages in plain English."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import Source

FIRST_LINE = 80  # characters
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

# Idioms that the documentation of sqlite-utils, httpx or tantivy would not use: verbs of speech and
# mind for data, persons without a name, and turns such as "is no year" for "is not a year".
IDIOMS = re.compile(
    r"""
    \b(?:
        told | tells | heard | hears | whoever | whomever | nobody | somebody
      | remembers | remembered | knows\ (?:of|nothing|how|what|where|which|who)
      | wants | speaks | spoke | (?:lives|live)\ (?:in|on|beside)
      | of\ (?:ours|theirs) | by\ (?:itself|themselves)
      | mak(?:es|e)\ no\ sense | cannot\ be\ had | goes\ alone | leads\ nowhere
      | (?<!there\ )is\ no\ (?:year|number|text|report|passage|query|index|file|word|limit)
      | reports?\ of\ other\ makes | what\ is\ a\ sign | area\ it\ matters\ to
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
PAGES = (
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/*.md",
    "web/page/wording/en.toml",
    "corpus/*.toml",
    "search/*.toml",
)
TEMPLATES = "web/page/templates/*.en.html"


@pytest.fixture(scope="session")
def code(repository: list[Source]) -> list[Source]:
    """All code but tests, whose names and comments describe what users notice."""
    return [source for source in repository if source.room != "tests"]


def docstrings(source: Source) -> Iterator[tuple[int, str]]:
    for node in source.nodes:
        if isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)) is not None:
            yield node.body[0].lineno, text


def prose(source: Source) -> Iterator[tuple[int, str]]:
    """Line and text of docstrings, other strings and comments."""
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_first_lines_of_docstrings_are_short(code: list[Source]) -> None:
    long = [
        f"{source.name}:{line}"
        for source in code
        for line, text in docstrings(source)
        if len(text.partition("\n")[0]) > FIRST_LINE
    ]
    assert long == []


def test_code_is_written_in_plain_english(code: list[Source]) -> None:
    found = [
        f"{source.name}:{line}: {match[0]}"
        for source in code
        for line, text in prose(source)
        for match in IDIOMS.finditer(" ".join(text.split()))
    ]
    assert found == []


def test_pages_are_written_in_plain_english(root: Path) -> None:
    found = [
        f"{path.relative_to(root)}: {match[0]} in “{line.strip()[:80]}”"
        for pattern in (*PAGES, TEMPLATES)
        for path in sorted(root.glob(pattern))
        for line in path.read_text(encoding="utf-8").splitlines()
        for match in IDIOMS.finditer(line)
    ]
    assert found == []
