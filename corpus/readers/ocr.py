"""OCR of scanned pages by the program tesseract with its Vietnamese data."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import shutil
import subprocess
import threading
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby, islice
from statistics import median
from typing import NamedTuple

from ...errors import DamagedFile, Message, MissingExtra
from ..repair import decode
from ..repair.gaps import SpacedWord
from .pdf_lines import PdfDocument, PdfLine, PdfPage, TextFragment
from .pdf_rulings import Ruling
from .scan_rulings import scan_rulings
from .source import OCR_LOG, PAGE_READ, SourceFile

_DOTS_PER_INCH = 300
_MOST_PIXELS = 50_000_000
_SECONDS = 120  # seconds for one page
_POINTS = 72  # points per inch
_WIDE_GAP = 2.5  # font sizes: minimum gap between two columns
_X_HEIGHT = 1.5  # ratio of the font size to the median height of word boxes
_SAME_SIZE = 0.35  # share; sizes measured on one font differ by as much, with the letters of a line
_UNSURE = 20  # minimum confidence of tesseract in percent; lower: stamps, signatures, stains
_DESCENDERS = frozenset("gjpqyQ,;()[]{}_/\u0323")  # with the dot below of ạ
_DESCENT = 0.16  # font sizes as measured here, from words with descenders
_SIGNS = "-–—+*•%.,;:…()/\"'"  # words of other characters alone are lines and stains
_RULING_SIGNS = "|_"  # a ruling line read with the word beside it
_NO_LANGUAGE = re.compile(r"(\w+)\.traineddata|loading language '(\w+)'")
_MOST_KEPT = 2_000  # cached pages, about 20 kB each
_ORIENTATION = "osd"  # tesseract's data for the orientation of a page
_ROTATE = re.compile(r"^Rotate: (90|180|270)$", re.MULTILINE)
_SIDEWAYS = 4  # letters of a word that is wider than tall, unless its page lies sideways
_LEGIBLE = 60  # mean confidence; a page upside down has about 40, an upright one about 90
_MEMORY = ("bad_alloc", "out of memory", "cannot allocate")
_memory: dict[tuple[str, bytes], str] = {}
_memory_lock = threading.Lock()
_INSTALL = "apt install tesseract-ocr tesseract-ocr-vie"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """Text lines and ruling lines of a scanned page, in points.

    ``sideways`` is True for a page that was turned by 90 degrees to be read.
    """

    lines: list[PdfLine]
    level: list[Ruling] = field(default_factory=list)
    upright: list[Ruling] = field(default_factory=list)
    sideways: bool = False


def recognise(
    source: SourceFile, document: PdfDocument, numbers: Sequence[int]
) -> Iterator[tuple[int, ScannedPage]]:
    """Recognise these pages; yield number and result, in order.

    ``source.jobs`` pages are read in parallel, each by its own tesseract process. Pages are
    rendered at 300 dpi (posters at less), with a time limit of two minutes; a page that fails has
    no lines and a note. Raises ``MissingExtra`` without tesseract or its Vietnamese data,
    ``DamagedFile`` where tesseract cannot run at all.
    """
    waiting: deque[_Waiting] = deque()
    left = iter(numbers)
    with ThreadPoolExecutor(source.jobs) as pool:
        try:
            for done in range(1, len(numbers) + 1):
                for number in islice(left, source.jobs + 1 - len(waiting)):
                    waiting.append(_begin(source, document[number - 1], number, waiting, pool))
                page = waiting.popleft()
                read = _finish(source, page, document[page.number - 1])
                OCR_LOG.info(PAGE_READ, source.path, done, len(numbers))
                yield page.number, read
        finally:
            for page in waiting:
                page.table.cancel()


class _Waiting(NamedTuple):
    """A page being recognised: height, scale, picture key, rulings, word table."""

    number: int
    height: float
    scale: float
    key: tuple[str, bytes]
    rulings: tuple[list[Ruling], list[Ruling]]
    table: Future[str]


def _begin(
    source: SourceFile,
    page: PdfPage,
    number: int,
    others: Iterable[_Waiting],
    pool: ThreadPoolExecutor,
) -> _Waiting:
    """Render a page in this thread, since PDFium is not thread-safe, and submit it."""
    picture = _rendered(page)
    key = source.ocr, picture.digest
    same = next((other.table for other in others if other.key == key), None)
    table = same or pool.submit(_recognised, picture.data, key)
    rulings = picture.rulings()  # while tesseract reads it
    return _Waiting(number, picture.height, picture.scale, key, rulings, table)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A rendered page as a PGM file; ``scale`` is the number of pixels in a point."""

    data: bytes
    size: tuple[int, int]
    scale: float

    @property
    def height(self) -> float:
        return self.size[1] / self.scale

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.data).digest()

    def rulings(self) -> tuple[list[Ruling], list[Ruling]]:
        """Its level and upright lines."""
        width, height = self.size
        return scan_rulings(self.data[-width * height :], width, height, self.scale)


def _rendered(page: PdfPage, turn: int = 0) -> _Picture:
    """The picture of a page, turned clockwise by ``turn`` degrees."""
    width, height = page.get_size()
    scale = _DOTS_PER_INCH / _POINTS
    scale = min(scale, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, rotation=turn)
    rows = bytes(bitmap.buffer)
    stride = bitmap.stride
    pixels = b"".join(rows[y * stride : y * stride + bitmap.width] for y in range(bitmap.height))
    head = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height)
    return _Picture(head + pixels, (bitmap.width, bitmap.height), scale)


def _finish(source: SourceFile, page: _Waiting, pdf_page: PdfPage) -> ScannedPage:
    """Wait for a page and return its lines.

    A page that lies sideways or upside down is turned and read again.
    """
    try:
        table = page.table.result()
        turned = None if _is_upright(table) else _turned(source, pdf_page, page.number)
        if turned is not None:
            return turned
        lines = _lines(table, page.number, page.height, page.scale)
    except subprocess.TimeoutExpired:
        source.note(
            Message(
                "OCR of page {number} took over {seconds} s and was stopped: it is left out",
                number=page.number,
                seconds=_SECONDS,
            )
        )
        return ScannedPage([])
    except _PageFailed as error:
        source.note(
            Message(
                "OCR of page {number} failed, so it is left out: {error}",
                number=page.number,
                error=error,
            )
        )
        return ScannedPage([])
    except OSError as error:
        raise DamagedFile(source.path, "tesseract cannot be run: {error}", error=error) from error
    return ScannedPage(lines, *page.rulings)


def _is_upright(table: str) -> bool:
    """Whether tesseract's words are confident, and wider than tall."""
    words = [row for row in _words(table) if len(row["text"]) >= _SIDEWAYS]
    tall = sum(float(row["height"]) > float(row["width"]) for row in words)
    confidence = sum(float(row["conf"]) for row in words)
    return confidence >= _LEGIBLE * len(words) and tall * 2 <= len(words)


def _turned(source: SourceFile, page: PdfPage, number: int) -> ScannedPage | None:
    """A page read again in the orientation tesseract finds; None if that is no better."""
    picture = _rendered(page)
    try:
        found = _ROTATE.search(_recognised(picture.data, (_ORIENTATION, picture.digest)))
    except (_PageFailed, MissingExtra):  # too few letters, or its data is not installed
        return None
    if found is None:
        return None
    turn = int(found[1])
    picture = _rendered(page, turn)
    table = _recognised(picture.data, (source.ocr, picture.digest))
    if not _is_upright(table):
        return None
    lines = _lines(table, number, picture.height, picture.scale)
    source.note(Message("page {number} was turned to be read", number=number))
    return ScannedPage(lines, *picture.rulings(), sideways=turn != 180)


class _PageFailed(Exception):
    """Tesseract could not read this page."""


def _recognised(picture: bytes, key: tuple[str, bytes]) -> str:
    """Tesseract's table of words for a picture, cached for repeated pages.

    ``key`` holds the languages and the picture's hash.
    """
    with _memory_lock:
        known = _memory.get(key)
    if known is not None:
        return known
    table = _tesseract(picture, key[0])
    with _memory_lock:
        while len(_memory) >= _MOST_KEPT:
            _memory.pop(next(iter(_memory)))
        _memory[key] = table
    return table


def _tesseract(picture: bytes, languages: str) -> str:
    program = shutil.which("tesseract")
    if program is None:
        raise MissingExtra(
            "OCR needs the program tesseract with Vietnamese: {install}", install=_INSTALL
        )
    what = ["--psm", "0"] if languages == _ORIENTATION else ["tsv"]
    done = subprocess.run(
        [program, "stdin", "stdout", "-l", languages, "--dpi", str(_DOTS_PER_INCH), *what],
        input=picture,
        capture_output=True,
        timeout=_SECONDS,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # pages are read in parallel instead
    )
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace")
    message = decode(done.stderr).text.strip() if done.stderr else ""
    missing = _NO_LANGUAGE.search(message)
    if missing:
        name = missing[1] or missing[2]
        raise MissingExtra(
            "tesseract has no data for the language {name}: apt install tesseract-ocr-{name}",
            name=name,
        )
    if any(sign in message.lower() for sign in _MEMORY):
        raise _PageFailed("there was not enough memory")
    raise _PageFailed(" ".join(message.splitlines()[-1:])[:200] or f"exit code {done.returncode}")


class _Box(NamedTuple):
    """A word and its box, in points from the top left."""

    text: str
    left: float
    top: float
    width: float
    height: float


def _words(table: str) -> list[dict[str, str]]:
    """The rows of tesseract's table that hold a word."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in rows if row.get("level") == "5" and (row.get("text") or "").strip()]


def _lines(table: str, number: int, height: float, scale: float) -> list[PdfLine]:
    """The lines of tesseract's table, in points.

    The table has one row a word, with its box in pixels. Measured sizes depend on the letters of a
    line: those near the usual one are set to it.
    """
    words = _words(table)
    found: list[PdfLine] = []
    for _, group in groupby(words, key=lambda r: (r["block_num"], r["par_num"], r["line_num"])):
        line = list(group)
        boxes = list(_boxes(line, scale))
        if boxes and median(float(row["conf"]) for row in line) >= _UNSURE:
            found += _line(boxes, number, height)
    usual = median([line.size for line in found]) if found else 0.0
    for each in found:
        if abs(each.size - usual) <= _SAME_SIZE * usual:
            each.size = usual
    return found


def _boxes(words: Sequence[dict[str, str]], scale: float) -> Iterator[_Box]:
    """The words of a line, without rulings."""
    for row in words:
        if any(map(str.isalnum, row["text"])) or not row["text"].strip(_SIGNS):
            places = (float(row[key]) / scale for key in ("left", "top", "width", "height"))
            text = row["text"].strip(_RULING_SIGNS) or row["text"]
            yield _Box(text, *places)


def _baseline(boxes: Sequence[_Box], size: float) -> float:
    """The height of a line's baseline: where words without descenders end."""
    level = [
        box.top + box.height
        for box in boxes
        if not _DESCENDERS & set(unicodedata.normalize("NFD", box.text))
    ]
    return median(level or [box.top + box.height - _DESCENT * size for box in boxes])


def _line(boxes: Sequence[_Box], number: int, height: float) -> Iterator[PdfLine]:
    """One line of tesseract, split at columns."""
    size = round(median(box.height for box in boxes) * _X_HEIGHT * 2) / 2
    base = height - _baseline(boxes, size)
    pieces: list[TextFragment] = []
    for box in boxes:
        distance = (box.left - pieces[-1].x1) / size if pieces else 1.0
        if pieces and distance > _WIDE_GAP:
            yield PdfLine.of(number, pieces)
            pieces, distance = [], 1.0
        word = SpacedWord(box.text, True, distance)
        pieces.append(TextFragment(word, False, None, box.left, box.left + box.width, base, size))
    yield PdfLine.of(number, pieces)
