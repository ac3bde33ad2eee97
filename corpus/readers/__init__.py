"""Readers, one per format, all of which produce blocks.

>>> contents = read_blocks("report.docx")           # doctest: +SKIP
>>> contents.format, len(contents.blocks)           # doctest: +SKIP
('docx', 212)

The packages of a reader are imported when the first file of its format is read; :data:`EXTRAS`
lists the formats that need an extra.
"""

from __future__ import annotations

import importlib
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

from ...errors import (
    DamagedFile,
    EmptyFile,
    Message,
    MissingExtra,
    ReadError,
    TooLarge,
    UnreadableFile,
    install_extra,
)
from ..blocks import Block
from ..repair import mend_words, repair_texts, tidy
from .assemble import bounded, split_long
from .contents import without_contents
from .cut_paragraphs import join_cut
from .drawn_tables import join_drawn_tables
from .flat_tables import join_flat_tables
from .formats import BY_NAME, EXTRAS, SUFFIXES, FileFormat
from .kinds import sniff
from .limits import Limits
from .notes import place_notes
from .source import SourceFile, load, ocr_languages

__all__ = [
    "EXTRAS",
    "SUFFIXES",
    "Contents",
    "FileFormat",
    "Limits",
    "is_supported",
    "read_blocks",
    "read_member",
]

_BULLET = re.compile(r"[-–—+*•●○▪◦·]\s")
_SYMBOL_BULLET = re.compile("^[\uf020-\uf0ff]\\s*(?=\\S)")
_RULES = tuple("-–—_=*~")
_RULE_BELOW = re.compile(r"\s+[-–—_=*~]{3,}$")
_log = logging.getLogger("tracuu.corpus")


@dataclass(frozen=True, slots=True)
class Contents:
    """The blocks of one file, with its format, notes and properties.

    ``format`` is the real format of the file, regardless of its name (a ``FileFormat.name``);
    ``notes`` describe repairs and remaining faults; ``properties`` are the document's metadata, if
    any (``"title"``, ``"author"`` …; front matter of Markdown with its own keys); ``sha256`` and
    ``size`` (bytes) are those of the bytes read. ``members`` are the readable files of a container
    (.zip, .eml, .msg), including those of nested containers, each with its ``name``: the path
    within the container, joined by ``/``.
    """

    blocks: tuple[Block, ...]
    format: str
    notes: tuple[str, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    size: int = 0
    name: str = ""
    members: tuple[Contents, ...] = ()


class _Reader(Protocol):
    def read(self, source: SourceFile) -> Iterable[Block]: ...


class _Container(_Reader, Protocol):
    def members(self, source: SourceFile) -> Iterable[tuple[str, bytes]]: ...


def is_supported(name: str | os.PathLike[str]) -> bool:
    """Whether a file's name has the suffix of a readable format (:data:`SUFFIXES`)."""
    return _suffix(os.fspath(name)) in SUFFIXES


def read_blocks(
    path: str | os.PathLike[str],
    *,
    limits: Limits | None = None,
    ocr: bool | str = False,
    jobs: int | None = None,
) -> Contents:
    """The blocks of the file at ``path``, in reading order, with notes and properties.

    The format is detected by the bytes, then by the name; a wrong suffix is noted. With ``ocr``
    scanned pages of a PDF are read with tesseract (True: in Vietnamese; else the languages, such as
    ``"vie+eng"``), ``jobs`` pages in parallel (None: one per processor); each page is logged to
    ``tracuu.ocr``. Raises only OptionError (an invalid language), subclasses of ``ReadError`` (the
    file cannot be read) and ``MissingExtra`` (packages of its format are not installed).
    """
    limits = limits or Limits()
    languages = ocr_languages(ocr)
    name, data = load(path, limits)
    source = SourceFile(name, data, limits, suffix=_suffix(name), ocr=languages)
    source.jobs = jobs or os.cpu_count() or 1
    return _contents(source)


def read_member(content: bytes, container: str, name: str, limits: Limits | None = None) -> bytes:
    """The bytes of one file in a container, given the container's bytes and file name.

    ``name`` is as in :attr:`Contents.members`. Raises ReadError; UnreadableFile if there is no such
    member.
    """
    source = SourceFile(container, content, limits or Limits(), suffix=_suffix(container))
    rest = name
    while rest:
        kind = sniff(source)
        for inner, data in _members(kind, source) if BY_NAME[kind].container else ():
            if rest == inner:
                return data
            if rest.startswith(f"{inner}/"):
                rest, source = rest[len(inner) + 1 :], source.member(inner, data)
                break
        else:
            break
    raise UnreadableFile(f"{container}/{name}", "there is no such file in it")


def _contents(source: SourceFile) -> Contents:
    """The blocks of one file, and of the files in it."""
    name, data = source.path, source.data
    if not data.strip(b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf"):
        raise EmptyFile(name, "there is nothing but blanks in the file")
    kind = sniff(source)
    expected = SUFFIXES.get(source.suffix)
    if expected not in (kind, None):
        source.note(
            Message(
                "named {suffix}, but read as the {kind} file that it is",
                suffix=source.suffix,
                kind=kind,
            )
        )
    blocks = _blocks(kind, source)
    missing: list[MissingExtra] = []
    members = tuple(_read_members(kind, source, missing)) if BY_NAME[kind].container else ()
    if not blocks and not members:
        if missing:
            raise missing[0]
        if not source.notes:
            raise EmptyFile(name, "there is no text in it")
        raise EmptyFile(
            name,
            "there is no text in it that can be read: {notes}",
            notes="; ".join(source.notes),
        )
    for note in source.notes:
        _log.debug("%s: %s", name, note)
    properties = {key: text for key, value in source.properties.items() if (text := tidy(value))}
    return Contents(
        tuple(blocks),
        kind,
        tuple(source.notes),
        properties,
        source.sha256,
        len(data),
        members=members,
    )


def _read_members(kind: str, source: SourceFile, missing: list[MissingExtra]) -> Iterator[Contents]:
    """The readable files in a container; adds notes on the others.

    Errors of files whose extra is not installed are added to ``missing``. Raises TooLarge for too
    many files or bytes.
    """
    if source.depth >= source.limits.depth:
        source.note("the files in it are left out: it lies too deep (Limits.depth)")
        return
    for name, data in _members(kind, source):
        inner = source.member(name, data)
        try:
            found = _contents(inner)
        except ReadError as error:
            source.note(Message("{name}: {reason}", name=name, reason=error.reason))
            continue
        except MissingExtra as error:
            source.note(Message("{name}: {reason}", name=name, reason=error))
            missing.append(error)
            continue
        if found.blocks:
            yield replace(found, name=name, members=())
        else:
            for note in found.notes:
                source.note(Message("{name}: {note}", name=name, note=note))
        for each in found.members:
            yield replace(each, name=f"{name}/{each.name}")


def _members(kind: str, source: SourceFile) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files in a container, each unpacked on demand."""
    with _reading(kind, source):
        reader = cast(_Container, importlib.import_module(f".{BY_NAME[kind].module}", __name__))
        files = iter(reader.members(source))
    while True:
        with _reading(kind, source):
            found = next(files, None)
        if found is None:
            return
        yield found


def _blocks(kind: str, source: SourceFile) -> list[Block]:
    """Run the reader of ``kind``."""
    with _reading(kind, source):
        reader = cast(_Reader, importlib.import_module(f".{BY_NAME[kind].module}", __name__))
        raw = list(join_drawn_tables(list(bounded(reader.read(source), source))))
        blocks = list(_finish(raw, source))
        blocks = join_cut(place_notes(blocks), source.limits.block_characters)
        blocks = join_flat_tables(blocks)
        kept, gone = without_contents(blocks)
        if gone and kept:
            source.note("the table of contents is left out")
            return kept
        return blocks


@contextmanager
def _reading(kind: str, source: SourceFile) -> Iterator[None]:
    """Convert any exception of a reader to an error of tracuu."""
    try:
        yield
    except ImportError as error:
        raise _missing(kind, error) from error
    except (ReadError, MissingExtra):
        raise
    except MemoryError as error:
        raise TooLarge(source.path, "it needs more memory than there is") from error
    except RecursionError as error:
        raise TooLarge(source.path, "its parts are nested too deeply (Limits.nesting)") from error
    except Exception as error:  # readers of damaged files raise almost any exception
        _log.debug("%s: the %s reader failed", source.path, kind, exc_info=True)
        cause = f"{type(error).__name__}: {error}".rstrip(": ")[:200]
        raise DamagedFile(
            source.path,
            "damaged, or not a valid {kind} file ({cause})",
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

    Blocks without words are dropped.
    """
    repaired = repair_texts([block.text for block in blocks])
    for note in repaired.notes:
        source.note(note)
    mended, notes = mend_words(repaired.texts)
    for note in notes:
        source.note(note)
    lost = sum(text.count("\ufffd") for text in mended)
    if lost:
        source.note(Message("{lost} characters are unknown (U+FFFD)", lost=lost))
    gap = cut = False
    for block, text in zip(blocks, mended, strict=True):
        # Bullets of symbol fonts are characters of the private use area.
        clean = _without_rule(_SYMBOL_BULLET.sub("- ", tidy(text)))
        if not any(map(str.isalnum, clean)):
            gap = True  # only a separator: a rule, a row of stars
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
            Message(
                "paragraphs over {most:,} characters cut at sentence ends",
                most=source.limits.block_characters,
            )
        )


def _without_rule(text: str) -> str:
    """Remove a rule of dashes below ``text``, if that looks like a title."""
    if text[-1:] not in _RULES:
        return text
    bare = _RULE_BELOW.sub("", text)
    return bare if bare.isupper() or bare.endswith(")") else text


def _lead(block: Block, text: str) -> int:
    """The length of the block's lead after repair and tidying."""
    start = block.text[: block.lead]
    if text != block.text:  # repaired alone, the start may differ in its last letter
        start = text[: round(len(text) * block.lead / len(block.text))]
    return len(tidy(start))


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()
