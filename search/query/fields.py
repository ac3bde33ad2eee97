"""The fields a query may name, in English and in Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from ...errors import Message, QueryError
from ...vietnamese.folding import fold
from ...vietnamese.syllables import is_syllable


class FieldKind(Enum):
    """The kind of values of a field."""

    TEXT = "words, looked for in one part of a passage"
    KEYWORD = "names, one of which a passage must have"
    YEARS = "a year or years from..to"


# Name of a field in queries → kind of its value.
FIELDS: dict[str, FieldKind] = {
    "area": FieldKind.KEYWORD,
    "assessment": FieldKind.KEYWORD,
    "report": FieldKind.KEYWORD,
    "number": FieldKind.KEYWORD,
    "kind": FieldKind.KEYWORD,
    "body": FieldKind.KEYWORD,
    "place": FieldKind.KEYWORD,
    "folder": FieldKind.KEYWORD,
    "year": FieldKind.YEARS,
    "term": FieldKind.YEARS,
    "title": FieldKind.TEXT,
    "heading": FieldKind.TEXT,
}

_SPELLINGS = {
    "area": "area lĩnh-vực linh-vuc lãnh-vực lanh-vuc",
    "assessment": "assessment đánh-giá danh-gia",
    "report": "report báo-cáo bao-cao",
    "number": "number số số-hiệu so-hieu so",
    "kind": "kind loại loai",
    "body": "body cơ-quan co-quan cơ-quan-ban-hành co-quan-ban-hanh issuing-body",
    "place": "place nơi noi địa-phương dia-phuong địa-bàn dia-ban nơi-ban-hành noi-ban-hanh",
    "folder": "folder thư-mục thu-muc",
    "year": "year năm nam",
    "term": "term nhiệm-kỳ nhiệm-kì nhiem-ky nhiem-ki",
    "title": "title tiêu-đề tieu-de tựa tựa-đề tua-de",
    "heading": "heading đề-mục de-muc",
}
_BY_SPELLING = {
    spelling.replace("-", ""): name
    for name, spellings in _SPELLINGS.items()
    for spelling in spellings.split()
}
# Names that are also plain words: "Năm: 2003" in a pasted text is not a field.
_PLAIN_WORDS = frozenset(("số", "so", "loại", "loai", "năm", "nam", "tựa", "nơi", "noi"))
# Fields of two words that are not plain words before a colon: "báo cáo:" and "đánh giá:" are.
_SPACED_FIELDS = frozenset(("area", "body", "place", "folder", "term", "title", "heading"))
# Words of letterheads, schemes of addresses.
_BEFORE_COLONS = frozenset(
    (
        *("email", "e-mail", "mail", "tel", "fax", "web", "website", "hotline", "facebook", "zalo"),
        *("http", "https", "ftp", "mailto", "file", "urn", "sip", "localhost"),
    )
)
_NAME = re.compile("[^\\W\\d_](?:[^\\W_]|[-_\u0300-\u036f])*(?=:)")
_LETTERS = "[^\\W\\d_](?:[^\\W_]|[\u0300-\u036f])*"
_TWO_WORDS = re.compile(rf"({_LETTERS}) ({_LETTERS}):(?=\S)")


def read_field(source: str, start: int, *, pasted: bool) -> tuple[str, int] | None:
    """The field at ``start`` and the start of its value; None for other text.

    ``pasted`` text of several lines may contain unknown names. Raises QueryError for an unknown
    name that looks like a field.
    """
    two = _TWO_WORDS.match(source, start)
    if two is not None and not pasted:  # "cơ quan:" for "cơ-quan:"
        spelling = _plain(two[1] + two[2])
        name = _BY_SPELLING.get(spelling)
        at = _value_at(source, spelling, two.end()) if name in _SPACED_FIELDS else None
        if name is not None and at is not None:
            return name, at
    match = _NAME.match(source, start)
    if match is None:
        return None
    written, end = match.group(), match.end() + 1
    spelling = _plain(written)
    if spelling in _BY_SPELLING:
        at = _value_at(source, spelling, end)
        if at is not None:
            return _BY_SPELLING[spelling], at
    if end >= len(source):
        return None
    if near := _misspelt(spelling, source[end]):
        raise QueryError(
            Message(
                "there is no field {written!r}; did you mean {name}:? To search it as "
                "text, put it in quotation marks",
                written=written,
                name=near,
            ),
            query=source,
            position=start,
        )
    if not pasted and _is_unknown(written, source[end]) and _begins_word(source, start):
        raise QueryError(
            Message(
                "there is no field {unknown!r}; there are: {field_names}. To search it as "
                "text, put it in quotation marks",
                unknown=written,
                field_names=field_names(),
            ),
            query=source,
            position=start,
        )
    return None


def _value_at(source: str, spelling: str, at: int) -> int | None:
    """Start of the value of a field whose colon is before ``at``, or None.

    A value follows the colon directly. After a space it is accepted only if the name cannot be a
    word of a sentence: ``area: kinh-te`` is a field, ``Năm: 2003`` is not.
    """
    if at < len(source) and not source[at].isspace():
        # No value starts with a full stop, slash or colon: "area://", "report::x".
        return at if source[at].isalnum() or source[at] in '"“”«»„(.-+' else None
    if spelling in _PLAIN_WORDS:
        return None
    while at < len(source) and source[at] in " \t":
        at += 1
    return at


def _misspelt(spelling: str, following: str) -> str | None:
    """The field at distance 1 from a misspelt name, given the text ``following`` it.

    Short names are ignored: a colon after a short word is usually plain text.
    """
    written = fold(spelling)
    if len(written) < 4 or not (following.isalnum() or following in '"“«('):
        return None
    for known, name in _BY_SPELLING.items():
        plain = fold(known)
        if len(plain) >= 4 and (written == plain or one_letter_apart(written, plain)):
            return name
    return None


def _begins_word(source: str, start: int) -> bool:
    return not start or source[start - 1].isspace() or source[start - 1] in "(+-"


def _is_unknown(name: str, following: str) -> bool:
    """Whether an unknown name looks like a field rather than plain text.

    True for names joined by hyphens or underscores, or in lower case and not a Vietnamese syllable,
    with the value directly after the colon: ``tác-giả:Nam``, ``author:Nam``. Plain text are ``Điều
    5:``, ``nhận:Như trên``, ``10:30``, URLs, and labels of letterheads (``email:``).
    """
    if not (following.isalnum() or following in '"“«'):
        return False
    if name != name.lower() or len(name) < 3 or name in _BEFORE_COLONS:
        return False
    joined = any(mark in name[1:-1] for mark in "-_")
    return joined or not is_syllable(unicodedata.normalize("NFC", name))


def field_names() -> str:
    """All fields, each with a Vietnamese spelling: ``area (lĩnh-vực), …``."""
    return ", ".join(f"{name} ({_SPELLINGS[name].split()[1]})" for name in FIELDS)


def one_letter_apart(first: str, second: str) -> bool:
    """Whether the words differ by one letter or two swapped neighbours.

    That is, their Damerau–Levenshtein distance is 1 (Damerau, 1964).
    """
    if first == second or abs(len(first) - len(second)) > 1:
        return False
    at = 0
    while at < min(len(first), len(second)) and first[at] == second[at]:
        at += 1
    if len(first) == len(second):
        swapped = (
            first[at : at + 2] == second[at : at + 2][::-1] and first[at + 2 :] == second[at + 2 :]
        )
        return swapped or first[at + 1 :] == second[at + 1 :]
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return longer[at + 1 :] == shorter[at:]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower().replace("-", "").replace("_", "")
