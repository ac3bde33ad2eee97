"""The outermost layer: security headers, HEAD, authentication, no tracebacks."""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from ..errors import Message
from .problems import Problem, language_of, problem_of
from .settings import Settings

_log = logging.getLogger("tracuu.web")

# Content-Security-Policy: no other origins, no inline scripts or styles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# Default headers of every response.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, index: str, settings: Settings) -> None:
        self._app = app
        self._index = index
        self._hosts = frozenset(host.lower() for host in settings.hosts)
        self._user_header = settings.user_header
        self._tokens = [
            token.encode()
            for token in (settings.reading_token, settings.token)
            if token is not None and settings.reading_token is not None
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if head else scope
        begun = False

        async def guarded(message: Event) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache")
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if self._hosts and (host := _host_of(scope)) not in self._hosts:
            other = Message("this service does not answer to the name {host!r}", host=host)
            problem = Problem(400, "bad-request", other)
            await problem.response()(inner, receive, guarded)
            return
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in scope["path"]):
            problem = Problem(400, "bad-request", "the address holds a control character")
            await problem.response()(inner, receive, guarded)
            return
        refused = self._refusal(scope)
        if refused is not None:
            await refused.response()(inner, receive, guarded)
            return
        try:
            await self._app(inner, receive, guarded)
        except Exception as error:  # no traceback may reach a client
            problem = problem_of(error, index=self._index)
            if problem.status == 500:
                _log.exception("%s %s failed", scope["method"], scope["path"])
            if begun:  # too late for an error response: the connection is dropped
                raise
            await answer_for(Request(inner), problem)(inner, receive, guarded)
        finally:
            if head and "route" in inner:
                scope["route"] = inner["route"]

    def _refusal(self, scope: Scope) -> Problem | None:
        """Why the request is refused, or None. ``/healthz`` is always allowed."""
        if path_of(scope) == "/healthz":
            return None
        headers = Headers(scope=scope)
        if self._user_header:
            user = headers.get(self._user_header, "").strip()
            if not user:
                unnamed = Message("the proxy names no user ({header})", header=self._user_header)
                return Problem(401, "unauthorised", unnamed)
            scope["tracuu.user"] = user
        if self._tokens and not _has_token(headers.get("authorization", ""), self._tokens):
            return Problem(
                401,
                "unauthorised",
                "send the header Authorization: Bearer TOKEN, or the token as the password of HTTP "
                "Basic",
                headers={"WWW-Authenticate": 'Basic realm="tracuu", charset="UTF-8"'},
            )
        return None


def _has_token(authorization: str, tokens: Sequence[bytes]) -> bool:
    """Whether the request sends one of ``tokens``.

    As a bearer token, or as the password of HTTP Basic (RFC 7617).
    """
    scheme, _, sent = authorization.partition(" ")
    given = sent.strip().encode()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[2]
        except ValueError:
            return False
    elif scheme.lower() != "bearer":
        return False
    return any(secrets.compare_digest(given, token) for token in tokens)


def _host_of(scope: Scope) -> str:
    """The host name of the request, without the port."""
    sent = Headers(scope=scope).get("host", "").lower()
    name, _, port = sent.rpartition(":")
    return name if name and port.isdecimal() else sent


def path_of(scope: Scope) -> str:
    """The path within the application, without the path it is mounted at."""
    path, root = str(scope.get("path", "")), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


def answer_for(request: Request, problem: Problem) -> Response:
    """The response for a problem: HTML for a browser, else JSON.

    The page sets ``app.state.problem_page``, a function (request, problem) → response.
    """
    make = getattr(request.app.state, "problem_page", None) if "app" in request.scope else None
    if (
        make is not None
        and not path_of(request.scope).startswith("/api/")
        and "text/html" in request.headers.get("accept", "")
    ):
        response: Response = make(request, problem)
        return response
    return problem.response(language_of(request.headers))
