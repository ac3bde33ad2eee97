"""Errors on a page: title, description, and advice."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ... import errors
from ...messages import in_language
from ..access import Overloaded, TookTooLong
from ..problems import Problem
from .error_messages import translate_error
from .highlight import highlight_error
from .wording import Wording


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as displayed on a page.

    ``message`` is the page's wording, ``detail`` the library's, or empty; ``query`` is the query
    with the position of the error marked.
    """

    status: int
    title: str
    message: str
    detail: str = ""
    query: Markup | None = None
    retry: bool = False


def failure(error: BaseException, t: Wording) -> Failure | None:
    """Describe an error, or return None for a bug in the service."""
    words = translate_error(error, t) if isinstance(error, Exception) else None
    detail = "" if words else _detail(error, t)
    match error:
        case errors.QueryError():
            mark = highlight_error(error.query, error.position)
            return Failure(422, t("error.query"), words or "", detail, query=mark)
        case errors.UnknownPassage():
            return Failure(404, t("error.not_found"), t("error.passage_gone"))
        case errors.UnknownReport():
            return Failure(404, t("error.not_found"), words or t("error.report_gone"))
        case errors.ReadError():
            return Failure(404, t("error.original"), words or "", in_language(error.reason, t.lang))
        case errors.MissingExtra():
            return Failure(501, t("error.title"), "", detail)
        case errors.UsageError():
            return Failure(422, t("error.filter"), words or "", detail)
        case errors.StorageError() | Overloaded() | TookTooLong():
            return Failure(503, t("error.storage"), t("error.storage_do"), retry=True)
        case _ if words:
            return Failure(422, t("error.query"), words)
    return None


def failure_of(problem: Problem, t: Wording) -> Failure:
    """The failure for a problem outside a page: an unknown address, a fault."""
    if problem.status == 404:
        return Failure(404, t("error.not_found"), t("error.page_gone"))
    detail = in_language(problem.detail, t.lang)
    if problem.status >= 500:
        return Failure(problem.status, t("error.title"), t("error.storage_do"), detail, retry=True)
    return Failure(problem.status, t("error.title"), "", detail)


def _detail(error: BaseException, t: Wording) -> str:
    return in_language(error.args[0] if error.args else "", t.lang)
