"""Errors of the library in the visitor's language.

The library's messages are English. Known ones are recognised by patterns and shown in the page's
own wording; unknown ones are shown in English, marked as such.
"""

from __future__ import annotations

import re

from .wording import Wording

_PATTERNS = {
    "nothing_after": r"(?P<word>\S+) has nothing after it;",
    "nothing_before": r"(?P<word>\S+) has nothing before it;",
    "before_operator": r"(?P<word>[+-]) stands before an operator;",
    "no_value": r"(?P<word>\w+): has no value; write for example (?P<example>.+)",
    "takes_name": r"(?P<word>\w+): takes a name, not .*; write for example (?P<example>.+)",
    "too_many": r"the query has more than (?P<most>\d+) phrases,",
    "too_long": r"the query has (?P<length>\d+) characters; the limit is (?P<most>\d+)",
    "too_deep": r"parentheses are nested more than (?P<most>\d+) deep",
    "too_far": r"a phrase may be at most (?P<most>\d+) words apart",
    "one_letter": r"one letter may differ, not .*: write (?P<word>.*)~",
    "no_field": r"there is no field (?P<word>.+); did you mean (?P<name>[\w-]+):",
    "no_year": r"(?P<word>.*) is not a year; write one",
    "years_backwards": r"the years (?P<first>\d+)\.\.(?P<last>\d+) end before they begin",
    "no_term": r"(?P<word>.*) is not a term of office;",
    "no_area": r"no leadership area is called (?P<word>.+?);",
    "many_areas": r"(?P<word>.+) fits more than one area:",
    "no_assessment": r"no assessment is called (?P<word>.+); there are:",
    "no_report": r"no report (?P<word>.+) is in the index",
    "many_reports": r"(?P<word>.+) fits (?P<n>\d+) reports:",
    "no_number": r"(?P<word>.+) is not a document number;",
    "no_kind": r"a kind of report has a name",
}
_COMPILED = {key: re.compile(pattern, re.DOTALL) for key, pattern in _PATTERNS.items()}


def translate_error(error: Exception, t: Wording) -> str | None:
    """The error in the visitor's language, or None for an unknown message."""
    message = str(error)
    for key, pattern in _COMPILED.items():
        if match := pattern.match(message):
            return t(
                f"message.{key}",
                **{name: _plain(value) for name, value in match.groupdict().items()},
            )
    return None


def _plain(value: str) -> str:
    """A word as typed by the visitor, without the quotes of ``repr``."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
