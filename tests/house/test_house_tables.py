"""The package's own tables are written as its code needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tracuu import Taxonomy
from tracuu.corpus.naming import shipped_labels, shipped_text, taxonomy_digest
from tracuu.search import abbreviations
from tracuu.search import term_weights as weights
from tracuu.vietnamese import canonical

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def parsed(root: Path, path: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((root / path).read_text(encoding="utf-8"))[table]
    return rows


def test_labels_are_those_of_the_taxonomy() -> None:
    areas = Taxonomy.parse(shipped_text()).areas
    assert list(shipped_labels().items()) == [(area.id, area.label) for area in areas]


def test_the_digest_changes_with_what_the_taxonomy_says_and_not_with_comments() -> None:
    text = shipped_text()
    assert taxonomy_digest("# a comment\n\n" + text.replace("\n", "\r\n")) == taxonomy_digest(text)
    assert taxonomy_digest(text.replace("kinh-te", "kinh-tế")) != taxonomy_digest(text)


def test_variants_are_written_canonically(root: Path) -> None:
    for row in parsed(root, "vietnamese/variants.toml", "word"):
        for spelling in (row["standard"], *row["variants"]):
            assert " ".join(canonical(syllable) for syllable in spelling.split()) == spelling


def test_abbreviations_are_written_canonically(root: Path) -> None:
    for row in parsed(root, "search/abbreviations.toml", "abbreviation"):
        for text in (row["short"], *row["long"]):
            assert abbreviations._written(text) == abbreviations._syllables(text)


def test_the_lists_of_weights_are_written_in_their_canonical_form() -> None:
    for name in ("_QUESTION", "_FUNCTION", "_STOP_PHRASES"):
        words = getattr(weights, name).replace("|", " ").split()
        assert [canonical(word) for word in words] == words
