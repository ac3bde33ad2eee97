"""What the package reads of its own tables in a plain way is what their files say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tracuu import Taxonomy
from tracuu.corpus.digest import compute_digest, taxonomy_digest
from tracuu.corpus.naming import shipped_labels, shipped_text
from tracuu.search import abbreviations
from tracuu.search import term_weights as weights
from tracuu.tables import rows
from tracuu.vietnamese import canonical

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def parsed(root: Path, path: str, table: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    text = (root / path).read_text(encoding="utf-8")
    return rows(text, table), tomllib.loads(text)[table]


@pytest.mark.parametrize(
    ("path", "table"), [("vietnamese/variants.toml", "word"), ("search/abbreviations.toml", "abbreviation")]
)
def test_a_table_says_what_its_file_says(root: Path, path: str, table: str) -> None:
    plain, whole = parsed(root, path, table)
    assert plain == whole


def test_labels_are_those_of_the_taxonomy() -> None:
    areas = Taxonomy.parse(shipped_text()).areas
    assert list(shipped_labels().items()) == [(area.id, area.label) for area in areas]


def test_the_digest_of_the_shipped_taxonomy_is_its_own() -> None:
    text = shipped_text()
    assert taxonomy_digest(text) == compute_digest(text), "write the new one into corpus/digest.py"
    other = text.replace("kinh-te", "kinh-tế")
    assert taxonomy_digest(other) == compute_digest(other) != compute_digest(text)


def test_variants_are_written_canonically(root: Path) -> None:
    for row in parsed(root, "vietnamese/variants.toml", "word")[0]:
        for spelling in (row["standard"], *row["variants"]):
            assert " ".join(canonical(syllable) for syllable in spelling.split()) == spelling


def test_abbreviations_are_written_canonically(root: Path) -> None:
    for row in parsed(root, "search/abbreviations.toml", "abbreviation")[0]:
        for text in (row["short"], *row["long"]):
            assert abbreviations._written(text) == abbreviations._syllables(text)


def test_the_lists_of_weights_are_written_in_their_canonical_form() -> None:
    for name in ("_QUESTION", "_FUNCTION", "_NOT_COUNTED", "_STOP_PHRASES", "_BEFORE_TERM", "_AFTER_TERM"):
        words = getattr(weights, name).replace("|", " ").split()
        assert [canonical(word) for word in words] == words
