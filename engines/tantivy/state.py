"""One committed state of a tantivy index: searcher, statistics, stored documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from ...errors import IndexDamaged
from ..document import Schema
from ..engine import FieldStats
from ..query import Phrase, Prefix
from ..scoring.bm25 import most_frequent
from ..scoring.forward_index import Packed, Packer
from ..scoring.rerank import Candidates
from ..scoring.source import Cache
from . import storage as files
from .query import Translator
from .schema import DATA, KEY, READABLE, beginning_as, read_as, written_as

# maximum cached document frequencies, in tokens
KEPT_FREQUENCIES = 100_000
# maximum cached documents of verified phrases
KEPT_VERIFIED = 1_000_000
KEPT_DOCUMENTS = 32_000_000  # maximum bytes of cached stored documents
_PAGE = 1024  # larger batches of documents are not cached


class IndexState:
    """One committed state, which keeps the files of its segments open.

    Thread-safe.
    """

    def __init__(
        self, folder: Path, index: tantivy.Index, schema: Schema, deleted: int, data: str = DATA
    ) -> None:
        """``data`` is the name of the field of stored documents.

        ``deleted`` is the number of deleted documents.
        """
        self.folder = folder
        self.schema = schema
        self.own = index.schema
        self.searcher = index.searcher()
        self.data = data
        self.packer = Packer(schema, READABLE[data])
        self.deleted = deleted
        self.translator = Translator(
            self.own,
            schema,
            self,
            self.native_frequency,
            self.searcher.num_docs + deleted,
            self._verified,
        )
        self._field_stats: dict[str, FieldStats] = {}
        self._native: dict[tuple[str, str], int] = {}
        self._frequencies: Cache[int] = Cache(KEPT_FREQUENCIES)
        self._expansions: Cache[tuple[str, ...]] = Cache(10_000)
        self._phrases: Cache[list[str]] = Cache(KEPT_VERIFIED)
        self._documents: Cache[Packed] = Cache(KEPT_DOCUMENTS)

    # --- statistics of the whole index ---

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field over live documents."""
        known = self._field_stats.get(name)
        if known is None:
            field = f"l_{name}"
            aggregations = {
                "tokens": {"sum": {"field": field}},
                "documents": {"value_count": {"field": field}},
            }
            with files.reading(self.folder):
                found = self.searcher.aggregate(tantivy.Query.all_query(), aggregations)
            known = self._field_stats[name] = FieldStats(
                round(found["documents"]["value"]),
                round(found["tokens"]["value"]),
            )
        return known

    def native_frequency(self, name: str, token: str) -> int:
        """Document frequency of the token, including deleted documents."""
        known = self._native.get((name, token))
        return self._native_frequencies(name, (token,))[0] if known is None else known

    def _native_frequencies(self, name: str, tokens: Sequence[str]) -> list[int]:
        if len(self._native) >= KEPT_FREQUENCIES:
            self._native = {}  # replaced, since another thread may be reading the old one
        known, doc_freq, field = self._native, self.searcher.doc_freq, f"t_{name}"
        missing = [token for token in tokens if (name, token) not in known]
        if missing:
            with files.reading(self.folder):
                for token in missing:
                    known[name, token] = doc_freq(field, written_as(token))
        return [known[name, token] for token in tokens]

    def doc_freq(self, name: str, token: str) -> int:
        """Number of live documents that contain the token."""
        return self.doc_freqs(name, (token,))[0]

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Number of live documents that contain each token."""
        found = self._native_frequencies(name, tokens)
        if self.deleted:
            return [
                self._living(name, token) if count else 0
                for token, count in zip(tokens, found, strict=True)
            ]
        return found

    def _living(self, name: str, token: str) -> int:
        known = self._frequencies.get((name, token))
        if known is None:
            query = tantivy.Query.term_query(self.own, f"t_{name}", written_as(token), "basic")
            known = self.count(query)
            self._frequencies.put((name, token), known, 1)
        return known

    def expand(self, prefix: Prefix) -> tuple[str, ...]:
        """The most frequent terms that start with the prefix."""
        key = (prefix.field, prefix.prefix, str(prefix.limit))
        known = self._expansions.get(key)
        if known is None:
            words = self.terms(prefix.field, prefix.prefix)
            known = tuple(most_frequent(words, prefix.limit))
            self._expansions.put(key, known, len(known) + 1)
        return known

    def terms(self, name: str, prefix: str) -> list[tuple[str, int]]:
        """Tokens of a text field with this prefix, and document frequencies, unsorted."""
        with files.reading(self.folder):
            listed = self.searcher.terms_with_prefix(f"t_{name}", beginning_as(prefix))
        found = []
        for written, count in listed:
            token = read_as(written)
            if token is None:
                token = self._long_token(name, written)
            if token is not None and token.startswith(prefix):
                found.append((token, count))
        return found

    def _long_token(self, name: str, written: str) -> str | None:
        """A token that was hashed, read from a document that contains it."""
        query = tantivy.Query.term_query(self.own, f"t_{name}", written, "basic")
        for document in self.documents(query, 1):
            return next(
                (token for token in document.tokens(name) if written_as(token) == written), None
            )
        return None

    # --- documents ---

    def count(self, query: tantivy.Query) -> int:
        """Number of live documents that match."""
        with files.reading(self.folder):
            return int(self.searcher.search(query, 1).count)  # type: ignore[attr-defined]

    def documents(self, query: tantivy.Query, limit: int) -> list[Packed]:
        """The best matches, by tantivy's score."""
        return self.ranked(query, limit)[2]

    def ranked(self, query: tantivy.Query, limit: int) -> tuple[int, list[float], list[Packed]]:
        """Number of matches, and the best matches with tantivy's scores."""
        with files.reading(self.folder):
            found = self.searcher.search(query, max(limit, 1))
            best = found.hits[:limit]
            hits = self._read(best)
        return int(found.count), [score for score, _ in best], hits  # type: ignore[attr-defined]

    def by_key(self, query: tantivy.Query, offset: int, limit: int) -> list[Packed]:
        """Matches ``offset`` to ``offset + limit``, sorted by key."""
        with files.reading(self.folder):
            order = tantivy.Order.Asc
            found = self.searcher.search(query, limit, False, KEY, offset, order)
            return self._read(found.hits)

    def _read(self, hits: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[Packed]:
        doc, data = self.searcher.doc, self.data
        if len(hits) > _PAGE:  # maximum cached; more are unlikely to be reused
            return self.packer.read_all(doc(address)[data][0] for _, address in hits)
        found: dict[tuple[int, int], Packed | None] = {}
        missing: dict[tuple[int, int], bytes] = {}
        for _, address in hits:
            key = (address.segment_ord, address.doc)
            found[key] = self._documents.get(key)
            if found[key] is None:
                missing[key] = doc(address)[data][0]
        for key, one in zip(missing, self.packer.read_all(missing.values()), strict=True):
            found[key] = one
            self._documents.put(key, one, 2 * len(missing[key]))  # with the decoded text
        return [one for one in found.values() if one is not None]

    def find(self, key: str) -> Packed | None:
        """The document with this key."""
        query = tantivy.Query.term_query(self.own, KEY, written_as(key), "basic")
        found = next(iter(self.documents(query, 1)), None)
        if found is not None and found.key != key:
            raise IndexDamaged(self.folder, "a key finds another document; rebuild the index")
        return found

    def _verified(self, phrase: Phrase, candidates: tantivy.Query) -> tantivy.Query:
        """A query for the candidates that contain the phrase, by reading each one."""
        key = (phrase.field, str(phrase.slop), str(phrase.ordered), *phrase.tokens)
        keys = self._phrases.get(key)
        if keys is None:
            total = self.count(candidates)
            holding = Candidates(self.documents(candidates, total), self.schema, self)
            keys = [written_as(holding.documents[doc].key) for doc in holding.matching(phrase)]
            self._phrases.put(key, keys, len(keys) + 1)
        return self.translator.exact(KEY, keys)
