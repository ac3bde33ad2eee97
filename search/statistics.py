"""Statistics of single tokens: document frequencies and weights by them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..engines.engine import FieldStats, Snapshot

# Frequencies kept for later queries, in tokens.
REMEMBERED = 50_000


class TermStatistics:
    """Document frequencies from one snapshot, remembered. Safe to share by threads.

    Looking up token by token is slow on some engines: :meth:`load` many at once first.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[str, str], int] = {}
        self._stats: dict[str, FieldStats] = {}

    def load(self, field: str, tokens: Iterable[str]) -> None:
        """Look up all tokens that are not known yet, in one call."""
        known = self._known
        missing = [token for token in dict.fromkeys(tokens) if (field, token) not in known]
        if not missing:
            return
        if len(known) > REMEMBERED:
            # A new dictionary: another thread may be reading the old one.
            self._known = known = {}
        for token, count in zip(missing, self._snapshot.doc_freqs(field, missing), strict=True):
            known[field, token] = count

    def doc_freq(self, field: str, token: str) -> int:
        """The number of documents that hold ``token`` in ``field``."""
        found = self._known.get((field, token))
        if found is None:
            found = self._snapshot.doc_freqs(field, [token])[0]
            self._known[field, token] = found
        return found

    def doc_freqs(self, field: str, tokens: Iterable[str]) -> dict[str, int]:
        """Token → document frequency, for all of ``tokens`` that occur at all."""
        wanted = list(dict.fromkeys(tokens))
        self.load(field, wanted)
        return {token: count for token in wanted if (count := self.doc_freq(field, token))}

    def doc_count(self, field: str) -> int:
        """The number of documents with a token in ``field``."""
        return self._field_stats(field).doc_count

    def idf(self, field: str, token: str) -> float:
        """As the engine contract defines it: ``ln(1 + (N - df + 0.5) / (df + 0.5))``.

        0 for a token that no document holds.
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
