"""Being the one who changes an index, and telling whether the change was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .engines.contract import Engine, Remote, Snapshot, Writer
from .errors import COMMITTED, TracuuError
from .opened import Opened
from .storage import Storage


@contextmanager
def changing(
    storage: Storage,
    opened: Opened,
    wait: float,
    *,
    jobs: int = 1,
    committed: Callable[[object], None] | None = None,
) -> Iterator[tuple[Writer, Snapshot]]:
    """The one writer to the index's current generation, and the state before; what was written is committed at
    the end, by ``jobs`` processes at the most. ``committed`` gets what stands for the new state, if nobody else can
    have written it.

    Ctrl-C leaves the index as it was; where it comes so late that the change shows already, the
    KeyboardInterrupt says ``COMMITTED``. Raises IndexBusy after waiting ``wait`` seconds, WriteFailed.
    """
    opened.generation()
    with storage.lock(wait):
        generation = opened.generation()  # a rebuild that was waited for has put another in its place
        storage.sweep(generation.manifest.generation)
        before: object = None
        try:
            with generation.engine.writer(wait=wait, jobs=jobs) as writer, generation.engine.snapshot() as snapshot:
                before = snapshot.state
                yield writer, snapshot
            if committed is not None and not isinstance(generation.engine, Remote):
                after = _state(generation.engine)
                if after not in (None, before):
                    committed(after)
        except KeyboardInterrupt as stopped:
            if before is not None and _state(generation.engine) not in (None, before):
                raise KeyboardInterrupt(COMMITTED) from stopped
            raise


def _state(engine: Engine) -> object:
    """What stands for the engine's last committed state; None where it cannot be told."""
    try:
        with engine.snapshot() as snapshot:
            return snapshot.state
    except TracuuError:
        return None
