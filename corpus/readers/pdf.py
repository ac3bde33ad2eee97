"""PDF: the text layer, with lines joined to paragraphs, and optional OCR.

Uses PDFium through pypdfium2. PDFium is not thread-safe, so one file is read at a time.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from ...errors import DamagedFile, EncryptedFile, Message, NoTextLayer, TooLarge
from ..blocks import Block
from ..repair.gaps import mend_gaps
from .assemble import paragraph
from .ocr import recognise
from .pdf_columns import take_columns
from .pdf_furniture import Page, drop_running
from .pdf_layout import LineGroup, is_centred, join_initials, order, paragraphs, usual_starts
from .pdf_lines import PageText, PdfDocument, join_lines, names_bold
from .pdf_notes import NoteCollector, NoteFinder, usual_size
from .pdf_rulings import find_grids, find_rulings
from .pdf_tables import PdfTable, append, continues, take_tables
from .scan_numerals import mend_numerals
from .source import SourceFile
from .tables import table_blocks

_lock = threading.Lock()
# Fewer letters and digits than this on a page with a picture: the page is a scan.
_SCANNED = 15
_MOSTLY = 0.85  # minimum share of bold characters
_LONGEST_NOTE = 80  # characters of a watermark quoted in a note
_UNREADABLE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")


def read(source: SourceFile) -> Iterator[Block]:
    """The paragraphs of a PDF, with their pages.

    Raises ``EncryptedFile``, ``NoTextLayer`` (nothing but pictures, and OCR is off),
    ``TooLarge`` (over ``Limits.pages``) and ``DamagedFile``.
    """
    import pypdfium2

    with _lock:
        document = _open(source, pypdfium2)
        try:
            pages, scanned = _pages(source, document, pypdfium2.raw)
            _recognise(source, document, pages, scanned)
        finally:
            document.close()
    characters = sum(len(line.text) for page in pages for line in page.lines)
    unreadable = sum(len(_UNREADABLE.findall(line.text)) for page in pages for line in page.lines)
    if unreadable * 3 > characters > 0:
        raise NoTextLayer(
            source.path,
            "its text layer is unreadable (fonts without Unicode); try the option --ocr",
        )
    if mend_gaps_of(pages):
        source.note("syllables broken by blanks were joined")
    notes, unclear = _take_apart(pages)
    if unclear:
        source.note(
            Message(
                "tables without lines whose columns are unclear, read row by row: pages {numbers}",
                numbers=_numbers(unclear),
            )
        )
    yield from _blocks(pages, notes)


def _open(source: SourceFile, pypdfium2: Any) -> PdfDocument:
    try:
        document = pypdfium2.PdfDocument(source.data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFile(
                source.path, "it is locked by a password; save it without one"
            ) from error
        raise DamagedFile(
            source.path,
            "truncated or damaged ({error}); copy it again from its source",
            error=error,
        ) from error
    if count > source.limits.pages:
        document.close()
        raise TooLarge(
            source.path,
            "{count:,} pages, over the limit of {pages:,} (Limits.pages)",
            count=count,
            pages=source.limits.pages,
        )
    for key, text in document.get_metadata_dict(skip_empty=True).items():
        if key in ("Title", "Author", "Subject", "Keywords", "CreationDate", "ModDate"):
            source.properties[
                {"CreationDate": "created", "ModDate": "modified"}.get(key, key.lower())
            ] = text
    return document


def _pages(source: SourceFile, document: PdfDocument, raw: Any) -> tuple[list[Page], list[int]]:
    """All pages with their lines, and the numbers (from 1) of probable scans."""
    pages: list[Page] = []
    scanned: list[int] = []
    failed: list[int] = []
    slanted: dict[str, None] = {}
    characters = 0
    for number in range(1, len(document) + 1):
        try:
            handle = document[number - 1]
            text = PageText(handle, number, raw)
        except MemoryError:  # the page may be undamaged
            raise
        except Exception:  # PDFium cannot load the page or its text; others may be undamaged
            failed.append(number)
            continue
        lines = text.lines(source.limits.characters + 1)
        page = Page(number, *text.size, lines)
        letters = sum(map(str.isalnum, "".join(line.text for line in page.lines)))
        characters += letters
        if characters > source.limits.characters:
            raise TooLarge(
                source.path,
                "more than {characters:,} characters (Limits.characters)",
                characters=source.limits.characters,
            )
        if letters < _SCANNED and any(
            True for _ in handle.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
        ):
            scanned.append(number)
        else:
            page.level, upright = find_rulings(handle, raw, text.place)
            page.grids = find_grids(page.level, upright)
        slanted.setdefault(" ".join(text.slanted))
        text.close()
        handle.close()
        pages.append(page)
    if failed and not pages:
        raise DamagedFile(source.path, "none of its pages can be read")
    if failed:
        source.note(Message("pages that could not be read: {numbers}", numbers=_numbers(failed)))
    if marks := "; ".join(filter(None, slanted)):
        source.note(
            Message(
                "slanted text, as of a watermark, is left out: {marks}", marks=marks[:_LONGEST_NOTE]
            )
        )
    return pages, scanned


def _recognise(
    source: SourceFile, document: PdfDocument, pages: Sequence[Page], scanned: Sequence[int]
) -> None:
    """Set the lines of scanned pages by OCR, if it is switched on."""
    has_text = any(map(str.isalnum, "".join(line.text for page in pages for line in page.lines)))
    if source.ocr and scanned:
        by_number = {page.number: page for page in pages}
        for number, read in recognise(source, document, scanned):
            page = by_number[number]
            page.lines, page.level = read.lines, read.level
            if read.sideways:
                page.width, page.height = page.height, page.width
            page.grids = find_grids(read.level, read.upright)
        mend_numerals([line for number in scanned for line in by_number[number].lines])
        if not any(page.lines for page in pages):
            why = f": {source.notes[-1]}" if source.notes else ""
            raise NoTextLayer(source.path, "OCR read no text on its scanned pages{why}", why=why)
        source.note(Message("read by OCR: pages {numbers}", numbers=_numbers(scanned)))
        return
    if len(scanned) == len(pages) or not has_text:
        raise NoTextLayer(
            source.path,
            "scanned pages without a text layer; read it with OCR: option --ocr"
            if scanned
            else "it holds no text",
        )
    if scanned:
        source.note(
            Message("pages without text, as scans are: {numbers}", numbers=_numbers(scanned))
        )


def mend_gaps_of(pages: Sequence[Page]) -> int:
    """Join syllables broken by spaces in all lines; return their number."""
    lines = [line for page in pages for line in page.lines]
    words = [[piece.word for piece in line.pieces] for line in lines]
    count = mend_gaps(words)
    for line, kept in zip(lines, words, strict=True):
        if len(kept) != len(line.pieces):
            alive = {id(word) for word in kept}
            line.pieces = [piece for piece in line.pieces if id(piece.word) in alive]
    return count


def _unbolden(pages: Sequence[Page]) -> None:
    """Clear bold where nearly all text is: font names or weights may mislead."""
    pieces = [piece for page in pages for line in page.lines for piece in line.pieces]
    most = _MOSTLY * sum(len(piece.word.text) for piece in pieces)
    for by_name in (True, False):
        if sum(len(piece.word.text) for piece in pieces if piece.bold) > most:
            for piece in pieces:
                piece.bold = by_name and names_bold(piece.font)


def _take_apart(pages: Sequence[Page]) -> tuple[NoteFinder, list[int]]:
    """Remove tables, running lines and footnotes from the pages.

    Returns the footnotes, and the pages with a table whose columns are unclear.
    """
    unclear: list[int] = []
    _unbolden(pages)
    before: Sequence[PdfTable] = ()
    for page in pages:
        page.lines, page.tables = take_tables(page.number, page.lines, page.grids, before)
        before = page.tables
    drop_running(pages)
    for page in pages:
        page.lines = join_initials(page.lines)
        page.lines, aligned, vague = take_columns(page.number, page.height, page.lines, page.level)
        page.tables = sorted([*page.tables, *aligned], key=lambda table: -table.top)
        for table in page.tables:
            table.at_top = not any(line.y > table.top for line in page.lines)
        unclear += [page.number] * vague
    collector = NoteCollector(usual_size([line for page in pages for line in page.lines]))
    for page in pages:
        page.lines = collector.take(page.number, page.width, page.lines, page.level)
    return NoteFinder(collector.notes), unclear


def _blocks(pages: Sequence[Page], notes: NoteFinder) -> Iterator[Block]:
    ordered = [order(page) for page in pages]
    columns = {page.number: some for page, some in zip(pages, ordered, strict=True)}
    starts = usual_starts(pages)
    for group in _with_whole_tables(paragraphs(pages, ordered)):
        if group.table is not None:
            yield from notes.before(group.table.page)
            yield from _rows(group.table, notes)
            continue
        lines = group.lines
        yield from notes.before(lines[0].page)
        centred = is_centred(lines[-1], columns[lines[-1].page], starts)
        block = paragraph(join_lines(lines), page=lines[0].page, centred=centred, gap=group.gap)
        if block is not None:
            yield block
        yield from notes.of([(line.page, label) for line in lines for label in line.marks])
    yield from notes.before(len(pages) + pages[-1].number)


def _with_whole_tables(groups: Iterator[LineGroup]) -> Iterator[LineGroup]:
    """``groups`` with the parts of a table on several pages joined."""
    open_table: PdfTable | None = None
    for group in groups:
        if open_table is not None and group.table and continues(open_table, group.table):
            append(open_table, group.table)
            continue
        if open_table is not None:
            yield LineGroup(table=open_table)
        open_table = group.table
        if open_table is None:
            yield group
    if open_table is not None:
        yield LineGroup(table=open_table)


def _rows(table: PdfTable, notes: NoteFinder) -> Iterator[Block]:
    """The rows of a table, each followed by its footnotes."""
    for row, marks in zip(table.rows, table.marks, strict=True):
        if row:
            row[0].blocks += notes.of(marks)
    yield from table_blocks(table.table)


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:20]))
    return shown + (f" and {len(numbers) - 20} more" if len(numbers) > 20 else "")
