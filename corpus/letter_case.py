"""Convert titles and headings in capitals to sentence case.

Which words keep a capital follows Nghị định 30/2020/NĐ-CP, phụ lục II (capital letters in
administrative documents): names of Party and state bodies, and the name after an administrative
unit. The length is preserved, so that highlight spans stay valid.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..vietnamese.letters import listed
from ..vietnamese.syllables import has_syllable_letters

_WORD = re.compile(r"[^\W\d_]+")
_RUN = re.compile(r"\w+")
_KEPT = 4096  # cached texts; titles and headings recur
_LEAST = 2  # adjacent words in capitals from which a text counts as in capitals
_NAME_WORDS = 3  # maximum syllables of a place name
_ROMAN = re.compile(r"[IVXLC]+")
_NUMBERED = frozenset({"khóa", "khoá", "thứ", "kỳ", "phần", "chương", "mục", "quý", "bài", "lần"})
# "I. ", "2.1. ", "a) ", "A. "
_START = re.compile(r"\W*(?:(?:\d+|[IVXLC]+|[a-zđA-ZĐ])[.)/](?:\d+[.)]?)*\s*)*")
_BODIES = (
    "Ban Chấp hành", "Ban Thường vụ", "Ban Bí thư", "Bộ Chính trị", "Trung ương", "Đảng",
    "Đoàn Thanh niên", "Hội đồng nhân dân", "Ủy ban nhân dân", "Uỷ ban nhân dân",
    "Mặt trận Tổ quốc", "Quốc hội", "Chính phủ", "Nhà nước", "Đảng bộ", "Quận ủy", "Huyện ủy",
    "Thành ủy", "Tỉnh ủy", "Đảng ủy", "Việt Nam", "Hồ Chí Minh", "Đảng Cộng sản", "Quận uỷ",
    "Huyện uỷ", "Thành uỷ", "Tỉnh uỷ", "Đảng uỷ", "Liên đoàn Lao động", "Hội Liên hiệp Phụ nữ",
    "Hội Nông dân", "Hội Cựu chiến binh", "Ban Tuyên giáo", "Ban Tổ chức", "Ban Dân vận",
    "Ủy ban Kiểm tra", "Uỷ ban Kiểm tra", "Đoàn Thanh niên Cộng sản",
)  # fmt: skip
# provinces before the mergers of 2025, whose names those since use; without "Hòa Bình", which
# is also a word, and Huế, which has one syllable
_PROVINCES = (
    "An Giang", "Bà Rịa", "Vũng Tàu", "Bắc Giang", "Bắc Kạn", "Bạc Liêu", "Bắc Ninh", "Bến Tre",
    "Bình Định", "Bình Dương", "Bình Phước", "Bình Thuận", "Cà Mau", "Cần Thơ", "Cao Bằng",
    "Đà Nẵng", "Đắk Lắk", "Đắk Nông", "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang",
    "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương", "Hải Phòng", "Hậu Giang", "Hưng Yên", "Khánh Hòa",
    "Khánh Hoà", "Kiên Giang", "Kon Tum", "Lai Châu", "Lâm Đồng", "Lạng Sơn", "Lào Cai", "Long An",
    "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Thọ", "Phú Yên", "Quảng Bình",
    "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La", "Tây Ninh",
    "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Thanh Hoá", "Thừa Thiên", "Tiền Giang", "Trà Vinh",
    "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái",
)  # fmt: skip
# first word of a name in lower case → (name in lower case, offsets of its capitals)
_NAMES: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
for _name in (*_BODIES, *_PROVINCES):
    _NAMES.setdefault(_name.lower().partition(" ")[0], []).append(
        (_name.lower(), tuple(at for at, letter in enumerate(_name) if letter.isupper()))
    )
_UNITS = frozenset({"quận", "huyện", "xã", "phường", "tỉnh", "thành phố", "thị xã", "thị trấn"}) | {
    f"{one} {end}" for one in ("quận", "huyện", "thành", "tỉnh") for end in ("ủy", "uỷ")
}
_NO_NAME_FIRST = frozenset({"ủy", "uỷ", "viên"})  # "thị trấn Yên Viên", but "ủy viên", "xã viên"
_NO_UNIT_AFTER = frozenset({"cấp", "các", "những", "mỗi"})  # "cấp xã" is a level: no name follows
# words after which a unit does not begin a name
_NO_NAME = frozenset(
    listed(
        "khóa khoá nhiệm về năm lần thứ trong và của tại trình giai từ đến tháng quý trực có theo "
        "cho với các do là được không đã sẽ để trên dưới đạt còn hội xã huyện tỉnh quận "
        "phường thành thị nông đảng ban phải trọng lãnh"
    )
)


@lru_cache(_KEPT)
def readable(text: str) -> str:
    """Return ``text`` with its runs of capitals in sentence case.

    Text that is not in capitals is returned unchanged.

    >>> readable("BÁO CÁO CỦA BAN CHẤP HÀNH ĐẢNG BỘ QUẬN BẠCH HẠC KHÓA VI")
    'Báo cáo của Ban Chấp hành Đảng bộ quận Bạch Hạc khóa VI'
    """
    words = list(_WORD.finditer(text))
    lowered = list(text)
    first = _START.match(text)
    begin = first.end() if first else 0
    done = False
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _is_capital(words[end].group()):
            end += 1
        shouted = [word for word in words[at:end] if _is_word(word.group())]
        if len(shouted) >= _LEAST:
            done = True
            for place in range(at, end):
                start = words[place].start()
                if start >= begin and not _in_number(text, start):
                    _lower(lowered, words, place)
        at = max(end, at + 1)
    if not done:
        return text
    return _with_names(text, "".join(lowered), begin)


def _is_capital(word: str) -> bool:
    return word.isupper()


def _is_word(word: str) -> bool:
    """Whether letters spell a Vietnamese word.

    UBND and NQ are abbreviations, which stay as they are.
    """
    return has_syllable_letters(unicodedata.normalize("NFC", word).lower())


def _in_number(text: str, at: int) -> bool:
    """Whether the word at ``at`` is part of a document number, like CT in 15-CT/HU."""
    first = max(text.rfind(mark, 0, at) for mark in " \t\n(") + 1
    return any(letter.isdigit() for letter in text[first:at])


def _lower(letters: list[str], words: list[re.Match[str]], place: int) -> None:
    """Lower-case one word, unless it is an abbreviation or a Roman numeral."""
    word = words[place].group()
    if not _is_word(word):
        return
    before = words[place - 1].group().lower() if place else ""
    if _ROMAN.fullmatch(word) and (len(word) == 1 or before in _NUMBERED):
        return
    for at in range(words[place].start(), words[place].end()):
        small = letters[at].lower()
        letters[at] = small if len(small) == 1 else letters[at]


def _with_names(text: str, lowered: str, begin: int) -> str:
    """Capitalise the lower-case text at ``begin``, and the names in it."""
    letters = list(lowered)
    for at in range(begin, len(letters)):
        if letters[at].isalpha():
            letters[at] = _upper(letters[at])
            break
    for run in _RUN.finditer(lowered):
        start = run.start()
        for name, capitals in _NAMES.get(run.group(), ()):
            if lowered.startswith(name, start) and not _RUN.match(lowered, start + len(name)):
                for offset in capitals:
                    letters[start + offset] = _upper(letters[start + offset])
    _capitalise_places(text, lowered, letters)
    return "".join(letters)


def _capitalise_places(text: str, lowered: str, letters: list[str]) -> None:
    """Capitalise the name after an administrative unit that was in capitals."""
    words = list(_WORD.finditer(lowered))
    names = [word.group() for word in words]
    for place, name in enumerate(names):
        unit = name if name in _UNITS else " ".join(names[max(0, place - 1) : place + 1])
        before = names[place - len(unit.split())] if place >= len(unit.split()) else ""
        if unit not in _UNITS or before in _NO_UNIT_AFTER:
            continue
        for following in range(place + 1, min(place + 1 + _NAME_WORDS, len(words))):
            gap = lowered[words[following - 1].end() : words[following].start()]
            shouted = text[words[following].start() : words[following].end()].isupper()
            first = following == place + 1
            no_name = _NO_NAME | _NO_NAME_FIRST if first else _NO_NAME
            if not gap.isspace() or names[following] in no_name or not shouted:
                break
            letters[words[following].start()] = _upper(letters[words[following].start()])


def _upper(letter: str) -> str:
    large = letter.upper()
    return large if len(large) == 1 else letter
