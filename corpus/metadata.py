"""Extract metadata from the text of a report.

Title, kind, number, issuing body, place, date, term and signer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..vietnamese import fold
from .line_types import (
    FORM_NUMBER,
    NATION,
    NUMBER,
    OFFICE,
    PLACE_DATE,
    SHORT,
    document_kind,
    is_annex,
    is_name,
    is_place_date,
    names_organisation,
    stripped,
)
from .lines import Line
from .period import read_period, read_period_of_name
from .sections import DocumentSections

_TERM = re.compile(
    r"nhiệm\s*kỳ\s*:?\s*(?:[IVXLC]+\s*)?(?:\(?\s*khóa\s+\w+\s*\)?\s*)?[,(]?\s*"
    r"(?P<first>\d{4})\s*[-–—]\s*(?P<last>\d{4})",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?<!\d)(?P<first>(?:19|20)\d{2})\s*[-–—]\s*(?P<last>(?:19|20)\d{2})(?!\d)")
_LONGEST_TERM = 6  # years; congress terms last five, give or take one
_BODY = re.compile(
    r"\bcủa\s+((?:tập thể\s+)?(?:Ban Chấp hành|Ban Thường vụ|Đảng bộ|(?:Đảng|Quận|Huyện|Thành|"
    r"Tỉnh|Thị) (?:ủy|uỷ)|(?:Ủy|Uỷ) ban nhân dân|UBND|Hội đồng nhân dân|HĐND|Chi bộ|BCH|BTV|"
    r"Mặt trận|(?:Ủy|Uỷ) ban)[^,;.()–—-]*?)(?=\s+(?:trong|về|tại|trình|trên|năm|nhiệm)\b|"
    r"[,;.()–—-]|$)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"ban chấp hành|ban thường vụ|đảng bộ|(?:ủy|uỷ) ban nhân dân|(?:đảng|tỉnh|thành|huyện|"
    r"quận) (?:ủy|uỷ)|hội đồng",
    re.I,
)
_NO_BODY = re.compile(
    r"[\s*]*(?:\(|(?:khóa|khoá|kỳ họp|kính gửi|nơi nhận|nơi gửi|người ký|dự thảo|hỏa tốc)\b|"
    r"(?:(?:tuyệt |tối )?mật|(?:thượng )?khẩn)$)",
    re.IGNORECASE,
)
# An organ of a body that its own line does not name: "BAN THƯỜNG VỤ" below "HUYỆN ỦY TÂN SƠN".
_ORGAN = re.compile(
    r"(?:ban (?!cán sự)|bch$|btv$|thường trực|(?:ủy|uỷ) ban kiểm tra|văn phòng|"
    r"đoàn (?:giám sát|kiểm tra|thanh tra|đại biểu)|tổ )[^,;:]{0,60}$",
    re.IGNORECASE,
)
# the body's own name
_NAMED = re.compile(
    r"(?<!\w)(?:tỉnh|thành|huyện|quận|thị|xã|phường|đặc khu|thôn|khu|trung ương|đảng|đoàn thanh|"
    r"hội|sở|cục|công ty|trường|bệnh viện)(?!\w)",
    re.IGNORECASE,
)
_SHORT_PLACE = ("TP", "TP.", "TX", "TX.", "TT", "TT.")  # may stand before a place: "TP Hồ Chí Minh"
_MOTTO_END = re.compile(r"(?:hạnh phúc|việt nam)\s+(?=\w)", re.IGNORECASE)
_ABOVE = re.compile(  # "TỈNH ỦY BẮC SƠN ĐẢNG ỦY CÁC CƠ QUAN": a body below another, on one line
    r"(?:(?:TỈNH|HUYỆN|THÀNH|QUẬN|THỊ) ỦY|ĐẢNG BỘ|ĐẢNG ỦY|UBND|ỦY BAN NHÂN DÂN)(?: \S+){2,5}?"
    r" (?=(?:ĐẢNG ỦY|ĐẢNG BỘ|CHI BỘ|ỦY BAN KIỂM TRA|SỞ) )"
)
_COLUMN_MARKS = " *_:;|"  # left between two columns, and by emphasis
_LAST_NAME = re.compile(r"[.,;]\s+(?P<name>[^.,;:]+)$")  # "- Lưu: VT.          Nguyễn Văn A"
_WHERE = re.compile(
    r"(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)\s+(?!ủy|uỷ)[^,;:]+$",
    re.IGNORECASE,
)
_TERM_TAIL = re.compile(r"\s*,?\s*(?:nhiệm\s+kỳ|khóa|khoá|lần thứ)\b.*$", re.IGNORECASE)
_OFFICE = re.compile(
    r"^\s*(?:t\s*/?\.?\s*m|k\s*/?\.?\s*t|t\s*/?\.?\s*l|thay mặt)\b\s*[./]?\s*", re.IGNORECASE
)
# Attributes of a document as web pages show them above its text: "Số ký hiệu: 12/QĐ-UBND".
_ATTRIBUTE = re.compile(
    r"(?:(?P<number>số(?: văn bản|\s*/?\s*(?:ký )?hiệu))|(?P<date>ngày (?:ban hành|ký))|"
    r"(?P<kind>(?:thể )?loại văn bản|hình thức văn bản)|(?P<signer>người ký))\s*[:;]\s*"
    r"(?P<value>.+)",
    re.IGNORECASE,
)
_ATTRIBUTE_LINES = 20  # maximum lines from the top of the text to the attributes


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata found; a missing value is None (``""`` for the title)."""

    title: str = ""
    kind: str | None = None
    number: str | None = None
    issuing_body: str | None = None
    place: str | None = None
    date: date | None = None
    term: tuple[int, int] | None = None
    signer: str | None = None
    period: tuple[int, int] | None = None


def read_metadata(matter: DocumentSections, fallback_title: str = "") -> Metadata:
    """The metadata of one document.

    ``fallback_title`` (a file's name) is used where the document has no title.
    """
    title = _joined(matter.title) or _annex_title(matter.body)
    head = [line.text for line in matter.letterhead]
    opening = [line.text for line in matter.body[:12]]
    place, day = _place_date(matter)
    shown = _attributes(matter)
    day = day or _date(PLACE_DATE.search(shown.get("date", "")))
    term = _term(title, [*opening, *(line.text for line in matter.signature)], fallback_title)
    period = read_period(title)
    if period is None and term is None and day is None:
        period = read_period_of_name(fallback_title)
    return Metadata(
        title=title or fallback_title,
        kind=next(
            filter(None, map(document_kind, (shown.get("kind", ""), title, fallback_title))), None
        ),
        number=_number([*head, *(line.text for line in matter.title)])
        or _number([f"số {shown['number']}"] if "number" in shown else []),
        issuing_body=_issuing_body(matter, title),
        place=place,
        date=day,
        term=term,
        signer=_signer(matter.signature) or _name_in(shown.get("signer", "")),
        period=period,
    )


def _attributes(matter: DocumentSections) -> dict[str, str]:
    """The attributes of a document shown above its text, by the name of the group."""
    found: dict[str, str] = {}
    for line in [*matter.letterhead, *matter.body[:_ATTRIBUTE_LINES]]:
        match = _ATTRIBUTE.fullmatch(line.text.strip(" *"))
        if match is not None and line.size <= SHORT:
            name = next(name for name in ("number", "date", "kind", "signer") if match[name])
            found.setdefault(name, match["value"].strip())
    return found


def _name_in(text: str) -> str | None:
    """The name at the end of "Chủ tịch Lò Văn Ín"."""
    words = text.split()
    tails = (" ".join(words[-count:]) for count in range(5, 1, -1))
    return next(filter(is_name, tails), None)


def _annex_title(body: list[Line]) -> str:
    """The title of an annex that is a file of its own; else empty."""
    if not body or not is_annex(body[0]) or body[0].size > SHORT:
        return ""
    if body[0].rest:
        return body[0].rest
    return _joined(
        line for line in body[1:2] if line.block.kind == "paragraph" and not line.sentence
    )


def _joined(lines: Iterable[Line]) -> str:
    return " ".join(line.text.strip(" *") for line in lines)


def _number(texts: Iterable[str]) -> str | None:
    for text in texts:
        found = None if FORM_NUMBER.match(text) else NUMBER.search(text)
        if found:
            return re.sub(r"\s*([-–/.])\s*", r"\1", found["number"]).replace("–", "-").strip(".…")
    return None


def _place_date(matter: DocumentSections) -> tuple[str | None, date | None]:
    lines = [
        line
        for line in (*matter.letterhead, *matter.title, *matter.signature)
        if is_place_date(line)
    ]
    for line in lines:
        found = PLACE_DATE.search(line.text)
        if found is not None:
            return _columns(line.text, found)[1], _date(found)
    return None, None


def _date(found: re.Match[str] | None) -> date | None:
    """The date that a line names, if it is complete and valid."""
    if found is None:
        return None
    numbers = (
        found["year"] or found["y"],
        found["month"] or found["m"],
        found["day"] or found["d"],
    )
    if not all(text and text.isdigit() for text in numbers):
        return None
    try:
        return date(*(int(text) for text in numbers))
    except ValueError:
        return None


def _columns(text: str, found: re.Match[str]) -> tuple[str, str | None]:
    """The left column of a letterhead line, and the place in its right column.

    The two columns of the letterhead have been read as one line.

    A body's name stands there in capitals, and the document's number; a place is not written in
    capitals, unless it is all there is.
    """
    if not found["place"]:
        left = text[: found.start()].rstrip()
        return "" if left.endswith(",") else left, None
    start, end = found.span("place")
    number = NUMBER.search(text, 0, end)
    start = max(start, number.end()) if number else start
    start = max([start, *(motto.end() for motto in _MOTTO_END.finditer(text, start, end))])
    words = [(word[0], word.start()) for word in re.finditer(r"[^\s*]+", text[start:end])]
    first = next(
        (
            at
            for at, (word, _) in enumerate(words)
            if word in _SHORT_PLACE or not (word.isupper() or word.isdigit())
        ),
        0,
    )
    if not words:
        return text[:start], None
    return text[: start + words[first][1]], " ".join(word for word, _ in words[first:])


def _left(text: str) -> str:
    """A letterhead line without its right column (nation, or place and date)."""
    nation = NATION.search(text)
    found = None if nation else PLACE_DATE.search(text)
    left = text[: nation.start()] if nation else _columns(text, found)[0] if found else text
    return left.strip(_COLUMN_MARKS)


def _issuing_body(matter: DocumentSections, title: str) -> str | None:
    bodies: list[str] = []
    for line in matter.letterhead:
        text = _left(line.text)
        above = _ABOVE.match(stripped(text)) if text.isupper() else None
        if above:
            bodies.append(text[: above.end()].rstrip())
            text = text[above.end() :]
        if not text or NUMBER.search(text) or _NO_BODY.match(text):
            continue
        if bodies and OFFICE.match(stripped(text)):
            continue  # who decides, below the title
        if bodies and text.isupper() and not names_organisation(text):
            bodies[-1] += f" {text}"  # a name on two lines
        else:
            bodies.append(text)
    for place in range(len(bodies) - 1, 0, -1):
        if _WHERE.match(bodies[place]) and not _WHERE.match(bodies[place - 1]):
            bodies[place - 1 : place + 1] = [f"{bodies[place - 1]} {bodies[place]}"]
    if bodies:
        place = len(bodies) - 1 if len(bodies) < 3 else 1
        if not _is_organ(bodies[place]):
            return bodies[place]
        # "HỘI LHPN HUYỆN …, BAN THƯỜNG VỤ HỘI LHPN XÃ …", else the body above
        whose = bodies[place + 1 : place + 2] or bodies[max(0, place - 1) : place]
        named = [text for text in whose if not _is_organ(text) and names_organisation(text)]
        return " ".join([bodies[place], *named])
    spoken = [found[1] for found in [_BODY.search(title)] if found]
    signed = [_OFFICE.sub("", line.text.strip(" *")) for line in matter.signature]
    named = [
        _without_term(text)
        for text in (*spoken, *(text for text in signed if _SPEAKER.match(text)))
    ]
    return max(named, key=len, default=None)


def _is_organ(text: str) -> bool:
    """Whether a body's name is that of an organ, without the body it belongs to."""
    return bool(_ORGAN.match(stripped(text))) and not _NAMED.search(text)


def _without_term(text: str) -> str:
    return " ".join(_TERM_TAIL.sub("", text).split())


def _term(title: str, texts: list[str], name: str) -> tuple[int, int] | None:
    for pattern, text in ((_TERM, title), (_YEARS, title if "nhiệm k" in title.lower() else "")):
        found = pattern.search(text)
        if found and (term := _span(found)):
            return term
    counts = Counter(
        term for text in texts for found in _TERM.finditer(text) if (term := _span(found))
    )
    if counts:
        return max(counts, key=lambda term: counts[term])
    found = _YEARS.search(re.sub(r"[_\s]+", " ", name))
    if found and "nhiem ky" in re.sub(r"[-_\s]+", " ", fold(name).lower()):
        return _span(found)
    return None


def _span(found: re.Match[str]) -> tuple[int, int] | None:
    first, last = int(found["first"]), int(found["last"])
    return (first, last) if first < last <= first + _LONGEST_TERM else None


def _signer(lines: list[Line]) -> str | None:
    names = [line.text.strip(" *()") for line in lines if is_name(line.text) and not line.caps]
    if names:
        return names[-1]
    beside = [
        found["name"] for line in lines if line.bullet and (found := _LAST_NAME.search(line.text))
    ]
    return next(
        (name.strip() for name in reversed(beside) if len(name.split()) > 2 and is_name(name)), None
    )
