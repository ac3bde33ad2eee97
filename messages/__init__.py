"""Translations of messages, errors and help: gettext catalogues in ``locale/``.

``python tests/house/messages.py`` updates the catalogues from the source. Data (columns, JSON keys,
names of events) are never translated.
"""

from __future__ import annotations

import gettext
import os
import string
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ..errors import translate

ENGLISH, VIETNAMESE = "en", "vi"
DOMAIN = "tracuu"
FOLDER = os.path.join(os.path.dirname(__file__), "locale")

_SWAPPED = str.maketrans(",.", ".,")  # 1,234.5 → 1.234,5


def N_(text: str) -> str:  # noqa: N802 - the name gettext uses
    """Mark a text for translation where it is shown."""
    return text


# texts of operating systems that become part of a message
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


@lru_cache
def catalogue(language: str) -> Callable[[str], str]:
    """The catalogue of a language: English text or template → its translation."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True).gettext


class _VietnameseFormatter(string.Formatter):
    """Formats templates with numbers as Vietnamese writes them: ``1.234,5``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one value; a number with a format swaps comma and point."""
        text = str(format(value, format_spec))
        plain = isinstance(value, str) or not format_spec
        return text if plain else text.translate(_SWAPPED)


def fill(template: str, values: Mapping[str, Any], language: str) -> str:
    """Insert ``values`` into a template, with numbers as ``language`` writes them."""
    if language == ENGLISH:
        return template.format(**values)
    return _VietnameseFormatter().vformat(template, (), values)


def in_language(text: str, language: str) -> str:
    """Translate a text of the library, which may be a message with values."""
    if language == ENGLISH:
        return text
    return translate(
        text, catalogue(language), lambda template, values: fill(template, values, language)
    )
