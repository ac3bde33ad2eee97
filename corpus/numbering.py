"""Numbers, letters and bullets at the start of a paragraph.

Examples: ``PHẦN THỨ NHẤT``, ``I.``, ``1.1.``, ``a)``, ``-``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ORDINAL_WORDS = {
    "mở đầu": 0, "nhất": 1, "một": 1, "hai": 2, "nhì": 2, "ba": 3, "tư": 4, "bốn": 4,
    "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_WORDS = "|".join(sorted(_ORDINAL_WORDS, key=len, reverse=True))
# the order of a), b), c), d), đ), e) … in Vietnamese documents
_LETTERS = "abcdđeghiklmnopqrstuvxy"

_PART = re.compile(
    rf"(?P<kind>phần|chương|mục|phụ lục)\s+(?:thứ\s+)?(?P<ordinal>{_WORDS}|[ivxlc]+|[a-hđ]|"
    rf"\d+)(?!\w)"
    r"(?P<tail>\s*[.:)\-–—/]*\s*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ANNEX = re.compile(
    r"(?P<head>PHỤ LỤC|Phụ lục)(?:\s*[.:]?$|(?:\s*[.:–-])?\s+(?P<rest>[^\W\d_].*[^.;,])$)"
)
# a single one has no number
_ARTICLE = re.compile(
    r"(?P<head>điều\s+(?P<ordinal>\d+)[a-zđ]?)\s*(?:[.:]\s*(?P<rest>.*)|$)",
    re.IGNORECASE | re.DOTALL,
)
# "Bước 1. Rà soát …" of a guide
_STEP = re.compile(
    rf"(?P<head>bước\s+(?:thứ\s+)?(?P<ordinal>{_WORDS}|\d{{1,2}}))\s*(?:[.:)]\s*(?P<rest>.*)|$)",
    re.IGNORECASE | re.DOTALL,
)
_ABBREVIATED = r"/(?=[^\W\d_]{1,3}(?![^\W\d_]))"  # Đ/c, V/v, C/K, T/M
_ROMAN = re.compile(
    rf"(?!\w{_ABBREVIATED})(?P<ordinal>[IVXLC]+)\s*(?:[.)/]\s*[-–—]?|[-–—:])\s*(?P<rest>(?!\d).*)",
    re.DOTALL,
)
_UPPER = re.compile(
    rf"(?!\w{_ABBREVIATED})(?P<ordinal>[A-HĐ])\s*(?:[.)/]\s*[-–—]?|\s[-–—]|[-–—]\s)\s*(?P<rest>.*)",
    re.DOTALL,
)
_DECIMAL = re.compile(
    r"(?P<ordinal>\d{1,3}(?:\.\d{1,3})+)\s*(?P<tail>[.)/:]?)[-–—]?\s*(?P<rest>.*)", re.DOTALL
)
_NUMBER = re.compile(
    r"(?P<ordinal>\d{1,3})\s*(?:(?P<close>\))|[./]\s*[-–—]?|\s[-–—]\s|"
    r"[-–—]\s)\s*(?P<rest>(?!\d).*)",
    re.DOTALL,
)
_BRACKET = re.compile(r"\((?P<ordinal>\d{1,3}|[ivx]+|[a-zđ])\)\s*(?P<rest>.*)", re.DOTALL)
_LOWER = re.compile(
    rf"(?!\w{_ABBREVIATED})(?P<ordinal>[a-zđ])\s?(?:[.)/])\s*[-–—]?\s*(?P<rest>.*)", re.DOTALL
)
_LOWER_DASH = re.compile(r"(?P<ordinal>[a-zđ])\s?[-–—]\s(?P<rest>\s*[^\W\d_].*)", re.DOTALL)
_BULLET = re.compile(r"(?P<bullet>\*{1,3}|[-–—−+•●○▪◦■□➢✓·])\s*(?P<rest>[^\s*\-_=].*)", re.DOTALL)
_INITIALS = re.compile(r"V\.\s?I\.\s?Lê|C\.\s?Mác\b")  # Lenin and Marx, often quoted
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?![.\d])")

# Kind of marker → how deep it usually stands. Equal ranks take the order in which a report nests
# them.
RANKS = {
    "part": 0, "chapter": 1, "section": 2, "article": 3, "upper": 4, "roman": 4, "step": 9,
    "number": 10, "decimal-2": 11, "decimal-3": 12, "decimal-4": 13, "decimal-5": 14, "lower": 20,
    "number-paren": 10, "bracket": 22, "star": 30, "dash": 31, "plus": 32, "bullet": 33,
}  # fmt: skip

# Kinds without an ordinal: list items, seldom headings.
BULLETS = frozenset({"star", "dash", "plus", "bullet"})

_BULLET_KINDS = {"*": "star", "-": "dash", "–": "dash", "—": "dash", "−": "dash", "+": "plus"}


@dataclass(frozen=True, slots=True)
class Enumerator:
    """The number, letter or bullet that a paragraph begins with.

    ``kind`` is a key of :data:`RANKS`. ``ordinal`` counts from 1 (0: none, as for bullets; of
    several levels ``1.2.3`` the last). ``text`` is the marker itself, ``rest`` the text after it.
    """

    kind: str
    ordinal: int
    text: str
    rest: str

    @property
    def rank(self) -> int:
        """The usual depth of markers of this kind (0: outermost)."""
        return RANKS[self.kind]


def roman_value(numeral: str) -> int:
    """The value of a Roman numeral in capitals; 0 if invalid (``IIV``, ``CIC``)."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    total = 0
    for here, after in zip(numeral, [*numeral[1:], ""], strict=True):
        value = values.get(here, 0)
        total += -value if after and values.get(after, 0) > value else value
    return total if _roman(total) == numeral else 0


def _roman(number: int) -> str:
    text = ""
    for value, letters in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value:
            text += letters
            number -= value
    return text


def _ordinal(text: str) -> int:
    lower = text.lower()
    if lower in _ORDINAL_WORDS:
        return _ORDINAL_WORDS[lower]
    if lower.isdigit():
        return int(lower)
    return roman_value(text.upper()) or (_LETTERS.find(lower) + 1 if len(lower) == 1 else 0)


def find_marker(text: str, *, roman_letter: bool = True) -> Enumerator | None:
    """The marker that ``text`` begins with, or None.

    A single capital that may be a letter or a numeral (``C.``, ``I.``) counts as a numeral unless
    ``roman_letter`` is false.
    """
    part = _part(text)
    if part is not None or _INITIALS.match(text):
        return part
    first = text[:1]
    if first.isdigit():
        return _number(text)
    if first == "(":
        found = _BRACKET.match(text)
        return _made("bracket", found, text) if found else None
    found = _BULLET.match(text)
    if found:
        kind = _BULLET_KINDS.get(found["bullet"][0], "bullet")
        return Enumerator(kind, 0, found["bullet"], found["rest"].strip())
    found = _ROMAN.match(text)
    if found and roman_value(found["ordinal"]) and (roman_letter or len(found["ordinal"]) > 1):
        return _made("roman", found, text)
    found = _UPPER.match(text)
    if found:
        return _made("upper", found, text)
    found = _LOWER.match(text)
    if found is None:
        found = _LOWER_DASH.match(text)
        if found and not found["rest"].lstrip()[:1].isupper():
            return None
    return _made("lower", found, text) if found else None


def _part(text: str) -> Enumerator | None:
    if text[:1] not in "PpCcMmĐđBb":
        return None
    found = _PART.match(text)
    if found:
        kind = {"phần": "part", "phụ lục": "part", "chương": "chapter", "mục": "section"}[
            found["kind"].lower()
        ]
        ordinal = found["ordinal"]
        # "Chương II QUYỀN HẠN", but not "Phần một số đồng chí"
        if found["rest"] and not found["tail"].strip() and not found["rest"][0].isupper():
            return None
        return Enumerator(
            kind, _ordinal(ordinal), text[: found.end("ordinal")], found["rest"].strip()
        )
    found = _ANNEX.match(text)
    if found and (not found["rest"] or found["rest"][0].isupper()):
        return Enumerator("part", 0, found["head"], (found["rest"] or "").strip())
    for kind, pattern in (("article", _ARTICLE), ("step", _STEP)):
        found = pattern.match(text)
        if found:
            rest = (found["rest"] or "").strip()
            return Enumerator(kind, _ordinal(found["ordinal"]), found["head"], rest)
    return None


def _number(text: str) -> Enumerator | None:
    found = _DECIMAL.match(text)
    if found and not _THOUSANDS.match(text):
        levels = found["ordinal"].split(".")
        follows = text[found.end("ordinal") :]
        if found["tail"] or follows[:1].isspace() or not follows:
            return Enumerator(
                f"decimal-{min(len(levels), 5)}",
                int(levels[-1]),
                _head(found, text),
                found["rest"].strip(),
            )
        return None
    found = _NUMBER.match(text)
    return _made("number-paren" if found["close"] else "number", found, text) if found else None


def _made(kind: str, found: re.Match[str], text: str) -> Enumerator:
    ordinal = found["ordinal"]
    value = _LETTERS.find(ordinal.lower()) + 1 if kind in ("upper", "lower") else _ordinal(ordinal)
    return Enumerator(kind, value, _head(found, text), found["rest"].strip())


def _head(found: re.Match[str], text: str) -> str:
    return text[: found.start("rest")].strip()
