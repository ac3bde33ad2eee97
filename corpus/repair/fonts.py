"""Legacy encodings by the font name of a run of text (Word, RTF, PDF)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from .score import has_vietnamese_letters, score
from .tables import VNI, Legacy, convert

# .VnTime, .VnArialH, .VnSouthernH …: the fonts of the ABC package. VNI-Times, VNI-Helve …: those of
# VNI. Subsets in PDF have a prefix of six letters: `ABCDEF+VNI-Times`. VNI also sold Unicode
# fonts (`VNI-Times U`?), and UVN and SVN fonts are Unicode: neither is listed.
_VNI = re.compile(r"vni[-_ ]", re.IGNORECASE)
_TCVN3 = re.compile(r"\.[Vv][Nn]|Vn[A-Z]")
_CAPITALS = re.compile(r"H(?:[\s,-]|$)")
# Word moves the characters of fonts marked as symbol fonts to the private use area.
_SYMBOL_AREA = {code: code - 0xF000 for code in range(0xF020, 0xF100)}


def font_encoding(name: str | None) -> Legacy | None:
    """The legacy encoding of text in the font ``name``, or None.

    None for Unicode fonts and unknown fonts.
    """
    if not name:
        return None
    name = name.split("+", 1)[-1]
    if _VNI.match(name):
        return "vni"
    return "tcvn3" if _TCVN3.match(name) else None


def is_capital_font(name: str | None) -> bool:
    """Whether the font draws small letters as capitals (``.VnTimeH``).

    The encoding has no codes for accented capitals.
    """
    return font_encoding(name) == "tcvn3" and _CAPITALS.search(name or "") is not None


def decode_runs(runs: Sequence[tuple[str, str | None]]) -> list[str]:
    """The texts of one paragraph's ``runs`` (text, font name) as Unicode.

    Only runs in legacy fonts change.

    A font's name may be misleading: Unicode text keeps the name of a legacy font while Word
    displays it in another. So all text of the paragraph in one encoding is judged together: it is
    unchanged if it contains letters that only Unicode has, or if more of its words are Vietnamese
    before the conversion than after it.
    """
    together: defaultdict[Legacy, list[str]] = defaultdict(list)
    for text, font in runs:
        encoding = font_encoding(font)
        if encoding is not None:
            together[encoding].append(text)
    legacy = {
        encoding for encoding, texts in together.items() if _is_legacy("".join(texts), encoding)
    }
    decoded = [text for text, _ in runs]
    if "vni" in legacy:
        _mend_split_letters(decoded, [font_encoding(font) == "vni" for _, font in runs])
    for i, (_, font) in enumerate(runs):
        encoding = font_encoding(font)
        if encoding in legacy and encoding is not None:
            text = convert(decoded[i].translate(_SYMBOL_AREA), encoding) or decoded[i]
            decoded[i] = text.upper() if is_capital_font(font) else text
    return decoded


def _mend_split_letters(texts: list[str], is_vni: Sequence[bool]) -> None:
    """Move a VNI mark at the start of a run to its letter at the end of the last run."""
    for i in range(1, len(texts)):
        if is_vni[i] and is_vni[i - 1] and texts[i - 1][-1:] + texts[i][:1] in VNI:
            texts[i - 1] += texts[i][0]
            texts[i] = texts[i][1:]


def _is_legacy(text: str, encoding: Legacy) -> bool:
    text = text.translate(_SYMBOL_AREA)
    if has_vietnamese_letters(text):
        return False
    converted = convert(text, encoding)
    if converted is None or converted == text:
        return True
    before, after = score(text), score(converted)
    return not (before.marked and before.rate > after.rate)
