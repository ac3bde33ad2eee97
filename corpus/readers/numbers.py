"""Numbers of generated lists as Word and HTML write them.

``1``, ``01``, ``a``, ``aa``, ``iv``, ``IV``.
"""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 10_000


def number_label(number: int, style: str) -> str:
    """``number`` in a number style of Word (``ST_NumberFormat`` of ECMA-376).

    ``"none"`` gives an empty label, an unknown style ``"decimal"``; numbers outside 1–10,000 are
    written in digits.
    """
    if style in ("none", "bullet"):
        return ""
    if style == "decimalZero":
        return f"{number:02d}"
    if not 1 <= number <= _MOST:
        return str(number)
    if style in ("lowerLetter", "upperLetter"):
        # After z Word continues with aa, bb, cc.
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        text = text if len(text) <= 20 else str(number)
        return text.upper() if style == "upperLetter" else text
    if style in ("lowerRoman", "upperRoman"):
        text = ""
        for value, letters in _ROMAN:
            count, number = divmod(number, value)
            text += letters * count
        return text.upper() if style == "upperRoman" else text
    return str(number)
