"""Names of communes, districts and provinces around the mergers of 1 July 2025.

The table is that of underthesea's ``convert_address`` (from the package vietnamadminunits, by the
resolutions of the National Assembly's Standing Committee of June 2025). It is read from its file on
first use, offline, without importing underthesea.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from .folding import fold
from .tones import canonical

MOST = 12  # maximum other names of a name; with more it is too ambiguous
LONGEST = 7  # syllables of a place with its unit: "thị trấn" and five more
UNITS = (
    ("xã",), ("phường",), ("thị", "trấn"), ("đặc", "khu"), ("quận",), ("huyện",), ("thị", "xã"),
    ("thành", "phố"), ("tỉnh",),
)  # fmt: skip
_SPELT_UNITS = frozenset((*UNITS, *(tuple(map(fold, unit)) for unit in UNITS)))
_SHORT_UNITS = {"tp": ("thành", "phố"), "tx": ("thị", "xã"), "tt": ("thị", "trấn")}
# Common words that follow a unit but start no name.
_NO_NAMES = frozenset(
    ("hoi", "uy", "vien", "doi", "bo", "doan", "pho", "lo", "thi", "huyen", "quan", "phuong",
     "xa", "ta")
)  # fmt: skip


_canonical = lru_cache(maxsize=4096)(canonical)
_plain = lru_cache(maxsize=2048)(lambda name: fold(name.lower()))


class _Entry(NamedTuple):
    """A unit: its location (names without diacritics), and its other names."""

    province: str  # key of the province since 2025
    around: tuple[str, ...]
    others: tuple[str, ...]


def _unit_at(words: Sequence[str]) -> int:
    """The number of ``words`` (lower case) that form the unit before a place name.

    0 if there is none.
    """
    if words and words[0] in _SHORT_UNITS:
        return 1
    for size in (1, 2):
        if len(words) > size and tuple(words[:size]) in _SPELT_UNITS:
            return size if fold(words[size]) not in _NO_NAMES else 0
    return 0


def renamed_places(words: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The places with other names among ``words``: first word, number of words, names.

    See :func:`other_names`.
    """
    for first in range(len(words)):
        length, names = other_names(words[first:], words)
        if names:
            yield first, length, names


def other_names(words: Sequence[str], context: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Names before or since the mergers of the place that ``words`` start with.

    ``words`` are syllables in lower case and canonical spelling, starting with the unit ("xã",
    "mỹ", "khánh" …); ``context`` is the whole query: a province or district in it disambiguates
    places of the same name. Returns the number of words of the name, and other names as written in
    laws ("Phường An Bình"); none if it is not a place name, is ambiguous, or has more than ``MOST``
    other names.
    """
    size = _unit_at(words)
    if not size:
        return 0, ()
    unit = _SHORT_UNITS.get(words[0], tuple(words[:size]))
    named = words[size:LONGEST]
    around = f" {' '.join(map(fold, context))} "
    for length in range(len(named), 0, -1):
        name = " ".join((*unit, *named[:length]))
        entries = _find(name)
        if entries:
            return size + length, _choose(entries, around, name)
    return 0, ()


@lru_cache(maxsize=256)
def _find(name: str) -> tuple[_Entry, ...]:
    """The units of a name as spelt or, if there are none, without diacritics."""
    key = _bucket(name)
    exact: dict[str, list[_Entry]] = {}
    for written, entry in _entries(key):
        exact.setdefault(_key(written), []).append(entry)
    if name in exact:
        return tuple(exact[name])
    plain = (found for spelt, found in exact.items() if fold(spelt) == name)
    return tuple(entry for found in plain for entry in found)


def _bucket(name: str) -> str:
    """A key common to all spellings of a name, as in the table except for "y"."""
    return "".join(filter(str.isalnum, fold(name.lower()))).replace("y", "i")


def _choose(entries: Sequence[_Entry], around: str, name: str) -> tuple[str, ...]:
    if len({entry.province for entry in entries}) > 1 or len(entries) > 1:
        near = [entry for entry in entries if any(f" {one} " in around for one in entry.around)]
        entries = near or entries
    if len({entry.province for entry in entries}) != 1:
        return ()
    others = dict.fromkeys(other for entry in entries for other in entry.others)
    kept = tuple(other for other in others if _key(other) != name and fold(_key(other)) != name)
    return kept if len(kept) <= MOST else ()


def _key(name: str) -> str:
    return " ".join(map(_canonical, name.lower().replace("-", " ").replace("'", " ").split()))


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    """The table, and its rows of communes by the buckets of their names.

    The 10,000 rows are parsed only when one of their names is looked up.
    """
    data = _read()
    rows: dict[str, list[dict[str, str]]] = {}
    for row in data.pop("ward_mapping", ()):
        for key in {row["old_district_key"], row["old_ward_key"], row["new_ward_key"]}:
            rows.setdefault(key.replace("y", "i"), []).append(row)
    return data, rows


def _entries(key: str) -> Iterator[tuple[str, _Entry]]:
    """The names in a bucket, and perhaps others, with their units."""
    data, rows = _table()
    old, new = data.get("old_province_names", {}), data.get("province_names", {})
    if key.startswith(("tinh", "thanhpho")):
        yield from _provinces(data.get("province_mapping", {}), old, new)
    groups: dict[tuple[str, ...], dict[str, None]] = {}
    for row in rows.get(key, ()):
        since, before = row["new_province_key"], row["old_province_key"]
        district = row["old_district"]
        shorts = (_plain(old[before]["short"]), _plain(new[since]["short"]))
        inside = (*shorts, _plain(district))
        if row["old_ward"]:
            groups.setdefault((row["old_ward"], since, *inside), {})[row["new_ward"]] = None
            groups.setdefault((row["new_ward"], since, shorts[1]), {})[row["old_ward"]] = None
        groups.setdefault((district, since, *shorts), {})[row["new_ward"]] = None
    for (name, since, *around), others in groups.items():
        yield name, _Entry(since, tuple(around), tuple(others))


def _provinces(
    mapping: dict[str, str], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[tuple[str, _Entry]]:
    merged: dict[str, list[str]] = {}
    for before, since in mapping.items():
        merged.setdefault(since, []).append(old[before]["name"])
        yield old[before]["name"], _Entry(since, (), (new[since]["name"],))
    for since, names in merged.items():
        yield new[since]["name"], _Entry(since, (), tuple(names))


def _read() -> dict[str, Any]:
    spec = find_spec("underthesea")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        file = Path(folder) / "address" / "data" / "mapping.json"
        if file.is_file():
            data: dict[str, Any] = json.loads(file.read_text("utf-8"))
            return data
    return {}
