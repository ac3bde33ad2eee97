"""A process of lower priority that makes slow pages.

Exports, charts, comparisons and pictures of pages compute without a pause; in a thread of the
service they would take half of the interpreter's time from searches. The process is started for
the first such page, opens the index separately, and ends with the service.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from ...engines.processes import Process, ProcessGoneError, can_start
from ..access import Overloaded, TookTooLong
from ..settings import Settings

_MODULE = f"{__package__}.helper_main"
# entries of a request's ASGI scope used in the addresses of a page
_SCOPE: tuple[str, ...] = ("type", "method", "path", "raw_path", "query_string", "scheme", "server")
_SCOPE += ("root_path", "app_root_path", "path_params")
# times the time-out after which the process is killed; until then a page too late for its request
# is finished and cached for the next
_PATIENCE = 4


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page to make: index, settings, name of its function, and ASGI scope."""

    path: str
    settings: Settings
    work: str
    scope: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A rendered page."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def response(self) -> Response:
        """The response to the client."""
        response = Response(self.body, self.status)
        response.raw_headers = self.headers
        return response


class Helper:
    """Makes pages in a separate process; close it afterwards.

    Only one thread may call :meth:`make`; any thread may close it.
    """

    def __init__(self, path: str, settings: Settings) -> None:
        self._config = (path, replace(settings, embedder=None, helper=False))
        self._timeout = _PATIENCE * settings.slow_timeout
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._closed = not (settings.helper and can_start() and _can_be_sent(self._config))

    def make(self, work: str, scope: MutableMapping[str, Any]) -> Response | None:
        """The page made by the function ``work``, or None if the caller has to make it.

        None if no process can be started, or if the page fails for a reason other than the request.
        Raises TookTooLong, and Overloaded if the process ended meanwhile.
        """
        process = self._started()
        if process is None:
            return None
        sent = {name: value for name, value in scope.items() if name in _SCOPE}
        sent["headers"] = [pair for pair in scope["headers"] if pair[0] == b"host"]
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._timeout, stop)
        timer.daemon = True
        timer.start()
        try:
            process.send(PageRequest(*self._config, work, sent))
            answer: PageAnswer | None = process.receive()
        except ProcessGoneError as error:
            with self._lock:
                self._process = None
            process.end()
            raise (TookTooLong if late.is_set() else Overloaded) from error
        finally:
            timer.cancel()
        return answer.response() if answer is not None else None

    def close(self) -> None:
        """End the process; later pages are left to the caller."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def _started(self) -> Process | None:
        with self._lock:
            if self._process is None and not self._closed:
                try:
                    self._process = Process(_MODULE)
                except ProcessGoneError:
                    self._closed = True
            return self._process


def _can_be_sent(config: object) -> bool:
    """Whether engine options can be pickled; an open client, for example, cannot."""
    try:
        pickle.dumps(config)
    except Exception:  # options may be any object
        return False
    return True
