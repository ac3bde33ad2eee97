"""The HTTP service: a JSON API and a web page over one index (extra ``web``).

>>> from tracuu.web import Settings, create_app                      # doctest: +SKIP
>>> app = create_app("my-index", settings=Settings(token="…"))       # doctest: +SKIP

``app`` is an ASGI application: run it with uvicorn, or mount it in another application.
``tracuu serve`` runs it from the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .access import Access
    from .app import create_app
    from .server import serve
    from .settings import Settings
    from .site import create_site

_HOMES = {
    "Access": "access",
    "Settings": "settings",
    "create_app": "app",
    "create_site": "site",
    "serve": "server",
}

__all__ = ["Access", "Settings", "create_app", "create_site", "serve"]

__getattr__, __dir__ = lazily(__name__, _HOMES)
