"""Term statistics: document frequencies and idf."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from ..engines.engine import FieldStats, Snapshot

# Maximum cached frequencies, in tokens.
CACHED = 50_000
_CACHED_WORDS = 1_000  # with their edits that occur


class TermStatistics:
    """Document frequencies of one snapshot, cached. Thread-safe.

    Single look-ups are slow on some engines: :meth:`load` many at once first.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[str, str], int] = {}
        self._stats: dict[str, FieldStats] = {}
        self._near: dict[tuple[str, str], dict[str, int]] = {}

    def load(self, field: str, tokens: Iterable[str]) -> None:
        """Look up all uncached tokens in one call."""
        known = self._known
        missing = [token for token in dict.fromkeys(tokens) if (field, token) not in known]
        if not missing:
            return
        if len(known) > CACHED:
            # A new dictionary, since another thread may be reading the old one.
            self._known = known = {}
        for token, count in zip(missing, self._snapshot.doc_freqs(field, missing), strict=True):
            known[field, token] = count

    def doc_freq(self, field: str, token: str) -> int:
        """Document frequency of ``token`` in ``field``."""
        found = self._known.get((field, token))
        if found is None:
            found = self._snapshot.doc_freqs(field, [token])[0]
            self._known[field, token] = found
        return found

    def doc_freqs(self, field: str, tokens: Iterable[str]) -> dict[str, int]:
        """Token → document frequency, for those of ``tokens`` that occur."""
        wanted = list(dict.fromkeys(tokens))
        self.load(field, wanted)
        return {token: count for token in wanted if (count := self.doc_freq(field, token))}

    def near(self, field: str, word: str, edits: Callable[[], Iterable[str]]) -> Mapping[str, int]:
        """The document frequencies of edits of ``word``, for those that occur.

        Few of the many edits occur, so only these are cached.
        """
        found = self._near.get((field, word))
        if found is None:
            tokens = list(edits())
            counts = zip(tokens, self._snapshot.doc_freqs(field, tokens), strict=True)
            found = {token: count for token, count in counts if count}
            if len(self._near) >= _CACHED_WORDS:
                self._near = {}
            self._near[field, word] = found
        return found

    def doc_count(self, field: str) -> int:
        """The number of documents with a token in ``field``."""
        return self._field_stats(field).doc_count

    def idf(self, field: str, token: str) -> float:
        """The idf of the engine contract: ``ln(1 + (N - df + 0.5) / (df + 0.5))``.

        0 for a token that does not occur.
        """
        count = self.doc_freq(field, token)
        if not count:
            return 0.0
        return math.log(1 + (self.doc_count(field) - count + 0.5) / (count + 0.5))

    def _field_stats(self, field: str) -> FieldStats:
        stats = self._stats.get(field)
        if stats is None:
            stats = self._stats[field] = self._snapshot.field_stats(field)
        return stats
