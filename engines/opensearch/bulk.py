"""Bulk requests in pieces of bounded size, retried until all are done."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from ...errors import EngineUnreachable, WriteFailed
from .client import FIRST_PAUSE, LONGEST_PAUSE, Body, Client, Refused

PIECE = 4 << 20  # bytes
DOCUMENTS = 1000
# Maximum pieces waiting for the cluster; adding more blocks.
_IN_FLIGHT = 2

# An action and its document, each as one line.
Action = tuple[bytes, bytes]


class Bulk:
    """A stream of documents to one existing index. Not thread-safe."""

    def __init__(self, client: Client, index: str) -> None:
        self._client = client
        self._index = index
        self._actions: list[Action] = []
        self._size = 0
        self._sent: list[Future[None]] = []
        self._thread: ThreadPoolExecutor | None = None

    def add(self, name: str, body: Body) -> None:
        """Add a document, replacing one with the same id."""
        self._put({"index": {"_id": name}}, body)

    def remove(self, name: str) -> None:
        """Remove a document if it exists."""
        self._put({"delete": {"_id": name}}, None)

    def _put(self, action: Body, body: Body | None) -> None:
        lines = json.dumps(action).encode() + b"\n", b"" if body is None else _line(body)
        self._actions.append(lines)
        self._size += len(lines[0]) + len(lines[1])
        if self._size >= PIECE or len(self._actions) >= DOCUMENTS:
            self._send()

    def _send(self) -> None:
        if not self._actions:
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="tracuu-bulk")
        actions, self._actions, self._size = self._actions, [], 0
        while len(self._sent) >= _IN_FLIGHT:
            self._sent.pop(0).result()
        self._sent.append(self._thread.submit(self._deliver, actions))

    def finish(self) -> None:
        """Send the rest and wait until all is done.

        Raises WriteFailed, EngineUnreachable or Refused.
        """
        try:
            self._send()
            while self._sent:
                self._sent.pop(0).result()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Stop sending."""
        self._actions = []
        for future in self._sent:
            future.cancel()
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._thread = None
        self._sent = []

    def _deliver(self, actions: Sequence[Action]) -> None:
        """Send actions, retrying until each is done.

        Rejected ones are retried later, in smaller requests.
        """
        patience = self._client.settings.patience
        deadline = time.monotonic() + patience
        pause = FIRST_PAUSE
        left: list[Action] = list(actions)
        size = len(left)
        while left:
            some, left = left[:size], left[size:]
            turned_away = self._try(some)
            if not turned_away:
                deadline, pause = time.monotonic() + patience, FIRST_PAUSE
                continue
            if time.monotonic() > deadline:
                raise EngineUnreachable(
                    self._client.settings.place,
                    "the cluster was too busy to take documents for {patience:g} s; nothing "
                    "was changed, try again later, or give it more memory",
                    patience=patience,
                )
            left = turned_away + left
            size = max(1, len(some) // 2)
            time.sleep(pause * (0.5 + random.random()))
            pause = min(2 * pause, LONGEST_PAUSE)

    def _try(self, actions: Sequence[Action]) -> list[Action]:
        """Send actions; return those that were rejected."""
        try:
            answer = self._client.call(
                "POST",
                f"/{self._index}.w/_bulk",
                b"".join(map(b"".join, actions)),
                {"require_alias": "true"},
            )
        except Refused as error:
            # the proxy before the cluster limits the size of requests
            if error.status == 413 and len(actions) > 1:
                middle = len(actions) // 2
                return self._try(actions[:middle]) + self._try(actions[middle:])
            raise
        if not answer["errors"]:
            return []
        again: list[Action] = []
        for action, item in zip(actions, answer["items"], strict=True):
            (result,) = item.values()
            status = int(result.get("status", 500))
            if status in (429, 502, 503, 504):
                again.append(action)
            elif status >= 300 and not (
                status == 404 and "delete" in item and "error" not in result
            ):
                self._refuse(result)
        return again

    def _refuse(self, result: Body) -> None:
        error = result.get("error") or {}
        if "index_not_found" in str(error):
            raise Refused(404, "index_not_found", "it is gone", result)
        raise WriteFailed(
            self._client.settings.place,
            "the cluster did not take a document ({kind}: {reason}); nothing was changed",
            kind=error.get("type"),
            reason=error.get("reason"),
        )


def _line(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
