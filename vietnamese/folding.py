"""Text without diacritics, for queries typed without them."""

from __future__ import annotations

import re
import unicodedata

_MARK = re.compile("[\u0300-\u036f]")


class _Fold(dict[int, int]):
    """Code point → code point without diacritics, filled as characters turn up.

    Only letters that change are kept, so the table is bounded by the number of accented Latin
    letters in Unicode.
    """

    def __missing__(self, code: int) -> int:
        decomposed = unicodedata.normalize("NFD", chr(code))
        base = decomposed[0]
        # Latin only: taking marks from Japanese or Devanagari would make other words of them.
        if len(decomposed) == 1 or not base.isascii():
            return code
        self[code] = ord(base)
        return self[code]


_FOLD = _Fold({code: code for code in range(128)} | {ord("đ"): ord("d"), ord("Đ"): ord("D")})


def fold(text: str) -> str:
    """``text`` (NFC) without diacritics and with d for đ.

    Neither case nor length changes.

    >>> fold("Đảng bộ Quận, nhiệm kỳ VIII")
    'Dang bo Quan, nhiem ky VIII'
    """
    return text if text.isascii() else text.translate(_FOLD)


def is_folded(text: str) -> bool:
    """Whether ``text`` (in any normal form) bears no diacritics and no đ.

    >>> is_folded("dang bo"), is_folded("đang bo"), is_folded("kinh tế")
    (True, False, False)
    """
    return text.isascii() or (fold(text) == text and not _MARK.search(text))
