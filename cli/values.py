"""Completions of values in a shell.

Areas, reports and terms of the index, files, folders. Completion is silent and never creates an
index: without a readable one it offers nothing. Modules are imported only when a value is
completed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import click

from .. import corpus, index
from ..errors import TracuuError
from .environment import opening_options

DEFAULT_INDEX = ".tracuu"
NAMED = "tracuu.named-index"  # key in click's ``meta`` for the index named by an option
INDEX = "tracuu.index"  # key in click's ``meta`` for the index folder on the command line

Completer: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[Any]]"

_MOST = 200  # maximum completions; long reports have more passages


def _completer(offer: Callable[[click.Context, str], Iterable[tuple[str, str]]]) -> Completer:
    """A completer of the (value, description) pairs of ``offer``; ignores errors."""

    def complete(context: click.Context, parameter: click.Parameter, start: str) -> list[Any]:
        import logging

        from click.shell_completion import CompletionItem

        # a warning would appear in the command line
        logging.getLogger("tracuu").setLevel(logging.CRITICAL + 1)
        found: list[Any] = []
        with suppress(Exception):
            for value, what in offer(context, start):
                if value.startswith(start):
                    found.append(CompletionItem(value, help=" ".join(what.split()) or None))
        return found

    return complete


def index_folder(context: click.Context) -> str:
    """The folder of the index named on the command line, or the default one."""
    return context.meta.get(INDEX) or os.path.join(os.curdir, DEFAULT_INDEX)


def _open(context: click.Context) -> index.Index:
    folder = index_folder(context)
    return index.Index.open(folder, options=opening_options(folder))


@_completer
def areas(context: click.Context, start: str) -> Iterator[tuple[str, str]]:
    """Ids of the index's areas; without an index, of the shipped taxonomy."""
    try:
        with _open(context) as opened:
            known = opened.labels()
    except TracuuError:
        known = corpus.shipped_labels()
    yield from known.items()


@_completer
def reports(context: click.Context, start: str) -> Iterator[tuple[str, str]]:
    """Ids of the index's reports."""
    with _open(context) as opened:
        for report in opened.reports():
            yield report.id, report.title


@_completer
def passages(context: click.Context, start: str) -> Iterator[tuple[str, str]]:
    """Ids of reports, and after a ``#`` those of the report's passages."""
    name, mark, _ = start.rpartition("#")
    with _open(context) as opened:
        if mark:
            for hit in opened.search("", report=name, limit=_MOST):
                yield hit.passage.id, hit.passage.text[:60]
        else:
            for report in opened.reports():
                yield report.id, report.title


def _values_of(name: str) -> Completer:
    @_completer
    def offer(context: click.Context, start: str) -> Iterator[tuple[str, str]]:
        with _open(context) as opened:
            for value, count in opened.search("", limit=0).facets[name].items():
                yield value, f"{count} passages"

    return offer


bodies = _values_of("body")
places = _values_of("place")
report_folders = _values_of("folder")


@_completer
def terms(context: click.Context, start: str) -> Iterator[tuple[str, str]]:
    """Terms of office of the index's reports."""
    with _open(context) as opened:
        known = sorted({report.term for report in opened.reports() if report.term})
    for first, last in known:
        yield f"{first}-{last}", ""


@_completer
def assessments(context: click.Context, start: str) -> Iterable[tuple[str, str]]:
    """The assessments."""
    return (
        ("achievement", "mặt được, ưu điểm, kết quả"),
        ("shortcoming", "mặt tồn tại, khuyết điểm, hạn chế"),
        ("cause", "nguyên nhân"),
        ("none", ""),
    )


@_completer
def engines(context: click.Context, start: str) -> Iterator[tuple[str, str]]:
    """Engines that keep an index on disk."""
    from ..engines import ENGINES  # a package without lazy imports

    for name in ENGINES:
        if name != "memory":
            yield name, ""


def _paths(kind: str) -> Completer:
    def complete(context: click.Context, parameter: click.Parameter, start: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(start, type=kind)]  # shells complete files better

    return complete


files = _paths("file")
folders = _paths("dir")
