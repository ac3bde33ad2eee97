"""Counters in Prometheus's text format, and one line of log per request.

Each process has its own counters; with several (``tracuu serve --workers``) every series has the
label ``worker``, so that series of different processes are never mixed.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import TracuuError
from .access import Access

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_log = logging.getLogger("tracuu.web.access")


class Metrics:
    """The counters of one application."""

    def __init__(self, access: Access) -> None:
        self._registry = CollectorRegistry()
        self._worker = str(os.getpid())
        labels = ("worker", "route", "method")
        self.requests = Counter(
            "tracuu_http_requests",
            "Requests answered",
            (*labels, "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "tracuu_http_request_seconds",
            "Time to the whole answer",
            labels,
            buckets=_BUCKETS,
            registry=self._registry,
        )
        running = Gauge(
            "tracuu_http_requests_running",
            "Requests being answered",
            ("worker",),
            registry=self._registry,
        )
        self.running = running.labels(self._worker)
        self._registry.register(_IndexFigures(access, self._worker))

    def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self._registry)

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests.labels(self._worker, route, method, str(status)).inc()
        self.seconds.labels(self._worker, route, method).observe(seconds)


class _IndexFigures(Collector):
    """Figures of the index at the time of collection; none if it cannot be read."""

    def __init__(self, access: Access, worker: str) -> None:
        self._access = access
        self._worker = worker

    def describe(self) -> Iterator[Any]:
        """Return no metrics, since registration must not open the index."""
        return iter(())

    def collect(self) -> Iterator[Any]:
        """Yield the figures."""
        try:
            figures = self._access.figures()
        except TracuuError:
            figures = {"ready": 0}
        for name, value in figures.items():
            family = GaugeMetricFamily(f"tracuu_index_{name}", _WHAT[name], labels=("worker",))
            family.add_metric((self._worker,), value)
            yield family


_WHAT = {
    "ready": "1 where the index can be read",
    "generation": "Number of rebuilds of the index",
    "commits": "States of the index that this process has seen",
    "passages": "Passages in the index",
    "reports": "Reports in the index",
}


class RequestObserver:
    """Counts and logs every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, log: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size = 499, 0  # as in nginx: the client closed the connection
        start = time.perf_counter()

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        self._metrics.running.inc()
        try:
            await self._app(scope, receive, counted)
        finally:
            self._metrics.running.dec()
            seconds = time.perf_counter() - start
            route = getattr(scope.get("route"), "name", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.note(route, method, status, seconds)
            if self._log:
                client = scope["client"][0] if scope.get("client") else "-"
                if user := scope.get("tracuu.user"):
                    client = f"{client} {_printable(user)}"
                _log.info(
                    '%s "%s %s" %d %d %.1fms',
                    client,
                    method,
                    _target(scope),
                    status,
                    size,
                    1000 * seconds,
                )


_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


def _target(scope: Scope) -> str:
    """Path and query as sent.

    They are ASCII, without characters that could end a line of the log.
    """
    raw = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    text = (raw.partition(b"?")[0] + (b"?" + query if query else b"")).decode("ascii", "replace")
    return _printable(text)[:2000]


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() and sign != '"' else "?" for sign in text)
