"""Correct heading numbers that OCR misreads: "H." for "II.", "l.2." for "1.2."."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..numbering import roman_value
from .pdf_lines import PdfLine

# What tesseract reads for the letters of a numeral; "H" is two of them, touching.
_ROMAN = {"H": "II", "l": "I", "1": "I", "|": "I", "!": "I", "T": "I", "L": "I"}
_NUMERAL = re.compile(r"(?P<number>[IVXHTL1l|!]{1,6})(?P<stop>[.)])")
_NUMBER = re.compile(r"(?P<number>\d{1,2})(?P<stop>[.)])")
_ONE = re.compile(r"[Il|!]")
_LEVELS = re.compile(r"[\dIl|]{1,2}(?:\.[\dIl|]{1,2}){1,3}\.?")


@dataclass(slots=True)
class _Numbered:
    """A line that begins with a number, as read: a Roman one has a ``value``, else 0."""

    line: PdfLine
    number: str
    stop: str
    value: int

    @property
    def arabic(self) -> int:
        """The value of a number in digits, else 0."""
        return int(self.number) if self.number.isdigit() else 0

    @property
    def capitals(self) -> bool:
        """Whether the text after the number is in capitals."""
        return self.line.text.partition(" ")[2].isupper()

    def write(self, number: str) -> None:
        """Correct the number."""
        self.line.pieces[0].word.text = number + self.stop


def mend_numerals(lines: Sequence[PdfLine]) -> None:
    """Correct the numbers at the start of ``lines``, in the order of the document.

    A misread numeral must continue the one before it, or begin a sequence that goes on.
    """
    numbered = list(_numbered(lines))
    lettered = any(line.pieces[0].word.text == "G." for line in lines)  # then "H." is a letter
    last = 0  # the last Roman numeral
    for place, here in enumerate(numbered):
        after = numbered[place + 1 : place + 2]
        listed = last and any(n.arabic == 2 and n.stop == here.stop for n in after)
        if _ONE.fullmatch(here.number) and listed:
            here.write("1")
        elif here.number == "H" and lettered:
            continue
        elif here.value == last + 1 and (here.value > 1 or _begins(numbered, place)):
            last = here.value
            here.write(_numeral(here.number))
        elif _is_roman(here):
            last = here.value


def _numbered(lines: Sequence[PdfLine]) -> Iterator[_Numbered]:
    for line in lines:
        word = line.pieces[0].word
        plain = unicodedata.normalize("NFD", word.text).translate(_MARKS)
        if _LEVELS.fullmatch(plain) and any(map(str.isdigit, plain)):
            word.text = _ONE.sub("1", plain)
            continue
        found = _NUMERAL.fullmatch(plain) or _NUMBER.fullmatch(plain)
        if found is not None and len(line.pieces) > 1:
            yield _Numbered(line, found[1], found[2], roman_value(_numeral(found[1])))


_MARKS = dict.fromkeys(map(ord, "\u0323\u0301\u0300\u0309\u0303"))  # specks of dust at an I


def _numeral(number: str) -> str:
    return "".join(_ROMAN.get(letter, letter) for letter in number)


def _is_roman(numbered: _Numbered) -> bool:
    """Whether a numeral was read without a doubt, or has no other meaning."""
    number = numbered.number
    return numbered.value > 0 and not number.isdigit() and (len(number) > 1 or number in "IVX")


def _begins(numbered: Sequence[_Numbered], place: int) -> bool:
    """Whether a heading in capitals is the first of a sequence of Roman numerals."""
    later = (n for n in numbered[place + 1 :] if n.value > 1 and not n.arabic)
    return numbered[place].capitals and next((n.value == 2 for n in later), False)
