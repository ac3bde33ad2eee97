"""Make judged sets of short queries from documents with headings or an index.

    python benchmarks/keyword_sets.py headings OUT PATH…
    python benchmarks/keyword_sets.py help OUT FOLDER

The queries of public sets are whole questions. Those of these two sets have two to ten words, as
people type them, and were not written for a search engine:

- ``headings``: the headings of reports (files or folders) are queries, and the passages below a
  heading, without their headings, are relevant; if several reports have the same heading, those
  of all.
- ``help``: the terms of the index of LibreOffice's Vietnamese help (the folder ``help``, as
  packaged by distributions) are queries, and the pages that they refer to are relevant: the first
  300 words of a page, without its headings. Untranslated pages and terms are left out.

OUT receives ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv`` for ``relevance.py``. At most 400
queries are drawn, with a fixed seed. These judgements are rough: other passages may be as relevant,
and relevant passages often contain words of the query.
"""

from __future__ import annotations

import html
import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

QUERIES = 400
SEED = 3
_MARKED = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.I)
_MARKER = re.compile(
    r"\s*(?:(?:Điều|Chương|Mục|Phần)\s+[\dIVXLC]+\.?|[IVXLC]+\.|\d+(?:\.\d+)*\.?|[a-zđ]\)|[A-Z]\."
    r"|\([\dIVX]+\)|[-*+])\s*"
)
_TERM = re.compile(r'url:"([^"?#]+)[^"]*"[^}]*?text:"([^"]*)"')
_BLOCKS = frozenset(("p", "li", "td"))
_PAGE = 300  # words of a page that form a document
_SHORTEST_PAGE = 60  # words
_SHORTEST_PASSAGE = 8  # words


def is_vietnamese(text: str) -> bool:
    """Whether nearly half of the words have diacritics, as in Vietnamese."""
    words = text.split()
    return bool(words) and sum(map(bool, map(_MARKED.search, words))) > 0.45 * len(words)


def heading_set(paths: Sequence[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Passages by id, and for each heading the ids of those below it."""
    from tracuu import Index

    texts: dict[str, str] = {}
    below: dict[str, list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
        for _ in index.update(paths):
            pass
        offset = 0
        while page := list(index.search("", limit=500, offset=offset)):
            offset += len(page)
            for passage in (hit.passage for hit in page):
                if len(passage.text.split()) < _SHORTEST_PASSAGE or passage.text in texts.values():
                    continue
                texts[passage.id] = passage.text
                heading = passage.heading_path[-1] if passage.heading_path else ""
                query = _MARKER.sub("", heading, count=1).strip(" .:-–*").lower()
                if is_vietnamese(query) and 2 <= len(query.split()) <= 16:
                    below[query].append(passage.id)
    return texts, below


class _Blocks(HTMLParser):
    """The paragraphs, list items and cells of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _BLOCKS:
            self._open = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and self._open is not None:
            self.found.append(" ".join("".join(self._open).split()))
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)


def _page_text(file: Path) -> str:
    parser = _Blocks()
    parser.feed(file.read_text("utf-8", "replace"))
    kept = dict.fromkeys(text for text in parser.found if len(text.split()) > 3)
    words = " ".join(filter(is_vietnamese, kept)).split()
    return " ".join(words[:_PAGE]) if len(words) >= _SHORTEST_PAGE else ""


def help_set(folder: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Pages by address, and for each term of the index the addresses it refers to."""
    texts = {
        file.relative_to(folder).as_posix(): text
        for file in sorted((folder / "vi/text").rglob("*.html"))
        if (text := _page_text(file))
    }
    terms: dict[str, list[str]] = defaultdict(list)
    for address, written in _TERM.findall((folder / "vi/bookmarks.js").read_text("utf-8")):
        term = " ".join(html.unescape(written).replace("--", " ").split())
        known = address in texts and address not in terms[term]
        if known and is_vietnamese(term) and 2 <= len(term.split()) <= 9:
            terms[term].append(address)
    return texts, {term: found for term, found in terms.items() if found}


def _lines(rows: Mapping[str, str]) -> Iterator[str]:
    return (
        json.dumps({"id": key, "text": text}, ensure_ascii=False) + "\n"
        for key, text in rows.items()
    )


def main(arguments: Sequence[str]) -> None:
    """Write one set."""
    if len(arguments) < 3 or arguments[0] not in ("headings", "help"):
        sys.exit(__doc__)
    out = Path(arguments[1])
    if arguments[0] == "headings":
        texts, relevant = heading_set(arguments[2:])
    else:
        texts, relevant = help_set(Path(arguments[2]))
    chosen = sorted(relevant)
    random.Random(SEED).shuffle(chosen)
    queries = {f"q{number}": query for number, query in enumerate(chosen[:QUERIES], start=1)}
    out.mkdir(parents=True, exist_ok=True)
    (out / "corpus.jsonl").write_text("".join(_lines(texts)), "utf-8")
    (out / "queries.jsonl").write_text("".join(_lines(queries)), "utf-8")
    rows = (f"{key}\t{id}\t1\n" for key, query in queries.items() for id in relevant[query])
    (out / "qrels.tsv").write_text("".join(rows), "utf-8")
    print(f"{out}: {len(texts):,} documents, {len(queries):,} queries")


if __name__ == "__main__":
    main(sys.argv[1:])
