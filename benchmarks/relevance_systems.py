"""tracuu and peers that a user might choose, with a common interface.

Every peer indexes title and text as one text and matches any word of the query (OR), which is best
for questions. bm25s gets tokens in NFC and lower case; SQLite and tantivy use their defaults. A
peer's package is imported when the peer is made: without it, ImportError.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from relevance_sets import Document, without_diacritics

from tracuu import Index, Passage, Report
from tracuu.errors import QueryError

DEPTH = 100  # documents requested, enough for recall@100


class System(Protocol):
    """Something that indexes a collection once and ranks it for queries."""

    name: str

    def index(self, documents: Sequence[Document]) -> None:
        """Index the whole collection."""

    def search(self, query: str) -> list[str]:
        """Ids of the best documents, best first; at most ``DEPTH``."""

    def notes(self) -> list[str]:
        """Notes for readers of the numbers."""


def as_passages(documents: Sequence[Document]) -> tuple[list[Passage], dict[str, str]]:
    """Documents as passages of one report with titles; passage id → document id."""
    passages = [
        Passage(
            "set",
            number,
            document.text or document.title,
            (document.title,) if document.title else (),
        )
        for number, document in enumerate(documents, start=1)
    ]
    return passages, {
        passage.id: document.id for passage, document in zip(passages, documents, strict=True)
    }


class Tracuu:
    """tracuu through its public library, with a passage per document.

    ``titles`` is the place of a document's title: ``"heading"`` (the heading above the passage; all
    documents are passages of one report) or ``"report"`` (the title of a report with the document
    as its only passage). Near-identical passages are not collapsed, because single documents are
    judged. Passages with some of the words are listed as a person sees them, below those that
    match. A query that the query language refuses is repeated with ``literal=True``.
    """

    def __init__(self, *, titles: str = "heading", literal: bool = False) -> None:
        self.name = (
            "tracuu"
            + (", literal" if literal else "")
            + (", report titles" if titles == "report" else "")
        )
        self._titles = titles
        self._literal = literal
        self._refused: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="tracuu-relevance-")
        self._ids: dict[str, str] = {}

    def index(self, documents: Sequence[Document]) -> None:
        """Index the collection in a temporary folder."""
        self._index = Index.create(Path(self._folder.name) / "index")
        if self._titles == "report":
            for number, document in enumerate(documents, start=1):
                passage = Passage(f"d{number}", 1, document.text or document.title)
                self._ids[passage.id] = document.id
                self._index.add([passage], report=Report(f"d{number}", document.title))
            return
        passages, self._ids = as_passages(documents)
        self._index.add(passages)

    def search(self, query: str) -> list[str]:
        """Ids of the best documents."""
        try:
            return self._search(query, literal=self._literal)
        except QueryError:
            self._refused.append(query)
            return self._search(query, literal=True)

    def _search(self, query: str, *, literal: bool) -> list[str]:
        found = self._index.search(
            query, limit=DEPTH, literal=literal, collapse=False, partial=True
        )
        return [self._ids[hit.passage.id] for hit in (*found, *found.partial)]

    def notes(self) -> list[str]:
        """The number of queries that the query language refused."""
        if not self._refused:
            return []
        refused = (
            f"{len(self._refused)} queries refused by the query language were searched literally"
        )
        return [f"{self.name}: {refused}, the first: {self._refused[0]!r}"]


class Fts5:
    """SQLite FTS5 with the tokeniser unicode61 and bm25()."""

    def __init__(self, tokenizer: str = "unicode61", name: str = "SQLite FTS5") -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._database = sqlite3.connect(":memory:")

    def index(self, documents: Sequence[Document]) -> None:
        """Add one row per document."""
        self._ids = [document.id for document in documents]
        self._database.execute(
            f"CREATE VIRTUAL TABLE documents USING fts5(text, tokenize = '{self._tokenizer}')"
        )
        rows = ((number, document.joined) for number, document in enumerate(documents))
        self._database.executemany("INSERT INTO documents(rowid, text) VALUES (?, ?)", rows)

    def search(self, query: str) -> list[str]:
        """Ids of the best documents."""
        # FTS5 tokenises quoted text, and ignores quoted text without tokens.
        words = ['"' + word.replace('"', '""') + '"' for word in query.replace("\0", " ").split()]
        return self.match(" OR ".join(words)) if words else []

    def match(self, expression: str, depth: int = DEPTH) -> list[str]:
        """Ids of the best documents for an expression in FTS5's own language."""
        statement = (
            "SELECT rowid FROM documents WHERE documents MATCH ? "
            "ORDER BY bm25(documents), rowid LIMIT ?"
        )
        return [self._ids[row] for (row,) in self._database.execute(statement, (expression, depth))]

    def notes(self) -> list[str]:
        """No notes."""
        return []


def syllables(text: str) -> list[str]:
    """Runs of letters and digits, in NFC and lower case."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())


def syllables_and_pairs(text: str) -> list[str]:
    """Syllables, and every pair of neighbours as one more token."""
    single = syllables(text)
    return single + [f"{left}_{right}" for left, right in pairwise(single)]


def folded_syllables_and_pairs(text: str) -> list[str]:
    """The same without diacritics, of texts and queries alike."""
    return syllables_and_pairs(without_diacritics(text))


def words(text: str) -> list[str]:
    """underthesea's words without punctuation.

    The text is converted to NFC and lower case first, which improves segmentation.
    """
    from underthesea import word_tokenize

    found = word_tokenize(unicodedata.normalize("NFC", text).lower().replace("_", " "))
    return [word.replace(" ", "_") for word in found if any(char.isalnum() for char in word)]


class Bm25s:
    """bm25s with its default method (Lucene's BM25), over tokens from tracuu.

    By default k1 is 1.2 and b 0.75.
    """

    def __init__(
        self,
        name: str,
        tokens: Callable[[str], list[str]],
        needs: str | None = None,
        *,
        k1: float = 1.2,
        b: float = 0.75,
    ) -> None:
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        if needs:
            __import__(needs)
        self.name = name
        self._tokens = tokens
        self._model: Any = bm25s.BM25(k1=k1, b=b)

    def index(self, documents: Sequence[Document]) -> None:
        """Tokenise and index every document."""
        self._ids = [document.id for document in documents]
        tokens = [self._tokens(document.joined) for document in documents]
        self._vocabulary = {token for row in tokens for token in row}
        self._model.index(tokens, show_progress=False)

    def search(self, query: str) -> list[str]:
        """Ids of the best documents."""
        tokens = [token for token in self._tokens(query) if token in self._vocabulary]
        if not tokens:
            return []
        found, scores = self._model.retrieve(
            [tokens], k=min(DEPTH, len(self._ids)), show_progress=False
        )
        return [
            self._ids[int(at)] for at, score in zip(found[0], scores[0], strict=True) if score > 0
        ]

    def notes(self) -> list[str]:
        """No notes."""
        return []


class Tantivy:
    """tantivy with its default analyser.

    Words in lower case, those over 40 bytes dropped.
    """

    name = "tantivy"

    def __init__(self) -> None:
        import tantivy

        self._tantivy: Any = tantivy
        build = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        build = build.filter(tantivy.Filter.remove_long(40)).filter(tantivy.Filter.lowercase())
        self._analyser: Any = build.build()

    def index(self, documents: Sequence[Document]) -> None:
        """Add every document, in memory."""
        builder = self._tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False)
        builder.add_integer_field("number", stored=True)
        self._schema = builder.build()
        self._ids = [document.id for document in documents]
        index = self._tantivy.Index(self._schema)
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        for number, document in enumerate(documents):
            writer.add_document(self._tantivy.Document(text=document.joined, number=number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def search(self, query: str) -> list[str]:
        """Ids of the best documents."""
        make, occur = self._tantivy.Query, self._tantivy.Occur
        terms = [
            make.term_query(self._schema, "text", token) for token in self._analyser.analyze(query)
        ]
        if not terms:
            return []
        found = self._searcher.search(
            make.boolean_query([(occur.Should, term) for term in terms]), DEPTH
        )
        return [self._ids[self._searcher.doc(address)["number"][0]] for _, address in found.hits]

    def notes(self) -> list[str]:
        """No notes."""
        return []


PEERS: tuple[Callable[[], System], ...] = (
    Fts5,
    lambda: Fts5("unicode61 remove_diacritics 2", "SQLite FTS5, remove_diacritics 2"),
    lambda: Bm25s("bm25s, syllables", syllables),
    lambda: Bm25s("bm25s, underthesea words", words, "underthesea"),
    lambda: Bm25s("bm25s, syllables and pairs", syllables_and_pairs),
    lambda: Bm25s("bm25s, syllables and pairs, k1 0.9, b 0.4", syllables_and_pairs, k1=0.9, b=0.4),
    lambda: Bm25s("bm25s, folded syllables and pairs", folded_syllables_and_pairs),
    Tantivy,
)


def peers() -> tuple[list[System], list[str]]:
    """The peers whose packages are installed, and notes on the others."""
    found: list[System] = []
    notes: list[str] = []
    for make in PEERS:
        try:
            found.append(make())
        except ImportError as error:
            notes.append(f"a peer is left out: {error}")
    return found, list(dict.fromkeys(notes))
