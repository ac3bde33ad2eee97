"""Readers, one for each format, all with the same plain blocks as output.

>>> contents = read_blocks("report.docx")           # doctest: +SKIP
>>> contents.format, len(contents.blocks)           # doctest: +SKIP
('docx', 212)

A reader's own packages are imported when the first file of its format is read. Which formats need
which extra is in :data:`EXTRAS`.
"""

from __future__ import annotations

import importlib
import logging
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

from ...errors import (
    DamagedFile,
    EmptyFile,
    MissingExtra,
    ReadError,
    TooLarge,
    install_extra,
)
from ..blocks import Block
from ..repair import mend_words, repair_texts, tidy
from .assemble import bounded, split_long
from .contents import without_contents
from .formats import BY_NAME, EXTRAS, SUFFIXES, FileFormat
from .kinds import sniff
from .limits import Limits
from .notes import place_notes
from .source import SourceFile, load, ocr_languages

__all__ = ["EXTRAS", "SUFFIXES", "Contents", "FileFormat", "Limits", "is_supported", "read_blocks"]

_BULLET = re.compile(r"[-–—+*•●○▪◦·]\s")
_SYMBOL_BULLET = re.compile("^[\uf020-\uf0ff]\\s*(?=\\S)")
_log = logging.getLogger("tracuu.corpus")


@dataclass(frozen=True, slots=True)
class Contents:
    """The blocks of one file, with its format, notes and properties.

    ``format`` is the file's real format, regardless of its name (a ``FileFormat.name``); ``notes``
    describe repairs and remaining faults in plain words; ``properties`` are the document's own
    metadata, if any (``"title"``, ``"author"`` …; front matter of Markdown under its own keys);
    ``sha256`` and ``size`` (bytes) are of the bytes that were read.
    """

    blocks: tuple[Block, ...]
    format: str
    notes: tuple[str, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    size: int = 0


class _Reader(Protocol):
    def read(self, source: SourceFile) -> Iterable[Block]: ...


def is_supported(name: str | os.PathLike[str]) -> bool:
    """Whether a file's name has the suffix of a readable format (:data:`SUFFIXES`)."""
    return _suffix(os.fspath(name)) in SUFFIXES


def read_blocks(
    path: str | os.PathLike[str], *, limits: Limits | None = None, ocr: bool | str = False
) -> Contents:
    """The blocks of the file at ``path``, in reading order, with notes and properties.

    The format is decided by the bytes, then by the name; a wrong suffix is noted. With ``ocr`` the
    scanned pages of a PDF are read with tesseract: True in Vietnamese, else the languages given,
    such as ``"vie+eng"``. Raises OptionError for a name that is no language, a subclass of
    ``ReadError`` for every file that cannot be read, and ``MissingExtra`` where the packages of its
    format are not installed; nothing else.
    """
    limits = limits or Limits()
    languages = ocr_languages(ocr)
    name, data = load(path, limits)
    source = SourceFile(name, data, limits, suffix=_suffix(name), ocr=languages)
    if not data.strip(b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf"):
        raise EmptyFile(name, "there is nothing but blanks in the file")
    kind = sniff(source)
    expected = SUFFIXES.get(source.suffix)
    if expected not in (kind, None):
        source.note(f"named {source.suffix}, but read as the {kind} file that it is")
    blocks = _run(kind, source)
    if not blocks:
        raise EmptyFile(name, "there is no text in it")
    for note in source.notes:
        _log.debug("%s: %s", name, note)
    properties = {key: text for key, value in source.properties.items() if (text := tidy(value))}
    return Contents(tuple(blocks), kind, tuple(source.notes), properties, source.sha256, len(data))


def _run(kind: str, source: SourceFile) -> list[Block]:
    """Run the reader of ``kind``; any exception becomes one of tracuu's errors."""
    try:
        reader = cast(_Reader, importlib.import_module(f".{BY_NAME[kind].module}", __name__))
        blocks = list(_finish(list(bounded(reader.read(source), source)), source))
        kept, gone = without_contents(place_notes(blocks))
        if gone and kept:
            source.note("the table of contents is left out")
            return kept
        return place_notes(blocks)
    except ImportError as error:
        raise _missing(kind, error) from error
    except (ReadError, MissingExtra):
        raise
    except MemoryError as error:
        raise TooLarge(source.path, "it needs more memory than there is") from error
    except RecursionError as error:
        raise TooLarge(source.path, "its parts are nested too deeply (Limits.nesting)") from error
    except Exception as error:
        _log.debug("%s: the %s reader failed", source.path, kind, exc_info=True)
        cause = f"{type(error).__name__}: {error}".rstrip(": ")[:200]
        raise DamagedFile(
            source.path,
            "damaged, or no {kind} file as it should be ({cause})",
            kind=kind,
            cause=cause,
        ) from error


def _missing(kind: str, error: ImportError) -> Exception:
    extra = EXTRAS.get(kind)
    if extra is None or (error.name or "").startswith(__name__.split(".")[0]):
        return error
    return MissingExtra(
        "reading .{kind} files needs {error}: {how}",
        kind=kind,
        error=error.name or error,
        how=install_extra(extra),
    )


def _finish(blocks: list[Block], source: SourceFile) -> Iterator[Block]:
    """Repair and tidy the text of blocks, and split long ones.

    Blocks without a word are left out.
    """
    repaired = repair_texts([block.text for block in blocks])
    for note in repaired.notes:
        source.note(note)
    mended, notes = mend_words(repaired.texts)
    for note in notes:
        source.note(note)
    lost = sum(text.count("\ufffd") for text in mended)
    if lost:
        source.note(f"{lost} characters are unknown (U+FFFD)")
    gap = cut = False
    for block, text in zip(blocks, mended, strict=True):
        # A bullet in a symbol font is a character that no other font has.
        clean = _SYMBOL_BULLET.sub("- ", tidy(text))
        if not any(map(str.isalnum, clean)):
            gap = True  # a rule, a row of stars: it only separates
            continue
        lead = _lead(block, text) if block.lead else 0
        kind = "list-item" if block.kind == "paragraph" and _BULLET.match(clean) else block.kind
        whole = replace(
            block, text=clean, kind=kind, lead=min(lead, len(clean)), gap=block.gap or gap
        )
        gap = False
        pieces = list(split_long(whole, source.limits.block_characters))
        cut = cut or len(pieces) > 1
        yield from pieces
    if cut:
        source.note(
            f"paragraphs over {source.limits.block_characters:,} characters cut at sentence ends"
        )


def _lead(block: Block, text: str) -> int:
    """The length of the block's lead after repair and tidying."""
    start = block.text[: block.lead]
    if text != block.text:  # the repair of the start alone may differ by the letter at its end
        start = text[: round(len(text) * block.lead / len(block.text))]
    return len(tidy(start))


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()
