"""Classify single lines: letterhead, title, signature, page furniture.

Decree 30/2020/NĐ-CP (state bodies) and Guideline 36-HD/VPTW (Party bodies) prescribe the parts of
official documents; the patterns follow these, and what word processors and web pages add.
"""

from __future__ import annotations

import re

from .lines import Line

# Types of documents in titles, including the longest forms.
KINDS = (
    "báo cáo", "nghị quyết", "nghị định", "kế hoạch", "quyết định", "chỉ thị", "thông báo",
    "thông tư", "thông tri", "hướng dẫn", "kết luận", "quy chế", "quy định", "quy ước",
    "chương trình", "tờ trình", "đề án", "công văn", "công điện", "biên bản", "dự thảo báo cáo",
    "luật", "bộ luật", "pháp lệnh", "lệnh", "điều lệ", "đề cương", "tuyên bố", "phương án",
    "lời kêu gọi", "diễn văn", "tham luận", "bài phát biểu",
)  # fmt: skip

_KIND = re.compile(
    rf"(?:dự thảo\s+)?({'|'.join(sorted(KINDS, key=len, reverse=True))})(?![\w-])", re.IGNORECASE
)
_SORT = re.compile(
    r"báo cáo\s+(?:chính trị|chuyên đề|tổng kết|sơ kết|tóm tắt|tổng hợp|nhanh|định kỳ|bổ sung|"
    r"giải trình|tham luận|kiểm điểm|"
    r"thẩm tra)",
    re.IGNORECASE,
)
_ANNEX = re.compile(r"phụ lục(?!\w)", re.IGNORECASE)
NATION = re.compile(
    r"cộng h(?:òa|oà)\s+xã hội chủ nghĩa|đảng cộng sản việt nam|độc lập\s*[-–—,]\s*tự do",
    re.IGNORECASE,
)
STATE = re.compile(r"CỘNG H(?:ÒA|OÀ)\s+XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM", re.IGNORECASE)
BYLINE = re.compile(
    r"(?:người |đồng chí |đơn vị )?(?:trình bày|báo cáo viên|tác giả|thực hiện)\s*:",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"\bsố\s*:?\s*(?P<number>[\d….]*\s*(?:(?:/\s*\d{4}\s*)?[-–/]\s*|"
    r"(?<=\d )(?=(?-i:[A-ZĐ]{2,4}[-/])))[A-ZĐ][\w&Đđ]*(?:\s?[-–/.]\s?[A-ZĐ][\wĐđ]*)*)(?!\w)",
    re.IGNORECASE,
)
PLACE_DATE = re.compile(
    r"(?:(?P<place>[^\W\d_][^,;.:()]{1,60}?)\s*,\s*)?"
    r"(?:ngày\s*(?P<day>\d{1,2}|…+|\.+)?\s*tháng\s*(?P<month>\d{1,2}|…+|\.+)?\s*năm\s*(?P<year>\d{4})|"
    r"(?:ngày\s*)?(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}))",
    re.IGNORECASE,
)
_COVER_DATE = re.compile(
    r"[A-ZĐ][^\d,;:]{1,40},\s*tháng\s*\d{1,2}\s*(?:năm|/)\s*\d{4}", re.IGNORECASE
)
# of a form: "….., ngày ….. tháng ….. năm ….."
_BLANK_DATE = re.compile(r"[\W_]*ngày[\W_]+tháng[\W_]+năm[\W_]*$", re.IGNORECASE)
# to be filled in, perhaps with the number of a note: "(1)……"
BLANKS = re.compile(r"(?:\(\d{1,2}\))?\s*(?:\.{4}|…{2}|_{4})[\W_]*(?:\(\d{1,2}\))?$")
# of the form below: "Mẫu số 04/HNCT"
FORM_NUMBER = re.compile(r"\W*(?:biểu )?mẫu(?: số)?\s*:?\s*\d[^.;:]{0,40}$", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật)\b\s*[,-]?\s*(?:ngày\s*)?\d",
    re.IGNORECASE,
)
# also "-----oOo-----"
RULE = re.compile(r"[\W_]{1,200}|[\W_]{1,100}o[0o]?o[\W_]{1,100}", re.IGNORECASE)
_PAGE = re.compile(r"(?:trang\s+)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*/\s*\d{1,4})?", re.IGNORECASE)
_WEB = re.compile(
    r"(?:cỡ chữ|in trang|gửi bạn bè|gửi email|(?:số )?lượt (?:xem|đọc|truy cập)|trang chủ|chia sẻ|"
    r"gửi cho bạn|gửi bài|đang (?:trực tuyến|truy cập)|copy link|sao chép (?:link|liên kết)|"
    r"skip to|bản in|về (?:đầu trang|trang trước)|lên đầu trang|quay lại|menu$|"
    r"sơ đồ (?:trang|website)|từ khóa\s*:|a[-+]$|©|copyright|bản quyền|"
    r"nguồn\s*:|tải về|đăng nhập|tìm kiếm|https?://|"
    r"www\.|thông báo$|in bài|đọc tiếp|xem thêm|bình luận|đang tải|tin mới|liên hệ$|tags?\s*:|"
    r"chuyên mục|thuộc tính|facebook|zalo|twitter$|link (?:bài|gốc)|giờ đăng|"
    r"theo (?:cổng thông tin|ttxvn)|\(?ttxvn\)?$)",
    re.IGNORECASE,
)
_NAVIGATION = re.compile(r"(?:trang chủ|đăng nhập|tìm kiếm|menu$|skip to)", re.IGNORECASE)
# above the titles of other articles, below the text of a web page
_MORE_ARTICLES = re.compile(
    r"(?:(?:các )?(?:tin|bài)(?: viết| bài| tức)? (?:liên quan|khác|cùng (?:chuyên )?mục|đã đưa|"
    r"(?:mới|cũ) hơn|mới nhất|đọc nhiều)|xem thêm|có thể bạn quan tâm)\s*:?$",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"(?:đảng bộ|đảng ủy|tỉnh ủy|thành ủy|huyện ủy|quận ủy|thị ủy|chi bộ|chi ủy|ban chấp hành|"
    r"ban thường vụ|bch|btv|đảng đoàn|ban cán sự|ủy ban|hội đồng|ban (?!hành)\w+|sở (?!hữu|dĩ)|"
    r"bộ (?!máy|phận|mặt|luật)|văn phòng|phòng (?!chống|, chống|cháy|ngừa|thủ)|trường (?!học|lớp|"
    r"hợp)|công an|bộ chỉ huy|ban chỉ huy|"
    r"mặt trận|đoàn |hội (?!nhập|nghị|viên|thảo|họp)|liên đoàn|công đoàn|"
    r"tòa án|viện (?!trợ|dẫn)|cục |chi cục|tổng cục|trung tâm|"
    r"quốc hội|chính phủ|"
    r"thanh tra|"
    r"tỉnh |thành phố |huyện |quận |xã (?!hội)|phường |thị xã |thị trấn |khối |khóa |kỳ họp|"
    r"trung ương|ubnd|hđnd|ubmttq|công ty|"
    r"học viện|tổng công ty|đặc khu |bộ tư lệnh|kho bạc|bảo hiểm)",
    re.IGNORECASE,
)
OFFICE = re.compile(
    r"(?:t\s*[/.]?\s*m\b|k\s*[/.]?\s*t\b|t\s*[/.]?\s*l\b|t\s*[/.]?\s*u\s*[/.]?\s*q\b|q\.|thay mặt|"
    r"phó |bí thư|chủ tịch|chủ nhiệm|trưởng |giám đốc|cục trưởng|chánh |viện trưởng|hiệu trưởng|"
    r"thủ trưởng|chỉ huy|tổng bí thư|ủy viên|bộ trưởng|thứ trưởng|thủ tướng|thường trực|chính ủy|"
    r"tư lệnh|thư ký|chủ (?:trì|tọa) (?:hội nghị|cuộc họp|đại hội)|"
    r"người (?:báo cáo|lập|viết|ký)|tổng giám đốc|\(?\s*(?:đã ký|ký tên|ký, ghi)|"
    r"chữ ký|người đứng đầu)",
    re.IGNORECASE,
)
# A note below a form's signature: "Ghi chú: …", "(1) Tên cơ quan …", "(*) …".
_FORM_NOTE = re.compile(
    r"(?:ghi chú|chú thích|lưu ý)\s*:|\(\s*(?:\d{1,2}|\*{1,3})\s*\)\s*[^\W\d_]", re.IGNORECASE
)
# A place for a signature: "(Ký, ghi rõ họ tên)", "(chữ ký)", "Họ và tên".
_SIGNING_PLACE = re.compile(
    r"(?:đã\s+)?(?:ký(?=[,;)]|\s+(?:tên|và|ghi|đóng))|chữ ký)[^.]*$|"
    r"họ(?: và)? tên(?:, chữ ký[^.]*)?\)?$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?P<kind>bảng|(?:phụ )?biểu(?: đồ| mẫu)?|hình|ảnh|sơ đồ|đồ thị|bản đồ)(?:\s+số)?\s+"
    r"\d{1,3}(?:[.–-]\d{1,3})*[a-zđ]?(?P<stop>\s*[.:–—-])?(?:\s+(?P<rest>.+))?$",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION_WORDS = 40
_SOURCE = re.compile(r"\(?\s*nguồn(?: số liệu)?\s*:", re.IGNORECASE)
_OPEN_OA = re.compile(r"(?:oà|OÀ)(?!\w)")  # "hoà", but not "đoàn", which has one spelling only
SIGNED_BY = re.compile(r"người ký\s*:", re.IGNORECASE)
ABOUT = re.compile(r"(?:v/v|về việc)\b", re.IGNORECASE)
RECIPIENTS = re.compile(r"(?:nơi nhận|kính gửi|nơi gửi)\s*:?", re.IGNORECASE)
_RANK = (
    r"(?:(?:đại|thượng|trung|thiếu)\s+(?:tướng|tá|úy)|ts|pgs|gs|ths|bs|đ/c|đồng chí|ông|bà)\.?\s+"
)
# a family name too
_DOAN = re.compile(r"Đoàn (?!Thanh|Thể|Khối|Trường|Xã|Phường)[^\W\d_]+(?: [^\W\d_]+){1,2}$")
SECTION = re.compile(r"(?:phần|chương|mục|điều|phụ lục)\s", re.IGNORECASE)

ENACTING = re.compile(
    r"(?:quyết nghị|quyết định|nghị quyết|ban hành|thông qua|chỉ thị)\s*:", re.IGNORECASE
)

_CARRIED_OUT = re.compile(
    r"^.{0,60}\b(?:thực hiện|thi hành|triển khai)\s+(?:các\s+)?"
    r"(?:nghị quyết|chỉ thị|kết luận|quyết định|nghị định|thông tư)\b.{0,120}?\bvề\s+(?=\S)",
    re.IGNORECASE | re.DOTALL,
)
_LEADERSHIP = re.compile(
    r"\b(?:sự\s+|công\s+tác\s+)?lãnh\s+đạo\b[^.;]{0,60}?\bđối\s+với\s+(?=\S)", re.IGNORECASE
)
_BY_WHOM = re.compile(
    rf"(?<!\w)(?:của|do)\s+(?:(?:phó\s+)?(?:chủ tịch|bộ trưởng|thủ tướng|giám đốc|trưởng ban)\s+)?"
    rf"{_ORGANISATION.pattern}.*?(?=[,;:]|\s(?:về|trong|đối với|tại|trên|năm|giai đoạn)\s|$)",
    re.IGNORECASE,
)
_ENACTS = re.compile(r"\s(?:QUYẾT ĐỊNH|QUYẾT NGHỊ)\s*:?$")

_SIGNING_WORDS = 12
SHORT = 24  # maximum words of a line of a letterhead, title or signature


def document_kind(text: str) -> str | None:
    """The type of document named in a title (``"báo cáo"``), in lower case, or None."""
    found = _KIND.match(text.strip())
    return found[1].lower() if found else None


def is_bare_kind(text: str) -> bool:
    """Whether a title is only a type of document, without a subject.

    For example "BÁO CÁO CHUYÊN ĐỀ".
    """
    return bool(_SORT.fullmatch(text.strip(" *:")))


def is_annex(line: Line) -> bool:
    """Whether the line begins an annex: "PHỤ LỤC 1"."""
    return bool(_ANNEX.match(line.text.strip(" *")))


def subject_of(title: str) -> str:
    """The subject of a title.

    Leaves out bracketed remarks, document numbers, the deciding body, the document that was
    implemented and the leading body: of "Sơ kết 5 năm thực hiện chỉ thị về tăng cường sự lãnh đạo
    của Đảng đối với công tác dân vận" the last three words stay.
    """
    bare = NUMBER.sub(
        " ", re.sub(r"\([^)]*\)|\((?:kèm theo|ban hành)[^)]*$", " ", title, flags=re.IGNORECASE)
    )
    return _LEADERSHIP.sub(" ", _CARRIED_OUT.sub(" ", _BY_WHOM.sub(" ", bare)))


def is_furniture(line: Line) -> bool:
    """Whether a line is page furniture, which is not indexed.

    Rules, page numbers, enacting words, date lines and links of a web page.
    """
    text = line.text.strip()
    if line.marker is None and document_kind(text) and line.caps and not ENACTING.fullmatch(text):
        return False  # a title, although it may also be the text of a link
    return bool(
        RULE.fullmatch(text)
        or BLANKS.match(text)
        or ENACTING.fullmatch(text)
        or (line.marker is None and line.size <= SHORT and line.caps and _ENACTS.search(text))
        or _PAGE.fullmatch(text)
        or _MORE_ARTICLES.match(text)
        or (
            line.size <= 14
            and (_WEEKDAY.match(text) or _WEB.match(text) or " > " in text or " » " in text)
        )
    )


def leads_elsewhere(line: Line) -> bool:
    """Whether a line is a link or breadcrumb above the title of a web page."""
    text = line.text.strip()
    return line.size <= 14 and (
        _NAVIGATION.match(text) is not None or " > " in text or " » " in text
    )


def lists_articles(line: Line) -> bool:
    """Whether a line is above the titles of other articles: "Tin liên quan"."""
    return _MORE_ARTICLES.match(line.text.strip(" *»>")) is not None


def is_form_note(line: Line) -> bool:
    """Whether a line is a note to a form above it."""
    return line.size > 2 and bool(_FORM_NOTE.match(line.text.strip()))


def is_signing_place(line: Line) -> bool:
    """Whether a line only marks the place for a signature."""
    return line.size <= _SIGNING_WORDS and bool(_SIGNING_PLACE.match(line.text.strip(" *_(")))


def is_caption(line: Line) -> bool:
    """Whether a line is a caption of a table or figure: "Bảng 1. Diện tích …"."""
    found = _CAPTION.match(line.text.strip(" *_")) if line.size <= _CAPTION_WORDS else None
    if found is None or line.block.kind == "table-row":
        return False
    rest = found["rest"]
    return not rest or (bool(found["stop"]) or rest[0].isupper())


def is_source(line: Line) -> bool:
    """Whether a line states the source of a table's figures."""
    return bool(_SOURCE.match(line.text.strip()))


def is_nation(line: Line) -> bool:
    """Whether a line holds the heading common to all official documents.

    The state's name and motto, or the Party's name.
    """
    return (
        line.size <= SHORT
        and bool(NATION.search(line.text))
        and not line.sentence
        and not line.marker
    )


def is_letterhead(line: Line) -> bool:
    """Whether a line belongs to a letterhead: body, number, place and date, or nation."""
    if _BLANK_DATE.match(line.text):
        return True
    if line.size > SHORT or (line.sentence and not line.caps):
        return False
    text = line.text
    if (RECIPIENTS.match(stripped(text)) or SIGNED_BY.match(stripped(text))) and line.size <= SHORT:
        return True
    number = NUMBER.search(text.strip(" *"))
    if is_nation(line) or (number and line.size <= 12 and number.start() <= 12):
        return True
    if is_place_date(line):
        return True
    plain = stripped(text)
    return bool(_ORGANISATION.match(plain)) and not line.numbered and (line.caps or line.size <= 9)


def is_place_date(line: Line) -> bool:
    """Whether a line is only a place and a date.

    For example ``Tân Sơn Trung, ngày 12 tháng 5 năm 2025``; a second column may stand before it.
    """
    if _COVER_DATE.fullmatch(line.text.strip(" */-–.")):
        return True
    found = PLACE_DATE.search(line.text) if line.size <= SHORT else None
    if not found or _WEEKDAY.match(line.text.strip()):
        return False
    tail = line.text[found.end() :].strip(" */-–.)")
    return not tail and found.start() <= 60


def is_organisation(line: Line) -> bool:
    """Whether a line is a body's name in capitals and nothing else."""
    return line.caps and line.marker is None and bool(_ORGANISATION.match(stripped(line.text)))


def names_organisation(text: str) -> bool:
    """Whether ``text`` begins like the name of a body: ``Đảng ủy …``, ``UBND …``."""
    return bool(_ORGANISATION.match(stripped(text)))


def is_signature(line: Line) -> bool:
    """Whether a line belongs to a signature: an office, a name, a body in capitals."""
    if line.size > 16 or (line.end in (".", ";") and not line.text.rstrip().endswith("./.")):
        return False
    plain = stripped(line.text)
    if OFFICE.match(plain) or RECIPIENTS.match(plain):
        return True
    if line.numbered:
        return False
    return bool(line.caps and _ORGANISATION.match(plain)) or is_name(line.text)


def is_name(text: str) -> bool:
    """Whether ``text`` is a name such as ``Nguyễn Văn A``, with or without a rank.

    A name has two to six words, each with a capital.
    """
    plain = text.strip().strip("()*")
    bare = re.sub(rf"^(?:{_RANK})+", "", plain, flags=re.IGNORECASE)
    words = bare.split()
    if (
        OFFICE.match(bare)
        or document_kind(bare)
        or (_ORGANISATION.match(bare) and not _DOAN.match(bare))
    ):
        return False
    return 2 <= len(words) <= 5 and all(word[0].isupper() and word.isalpha() for word in words)


def is_title_start(line: Line) -> bool:
    """Whether a line names the kind of document in capitals, or alone on its line."""
    if (
        line.marker
        or line.size > 60
        or (line.sentence and not line.caps)
        or ENACTING.fullmatch(line.text.strip())
    ):
        return False
    kind = document_kind(line.text.strip(" *"))
    return bool(kind) and (
        line.caps or line.block.level == 1 or len(line.text.strip(" *:")) <= len(kind or "") + 1
    )


def signs(line: Line) -> bool:
    """Whether a line is an office in capitals: ``KT. CHỦ TỊCH``."""
    return (
        line.size <= 16
        and not line.numbered
        and bool(OFFICE.match(stripped(line.text)))
        and line.caps
    )


def stripped(text: str) -> str:
    """``text`` in the form that the patterns above expect.

    Emphasis marks are removed; tone placement and Đ are made uniform.
    """
    text = (
        text.strip(" *_(")
        .replace("uỷ", "ủy")
        .replace("UỶ", "ỦY")
        .replace("Uỷ", "Ủy")
        .replace("Ð", "Đ")
    )
    return _OPEN_OA.sub(lambda found: "òa" if found[0] == "oà" else "ÒA", text)
