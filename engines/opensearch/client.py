"""Requests to an OpenSearch cluster, with retries and the package's own errors.

All requests are idempotent: documents have ids, and the registry is changed only in the version it
was read in. So requests are retried after the loss of a node, an overload or a missing answer, on
another node if there is one, with exponential backoff and jitter.
"""

from __future__ import annotations

import base64
import logging
import random
import ssl
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import ConnectionTimeout, OpenSearchException, SSLError, TransportError

from ...errors import EngineUnreachable, Message, OptionError
from .settings import ClusterSettings

T = TypeVar("T")
Body = dict[str, Any]

# failures are raised as errors of tracuu
logging.getLogger("opensearch").addHandler(logging.NullHandler())

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
_FIRST_CONTACT = 4.0  # seconds; a wrong address should fail soon
_PASSING = (429, 502, 503, 504)
# Kinds of status 500 that mean that the node lost another one during the request.
_LOST = ("node_disconnected_exception", "node_not_connected_exception", "node_closed_exception")


class Refused(Exception):
    """An error response of the cluster; internal to this package."""

    def __init__(self, status: int, kind: str, reason: str, body: object = None) -> None:
        super().__init__(f"{kind}: {reason}")
        self.status = status
        self.kind = kind
        self.reason = reason
        self.body = body


class Client:
    """A client for one cluster. Thread-safe."""

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings
        self._client = OpenSearch(**client_arguments(settings))
        self._met = False

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        params: Mapping[str, Any] | None = None,
        *,
        patience: float | None = None,
    ) -> Any:
        """Send a request, with retries, and return the JSON of the response.

        Raises Refused (an error response), EngineUnreachable (all retries failed).
        """
        headers = (
            {"content-type": "application/x-ndjson"} if isinstance(body, (bytes, str)) else None
        )

        def send() -> Any:
            return self._client.transport.perform_request(
                method, path, params=dict(params or {}), body=body, headers=headers
            )

        return self._insist(send, self.settings.patience if patience is None else patience)

    def _insist(self, send: Callable[[], T], patience: float) -> T:
        begun = time.monotonic()
        pause = FIRST_PAUSE
        while True:
            try:
                answer = send()
                self._met = True
                return answer
            except SSLError as error:
                raise self._unreachable(_tls(error)) from None
            except TransportError as error:
                status = error.status_code if isinstance(error.status_code, int) else 0
                self._met = self._met or bool(status)
                if status and status not in _PASSING and why(error)[0] not in _LOST:
                    raise self._refusal(status, error) from None
                left = (
                    begun
                    + (patience if self._met else min(_FIRST_CONTACT, patience))
                    - time.monotonic()
                )
                if left <= 0:
                    raise self._gave_up(status, error) from None
            except OpenSearchException as error:
                raise self._unreachable(
                    Message("an answer could not be understood ({name})", name=type(error).__name__)
                ) from None
            time.sleep(min(left, pause * (0.5 + random.random())))
            pause = min(2 * pause, LONGEST_PAUSE)

    def _refusal(self, status: int, error: TransportError) -> Exception:
        if status == 401:
            return self._unreachable(
                "the user or the password is refused (401); give them as the options user and "
                "password, or a token (on the command line: TRACUU_OPENSEARCH_USER and "
                "TRACUU_OPENSEARCH_PASSWORD, or _TOKEN)"
            )
        kind, reason = why(error)
        if status == 403 and "block" not in kind:
            return self._unreachable(
                Message(
                    "the user may not do this (403, {reason}); ask the cluster's administrator "
                    "for the permission",
                    reason=reason,
                )
            )
        return Refused(status, kind, reason, error.info)

    def _gave_up(self, status: int, error: TransportError) -> EngineUnreachable:
        patience = Message("for {patience:g} s", patience=self.settings.patience)
        kind, reason = why(error)
        if status == 429:
            return self._unreachable(
                Message(
                    "the cluster was too busy {patience} (429, {kind}: {reason}); try again "
                    "later, or give it more memory",
                    patience=patience,
                    kind=kind,
                    reason=reason,
                )
            )
        if status in (500, 503):
            return self._unreachable(
                Message(
                    "a part of the index was not available {patience} ({status}, {reason}); "
                    "check the cluster's health (red: a node with the only copy of a shard is "
                    "missing) and try again",
                    patience=patience,
                    status=status,
                    reason=reason,
                )
            )
        if isinstance(error, ConnectionTimeout):
            return self._unreachable(
                Message(
                    "no answer within {timeout:g} s, also after retries {patience}; raise the "
                    "option timeout or check the cluster's load",
                    timeout=self.settings.timeout,
                    patience=patience,
                )
            )
        if isinstance(error, NoConnection):
            return self._unreachable(
                Message(
                    "no connection to {url} ({short}); is the cluster running, and the address "
                    "right?",
                    url=", ".join(self.settings.url),
                    short=_short(error),
                )
            )
        return self._unreachable(
            Message(
                "the proxy before the cluster refuses the request (HTTP {status}); check its "
                "settings",
                status=status,
            )
        )

    def _unreachable(self, reason: str) -> EngineUnreachable:
        return EngineUnreachable(self.settings.place, reason)


def client_arguments(settings: ClusterSettings) -> Body:
    """Arguments of the official client. Raises OptionError for unusable certificates."""
    headers = {}
    if settings.user is not None:
        pair = f"{settings.user}:{settings.password}".encode()
        headers["authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
    elif settings.token is not None:
        headers["authorization"] = f"Bearer {settings.token}"
    arguments: Body = {
        "hosts": list(settings.url),
        "timeout": settings.timeout,
        "max_retries": 0,  # retries are done here
        "retry_on_status": _PASSING,
        "retry_on_timeout": True,
        "headers": headers,
        "http_compress": False,  # long values are already compressed
        "pool_maxsize": 16,
    }
    if any(url.startswith("https:") for url in settings.url):
        arguments["ssl_context"] = _tls_context(settings)
    elif settings.ca_file or settings.client_cert or not settings.verify:
        raise OptionError(
            "ca_file, client_cert and verify are for TLS, but the url begins "
            "with http:; write https:"
        )
    return arguments


def _tls_context(settings: ClusterSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if settings.ca_file is not None:
            context.load_verify_locations(settings.ca_file)
    except (OSError, ValueError) as error:
        raise OptionError(
            "ca_file {ca_file!r} holds no certificates that can be used ({error})",
            ca_file=settings.ca_file,
            error=error,
        ) from None
    if settings.client_cert is not None:
        try:
            context.load_cert_chain(
                settings.client_cert, settings.client_key, password=_no_password
            )
        except (OSError, ValueError) as error:
            raise OptionError(
                "client_cert {client_cert!r} and client_key {client_key!r} cannot be used "
                "({error})",
                client_cert=settings.client_cert,
                client_key=settings.client_key,
                error=error,
            ) from None
    if not settings.verify:
        warnings.filterwarnings("ignore", message="Unverified HTTPS request")  # the user chose it
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _no_password() -> str:
    raise ValueError("the key is locked by a password; give one without")


def why(error: TransportError) -> tuple[str, str]:
    """The kind and reason of an error, as reported by the cluster."""
    return described(error.info) or (str(error.error), "no reason given")


def described(info: object) -> tuple[str, str] | None:
    """Kind and reason of the innermost cause in a response, or None."""
    found = None
    cause = info.get("error", info) if isinstance(info, dict) else None
    while isinstance(cause, dict) and "type" in cause:
        found = str(cause["type"]), str(cause.get("reason"))
        causes = cause.get("root_cause") or [
            failed["reason"]
            for failed in cause.get("failed_shards", ())
            if isinstance(failed.get("reason"), dict)
        ]
        inner = cause.get("caused_by") or (causes[0] if causes else None)
        if inner is cause:
            break
        cause = inner
    return found


def _tls(error: SSLError) -> str:
    return Message(
        "the connection cannot be secured ({short}); trust the cluster's authority "
        "with the option ca_file (--ca-file), or write the host's name as the "
        "certificate has it",
        short=_short(error),
    )


def _short(error: TransportError) -> str:
    text = str(error.error)
    for mark in ("Caused by ", "failed: ", "> "):
        text = text.rpartition(mark)[2] or text
    return text.strip("() ")[:200]
