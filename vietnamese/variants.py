"""Spelling variants of whole words: hành chánh for hành chính.

The words are in ``variants.toml``, next to this module, with their sources.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .folding import fold

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Spelling = tuple[str, ...]


class _Table(NamedTuple):
    """Variants by their first syllable, the longest first.

    ``odd`` are the syllables that a variant has and its standard spelling has not.
    """

    by_first: dict[str, list[tuple[Spelling, Spelling]]]
    odd: frozenset[str]
    digest: str

    def apply(self, syllables: Sequence[str]) -> list[str]:
        result, by_first = list(syllables), self.by_first
        if self.odd.isdisjoint(result):
            return result
        for at, first in enumerate(result):  # includes earlier replacements
            for variant, standard in by_first.get(first, ()):
                if tuple(result[at : at + len(variant)]) == variant:
                    result[at : at + len(variant)] = standard
                    break
        return result


def unify(syllables: Sequence[str], *, folded: bool = False) -> list[str]:
    """Replace spelling variants by the standard spelling, one for one.

    ``syllables`` are canonical (see ``tones.canonical``) or, with ``folded``, canonical and folded.

    >>> unify(["cải", "cách", "hành", "chánh"])
    ['cải', 'cách', 'hành', 'chính']
    """
    return _table(folded).apply(syllables)


def digest() -> str:
    """A digest of the list of variants, eight hexadecimal digits."""
    return _table(False).digest


@lru_cache(maxsize=2)
def _table(folded: bool) -> _Table:
    words, digest = _words()
    by_first: dict[str, list[tuple[Spelling, Spelling]]] = {}
    for word in words:
        standard = _spelling(word["standard"], folded)
        for text in word["variants"]:
            variant = _spelling(text, folded)
            if len(variant) != len(standard):
                raise ValueError(
                    f"variants.toml: {text!r} has not as many syllables as {word['standard']!r}"
                )
            if variant != standard:
                by_first.setdefault(variant[0], []).append((variant, standard))
    for entries in by_first.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    odd = frozenset(
        next(own for own, other in zip(variant, standard, strict=True) if own != other)
        for entries in by_first.values()
        for variant, standard in entries
    )
    return _Table(by_first, odd, digest)


@lru_cache(maxsize=1)
def _words() -> tuple[list[dict[str, Any]], str]:
    """The entries of the list, and the digest of the file."""
    content = Path(__file__).with_name("variants.toml").read_bytes()
    return tomllib.loads(content.decode("utf-8"))["word"], f"{zlib.crc32(content):08x}"


def _spelling(text: str, folded: bool) -> Spelling:
    # The file's own spelling is canonical, as a test checks.
    return tuple((fold(text) if folded else text).split())
