"""Tokens written without spaces: numbers, dates, document numbers.

A compound has more than one run of letters or digits.

``15-CT/TU``, ``12/2004/QĐ-UB``, ``21/9/2023``, ``4.590``, ``12,5``, ``2000-2005``, ``kinh tế-xã
hội``.

Source of the document types: the abbreviations in appendix III of Nghị định 30/2020/NĐ-CP (the
state) and in Hướng dẫn 36-HD/VPTW (the Party).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from .letters import WITHOUT_TONE, listed
from .syllables import is_syllable
from .tones import canonical

Kind = Literal["syllable", "number", "code"]

# Maximum length of a token, in characters: engines limit the length of terms.
MAX_TERM = 128

HYPHENS = "-\u2010\u2011\u2013\u2212"
_LETTERS = "A-Za-zĐđƯưƠơÂâĂăÊêÔô"
_DOCUMENT_KINDS = (
    "NQLT|TTLT|NQ|QĐ|QD|NĐ|ND|CT|CTr|CTHĐ|KL|QC|QyĐ|QyD|"
    "TT|TTr|TB|HD|BC|BB|KH|CV|HĐ|CĐ|PC|GM|LCT|PL|TL|ĐA|PA"
)
_SEPARATOR = rf" {{0,2}}[{HYPHENS}/] {{0,2}}"

# Pattern of letters and digits, with combining marks.
RUN = "[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*"

# Pattern of runs joined by hyphen, slash, dot or comma.
COMPOUND = rf"{RUN}(?:[{HYPHENS}/.,]{RUN})*"

# Pattern of a document number, also with spaces: `15 - CT/TU`, `12/2004/QĐ - UB`.  It lists the
# document types; otherwise `33 - chi bộ/phòng` would match too. All repetitions are bounded, so
# that matching takes linear time.
SPACED_CODE = (
    rf"[0-9]{{1,6}}(?:{_SEPARATOR}[0-9]{{1,4}}){{0,3}}{_SEPARATOR}(?i:{_DOCUMENT_KINDS})"
    rf"{_SEPARATOR}[{_LETTERS}]{{1,12}}(?:[{HYPHENS}][{_LETTERS}]{{1,12}}){{0,4}}(?![^\W_])"
)

_ITEM = re.compile(rf"([0-9]+(?:[.,][0-9]+)*)((?:{RUN})?)|({RUN})")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+\Z")
_UNITS = frozenset(
    listed(
        "m m2 m3 m² m³ km km2 km² cm mm ha kg tấn tạ lít tỷ tỉ triệu nghìn ngàn đ đồng vnđ vnd "
        "usd kw kwh kv kva mw h"
    )
)
_UNTONED = re.compile(rf"[{_LETTERS}0-9]{{1,12}}\Z")
_MAX_PARTS = 8


class CompoundPart(NamedTuple):
    """One token of a compound.

    ``start`` and ``end`` count from the compound's first character.

    ``breaks`` is true if a sentence ends before it (``năm 2005.Trong``).
    """

    kind: Kind
    text: str
    start: int
    end: int
    breaks: bool


class _Item(NamedTuple):
    """A number or run as written, the separator before it, and where it starts."""

    before: str
    raw: str
    start: int


def analyse_compound(raw: str) -> tuple[CompoundPart, ...]:
    """The tokens of a compound, a code before its parts.

    >>> [(piece.kind, piece.text) for piece in analyse_compound("15-CT/TU")]
    [('code', '15-ct/tu'), ('number', '15'), ('syllable', 'ct'), ('syllable', 'tu')]
    >>> [piece.text for piece in analyse_compound("4.590,5")]
    ['4590,5']
    """
    return _cached(raw) if len(raw) <= MAX_TERM else _analyse(raw)


def _analyse(raw: str) -> tuple[CompoundPart, ...]:
    pieces: list[CompoundPart] = []
    group: list[_Item] = []
    for item in _items(raw):
        if group and not _joins(group[-1], item):
            pieces += _close(group)
            group = []
        group.append(item)
    return (*pieces, *_close(group))


_cached = lru_cache(maxsize=1 << 12)(_analyse)


def _items(raw: str) -> list[_Item]:
    """Numbers and runs in order.

    ``2.500m2`` is two items, ``QH15`` and ``15B`` are one.
    """
    items: list[_Item] = []
    end = 0
    for match in _ITEM.finditer(raw):
        start = match.start()
        number, suffix, other = match.groups()
        before = raw[end:start].strip()
        end = match.end()
        if other or not number:
            items.append(_Item(before, other or "", start))
        elif suffix and number.isdigit() and suffix.lower() not in _UNITS:
            items.append(_Item(before, number + suffix, start))
        else:
            for part_before, part, at in _numbers(number):
                items.append(_Item(part_before or before, part, start + at))
            if suffix:
                items.append(_Item("", suffix, start + len(number)))
    return items


def _numbers(run: str) -> list[tuple[str, str, int]]:
    """The numbers in a run of digits, dots and commas.

    Each as (separator before, digits as written, offset).
    """
    if run.isdigit() or _number(run) or _is_date(run.split(".")):
        return [("", run, 0)]
    # A list without spaces: split at commas, then, if that gives no numbers, at dots.
    numbers: list[tuple[str, str, int]] = []
    at = 0
    for field in run.split(","):
        whole = field.isdigit() or _number(field) is not None or _is_date(field.split("."))
        offset = at
        for part in [field] if whole else field.split("."):
            numbers.append((run[offset - 1] if offset else "", part, offset))
            offset += len(part) + 1
        at += len(field) + 1
    return numbers


def _number(run: str) -> str | None:
    """Canonical form of a grouped or decimal number: no group marks, a decimal comma."""
    for group, decimal in ((".", ","), (",", ".")):
        whole, found, fraction = run.partition(decimal)
        if found and not fraction.isdigit():
            continue
        if _GROUPS.match(whole.replace(group, ".")) and group in whole:
            # "4,590" is a decimal here; commas group only where there are two, or a decimal dot.
            if group == "," and not found and whole.count(",") < 2:
                continue
            return whole.replace(group, "") + ("," + fraction if found else "")
    whole, _, fraction = run.replace(".", ",").partition(",")
    if not whole.isdigit() or not fraction.isdigit():
        return None
    # "12.2004" is a month and "2004,2005" a list: such fractions belong to 0,…  and 3,1415… alone.
    if (len(fraction) == 4 and fraction[:2] in ("19", "20")) or (
        len(fraction) > 3 and len(whole) > 3
    ):
        return None
    return f"{_integer(whole)},{fraction}"


def _integer(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _is_digits(raw: str) -> bool:
    # str.isdigit also accepts ² and digits of other scripts.
    return raw.isascii() and raw.isdigit()


def _is_date(parts: list[str]) -> bool:
    """Whether the items are day, month and year (four digits)."""
    return (
        [len(part) for part in parts] in ([1, 1, 4], [1, 2, 4], [2, 1, 4], [2, 2, 4])
        and 1 <= int(parts[0]) <= 31
        and 1 <= int(parts[1]) <= 12
    )


def _joins(left: _Item, right: _Item) -> bool:
    """Whether the separator between two items may stand within a code."""
    if right.before == ".":
        digits = _is_digits(left.raw)
        word = right.raw if digits else left.raw
        return digits != _is_digits(right.raw) and _is_abbreviation(word) and not is_syllable(word)
    return len(right.before) == 1 and right.before in HYPHENS + "/"


def _close(group: list[_Item]) -> list[CompoundPart]:
    """The parts of joined items, the code first if they form one."""
    parts: list[CompoundPart] = []
    for item in group:
        parts += _parts(item)
    if group and group[0].before == "." and _ends_sentence(group[0]):
        parts[0] = parts[0]._replace(breaks=True)
    code = _code(group)
    if code and code != parts[0].text:
        first = parts[0]
        whole = CompoundPart("code", code, first.start, parts[-1].end, first.breaks)
        return [whole, *parts]
    return parts


def _ends_sentence(item: _Item) -> bool:
    # A dot before a capital and no space: 2005.Trong. Not in abbreviations: TP.HCM, T.Ư.
    return item.raw[0].isupper() and is_syllable(item.raw) and len(item.raw) > 1


def _parts(item: _Item) -> list[CompoundPart]:
    raw, start = item.raw, item.start
    if not ("0" <= raw[0] <= "9"):
        return [CompoundPart("syllable", term(raw), start, start + len(raw), False)]
    if _is_digits(raw):
        return [CompoundPart("number", _integer(raw)[:MAX_TERM], start, start + len(raw), False)]
    if (number := _number(raw)) is not None:
        return [CompoundPart("number", number[:MAX_TERM], start, start + len(raw), False)]
    if "." not in raw:
        return [CompoundPart("syllable", term(raw), start, start + len(raw), False)]
    pieces = []
    for digits in raw.split("."):
        pieces.append(CompoundPart("number", _integer(digits), start, start + len(digits), False))
        start += len(digits) + 1
    return pieces


def _code(group: list[_Item]) -> str | None:
    """Canonical text of the code that the items form, or None."""
    if len(group) == 1 and _is_date(group[0].raw.split(".")):
        return "/".join(map(_integer, group[0].raw.split(".")))
    if not 2 <= len(group) <= _MAX_PARTS or any(
        "." in item.raw or "," in item.raw for item in group
    ):
        return None
    raws = [item.raw for item in group]
    separators = ["-" if item.before in HYPHENS else item.before for item in group[1:]]
    numbers = [_is_digits(raw) for raw in raws]
    if all(numbers):
        if _is_date(raws):
            return "/".join(map(_integer, raws))
        # 1/2000 and 9/2023; a hyphen makes a range of two numbers.
        return "/".join(map(_integer, raws)) if set(separators) == {"/"} else None
    words = [raw for raw, number in zip(raws, numbers, strict=True) if not number]
    if not any(numbers) or not all(map(_is_abbreviation, words)):
        return None
    if not any(word.isupper() or not is_syllable(word) for word in words):
        return None
    texts = [
        _integer(raw) if number else raw.lower() for raw, number in zip(raws, numbers, strict=True)
    ]
    return texts[0] + "".join(mark + text for mark, text in zip(separators, texts[1:], strict=True))


def _is_abbreviation(word: str) -> bool:
    """Whether a run has letters without tone marks, and maybe digits: QĐ, QH15."""
    return _UNTONED.match(word) is not None and word.translate(WITHOUT_TONE) == word


def term(raw: str) -> str:
    """The token text of one run of letters and digits.

    The canonical spelling, truncated to the maximum length.
    """
    raw = raw[:MAX_TERM]
    if not raw.isascii() and not raw.isalpha():
        # m² and Ⅳ; not ½, which would bring a slash of its own.
        plain = unicodedata.normalize("NFKC", raw)
        raw = plain if plain.isalnum() else raw
    return canonical(raw)[:MAX_TERM]
