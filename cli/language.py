"""The language of help, messages and errors: English, or Vietnamese.

Translations are gettext catalogues in ``locale/``; ``python tests/house/messages.py`` updates them
from the source. Data (columns, JSON keys, names of events) are never translated.
"""

from __future__ import annotations

import gettext
import os
import string
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from ..errors import TracuuError, translate

ENGLISH, VIETNAMESE = "en", "vi"
VARIABLE = "TRACUU_LANG"
DOMAIN = "tracuu"
FOLDER = os.path.join(os.path.dirname(__file__), "locale")

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides (POSIX)
_VIETNAMESE_WINDOWS = 0x2A  # primary language of a Windows language identifier (winnt.h)
_SWAPPED = str.maketrans(",.", ".,")  # 1,234.5 → 1.234,5


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text that is translated where it is shown."""
    return text


# what operating systems say, translated where it is part of a message of tracuu
SYSTEM = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("No space left on device"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("Read-only file system"),
    N_("File exists"),
    N_("Input/output error"),
    N_("Too many open files"),
    N_("File name too long"),
    N_("Operation not permitted"),
    N_("Disk quota exceeded"),
    N_("Connection refused"),
    N_("Address already in use"),
    N_("address already in use"),
    N_("Cannot assign requested address"),
    N_("Directory not empty"),
    N_("Name or service not known"),
    N_("Resource temporarily unavailable"),
    N_("Invalid argument"),
)

_current = ENGLISH


def choose(environment: Mapping[str, str]) -> str:
    """The language of ``TRACUU_LANG``, or else of the locale; English for any other."""
    names = (environment.get(name, "") for name in (VARIABLE, *_LOCALE_VARIABLES))
    named = next(filter(None, names), None)
    if named is None and sys.platform == "win32":
        return VIETNAMESE if _windows_language() == _VIETNAMESE_WINDOWS else ENGLISH
    language = (named or "").replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return VIETNAMESE if language == VIETNAMESE else ENGLISH


def _windows_language() -> int:
    """The primary language of the user's Windows; 0 where it is not known."""
    if sys.platform != "win32":
        return 0
    import ctypes

    try:
        return int(ctypes.windll.kernel32.GetUserDefaultUILanguage()) & 0x3FF
    except (AttributeError, OSError):
        return 0


def language() -> str:
    """The language of messages."""
    return _current


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Show messages in ``language`` meanwhile, those of click too.

    click looks its words up with gettext, in the domain of the process and the language that
    ``LANGUAGE`` names; both are restored.
    """
    global _current
    before, domain, named = _current, gettext.textdomain(), os.environ.get("LANGUAGE")
    _current = language
    if language != ENGLISH:
        gettext.bindtextdomain(DOMAIN, FOLDER)
        gettext.textdomain(DOMAIN)
        os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        _current = before
        gettext.textdomain(domain)
        if named is not None:
            os.environ["LANGUAGE"] = named
        elif language != ENGLISH:
            os.environ.pop("LANGUAGE", None)


@lru_cache
def catalogue(language: str) -> Callable[[str], str]:
    """The words of a language: English text or template → its translation."""
    words = gettext.translation(DOMAIN, FOLDER, [language], fallback=True)
    return words.gettext


class _Filling(string.Formatter):
    """Puts values into a template, numbers as Vietnamese writes them: ``1.234,5``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value; figures with a format are turned."""
        text = str(format(value, format_spec))
        plain = isinstance(value, str) or not format_spec
        return text if plain else text.translate(_SWAPPED)


def _fill(template: str, values: Mapping[str, Any]) -> str:
    if _current == ENGLISH:
        return template.format(**values)
    return _fill_vietnamese(template, values)


def _fill_vietnamese(template: str, values: Mapping[str, Any]) -> str:
    return _Filling().vformat(template, (), values)


def _(text: str, /, **values: Any) -> str:
    """Translate ``text`` and insert ``values``."""
    if _current != ENGLISH:
        text = catalogue(_current)(text)
    return _fill(text, values) if values else text


def translated(text: str) -> str:
    """A text of the library in the chosen language; it may be a message with values."""
    if _current == ENGLISH:
        return text
    return translate(text, catalogue(_current), _fill)


def in_language(text: str, language: str) -> str:
    """A text of the library in a language of the moment, as a service needs it."""
    if language == ENGLISH:
        return text
    return translate(text, catalogue(language), _fill_vietnamese)


def describe(error: BaseException) -> str:
    """The message of an error in the chosen language."""
    if isinstance(error, TracuuError) and error.args:
        return translated(error.args[0])
    return str(error)


def system_reason(error: OSError) -> str:
    """The operating system's text for an error.

    In the chosen language if it is a known one.
    """
    return translated(error.strerror or str(error))


def written(value: float, spec: str = ",") -> str:
    """``value`` as the language writes numbers: ``1,234`` or ``1.234``."""
    return _fill(f"{{value:{spec}}}", {"value": value})
