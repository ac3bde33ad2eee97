"""The wording of the page in Vietnamese and English: ``wording/*.toml``."""

from __future__ import annotations

import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FOLDER = Path(__file__).parent / "wording"


class Wording:
    """The wording of one language.

    Call it with a key to get a text, with its ``{places}`` filled.
    """

    def __init__(self, lang: str, words: dict[str, str]) -> None:
        self.lang = lang
        self.words = words

    def __call__(self, key: str, **places: Any) -> str:
        """The text of ``key`` with its places filled; whole numbers are grouped.

        Raises KeyError.
        """
        wording = self.words[key]
        if "n" in places and places["n"] == 1:
            wording = self.words.get(f"{key}_one", wording)
        if not places:
            return wording
        return wording.format_map(
            {
                name: self.number(value) if isinstance(value, int) else value
                for name, value in places.items()
            }
        )

    def number(self, value: int) -> str:
        """A whole number grouped as in the language: 1.234 or 1,234."""
        return f"{value:,}".replace(",", ".") if self.lang == "vi" else f"{value:,}"

    def share(self, value: float) -> str:
        """A share from 0 to 1 in per cent."""
        return f"{value:.0%}"

    def day(self, value: date) -> str:
        """A short date: 2/9/2025, or 2 September 2025 in English."""
        if self.lang == "vi":
            return f"{value.day}/{value.month}/{value.year}"
        return f"{value.day} {self.words['date.months'].split()[value.month - 1]} {value.year}"


@cache
def wording(lang: str) -> Wording:
    """The wording in ``"vi"`` or ``"en"``."""
    tables = tomllib.loads((_FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
    return Wording(
        lang,
        {f"{room}.{key}": text for room, table in tables.items() for key, text in table.items()},
    )
