"""The readable formats, one row each; a new one is a row here and its module."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One format: the suffixes of its files, its module and its requirements.

    ``suffixes`` are lower case, with the dot; the first is the usual one. ``module`` is a module of
    this package with ``read(source) -> Iterable[Block]``. ``extra`` is the extra that brings what
    it imports (None: nothing). ``media_types`` are the values of Content-Type it is sent with, the
    registered first. The module of a ``container``, which holds other files, also has
    ``members(source) -> Iterable[tuple[str, bytes]]``: their names and bytes.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    extra: str | None = None
    media_types: tuple[str, ...] = ()
    container: bool = False


FORMATS = (
    FileFormat("txt", (".txt", ".text"), "text", None, ("text/plain",)),
    FileFormat("md", (".md", ".markdown"), "markdown", "md", ("text/markdown",)),
    FileFormat(
        "html", (".html", ".htm", ".xhtml", ".mht", ".mhtml"), "html", "html", ("text/html",)
    ),
    FileFormat(
        "docx",
        (".docx", ".docm", ".dotx"),
        "docx",
        "docx",
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    ),
    FileFormat("doc", (".doc", ".dot"), "doc", "doc", ("application/msword",)),
    FileFormat("odt", (".odt",), "odt", "odt", ("application/vnd.oasis.opendocument.text",)),
    FileFormat("rtf", (".rtf",), "rtf", None, ("application/rtf", "text/rtf")),
    FileFormat("pdf", (".pdf",), "pdf", "pdf", ("application/pdf",)),
    FileFormat(
        "xlsx",
        (".xlsx", ".xlsm"),
        "spreadsheet",
        "sheets",
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ),
    FileFormat("xls", (".xls",), "spreadsheet", "sheets", ("application/vnd.ms-excel",)),
    FileFormat(
        "ods",
        (".ods",),
        "spreadsheet",
        "sheets",
        ("application/vnd.oasis.opendocument.spreadsheet",),
    ),
    FileFormat(
        "pptx",
        (".pptx", ".pptm"),
        "pptx",
        "pptx",
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    ),
    FileFormat("eml", (".eml",), "eml", "html", ("message/rfc822",), container=True),
    FileFormat("msg", (".msg",), "msg", "msg", ("application/vnd.ms-outlook",), container=True),
    FileFormat(
        "zip",
        (".zip",),
        "archive",
        None,
        ("application/zip", "application/x-zip-compressed"),
        container=True,
    ),
)

BY_NAME = {each.name: each for each in FORMATS}
SUFFIXES = {suffix: each.name for each in FORMATS for suffix in each.suffixes}
EXTRAS = {each.name: each.extra for each in FORMATS if each.extra is not None}
MEDIA_TYPES = {kind: each.suffixes[0] for each in FORMATS for kind in each.media_types}
CONTAINERS = tuple(suffix for each in FORMATS if each.container for suffix in each.suffixes)


def is_container(name: str) -> bool:
    """Whether a file's name is that of a container, which holds other files."""
    return name.lower().endswith(CONTAINERS)
