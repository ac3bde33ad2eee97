"""The names of areas in the shipped taxonomy, and the lookup of areas by name.

Searches need no more of a taxonomy, so they do not load the rest.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from ..errors import Message, UnknownArea
from ..vietnamese import fold, tokenise

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SHIPPED = "taxonomy.toml"  # The file of the taxonomy that the package ships, beside this one

# Beginnings of lines with a table's name, an id and a label in the shipped taxonomy.
_LABEL_LINES = ("[", "id =", "label =")


@lru_cache(maxsize=1)
def shipped_text() -> str:
    """The text of the package's own taxonomy."""
    return Path(__file__).with_name(SHIPPED).read_text(encoding="utf-8")


def taxonomy_digest(text: str) -> str:
    """Eight hexadecimal digits of the SHA-256 of a taxonomy file's ``text``.

    Comments, blank lines and line endings do not count.
    """
    lines = (line.strip() for line in text.splitlines())
    content = "\n".join(line for line in lines if line and not line.startswith("#"))
    return sha256(content.encode()).hexdigest()[:8]


@lru_cache(maxsize=1)
def shipped_labels() -> dict[str, str]:
    """Id → label of the areas of the package's own taxonomy, in their order."""
    # The phrases of the areas, most of the file, are left out: reading them takes milliseconds.
    lines = (line for line in shipped_text().splitlines() if line.startswith(_LABEL_LINES))
    return {row["id"]: row["label"] for row in tomllib.loads("\n".join(lines))["area"]}


def resolve(name: str, labels: Mapping[str, str]) -> str:
    """The id of the area named ``name``; ``labels`` are all areas, id → label.

    ``name`` is an id, a label, or an unambiguous part of either, with or without diacritics, in any
    case. Raises UnknownArea, with the nearest names.
    """
    wanted = _words(name)
    if not wanted:
        raise UnknownArea(
            Message("an area's name is missing; there are: {areas}", areas=_list(labels)), name=name
        )
    # without diacritics "xay dung" may mean any area with "xây dựng", not just an id's
    # letters
    forms = (_folded_words,) if wanted == _folded_words(name) else (_words, _folded_words)
    for same in (_is_equal, _is_part):
        for form in forms:
            hits = [
                area for area, label in labels.items() if same(form(name), form(area), form(label))
            ]
            if len(hits) == 1:
                return hits[0]
            if hits:
                raise UnknownArea(
                    Message(
                        "{name!r} fits more than one area: {areas}; give more of the name",
                        name=name,
                        areas=_list(labels, hits),
                    ),
                    name=name,
                    nearest=hits,
                )
    nearest = _nearest(_folded_words(name), labels)
    hint = (
        Message("the nearest are: {areas}", areas=_list(labels, nearest))
        if nearest
        else Message("there are: {areas}", areas=_list(labels))
    )
    raise UnknownArea(
        Message("no leadership area is called {name!r}; {hint}", name=name, hint=hint),
        name=name,
        nearest=nearest,
    )


def _list(labels: Mapping[str, str], ids: Sequence[str] | None = None) -> str:
    return ", ".join(
        f"{area} ({label})" for area, label in labels.items() if ids is None or area in ids
    )


def _nearest(wanted: str, labels: Mapping[str, str]) -> list[str]:
    """Ids of the areas whose id or label is most similar to ``wanted``."""
    from difflib import SequenceMatcher  # imported only for unknown names

    scores: dict[str, float] = {}
    for area, label in labels.items():
        forms = {_folded_words(part) for part in (area, label, *re.split(r"[,–]", label))}
        scores[area] = max(SequenceMatcher(None, wanted, form).ratio() for form in forms)
    ranked = sorted(scores, key=lambda area: -scores[area])
    return [area for area in ranked if scores[area] >= 0.6][:3]


@lru_cache(maxsize=256)  # cached: each search with an area compares all labels
def _words(text: str) -> str:
    return " ".join(
        token.text for token in tokenise(text.replace("-", " ")) if token.kind != "code"
    )


@lru_cache(maxsize=256)
def _folded_words(text: str) -> str:
    return fold(_words(text))


def _is_equal(wanted: str, *names: str) -> bool:
    return wanted in names


def _is_part(wanted: str, *names: str) -> bool:
    return any(f" {wanted} " in f" {name} " for name in names)
