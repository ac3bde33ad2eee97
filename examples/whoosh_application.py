"""Vietnamese in an application's Whoosh index, with or without diacritics.

python whoosh_application.py notes.idx "y te"
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable

from whoosh import index
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.qparser import MultifieldParser

from tracuu.analysis import VietnameseAnalyzer

NOTES = {
    "tram-y-te": "Trạm y tế phường đã tiêm phòng cho 1.250 trẻ, đúng Kế hoạch 15-KH/UBND.",
    "hoa-giai": "Tổ hoà giải khu phố 4 hòa giải thành 12 vụ.",
    "giai-ngan": "Giải ngân vốn đầu tư công còn chậm so với kế hoạch.",
}


def schema() -> Schema:
    """One text in two fields: as written, and without diacritics."""
    return Schema(
        id=ID(stored=True, unique=True),
        body=TEXT(VietnameseAnalyzer(), stored=True, multitoken_query="phrase"),
        plain=TEXT(VietnameseAnalyzer("folded"), multitoken_query="phrase"),
        note=STORED,
    )


def fill(folder: str, notes: dict[str, str]) -> None:
    """Make an index of ``notes`` in ``folder``."""
    os.makedirs(folder, exist_ok=True)
    with index.create_in(folder, schema()).writer() as writer:
        for key, text in notes.items():
            writer.add_document(id=key, body=text, plain=text)


def search(folder: str, text: str) -> Iterable[tuple[str, str]]:
    """Ids of matching notes, best first, each with a highlighted excerpt.

    A query without diacritics matches ``plain``; one with diacritics also matches ``body``, so that
    exact matches come first.
    """
    found = index.open_dir(folder)
    query = MultifieldParser(["body", "plain"], found.schema).parse(text)
    with found.searcher() as searcher:
        for hit in searcher.search(query, limit=10):
            yield hit["id"], hit.highlights("body") or hit["body"]


def main() -> None:
    """Create the index if necessary, search and print."""
    options = argparse.ArgumentParser()
    options.add_argument("index")
    options.add_argument("query")
    given = options.parse_args()
    if not index.exists_in(given.index):
        fill(given.index, NOTES)
    for key, text in search(given.index, given.query):
        print(f"{key}: {text}")


if __name__ == "__main__":
    if os.name == "nt":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
