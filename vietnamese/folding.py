"""Text without diacritics, for queries typed without them."""

from __future__ import annotations

import re
import unicodedata

_MARK = re.compile("[\u0300-\u036f]")


class _Fold(dict[int, int]):
    """Code point → code point without diacritics, filled on demand.

    Only letters that change are cached, so its size is bounded by the number of accented Latin
    letters in Unicode.
    """

    def __missing__(self, code: int) -> int:
        decomposed = unicodedata.normalize("NFD", chr(code))
        base = decomposed[0]
        # Latin only: removing marks from Japanese or Devanagari would change words.
        if len(decomposed) == 1 or not base.isascii():
            return code
        self[code] = ord(base)
        return self[code]


_FOLD = _Fold({code: code for code in range(128)} | {ord("đ"): ord("d"), ord("Đ"): ord("D")})


def fold(text: str) -> str:
    """Remove diacritics from ``text`` (NFC), and replace đ by d.

    Neither case nor length changes.

    >>> fold("Đảng bộ Quận, nhiệm kỳ VIII")
    'Dang bo Quan, nhiem ky VIII'
    """
    return text if text.isascii() else text.translate(_FOLD)


def is_folded(text: str) -> bool:
    """Whether ``text`` (in any normal form) has no diacritics and no đ.

    >>> is_folded("dang bo"), is_folded("đang bo"), is_folded("kinh tế")
    (True, False, False)
    """
    return text.isascii() or (fold(text) == text and not _MARK.search(text))
