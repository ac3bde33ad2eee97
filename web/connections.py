"""HTTP/1.1 connections with limits on their number, request heads and reading.

A client that opens connections without sending a complete request head or reading its response
occupies a file descriptor for each; without limits a few hundred would block all other clients.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Sequence
from contextlib import suppress

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # seconds for the complete head of a request
ANSWER_SECONDS = 60.0  # seconds in which a client must read some of its response
HEAD_BYTES = 32 << 10
CLIENT_MOST = 100  # connections of one client; high, since a proxy counts as one client
_MOST = 2000  # maximum connections of a process
BACKLOG = 100  # connections waiting in the kernel, which asyncio accepts at once
_SPARED = 64 + BACKLOG  # files reserved for the index, log, reads, and new connections
_LEAST = 16


def most_connections() -> int:
    """Connections that this process may have, by the system's limit of open files."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if soft != resource.RLIM_INFINITY:
            return max(_LEAST, min(_MOST, soft - _SPARED))
    return _MOST


def client_key(client: tuple[str, int] | None) -> str:
    """The key of a client: its IPv4 address, or its /64 network of IPv6.

    "" if it is unknown.
    """
    if client is None:
        return ""
    try:
        address = ipaddress.ip_address(client[0].partition("%")[0])
    except ValueError:
        return client[0]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol, which closes the longest idle of too many connections."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection, closing an idle one if there are too many."""
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._since = time.monotonic()
        self._client_key = client_key(self.client)
        self._await_head()
        others = [one for one in self.connections if isinstance(one, BoundedProtocol)]
        mine = [one for one in others if one._client_key == self._client_key]
        if len(mine) > CLIENT_MOST:
            self._make_room(mine)
        elif len(others) > most_connections():
            self._make_room(others)

    def connection_lost(self, exc: Exception | None) -> None:
        """Unregister the connection."""
        self._head_came()
        self._answer_taken()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Receive bytes; a request head must be complete in time."""
        super().data_received(data)
        if self.busy:
            self._head_came()
        elif self._timer is None:
            self._await_head()

    def pause_writing(self) -> None:
        """Wait a limited time until the client reads more of its response."""
        super().pause_writing()
        if self._stalled is None:
            self._await_taking()

    def resume_writing(self) -> None:
        """Continue the response."""
        self._answer_taken()
        super().resume_writing()

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

    def _await_taking(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        self._stalled = self.loop.call_later(ANSWER_SECONDS, self._check_taking, waiting)

    def _check_taking(self, before: int) -> None:
        """Close the connection if its client read none of the ``before`` pending bytes."""
        self._stalled = None
        if self.transport.get_write_buffer_size() < before:
            self._await_taking()
        else:
            self._close()

    def _answer_taken(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _close(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.abort()

    def _make_room(self, connections: Sequence[BoundedProtocol]) -> None:
        """Close the connection that has been idle longest.

        Closes this one if all others have a request being answered.
        """
        idle = [one for one in connections if not one.busy]
        longest = min(idle, key=lambda one: one._since, default=self)
        longest._close()
        self.connections.discard(longest)
