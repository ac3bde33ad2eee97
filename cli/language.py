"""The language of the process: English, or Vietnamese; see :mod:`tracuu.messages`."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..errors import TracuuError
from ..messages import DOMAIN, ENGLISH, FOLDER, N_, VIETNAMESE, catalogue, fill, in_language

__all__ = [
    "ENGLISH",
    "N_",
    "_",
    "choose",
    "describe",
    "language",
    "messages_in",
    "system_reason",
    "translated",
    "written",
]

VARIABLE = "TRACUU_LANG"

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides (POSIX)
_VIETNAMESE_WINDOWS = 0x2A  # primary language of a Windows language identifier (winnt.h)

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
    """The primary language of the user's Windows; 0 if unknown."""
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
def messages_in(language: str) -> Iterator[None]:
    """Show messages in ``language``, including those of click.

    click looks up its texts with gettext, in the domain of the process and the language of
    ``LANGUAGE``; both are restored.
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


def _(text: str, /, **values: Any) -> str:
    """Translate ``text`` and insert ``values``."""
    if _current != ENGLISH:
        text = catalogue(_current)(text)
    return fill(text, values, _current) if values else text


def translated(text: str) -> str:
    """Translate a text of the library, which may be a message with values."""
    return in_language(text, _current)


def describe(error: BaseException) -> str:
    """The message of an error in the chosen language."""
    if isinstance(error, TracuuError) and error.args:
        return translated(error.args[0])
    return str(error)


def system_reason(error: OSError) -> str:
    """The operating system's text for an error, translated if it is a known one."""
    return translated(error.strerror or str(error))


def written(value: float, spec: str = ",") -> str:
    """``value`` as the language writes numbers: ``1,234`` or ``1.234``."""
    return fill(f"{{value:{spec}}}", {"value": value}, _current)
