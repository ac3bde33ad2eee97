"""Fields of the index, shared by indexer and search.

===========  ======================================================================================
field        holds
===========  ======================================================================================
syllable     headings and text, syllable by syllable; numbers; document numbers whole and in parts
pair         neighbouring syllables, ``"giải ngân"``
folded       like ``syllable``, without diacritics
folded_pair  like ``pair``, without diacritics
word         words of two or more syllables without diacritics, ``"giai_ngan"``; not scored, they
             mark where the words of a query begin and end
heading      headings alone, for ``heading:…``
title        the report's title, for ``title:…`` and for words that stand nowhere else
===========  ======================================================================================

Headings and text are one field because BM25 over the joined text ranks better than a weighted sum
of two fields on all relevance sets (see benchmarks/); ``k1`` and ``b`` were found there too.
``heading`` and ``title`` are short and hold both forms of a token at one position, the one without
diacritics behind ``FOLDED_MARK``.
"""

from __future__ import annotations

import json
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from .corpus.model import Passage, Report
from .engines.document import Document, Schema, TextField, TokenStream
from .engines.engine import Snapshot
from .engines.query import Request, TermIn
from .vietnamese import Analyser, Analysis, canonical, fold, tokenise

SYLLABLE = "syllable"
PAIR = "pair"
FOLDED = "folded"
FOLDED_PAIR = "folded_pair"
WORD = "word"
HEADING = "heading"
TITLE = "title"

# Keyword: ``"passage"`` or ``"report"``.
KIND = "kind"
# Keyword: the document's own key.
KEY = "key"
# Keyword: the report's id.
REPORT = "report"
AREA = "area"
# Keyword: as in the passage, or ``"none"``.
ASSESSMENT = "assessment"
# Keyword: the document number, whole and in parts, folded: see :func:`number_values`.
NUMBER = "number"
# Keyword: the type of document, folded: ``"bao cao"``.
TYPE = "type"
# Keyword: ``"2000-2005"``.
TERM = "term"
BODY = "body"  # keyword: the issuing body, see shown_name
PLACE = "place"  # keyword: where the report was issued, see shown_name
FOLDER = "folder"  # keyword: the folders of the report's files, "reports/xa-a/2024"
EXTRA = "extra"  # keyword: the application's own metadata, "key=value"

POSITION = "position"
YEAR_FROM = "year_from"
YEAR_TO = "year_to"
# Number: yyyymmdd; without a date yyyy0000 of the last year the report is about.
DATE = "date"

# Raised when the fields or tokens of a passage change.
FIELDS_VERSION = 5

PASSAGE_KIND = "passage"
REPORT_KIND = "report"
COPIED_KIND = "copied"  # a report of several files with the same bytes
NO_ASSESSMENT = "none"
# Before folded tokens in ``heading`` and ``title``; no token of a text begins with it.
FOLDED_MARK = "~"
# Positions between two headings, and before the text: more than any phrase may span.
PART_GAP = 128
_TEXT = ',"text":"'

SCHEMA = Schema(
    text=(
        TextField(SYLLABLE, positions=True, k1=0.8, b=0.85),
        TextField(PAIR, k1=0.5, b=0.45),
        TextField(FOLDED, positions=True, k1=0.8, b=0.85),
        TextField(FOLDED_PAIR, k1=0.5, b=0.45),
        TextField(WORD),
        TextField(HEADING, positions=True),
        TextField(TITLE, positions=True),
    ),
    keywords=(KIND, KEY, REPORT, AREA, ASSESSMENT, NUMBER, TYPE, TERM, BODY, PLACE, FOLDER, EXTRA),
    numbers=(POSITION, YEAR_FROM, YEAR_TO, DATE),
    group=REPORT,
)
# Schemas of older indexes that this version can search, by FIELDS_VERSION.
SCHEMAS = {
    FIELDS_VERSION: SCHEMA,
    4: SCHEMA,  # the opening of a passage counts twice
    3: SCHEMA,
    2: replace(SCHEMA, keywords=tuple(name for name in SCHEMA.keywords if name != EXTRA)),
}


def report_key(report_id: str) -> str:
    """The key of a report's document; passage keys differ, as they end in a number."""
    return f"{report_id}#report"


def passage_document(passage: Passage, report: Report, analyser: Analyser) -> Document:
    """The document of one passage of ``report``.

    Raises:
        MissingExtra: underthesea is not installed.
    """
    (document,) = passage_documents((passage,), report, analyser)
    return document


def passage_documents(
    passages: Iterable[Passage], report: Report, analyser: Analyser
) -> Iterator[Document]:
    """The documents of passages of ``report``, each made on demand.

    Raises:
        MissingExtra: underthesea is not installed.
    """
    title = _streams_of(analyser, report.title).both_forms
    keywords, numbers = _report_keywords(report, report.id), _report_numbers(report)
    for passage in passages:
        headings = [_streams_of(analyser, heading) for heading in passage.heading_path]
        parts = [*headings, _Streams.made(analyser.analyse(passage.text))]
        positions = _positions(part.positions for part in parts)
        tokens: dict[str, Sequence[str] | TokenStream] = {
            SYLLABLE: TokenStream([text for part in parts for text in part.syllables], positions),
            PAIR: [pair for part in parts for pair in part.pairs],
            FOLDED: TokenStream([text for part in parts for text in part.folded], positions),
            FOLDED_PAIR: [pair for part in parts for pair in part.folded_pairs],
            WORD: [word for part in parts for word in part.folded_words],
            HEADING: TokenStream(
                [text for heading in headings for text in heading.both_forms.tokens],
                _positions(heading.both_forms.positions for heading in headings),
            ),
            TITLE: title,
        }
        yield Document(
            key=passage.id,
            tokens=tokens,
            keywords={
                KIND: (PASSAGE_KIND,),
                KEY: (passage.id,),
                AREA: (passage.area,),
                ASSESSMENT: (passage.assessment or NO_ASSESSMENT,),
                **keywords,
                REPORT: (passage.report,),
            },
            numbers={POSITION: passage.position, **numbers},
            stored=_stored(passage),
        )


def redecided_document(document: Document, passage: Passage) -> Document:
    """``document`` with the area and assessment of ``passage``.

    The document must be that of this passage's text.
    """
    keywords = {
        **document.keywords,
        AREA: (passage.area,),
        ASSESSMENT: (passage.assessment or NO_ASSESSMENT,),
    }
    return replace(document, keywords=keywords, stored=_stored(passage))


def report_document(report: Report, extra: dict[str, Any]) -> Document:
    """The document of a report, without tokens.

    It therefore does not affect ranking statistics.

    ``extra`` is JSON data of the indexer, returned by :func:`read_report`.
    """
    return Document(
        key=report_key(report.id),
        tokens={},
        keywords={
            **_report_keywords(report, report.id),
            KIND: (REPORT_KIND, COPIED_KIND) if report.copies else (REPORT_KIND,),
            KEY: (report_key(report.id),),
            FOLDER: report.folders,
        },
        numbers=_report_numbers(report),
        stored=json.dumps(
            {"report": report.to_dict(), "extra": extra}, ensure_ascii=False, separators=(",", ":")
        ),
    )


def _stored(passage: Passage) -> str:
    return json.dumps(passage.to_dict(), ensure_ascii=False, separators=(",", ":"))


def read_passage(stored: str) -> Passage:
    """The passage that :func:`passage_document` stored."""
    return Passage.from_dict(json.loads(stored))


def text_of(stored: str) -> str:
    """The text of the passage that :func:`passage_document` stored.

    The rest is not decoded. In JSON a quotation mark inside a value follows a backslash: nothing
    before the text looks like its name.
    """
    return str(scanstring(stored, stored.index(_TEXT) + len(_TEXT))[0])


def read_report(stored: str) -> tuple[Report, dict[str, Any]]:
    """The report and the ``extra`` that :func:`report_document` stored."""
    data = json.loads(stored)
    return Report.from_dict(data["report"]), data["extra"]


def stored_of(snapshot: Snapshot, key: str) -> str | None:
    """The stored text of the document with this key, or None.

    Searches for the one document: ``snapshot.get`` may first read the keys of all, which pays only
    for many look-ups.
    """
    hits = snapshot.search(Request(TermIn(KEY, (key,)), limit=1)).hits
    return hits[0].stored if hits else None


def number_values(number: str) -> list[str]:
    """The keyword values of a document number, the whole number first.

    >>> number_values("15-BC/QU")
    ['15-bc/qu', '15', 'bc', 'qu']
    """
    return list(dict.fromkeys(fold(token.text) for token in tokenise(number)))


def plain_name(name: str) -> str:
    """Normalise a name for comparison: folded, hyphens and underscores as spaces.

    >>> plain_name("Nghị-quyết")
    'nghi quyet'
    """
    words = name.replace("-", " ").replace("_", " ").split()
    return " ".join(fold(canonical(word)) for word in words)


def shown_name(name: str) -> str:
    """Normalise a body or place for its keyword field: one value for all spellings.

    >>> shown_name("UỶ BAN NHÂN DÂN  XÃ MAI KHÊ:")
    'ủy ban nhân dân xã mai khê'
    """
    words = unicodedata.normalize("NFC", name).lower().split()
    return " ".join(map(canonical, words)).strip(" *_:;,.|")


def term_value(first: int, last: int) -> str:
    """A term of office as its keyword value: ``"2000-2005"``."""
    return f"{first}-{last}"


def extra_value(key: str, value: str) -> str:
    """An entry of a report's metadata as its keyword value: ``"key=value"`` in NFC."""
    return unicodedata.normalize("NFC", f"{key}={value}")


class _Streams(NamedTuple):
    """The tokens of one text for each field.

    ``positions`` apply to ``syllables`` and ``folded``.
    """

    syllables: list[str]
    folded: list[str]
    positions: list[int]
    pairs: list[str]
    folded_pairs: list[str]
    folded_words: list[str]
    both_forms: TokenStream  # each token, then at its position the one without diacritics

    @classmethod
    def made(cls, analysis: Analysis, *, both_forms: bool = False) -> _Streams:
        """The streams of ``analysis``; ``both_forms`` adds those of headings and titles."""
        texts, folded, positions = analysis.texts, analysis.folded_texts, analysis.positions
        forms = TokenStream([], array("I"))
        if both_forms:
            pairs = zip(texts, map(FOLDED_MARK.__add__, folded), strict=True)
            forms = TokenStream(
                list(chain.from_iterable(pairs)), array("I", [at for at in positions for _ in "ab"])
            )
        return cls(
            texts, folded, positions,
            analysis.pairs, analysis.folded_pairs, analysis.folded_words, forms
        )  # fmt: skip


def _positions(parts: Iterable[Sequence[int]]) -> array[int]:
    """Positions of several texts in one field, too far apart for a phrase to span two."""
    positions = array("I")
    offset = 0
    for part in parts:
        if part:
            positions.extend(map(offset.__add__, part))
            offset = positions[-1] + PART_GAP
    return positions


@lru_cache(maxsize=256)
def _streams_of(analyser: Analyser, heading: str) -> _Streams:
    # Cached, since consecutive passages of a chapter share its headings.
    return _Streams.made(analyser.analyse(heading), both_forms=True)


def _report_keywords(report: Report, report_id: str) -> dict[str, Sequence[str]]:
    keywords: dict[str, Sequence[str]] = {REPORT: (report_id,)}
    if report.number:
        keywords[NUMBER] = number_values(report.number)
    if report.kind:
        keywords[TYPE] = (plain_name(report.kind),)
    if report.term:
        keywords[TERM] = (term_value(*report.term),)
    for field, name in ((BODY, report.issuing_body), (PLACE, report.place)):
        if name and (value := shown_name(name)):
            keywords[field] = (value,)
    if report.folder:
        keywords[FOLDER] = (report.folder,)
    if report.extra:
        keywords[EXTRA] = [extra_value(key, value) for key, value in report.extra.items()]
    return keywords


def _report_numbers(report: Report) -> dict[str, int]:
    numbers: dict[str, int] = {}
    if report.years:
        numbers[YEAR_FROM], numbers[YEAR_TO] = report.years
    if report.date:
        numbers[DATE] = int(report.date.strftime("%Y%m%d"))
    elif report.years:
        numbers[DATE] = report.years[1] * 10_000
    return numbers
