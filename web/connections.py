"""HTTP/1.1 connections limited in number, and in time for a request's head.

A client that opens connections and sends nothing, or half a head, holds a file of the process for
each; without limits a few hundred of them lock all others out.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # for the whole head of a request, however slowly it comes
HEAD_BYTES = 32 << 10
_MOST = 2000  # connections of a process
BACKLOG = 100  # connections that wait in the kernel, and that asyncio takes at once
_SPARED = 64 + BACKLOG  # files left for the index, the log, reads, and connections accepted at once
_LEAST = 16


def most_connections() -> int:
    """Connections that this process may have, by the system's limit of open files."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if soft != resource.RLIM_INFINITY:
            return max(_LEAST, min(_MOST, soft - _SPARED))
    return _MOST


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol, which closes the longest idle of too many connections."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; where there are too many, an idle one is closed for it."""
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        self._since = time.monotonic()
        self._await_head()
        if len(self.connections) > most_connections():
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a head must be all there in time."""
        super().data_received(data)
        if self.busy:
            self._head_came()
        elif self._timer is None:
            self._await_head()

    @property
    def busy(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._since = time.monotonic()
        self._timer = self.loop.call_later(HEAD_SECONDS, self._close)

    def _head_came(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.abort()

    def _make_room(self) -> None:
        """Close the connection that has been idle longest.

        This one is closed if all others are being answered.
        """
        idle = [
            one for one in self.connections if isinstance(one, BoundedProtocol) and not one.busy
        ]
        longest = min(idle, key=lambda one: one._since, default=self)
        longest._close()
        self.connections.discard(longest)
