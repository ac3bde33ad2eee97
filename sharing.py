"""One searcher for all searches of the same committed state."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from .engines.contract import Engine, Snapshot
from .errors import SnapshotGone

if TYPE_CHECKING:
    from .corpus import Report
    from .search import Searcher

T = TypeVar("T")
_ATTEMPTS = 4


class Held:
    """A searcher and its snapshot, with the number of searches that run on it; ``reports`` once they were asked for."""

    def __init__(self, snapshot: Snapshot, searcher: Searcher) -> None:
        self.snapshot = snapshot
        self.searcher = searcher
        self.reports: tuple[Report, ...] | None = None
        self.users = 0
        self.retired = False


class SharedSearcher:
    """Hands out the searcher of the last committed state, and remembers it: what a search has learnt of an
    index (frequencies, sizes, titles) serves the next one. Safe to share by threads."""

    def __init__(self, make: Callable[[Snapshot], Searcher]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._held: Held | None = None

    def close(self) -> None:
        """Let go of the remembered state; searches that run on it finish."""
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            self._retire(held)

    def ask(self, take: Callable[[], Held], what: Callable[[Searcher], T]) -> T:
        """What a searcher answers; of the state after it, where the one it searches is removed meanwhile."""
        for _ in range(_ATTEMPTS):
            held = take()
            try:
                return what(held.searcher)
            except SnapshotGone:
                continue
            finally:
                self.leave(held)
        held = take()
        try:
            return what(held.searcher)
        finally:
            self.leave(held)

    def take(self, engine: Engine) -> Held:
        """The searcher of ``engine``'s last committed state; for :meth:`leave` when the search is done."""
        snapshot = engine.snapshot()
        old = None
        with self._lock:
            if self._held is not None and self._held.snapshot.state is snapshot.state:
                held = self._held
            else:
                old = self._held
                held = self._held = Held(snapshot, self._made(snapshot))
            held.users += 1
        if held.snapshot is not snapshot:
            snapshot.close()
        if old is not None:
            self._retire(old)
        return held

    def _made(self, snapshot: Snapshot) -> Searcher:
        try:
            return self._make(snapshot)
        except BaseException:
            snapshot.close()
            raise

    def leave(self, held: Held) -> None:
        """A search on it is done."""
        with self._lock:
            held.users -= 1
            last = held.retired and held.users == 0
        if last:
            held.snapshot.close()

    def _retire(self, held: Held) -> None:
        with self._lock:
            held.retired = True
            unused = held.users == 0
        if unused:
            held.snapshot.close()
