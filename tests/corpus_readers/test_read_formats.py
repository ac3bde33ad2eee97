"""The table of formats: what can be read here, by the packages that are installed."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tracuu.corpus.readers.formats import FORMATS, readable_suffixes

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.mark.parametrize(
    "row", [each for each in FORMATS if each.package], ids=lambda row: row.name
)
def test_the_package_of_a_format_is_one_that_its_extra_brings(row, root: Path):
    extras = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    brought: set[str] = set()
    for requirement in extras[row.extra]:
        with suppress(PackageNotFoundError):
            files = distribution(requirement.partition(">=")[0]).files or ()
            brought |= {file.parts[0].removesuffix(".py") for file in files}
    if not brought:
        pytest.skip(f"the extra {row.extra} is not installed")
    assert row.package in brought


def test_formats_whose_package_is_missing_are_not_readable(monkeypatch):
    monkeypatch.setattr(
        "tracuu.corpus.readers.formats.find_spec", lambda name: None if name == "lxml" else object()
    )
    found = readable_suffixes()
    assert ".html" not in found
    assert {".txt", ".docx", ".eml", ".xlsx", ".pdf"} <= set(found)
