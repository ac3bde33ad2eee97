"""Settings of the service, and its limits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..errors import OptionError
from ..search.embedder import Embedder

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service behaves; every limit is 1 or more.

    =====================  =========================================================================
    ``token``              clients that send it may add and remove reports; None: the service only
                           reads
    ``reading_token``      clients that send it (or ``token``) may read: as a bearer token, or as
                           the password of HTTP Basic, which browsers prompt for; None: all may
    ``user_header``        header in which a proxy names the user who has logged in there, such as
                           ``"Remote-User"``; a request without it is refused. Only behind a proxy
                           that sets it
    ``originals``          show the files that reports were read from, and pages of PDFs as pictures
    ``cors``               origins whose pages may read the API, such as ``"https://a.example"``;
                           ``"*"``: any
    ``hosts``              names that the service answers to (``Host``), without a port; (): any. If
                           the service is for one machine only, set its names, so that no web page
                           can reach it by another name
    ``root_path``          the path below which a proxy shows the service, such as ``"/tracuu"``
    ``abbreviations``      a TOML file of abbreviations, as for ``Index.open``
    ``options``            the engine's options, as for ``Index.open``: an address, a password
    ``embedder``           makes vectors for searches by meaning, as for ``Index.open``; None: no
                           search by meaning
    ``query_length``       characters of a query, and of any other value in an address
    ``page_size``          passages or reports of one answer
    ``offset``             highest offset of a page
    ``upload_bytes``       bytes of one report
    ``timeout``            seconds that a reading request may take
    ``slow_timeout``       seconds that an export, a comparison, charts or a page's picture may take
    ``write_timeout``      seconds that a writing request may take, the upload included
    ``wait``               seconds that a writing request waits for another writer of the index
    ``threads``            requests processed at the same time; besides them one comparison, export
                           or picture, in a separate thread
    ``helper``             make exports, charts, comparisons and pictures in a process of lower
                           priority, which opens the index separately (set by ``serve``)
    ``backlog``            requests that may wait for a thread, and as many exports and the like;
                           further ones get a 503 response at once
    ``cache_bytes``        bytes of exports, charts and pictures kept in memory
    ``access_log``         log each request to ``logging.getLogger("tracuu.web.access")``
    =====================  =========================================================================

    Raises OptionError for an invalid value.
    """

    token: str | None = None
    reading_token: str | None = None
    user_header: str = ""
    originals: bool = False
    cors: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    root_path: str = ""
    abbreviations: str | os.PathLike[str] | None = None
    options: Mapping[str, Any] | None = field(default=None, repr=False)
    embedder: Embedder | None = field(default=None, repr=False)
    query_length: int = 1000
    page_size: int = 100
    offset: int = 10_000
    upload_bytes: int = 50 * _MB
    timeout: float = 10.0
    slow_timeout: float = 30.0
    write_timeout: float = 300.0
    wait: float = 5.0
    threads: int = 4
    helper: bool = False
    backlog: int = 64
    cache_bytes: int = 64 * _MB
    access_log: bool = True

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if type(value) in (int, float) and not value > 0:
                raise OptionError(
                    "{name} must be more than 0, not {value}", name=one.name, value=value
                )
        for token in (self.token, self.reading_token):
            if token is None or (len(token) >= 16 and token.isascii() and token.isprintable()):
                continue
            raise OptionError(
                "a token has 16 or more printable ASCII characters; make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe())"'
            )
        if self.root_path and (not self.root_path.startswith("/") or self.root_path.endswith("/")):
            raise OptionError(
                "root_path begins with a slash and does not end with one, as /tracuu: "
                "{root_path!r}",
                root_path=self.root_path,
            )
