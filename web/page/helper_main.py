"""Main module of the process of :mod:`.helper`, which makes pages one by one."""

from __future__ import annotations

import contextlib
import os
import sys

from starlette.requests import Request

from ...engines.processes import serve_requests
from ..access import Access
from .failures import failure
from .helper import PageAnswer, PageRequest
from .routes import HELPED
from .visit import Site, Visit

_NICE = 3  # niceness, at most 19: exports get half the time of a search, enough not to time out
_BELOW_NORMAL = 0x4000  # priority class on Windows
_WORKS = {work.__name__: work for work in HELPED}


class Maker:
    """Makes pages of one index, which is opened for the first page."""

    def __init__(self) -> None:
        self._site: Site | None = None

    def answer(self, asked: PageRequest) -> PageAnswer | None:
        """The page; None for a failure that the service has to handle."""
        if self._site is None:
            self._site = Site(Access(asked.path, asked.settings), asked.settings)
        visit = Visit(self._site, Request(asked.scope))
        try:
            response = _WORKS[asked.work](self._site.access.index(), visit)
        except Exception as error:  # shown as a page; others are left to the service
            known = failure(error, visit.t)
            if known is None:
                return None
            response = visit.render("error.html", status=known.status, failure=known)
        return PageAnswer(response.status_code, response.raw_headers, bytes(response.body))


def main() -> None:
    """Serve requests of the service until it ends."""
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
        else:
            os.nice(_NICE)
    serve_requests(Maker().answer)
