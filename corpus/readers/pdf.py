"""PDF: the text layer, lines joined to paragraphs; scanned pages by OCR where it is asked for.

Read with PDFium, by way of pypdfium2. PDFium is not safe for threads, so one file is read at a time.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import DamagedFile, EncryptedFile, NoTextLayer, TooLarge
from ..blocks import Block
from ..repair.gaps import mend_gaps
from .assemble import Run, paragraph
from .pdf_layout import Page, drop_running, is_centred, order, paragraphs, usual_starts
from .pdf_lines import PageText, PdfLine
from .source import SourceFile

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_lock = threading.Lock()
_LETTER_BEFORE = re.compile(r"([^\W\d_]+)-$")
# Fewer letters and digits than this on a page with a picture: the page is a scan.
_SCANNED = 15
_UNREADABLE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")


def read(source: SourceFile) -> Iterator[Block]:
    """The paragraphs of a PDF, with their pages.

    Raises ``EncryptedFile``, ``NoTextLayer`` (nothing but pictures, and no OCR asked for), ``TooLarge``
    (over ``Limits.pages``) and ``DamagedFile``.
    """
    import pypdfium2

    with _lock:
        document = _open(source, pypdfium2)
        try:
            pages, scanned = _pages(source, document, pypdfium2.raw)
            recognised = _recognise(source, document, pages, scanned)
        finally:
            document.close()
    characters = sum(len(line.text) for page in pages for line in page.lines)
    unreadable = sum(len(_UNREADABLE.findall(line.text)) for page in pages for line in page.lines)
    if unreadable * 3 > characters > 0:
        raise NoTextLayer(
            source.path,
            "its text layer is unreadable (fonts without Unicode); try the option --ocr",
        )
    drop_running(pages)
    if mend_gaps_of(pages):
        source.note("syllables broken by blanks were joined")
    yield from _blocks(pages, recognised)


def _open(source: SourceFile, pypdfium2: Any) -> PdfDocument:
    try:
        document = pypdfium2.PdfDocument(source.data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFile(source.path, "it is locked by a password") from error
        raise DamagedFile(source.path, f"truncated or damaged ({error})") from error
    if count > source.limits.pages:
        document.close()
        raise TooLarge(
            source.path,
            f"{count:,} pages, over the limit of {source.limits.pages:,} (Limits.pages)",
        )
    for key, text in document.get_metadata_dict(skip_empty=True).items():
        if key in ("Title", "Author", "Subject", "Keywords", "CreationDate", "ModDate"):
            source.properties[
                {"CreationDate": "created", "ModDate": "modified"}.get(key, key.lower())
            ] = text
    return document


def _pages(source: SourceFile, document: PdfDocument, raw: Any) -> tuple[list[Page], list[int]]:
    """All pages with their lines, and the numbers (from 1) of those that seem to be scans."""
    pages: list[Page] = []
    scanned: list[int] = []
    failed: list[int] = []
    characters = 0
    for number in range(1, len(document) + 1):
        try:
            handle = document[number - 1]
            text = PageText(handle, number, raw)
        except Exception:  # PDFium gives no page, or no text of it: the others may be sound
            failed.append(number)
            continue
        width, height = handle.get_size()
        page = Page(number, width, height, text.lines(source.limits.characters + 1))
        text.close()
        letters = sum(map(str.isalnum, "".join(line.text for line in page.lines)))
        characters += letters
        if characters > source.limits.characters:
            raise TooLarge(
                source.path,
                f"more than {source.limits.characters:,} characters (Limits.characters)",
            )
        if letters < _SCANNED and any(
            True for _ in handle.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
        ):
            scanned.append(number)
        handle.close()
        pages.append(page)
    if failed and not pages:
        raise DamagedFile(source.path, "none of its pages can be read")
    if failed:
        source.note(f"pages that could not be read: {_numbers(failed)}")
    return pages, scanned


def _recognise(
    source: SourceFile, document: PdfDocument, pages: Sequence[Page], scanned: Sequence[int]
) -> dict[int, list[Block]]:
    """Page number → blocks read by OCR, for scanned pages."""
    has_text = any(map(str.isalnum, "".join(line.text for page in pages for line in page.lines)))
    if source.ocr and scanned:
        from .ocr import recognise

        found = {number: recognise(source, document[number - 1], number) for number in scanned}
        source.note(f"read by OCR: pages {_numbers(scanned)}")
        return found
    if len(scanned) == len(pages) or not has_text:
        raise NoTextLayer(
            source.path,
            "scanned pages without a text layer; read it with OCR: option --ocr"
            if scanned
            else "it holds no text",
        )
    if scanned:
        source.note(f"pages without text, as scans are: {_numbers(scanned)}")
    return {}


def mend_gaps_of(pages: Sequence[Page]) -> int:
    """Join the syllables broken by blanks in all lines; how many were."""
    lines = [line for page in pages for line in page.lines]
    words = [[piece.word for piece in line.pieces] for line in lines]
    count = mend_gaps(words)
    for line, kept in zip(lines, words, strict=True):
        if len(kept) != len(line.pieces):
            alive = {id(word) for word in kept}
            line.pieces = [piece for piece in line.pieces if id(piece.word) in alive]
    return count


def _blocks(pages: Sequence[Page], recognised: dict[int, list[Block]]) -> Iterator[Block]:
    columns = {page.number: order(page) for page in pages}
    starts = usual_starts(pages)
    done: set[int] = set()
    for lines, gap in paragraphs(pages):
        for number in sorted(n for n in recognised if n <= lines[0].page and n not in done):
            done.add(number)
            yield from recognised[number]
        centred = is_centred(lines[-1], columns[lines[-1].page], starts)
        block = paragraph(_join(lines), page=lines[0].page, centred=centred, gap=gap)
        if block is not None:
            yield block
    for number in sorted(n for n in recognised if n not in done):
        yield from recognised[number]


def _join(lines: Sequence[PdfLine]) -> list[Run]:
    """The runs of a paragraph; words divided at a line end are put together again."""
    runs: list[Run] = []
    for line in lines:
        new = list(line.runs())
        if runs and new:
            ending = runs[-1].text
            if ending.endswith("\u00ad"):
                runs[-1].text = _undivided(ending.removesuffix("\u00ad") + "-", new[0].text)
            elif ending.endswith("-") and len(ending.strip()) > 1:
                runs[-1].text = _undivided(ending, new[0].text)
            else:
                runs.append(Run(" ", runs[-1].bold and new[0].bold))
        runs += new
    return runs


def _undivided(ending: str, follower: str) -> str:
    """``ending`` with its hyphen where that belongs to the word (``QĐ-`` ``UBND``), else without it."""
    from ...vietnamese.syllables import is_syllable

    found = _LETTER_BEFORE.search(ending)
    start = re.match(r"[^\W\d_]+", follower)
    if (
        found is None
        or start is None
        or not (found[1].islower() or found[1].istitle())
        or not start[0].islower()
    ):
        return ending
    both = is_syllable(found[1].lower()) and is_syllable(start[0])
    return ending if both and not is_syllable(found[1].lower() + start[0]) else ending[:-1]


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:20]))
    return shown + (f" and {len(numbers) - 20} more" if len(numbers) > 20 else "")
