"""underthesea's word model, decoded by ourselves: the same words in a tenth of the time.

underthesea writes 43 feature strings for every token, and its tagger looks each of them up. What a feature
adds to the score of a label depends on three neighbouring tokens at most, and text repeats them; so here
the sums are kept by token, by pair and by triple, and a position costs three additions.

The model file is CRFsuite's: features, labels and attributes behind a header of offsets (Naoki Okazaki,
*CRFsuite: a fast implementation of Conditional Random Fields*, 2007). It knows two labels, B-W for the first
token of a word and I-W for the others, so that one number, the score of I-W less that of B-W, decides a
position. Sums are rounded otherwise than in underthesea; where a decision is closer than rounding could
matter, :meth:`Decoder.inside` gives None, and underthesea itself must be asked.
"""

from __future__ import annotations

import pickle
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

KEPT: Final = 1 << 16
"""Pairs and triples remembered, at some 200 bytes each."""

_CLOSE = 1e-7  # rounding of a sum of 43 weights stays below 1e-12
_BEGIN, _END = "\0BOS", "\0EOS"  # what stands before the first token and behind the last
_FIRST, _INSIDE = "B-W", "I-W"
_NUMBER = re.compile("[+-]?[0-9]{1,40}")
_PLAIN = re.compile("[!-~\u00a1-\u017f\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1e00-\u1eff\u2010-\u203a]+")
_LISTED = """
T[-2] T[-1] T[0] T[1] T[2] T[-2,-1] T[-1,0] T[0,1] T[1,2] T[-2,0] T[-1,1] T[0,2]
T[-2].lower T[-1].lower T[0].lower T[1].lower T[2].lower T[-2,-1].lower T[-1,0].lower T[0,1].lower T[1,2].lower
T[-1].isdigit T[0].isdigit T[1].isdigit
T[-2].istitle T[-1].istitle T[0].istitle T[1].istitle T[2].istitle T[0,1].istitle T[0,2].istitle
T[-2].is_in_dict T[-1].is_in_dict T[0].is_in_dict T[1].is_in_dict T[2].is_in_dict
T[-2,-1].is_in_dict T[-1,0].is_in_dict T[0,1].is_in_dict T[1,2].is_in_dict
T[-2,0].is_in_dict T[-1,1].is_in_dict T[0,2].is_in_dict
"""
_UNIGRAMS = ("T[-2]", "T[-1]", "T[0]", "T[1]", "T[2]")
_BIGRAMS = ("T[-2,-1]", "T[-1,0]", "T[0,1]", "T[1,2]")
_TRIGRAMS = ("T[-2,0]", "T[-1,1]", "T[0,2]")


class UnknownModelError(Exception):
    """The model is not of the kind this module decodes."""


class Model(NamedTuple):
    """Template → value → the weight for I-W less that for B-W; and the weight of each step, by two labels."""

    weights: Mapping[str, Mapping[str, float]]
    steps: tuple[float, float, float, float]
    """B-W to B-W, B-W to I-W, I-W to B-W, I-W to I-W."""


class Decoder:
    """Tells which tokens go on with a word. Safe to share by threads."""

    def __init__(self, folder: Path) -> None:
        """The model in ``folder``. Raises UnknownModelError, and OSError."""
        try:
            templates = _pickled(folder / "features.bin")
            words = _pickled(folder / "dictionary.bin")
            model = read_model((folder / "models.bin").read_bytes())
        except OSError:
            raise
        except Exception as error:  # pickle raises nearly anything
            raise UnknownModelError(f"{folder}: {error}") from error
        if templates != _LISTED.split() or not isinstance(words, (set, frozenset)):
            raise UnknownModelError(f"{folder}: other features than known")
        known = frozenset(words)
        kinds = (_UNIGRAMS, _BIGRAMS, _TRIGRAMS)
        one, two, three = (_Table(model, known, names, length) for length, names in enumerate(kinds, 1))
        singles = _Singles(one)
        self._triples = _Triples(three, _Pairs(two, singles), singles)
        to_first, to_inside = model.steps[0] - model.steps[2], model.steps[1] - model.steps[3]
        self._steps = (*model.steps, to_first, to_inside)

    def inside(self, tokens: Sequence[str]) -> list[bool] | None:
        """For each token whether it goes on with the word before it; None where that is too close to call.

        ``tokens`` are two or more, in lower case.
        """
        padded = [_BEGIN, _BEGIN, *tokens, _END, _END]
        rows = list(map(self._triples.__getitem__, zip(padded, padded[1:], padded[2:], strict=False)))
        gains = [
            before[0] + around[1] + after[2] for before, around, after in zip(rows, rows[1:], rows[2:], strict=False)
        ]
        return self._best_path(gains)

    def _best_path(self, gains: Sequence[float]) -> list[bool] | None:
        """Viterbi's algorithm over two labels; ``lead`` is the best score that ends in I-W less that in B-W."""
        first_first, first_inside, inside_first, inside_inside, to_first, to_inside = self._steps
        lead = gains[0]
        came: list[tuple[bool, bool]] = []  # for B-W and for I-W: whether the best way there comes from I-W
        for gain in gains[1:]:
            nearer, farther = lead - to_first, lead - to_inside
            if -_CLOSE < nearer < _CLOSE or -_CLOSE < farther < _CLOSE:
                return None
            stay = inside_inside + lead if farther > 0 else first_inside
            leave = inside_first + lead if nearer > 0 else first_first
            came.append((nearer > 0, farther > 0))
            lead = stay - leave + gain
        if -_CLOSE < lead < _CLOSE:
            return None
        label = lead > 0
        path = [label]
        for pair in reversed(came):
            label = pair[label]
            path.append(label)
        path.reverse()
        return path


Gains = tuple[float, ...]


class _Table:
    """What a run of so many tokens adds at each of the places that see it, by its text in lower case."""

    def __init__(self, model: Model, words: frozenset[str], templates: Sequence[str], length: int) -> None:
        weights = model.weights
        own: dict[str, list[float]] = {}
        for at, name in enumerate(templates):
            for kind in ("", ".lower"):
                for text, weight in weights.get(name + kind, {}).items():
                    own.setdefault(text, [0.0] * len(templates))[at] += weight

        def told(kind: str, value: object) -> Gains:
            return tuple(weights.get(name + kind, {}).get(str(value), 0.0) for name in templates)

        listed, unlisted = told(".is_in_dict", True), told(".is_in_dict", False)
        self._gains = dict.fromkeys((word for word in words if word.count(" ") == length - 1), listed)
        self._gains.update((text, _added(gains, listed if text in words else unlisted)) for text, gains in own.items())
        self._other = unlisted
        self._titled = {title: told(".istitle", title) for title in (False, True)}
        self._number = {number: told(".isdigit", number) for number in (False, True)}
        self.begin, self.end = (self._edge(told, own, edge) for edge in (_BEGIN[1:], _END[1:]))

    @staticmethod
    def _edge(told: Callable[[str, str], Gains], own: Mapping[str, list[float]], edge: str) -> Gains:
        found: Sequence[float] = own.get(edge, told("", "\0"))
        for kind in (".is_in_dict", ".istitle", ".isdigit"):
            found = _added(found, told(kind, edge))
        return tuple(found)

    def gains(self, text: str, title: bool) -> Gains:
        """Of tokens that are neither the begin nor the end."""
        return _added(self._gains.get(text, self._other), self._titled[title])

    def number(self, is_number: bool) -> Gains:
        """What a token's being a number, or none, adds to its :meth:`gains`."""
        return self._number[is_number]


def _added(left: Sequence[float], right: Sequence[float]) -> Gains:
    return tuple(map(float.__add__, left, right))


class _Singles(dict[str, tuple[Gains, bool]]):
    """Token → what it adds at the five places that see it; and whether it is titled."""

    def __init__(self, table: _Table) -> None:
        super().__init__({_BEGIN: (table.begin, True), _END: (table.end, True)})
        self._table = table

    def __missing__(self, token: str) -> tuple[Gains, bool]:
        title = titled(token)
        found = (_added(self._table.gains(token, title), self._table.number(_is_number(token))), title)
        self[token] = found
        return found


class _Pairs(dict[tuple[str, str], tuple[Gains, bool]]):
    """Two tokens → what they add at the four places that see both; and whether both are titled."""

    def __init__(self, table: _Table, singles: _Singles) -> None:
        super().__init__()
        self._table, self._singles = table, singles

    def __missing__(self, pair: tuple[str, str]) -> tuple[Gains, bool]:
        first, last = pair
        title = self._singles[first][1] and self._singles[last][1]
        if first == _BEGIN:
            found = (self._table.begin, title)
        elif last == _END:
            found = (self._table.end, title)
        else:
            found = (self._table.gains(f"{first} {last}", title), title)
        if len(self) >= KEPT:
            self.clear()
        self[pair] = found
        return found


class _Triples(dict[tuple[str, str, str], tuple[float, float, float]]):
    """Three tokens → what they add to the last, to the middle and to the first of them, each token's and
    each pair's share counted once over the three triples that a position lies in."""

    def __init__(self, table: _Table, pairs: _Pairs, singles: _Singles) -> None:
        super().__init__()
        self._table, self._pairs, self._singles = table, pairs, singles

    def __missing__(self, triple: tuple[str, str, str]) -> tuple[float, float, float]:
        first, middle, last = triple
        left, title = self._pairs[first, middle]
        right, _ = self._pairs[middle, last]
        one, two, three = self._singles[first][0], self._singles[middle][0], self._singles[last]
        if first == _BEGIN:
            own = self._table.begin
        elif last == _END:
            own = self._table.end
        else:
            own = self._table.gains(f"{first} {middle} {last}", title and three[1])
        found = (
            own[0] + left[0] + one[0],
            own[1] + left[1] + right[2] + one[1] + two[2] + three[0][3],
            own[2] + right[3] + three[0][4],
        )
        if len(self) >= KEPT:
            self.clear()
        self[triple] = found
        return found


def is_plain(token: str) -> bool:
    """Whether this module is sure to see in ``token`` what underthesea does: other scripts, and letters that
    one version of Unicode knows and another does not, are left to it."""
    return token.lower() == token and _PLAIN.fullmatch(token) is not None


def titled(text: str) -> bool:
    """``istitle`` as underthesea has it for one token: the first letter stays when made a capital."""
    return text[0].upper() == text[0]


def _is_number(text: str) -> bool:
    """``isdigit`` as underthesea has it: a whole number of 32 bits."""
    return _NUMBER.fullmatch(text) is not None and -(2**31) <= int(text) < 2**31


def _pickled(path: Path) -> object:
    with path.open("rb") as stream:
        return pickle.load(stream)


# --- the model's file -----------------------------------------------------------------------

_HEADER = struct.Struct("<4sI4s9I")
_FEATURES = struct.Struct("<4sII")
_FEATURE = struct.Struct("<IIId")
_QUARKS = struct.Struct("<4s5I")
_QUARK = struct.Struct("<iI")
_STEP = 1  # the type of a feature that weighs a step between two labels; 0 weighs an attribute


def read_model(data: bytes) -> Model:
    """The model in CRFsuite's format. Raises UnknownModelError, and struct.error for a file cut off."""
    magic, _, _, _, _, labels, _, at_features, at_labels, at_attributes, _, _ = _HEADER.unpack_from(data)
    names = list(_quarks(data, at_labels))
    if magic != b"lCRF" or labels != 2 or sorted(names) != [_FIRST, _INSIDE]:
        raise UnknownModelError(f"not a model with the labels {_FIRST} and {_INSIDE}")
    inside = names.index(_INSIDE)
    gains: dict[int, float] = defaultdict(float)
    steps = [0.0] * 4
    _, _, count = _FEATURES.unpack_from(data, at_features)
    start = at_features + _FEATURES.size
    for kind, source, target, weight in _FEATURE.iter_unpack(data[start : start + count * _FEATURE.size]):
        if kind == _STEP:
            steps[2 * (source == inside) + (target == inside)] += weight
        else:
            gains[source] += weight if target == inside else -weight
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for number, attribute in enumerate(_quarks(data, at_attributes)):
        name, _, value = attribute.partition("=")
        if gains.get(number):
            weights[name][value] = gains[number]
    if weights.keys() - set(_LISTED.split()):
        raise UnknownModelError("it weighs other features than known")
    return Model(weights, (steps[0], steps[1], steps[2], steps[3]))


def _quarks(data: bytes, start: int) -> Iterator[str]:
    """The strings of a table of CRFsuite's ("constant quark database"), by their numbers."""
    magic, _, _, _, count, at_back = _QUARKS.unpack_from(data, start)
    if magic != b"CQDB":
        raise UnknownModelError("a table of strings is not where it should be")
    for (offset,) in struct.iter_unpack("<I", data[start + at_back : start + at_back + 4 * count]):
        _, size = _QUARK.unpack_from(data, start + offset)
        begin = start + offset + _QUARK.size
        yield data[begin : begin + size - 1].decode("utf-8")
