"""Serve the application on a socket with uvicorn, in one process or several."""

from __future__ import annotations

import functools
import gc
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..charts.home import spare_home
from ..errors import MissingExtra, OptionError, install_extra
from .app import create_app  # checks for its packages before a socket is bound
from .settings import Settings
from .site import create_site

try:
    import uvicorn
    from starlette.applications import Starlette
    from uvicorn.supervisors import Multiprocess
except ModuleNotFoundError as error:
    raise MissingExtra(
        "the HTTP service needs the package {name!r}; {how}",
        name=error.name,
        how=install_extra("web"),
    ) from error

from .connections import BACKLOG, HEAD_BYTES, BoundedProtocol

# Seconds (Python's default: 0.005) after which a computing thread yields to a
# waiting one: a request changes threads several times, and waits each time.
_SWITCH = 0.001
_GRACE = 10  # seconds for running requests when the service stops
_KEEP_ALIVE = 15


def serve(
    index_path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    ready: Callable[[str], None] | None = None,
    setup: Callable[[], None] | None = None,
) -> None:
    """Serve the index, or several, until SIGINT or SIGTERM.

    Running requests are finished. ``port`` 0 chooses a free one. ``ready`` is called with the
    address once connections are accepted (they wait until the application has started). ``setup``
    is called in each serving process before the application is made; with several processes it must
    be a function of a module. Each serving process has a helper process for slow pages
    (``Settings.helper``). Raises MissingExtra, and OptionError for an address that cannot be used.
    """
    if isinstance(index_path, (str, os.PathLike)):
        index_path = [index_path]
    paths = tuple(os.fspath(path) for path in index_path)
    settings = replace(settings, helper=True)
    bound = listen(host, port)
    with bound:
        config = uvicorn.Config(
            functools.partial(_application, paths, settings, setup),
            factory=True,
            root_path=settings.root_path,
            workers=workers,
            log_config=None,
            access_log=False,
            http=BoundedProtocol,
            backlog=BACKLOG,
            h11_max_incomplete_event_size=HEAD_BYTES,
            server_header=False,
            lifespan="on",
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_GRACE,
        )
        if ready is not None:
            ready(address(bound) + settings.root_path)
        if workers > 1:
            Multiprocess(config, sockets=[bound]).run()
        else:
            uvicorn.Server(config).run(sockets=[bound])


def _application(
    paths: tuple[str, ...], settings: Settings, setup: Callable[[], None] | None
) -> Starlette:
    spare_home(os.environ)
    sys.setswitchinterval(_SWITCH)
    if setup is not None:
        setup()
    application: Starlette
    if len(paths) > 1:
        application = create_site(paths, settings=settings)
    else:
        application = create_app(paths[0], settings=settings)
    gc.freeze()  # collections skip what stays loaded
    return application


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to ``host`` and ``port``.

    ``host`` is a name or an address, IPv4 or IPv6. Raises OptionError.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise OptionError(
            "the host {host!r} is not known: {error}",
            host=host,
            error=getattr(error, "strerror", None) or error,
        ) from error
    family, kind, protocol, _, place = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there the option would let two services share a port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(place)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        reason = (error.strerror or str(error)).lower()
        raise OptionError(
            "cannot listen on {host} port {port}: {reason}; end what uses it, or "
            "choose another with --port (0: any that is free)",
            host=host,
            port=port,
            reason=reason,
        ) from error
    bound.set_inheritable(True)
    return bound


def address(bound: socket.socket) -> str:
    """The URL of a bound socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
