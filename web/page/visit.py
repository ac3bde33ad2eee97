"""One request for a page: its search, language and response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ...corpus.letter_case import readable
from ...index import Index
from ..access import Access
from ..problems import Problem
from ..settings import Settings
from .assets import Assets
from .failures import failure, failure_of
from .helper import Helper
from .looks import file_format, file_name, plain_evidence
from .query import SIZES, SORTS, PageQuery
from .wording import Wording, wording

Work = Callable[["Index", "Visit"], Response]  # makes a page from the index, in a thread
# "": as fast as a search; "read": waits for files; "helped": computes for long
Slowness = Literal["", "read", "helped"]


class Site:
    """State that all pages share."""

    def __init__(self, access: Access, settings: Settings) -> None:
        self.access = access
        self.settings = settings
        self.assets = Assets()
        self._helper = Helper(access.path, settings)
        access.on_close(self._helper.close)
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(
            readable=readable,
            file_name=file_name,
            file_format=file_format,
            plain_evidence=plain_evidence,
            SORTS=SORTS,
            SIZES=SIZES,
        )

    def problem_page(self, request: Request, problem: Problem) -> Response:
        """The page for a problem that occurred outside the pages."""
        visit = Visit(self, request)
        return visit.render(
            "error.html", status=problem.status, failure=failure_of(problem, visit.t)
        )

    def page(self, work: Work, *, slow: Slowness = "") -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that returns the page made by ``work`` from the index.

        After an error it returns the page that describes it. ``slow`` work, which may take seconds,
        does not delay searches.
        """
        read = self.access.read_slowly if slow else self.access.read

        def make(index: Index, visit: Visit) -> Response:
            if slow == "helped" and not (visit.query.meaning and visit.can_mean):
                made = self._helper.make(work.__name__, visit.request.scope)
                if made is not None:
                    return made
            return work(index, visit)

        async def answer(request: Request) -> Response:
            visit = Visit(self, request)
            try:
                visit.check()
                return await read(lambda index: make(index, visit))
            except Exception as error:  # shown as a page; others are raised again
                known = failure(error, visit.t)
                if known is None:
                    raise
                return visit.render("error.html", status=known.status, failure=known)

        return answer


@dataclass(frozen=True)
class Visit:
    """One request. ``query`` is the search in its address."""

    site: Site
    request: Request

    @cached_property
    def query(self) -> PageQuery:
        """The search in the address."""
        return PageQuery.read(self.request.query_params, self.request.scope.get("root_path", ""))

    @property
    def t(self) -> Wording:
        """The words of the visitor's language."""
        return wording(self.query.lang)

    @property
    def can_mean(self) -> bool:
        """Whether the service has an embedder, to rank by meaning."""
        return self.site.settings.embedder is not None

    def check(self) -> None:
        """Raises TooLong for a value longer than the settings allow."""
        most = self.site.settings.query_length
        longest = max((len(value) for value in self.request.query_params.values()), default=0)
        if longest > most:
            raise TooLong(longest, most)

    def link(self, path: str, **params: Any) -> str:
        """An address in the same language with ``params`` and no search."""
        return self.query.bare().but(**params).url(path)

    def here(self, **changes: Any) -> str:
        """The address of this page with changes to the search."""
        params = self.request.query_params
        others = [(key, value) for key, value in params.multi_items() if key not in changes]
        pairs = [*others, *((key, value) for key, value in changes.items() if value)]
        return quote(self.request.url.path) + (f"?{urlencode(pairs, doseq=True)}" if pairs else "")

    def render(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Render ``template``."""
        t = self.t
        other = t("site.other_lang")
        usual = {
            "t": t,
            "query": self.query,
            "link": self.link,
            "here": self.here,
            "asset": lambda name: self.query.base + self.site.assets.url(name),
            "base": self.query.base,
            "origin": f"{self.request.url.scheme}://{self.request.url.netloc}",
            "other_language": self.here(lang=other if other != "vi" else ""),
        }
        html = self.site.templates.get_template(template).render({**usual, **context})
        return HTMLResponse(html, status, {"Cache-Control": "no-cache"})


class TooLong(Exception):
    """A value in the URL is longer than allowed."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__(f"the query has {length} characters; the limit is {most}: leave some out")
