"""The table of formats: what can be read here, by the packages that are installed."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions
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
    wanted = {text.partition(">=")[0].lower().replace("_", "-") for text in extras[row.extra]}
    providers = packages_distributions().get(row.package)
    if providers is None:
        pytest.skip(f"{row.package} is not installed")
    assert wanted & {name.lower().replace("_", "-") for name in providers}


def test_formats_whose_package_is_missing_are_not_readable(monkeypatch):
    monkeypatch.setattr(
        "tracuu.corpus.readers.formats.find_spec", lambda name: None if name == "lxml" else object()
    )
    found = readable_suffixes()
    assert ".html" not in found
    assert {".txt", ".docx", ".eml", ".xlsx", ".pdf"} <= set(found)
