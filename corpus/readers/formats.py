"""The readable formats. A new format needs a row here and a module."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One format: the suffixes of its files, its module and its requirements.

    ``suffixes`` are lower case, with the dot; the first is the usual one. ``module`` is a module of
    this package with ``read(source) -> Iterable[Block]``. ``extra`` is the extra that installs its
    requirements (None: it has none), ``package`` the import name of the required package.
    ``media_types`` are its Content-Type values, the registered one first. The module
    of a ``container``, which holds other files, also has ``members(source) -> Iterable[tuple[str,
    bytes]]``: their names and bytes.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    extra: str | None = None
    package: str | None = None
    media_types: tuple[str, ...] = ()
    container: bool = False


FORMATS = (
    FileFormat("txt", (".txt", ".text"), "text", None, None, ("text/plain",)),
    FileFormat("md", (".md", ".markdown"), "markdown", "md", "markdown_it", ("text/markdown",)),
    FileFormat(
        "html",
        (".html", ".htm", ".xhtml", ".mht", ".mhtml"),
        "html",
        "html",
        "lxml",
        ("text/html",),
    ),
    FileFormat(
        "docx",
        (".docx", ".docm", ".dotx"),
        "docx",
        "docx",
        "defusedxml",
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    ),
    FileFormat("doc", (".doc", ".dot"), "doc", "doc", "olefile", ("application/msword",)),
    FileFormat(
        "odt", (".odt",), "odt", "odt", "defusedxml", ("application/vnd.oasis.opendocument.text",)
    ),
    FileFormat("rtf", (".rtf",), "rtf", None, None, ("application/rtf", "text/rtf")),
    FileFormat("pdf", (".pdf",), "pdf", "pdf", "pypdfium2", ("application/pdf",)),
    FileFormat(
        "xlsx",
        (".xlsx", ".xlsm"),
        "spreadsheet",
        "sheets",
        "python_calamine",
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ),
    FileFormat(
        "xls", (".xls",), "spreadsheet", "sheets", "python_calamine", ("application/vnd.ms-excel",)
    ),
    FileFormat(
        "ods",
        (".ods",),
        "spreadsheet",
        "sheets",
        "python_calamine",
        ("application/vnd.oasis.opendocument.spreadsheet",),
    ),
    FileFormat(
        "pptx",
        (".pptx", ".pptm"),
        "pptx",
        "pptx",
        "defusedxml",
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    ),
    FileFormat("eml", (".eml",), "eml", "html", None, ("message/rfc822",), container=True),
    FileFormat(
        "msg", (".msg",), "msg", "msg", "oxmsg", ("application/vnd.ms-outlook",), container=True
    ),
    FileFormat(
        "zip",
        (".zip",),
        "archive",
        None,
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
    """Whether a file name has the suffix of a container, which holds other files."""
    return name.lower().endswith(CONTAINERS)


def readable_suffixes() -> tuple[str, ...]:
    """The suffixes of the formats whose packages are installed here."""
    return tuple(
        suffix
        for each in FORMATS
        if each.package is None or find_spec(each.package) is not None
        for suffix in each.suffixes
    )
