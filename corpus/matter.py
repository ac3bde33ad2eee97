"""What surrounds a report's text: letterhead, title, signature, recipients, and page furniture.

The look of official documents is set by Decree 30/2020/NĐ-CP (state bodies) and Guideline
36-HD/VPTW (Party bodies); the patterns here follow the parts those name, and what word processors
and web pages add around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..vietnamese import fold
from .lines import Line

KINDS = (
    "báo cáo", "nghị quyết", "nghị định", "kế hoạch", "quyết định", "chỉ thị", "thông báo", "thông tư",
    "thông tri", "hướng dẫn", "kết luận", "quy chế", "quy định", "quy ước", "chương trình", "tờ trình", "đề án",
    "công văn", "công điện", "biên bản", "dự thảo báo cáo", "luật", "bộ luật", "pháp lệnh", "lệnh", "điều lệ",
    "đề cương", "tuyên bố", "phương án", "lời kêu gọi", "diễn văn", "tham luận", "bài phát biểu",
)  # fmt: skip
"""What documents call themselves in their titles, longest forms included."""

_KIND = re.compile(rf"(?:dự thảo\s+)?({'|'.join(sorted(KINDS, key=len, reverse=True))})(?![\w-])", re.IGNORECASE)
_NATION = re.compile(
    r"cộng h(?:òa|oà)\s+xã hội chủ nghĩa|đảng cộng sản việt nam|độc lập\s*[-–—,]\s*tự do", re.IGNORECASE
)
_STATE = re.compile(r"CỘNG H(?:ÒA|OÀ)\s+XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM", re.IGNORECASE)
NUMBER = re.compile(
    r"\bsố\s*:?\s*(?P<number>[\d….]*\s*(?:/\s*\d{4}\s*)?[-–/]\s*[A-ZĐ][\w&Đđ]*(?:\s?[-–/.]\s?[A-ZĐ][\wĐđ]*)*)(?!\w)",
    re.IGNORECASE,
)
PLACE_DATE = re.compile(
    r"(?:(?P<place>[^\W\d_][^,;.:()]{1,60}?)\s*,\s*)?(?:ngày\s*(?P<day>\d{1,2}|…+|\.+)?\s*tháng\s*(?P<month>\d{1,2}|…+|\.+)?\s*"
    r"năm\s*(?P<year>\d{4})|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}))",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật)\b\s*[,-]?\s*(?:ngày\s*)?\d", re.IGNORECASE
)
_RULE = re.compile(r"[\W_]{1,200}")
_PAGE = re.compile(r"(?:trang\s+)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*/\s*\d{1,4})?", re.IGNORECASE)
_WEB = re.compile(
    r"(?:cỡ chữ|in trang|gửi bạn bè|gửi email|lượt xem|lượt truy cập|trang chủ|chia sẻ|"
    r"bản in|tin liên quan|các tin khác|"
    r"về đầu trang|quay lại|copyright|bản quyền|nguồn\s*:|tải về|đăng nhập|tìm kiếm|https?://|www\.|thông báo$|"
    r"in bài|đọc tiếp|xem thêm|bình luận|đang tải|tin mới|liên hệ$|tags?\s*:|chuyên mục|thuộc tính|facebook|zalo)",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"(?:đảng bộ|đảng ủy|tỉnh ủy|thành ủy|huyện ủy|quận ủy|thị ủy|chi bộ|chi ủy|ban chấp hành|ban thường vụ|bch|btv|"
    r"đảng đoàn|ban cán sự|ủy ban|hội đồng|ban (?!hành)\w+|sở |bộ |văn phòng|phòng |trường |công an|"
    r"bộ chỉ huy|ban chỉ huy|"
    r"mặt trận|đoàn |hội |liên đoàn|công đoàn|tòa án|viện |cục |chi cục|tổng cục|trung tâm|quốc hội|chính phủ|"
    r"thanh tra|"
    r"tỉnh |thành phố |huyện |quận |xã |phường |thị xã |thị trấn |khối |khóa |kỳ họp|trung ương|ubnd|hđnd|"
    r"ubmttq|công ty|"
    r"học viện|tổng công ty|đặc khu |bộ tư lệnh|kho bạc|bảo hiểm)",
    re.IGNORECASE,
)
_SIGNER = re.compile(
    r"(?:t\s*[/.]?\s*m\b|k\s*[/.]?\s*t\b|t\s*[/.]?\s*l\b|t\s*[/.]?\s*u\s*[/.]?\s*q\b|q\.|thay mặt|phó |bí thư|chủ tịch|"
    r"chủ nhiệm|trưởng |giám đốc|cục trưởng|chánh |viện trưởng|hiệu trưởng|thủ trưởng|chỉ huy|tổng bí thư|ủy viên|"
    r"bộ trưởng|thứ trưởng|thủ tướng|thường trực|chính ủy|tư lệnh|thư ký|người (?:báo cáo|lập|viết|ký)|tổng giám đốc|"
    r"\(?\s*(?:đã ký|ký tên|ký, ghi)|chữ ký|người đứng đầu)",
    re.IGNORECASE,
)
_SIGNED_BY = re.compile(r"người ký\s*:", re.IGNORECASE)
_ABOUT = re.compile(r"(?:v/v|về việc)\b", re.IGNORECASE)
_RECIPIENTS = re.compile(r"(?:nơi nhận|kính gửi|nơi gửi)\s*:?", re.IGNORECASE)
_RANK = r"(?:(?:đại|thượng|trung|thiếu)\s+(?:tướng|tá|úy)|ts|pgs|gs|ths|bs|đ/c|đồng chí|ông|bà)\.?\s+"
_DOAN = re.compile(r"Đoàn (?!Thanh|Thể|Khối|Trường|Xã|Phường)[^\W\d_]+(?: [^\W\d_]+){1,2}$")  # a family name too
_SECTION = re.compile(r"(?:phần|chương|mục|điều|phụ lục)\s", re.IGNORECASE)

_ENACTING = re.compile(r"(?:quyết nghị|quyết định|nghị quyết|ban hành|thông qua|chỉ thị)\s*:", re.IGNORECASE)

_ENACTS = re.compile(r"\s(?:QUYẾT ĐỊNH|QUYẾT NGHỊ)\s*:?$")

_SHORT = 24  # words; a line of letterhead, title or signature is hardly ever longer
_RECIPIENT = 120  # words; one item of a list of recipients
_HEADER_SENTENCES = 4  # a web page's header has fewer lines longer than that
_LONG_TITLE = 80  # words; titles of decisions run long


@dataclass
class Matter:
    """One document of a file, its lines by their part."""

    furniture: list[Line] = field(default_factory=list)
    letterhead: list[Line] = field(default_factory=list)
    title: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    signature: list[Line] = field(default_factory=list)


def document_kind(text: str) -> str | None:
    """What a title says the document is (``"báo cáo"``), in lower case, or None."""
    found = _KIND.match(text.strip())
    return found[1].lower() if found else None


def is_furniture(line: Line) -> bool:
    """Rules, page numbers, enacting words, date lines and links of a web page: nothing to be searched."""
    text = line.text.strip()
    if line.caps and line.marker is None and document_kind(text) and not _ENACTING.fullmatch(text):
        return False  # a title, though a page may have a link of the same word
    return bool(
        _RULE.fullmatch(text)
        or _ENACTING.fullmatch(text)
        or (line.caps and line.marker is None and line.size <= _SHORT and _ENACTS.search(text))
        or _PAGE.fullmatch(text)
        or (line.size <= 14 and (_WEEKDAY.match(text) or _WEB.match(text) or " > " in text or " » " in text))
    )


def is_nation(line: Line) -> bool:
    """The line every official document begins with: state and motto, or the Party's name."""
    return line.size <= _SHORT and bool(_NATION.search(line.text)) and not line.sentence and not line.marker


def is_letterhead(line: Line) -> bool:
    """An organisation, a number, a place and date, or the nation's line."""
    if line.size > _SHORT or (line.sentence and not line.caps):
        return False
    text = line.text
    if (_RECIPIENTS.match(_plain(text)) or _SIGNED_BY.match(_plain(text))) and line.size <= _SHORT:
        return True
    number = NUMBER.search(text.strip(" *"))
    if is_nation(line) or (number and line.size <= 12 and number.start() <= 12):
        return True
    if is_place_date(line):
        return True
    plain = _plain(text)
    return bool(_ORGANISATION.match(plain)) and not line.numbered and (line.caps or line.size <= 9)


def is_place_date(line: Line) -> bool:
    """``Tân Sơn Trung, ngày 12 tháng 5 năm 2025`` and nothing else (or a second column before it)."""
    found = PLACE_DATE.search(line.text)
    if not found or _WEEKDAY.match(line.text.strip()):
        return False
    tail = line.text[found.end() :].strip(" */-–.)")
    return not tail and found.start() <= 60 and line.size <= 24


def is_organisation(line: Line) -> bool:
    """A body's name in capitals, alone on its line."""
    return line.caps and line.marker is None and bool(_ORGANISATION.match(_plain(line.text)))


def is_signature(line: Line) -> bool:
    """An office, a name, an organisation in capitals: what stands under a report."""
    if line.size > 16 or (line.end in (".", ";") and not line.text.rstrip().endswith("./.")):
        return False
    plain = _plain(line.text)
    if _SIGNER.match(plain) or _RECIPIENTS.match(plain):
        return True
    if line.numbered:
        return False
    return bool(line.caps and _ORGANISATION.match(plain)) or is_name(line.text)


def is_name(text: str) -> bool:
    """``Nguyễn Văn A``, with or without a rank: two to six words, each with a capital."""
    plain = text.strip().strip("()*")
    bare = re.sub(rf"^(?:{_RANK})+", "", plain, flags=re.IGNORECASE)
    words = bare.split()
    if _SIGNER.match(bare) or document_kind(bare) or (_ORGANISATION.match(bare) and not _DOAN.match(bare)):
        return False
    return 2 <= len(words) <= 5 and all(word[0].isupper() and word.isalpha() for word in words)


def is_title_start(line: Line) -> bool:
    """A line that names the kind of document as titles do: in capitals, or alone on its line."""
    if line.marker or line.size > 60 or (line.sentence and not line.caps) or _ENACTING.fullmatch(line.text.strip()):
        return False
    kind = document_kind(line.text.strip(" *"))
    return bool(kind) and (line.caps or line.block.level == 1 or len(line.text.strip(" *:")) <= len(kind or "") + 1)


def split_documents(lines: list[Line]) -> list[list[Line]]:
    """The documents bound into one file, each with its own letterhead or title.

    A new one begins at a nation's line, or at a title after a signature, once the one before has text.
    """
    starts = [0]
    text_since = False
    for place, line in enumerate(lines):
        begins = (line.caps and is_nation(line) and bool(_STATE.search(line.text))) or (
            is_title_start(line)
            and line.caps
            and _after_signature(lines, place, starts[-1])
            and not (place + 1 < len(lines) and lines[place + 1].kind == "article")  # that enacts
        )
        if begins and text_since:
            start = place
            while start > starts[-1] + 1 and _belongs_above(lines[start - 1], lines, start - 1):
                start -= 1
            starts.append(start)
            text_since = False
        elif line.size > _SHORT or (line.end == "." and line.size > 8):
            text_since = True
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _belongs_above(line: Line, lines: list[Line], place: int) -> bool:
    """Whether a line before a letterhead's anchor is part of it: an organisation, a number, a rule."""
    text = line.text.strip()
    if _RULE.fullmatch(text):
        return True
    return is_letterhead(line) and line.caps and not (_SIGNER.match(_plain(text)) and place)


def _after_signature(lines: list[Line], place: int, start: int) -> bool:
    """Whether one of the few lines before ``place`` is an office that signs, or the recipients."""
    before = [line for line in lines[max(start, place - 12) : place] if line.size <= 16]
    return any(_SIGNER.match(_plain(line.text)) or _RECIPIENTS.match(_plain(line.text)) for line in before)


def is_page_header(lines: list[Line]) -> bool:
    """Whether what stands before the first letterhead of a file is a web page's own: no title, and
    hardly a sentence."""
    longer = sum(line.size > _SHORT for line in lines)
    official = any(is_nation(line) or (line.caps and is_title_start(line)) for line in lines)
    return not official and longer <= _HEADER_SENTENCES


def divide(lines: list[Line]) -> Matter:
    """One document's lines by their part: letterhead, title, body, signature, furniture."""
    matter = Matter()
    last = _page_footer(lines)
    matter.furniture = lines[last:]
    lines = lines[:last]
    end = _signature_start(lines)
    matter.signature = [line for line in lines[end:] if not is_furniture(line)]
    matter.furniture += [line for line in lines[end:] if is_furniture(line)]
    start = _front(lines[:end], matter)
    for line in lines[start:end]:
        (matter.furniture if is_furniture(line) else matter.body).append(line)
    return matter


def _front(lines: list[Line], matter: Matter) -> int:
    """Sort the lines before the body into ``matter``; how many there are."""
    titled = False  # a line that names the kind of document was seen
    place = 0
    for place, line in enumerate(lines):
        if is_furniture(line):
            matter.furniture.append(line)
        elif is_title_start(line) and not (titled and _same(line, matter.title)):
            matter.title.append(line)
            titled = True
        elif titled and line.text[:1] in "(*" and line.text.rstrip(" *.").endswith(")") and line.size <= _LONG_TITLE:
            matter.letterhead.append(line)  # "(Kèm theo Quyết định số …)"
        elif titled and _ABOUT.match(line.text) and line.size <= _LONG_TITLE and line.end != ".":
            matter.title.append(line)
        elif is_letterhead(line) and not (titled and _is_prose(line)):
            matter.letterhead.append(line)
        elif _begins_body(line, lines, place, titled):
            break
        else:
            matter.title.append(line)
    else:
        place = len(lines)
    _drop_repeated_title(matter)
    return place


def _begins_body(line: Line, lines: list[Line], place: int, titled: bool) -> bool:
    if line.marker and (line.numbered or line.bullet):
        return True
    if line.sentence or line.size > _LONG_TITLE:
        return True
    if _SECTION.match(line.text) and line.marker:
        return True
    if line.verdict and line.verdict.pure:
        return True
    if line.block.level is not None and titled:
        return True
    if titled and not line.caps and place and lines[place - 1] and line.block.gap and _title_is_whole(lines[:place]):
        return True
    if line.end == ":" and not line.caps:
        return True
    return line.size > 40 and not line.caps


def _is_prose(line: Line) -> bool:
    """After the title only capitals, dates and addressees still belong to the letterhead."""
    text = _plain(line.text)
    return not (
        line.caps
        or is_place_date(line)
        or NUMBER.search(text[:24])
        or _RECIPIENTS.match(text)
        or _SIGNED_BY.match(text)
    )


def _title_is_whole(before: list[Line]) -> bool:
    """Whether the title seen so far says more than the kind of document ("BÁO CÁO" alone wants more)."""
    last = next((line for line in reversed(before) if not _RULE.fullmatch(line.text)), None)
    if last is None:
        return False
    kind = document_kind(last.text)
    return not (kind and len(last.text.strip(" *:")) <= len(kind) + 1)


def _same(line: Line, others: list[Line]) -> bool:
    return any(fold(line.text).lower() == fold(other.text).lower() for other in others)


def _drop_repeated_title(matter: Matter) -> None:
    """A page's own headline that the report's title says again is furniture."""
    kept: list[Line] = []
    for place, line in enumerate(matter.title):
        later = matter.title[place + 1 :]
        if any(_key(line) == _key(other) or (line.size >= 5 and _key(other).startswith(_key(line))) for other in later):
            matter.furniture.append(line)
        else:
            kept.append(line)
    matter.title = kept


def _key(line: Line) -> str:
    return " ".join(line.words)


def _page_footer(lines: list[Line]) -> int:
    """Where what a web page has below a signed document begins; ``len(lines)``: nowhere.

    It needs an office in capitals with a name right below it, in the document's second half, and after
    that neither numbered headings nor a title, as annexes have them.
    """
    for place in range(len(lines) // 3, len(lines)):
        if not (signs(lines[place]) and lines[place].caps):
            continue
        for name in range(place, min(place + 5, len(lines))):
            if is_name(lines[name].text) or (lines[name].text != lines[name].text.upper() and _signs_off(lines[name])):
                below = lines[name + 1 :]
                annex = any(
                    line.kind in ("part", "chapter", "article", "roman", "upper") or is_title_start(line)
                    for line in below
                )
                return len(lines) if annex else name + 1 + _leading_signature(below)
    return len(lines)


def _signs_off(line: Line) -> bool:
    """``KT. CHỦ TỊCH PHÓ CHỦ TỊCH Phùng Thành Vinh``: office and name on one line."""
    return line.size <= 16 and bool(_SIGNER.match(_plain(line.text))) and is_name(" ".join(line.text.split()[-3:]))


def _leading_signature(lines: list[Line]) -> int:
    """How many of the first lines still belong to signature and recipients."""
    count = 0
    while count < len(lines) and (
        is_signature(lines[count]) or (lines[count].bullet and _recipients_above(lines, count) is not None)
    ):
        count += 1
    return count


def _signature_start(lines: list[Line]) -> int:
    """Where the signature, the recipients and what follows them begin; ``len(lines)``: nowhere."""
    start = len(lines)
    place = start - 1
    while place >= 0:
        line = lines[place]
        if (
            is_furniture(line)
            or is_signature(line)
            or (is_place_date(line) and place > len(lines) // 2)
            or (_is_stray(line) and any(signs(other) for other in lines[max(0, place - 4) : place]))
        ):
            start = place
        elif (
            line.size <= (_RECIPIENT if line.bullet else 16) and (above := _recipients_above(lines, place)) is not None
        ):
            start = place = above
        else:
            break
        place -= 1
    return start


def _is_stray(line: Line) -> bool:
    """A few words that are no sentence: what a web page has below a report."""
    return line.size <= 8 and not line.marker and not line.sentence and line.end != ":"


def signs(line: Line) -> bool:
    """An office in capitals: ``KT. CHỦ TỊCH``."""
    return line.size <= 16 and not line.numbered and bool(_SIGNER.match(_plain(line.text))) and line.caps


def _recipients_above(lines: list[Line], place: int) -> int | None:
    """Where "Nơi nhận:" stands above a list of recipients that ``place`` belongs to, or None."""
    for above in range(place, max(-1, place - 25), -1):
        if _RECIPIENTS.match(_plain(lines[above].text)):
            return above
        if lines[above].size > (_RECIPIENT if lines[above].bullet else 16) or lines[above].numbered:
            return None
    return None


def _plain(text: str) -> str:
    """Without emphasis marks, and with one tone placement, for the patterns above."""
    return (
        text.strip(" *_(")
        .replace("uỷ", "ủy")
        .replace("UỶ", "ỦY")
        .replace("Uỷ", "Ủy")
        .replace("oà", "òa")
        .replace("OÀ", "ÒA")
    )
