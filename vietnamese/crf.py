"""A fast decoder of underthesea's word model, with identical results.

underthesea builds 43 feature strings for every token and looks each of them up. The contribution of
a feature to the score of a label depends on at most three adjacent tokens, which recur in text; so
the sums are cached by token and by pair, and a position costs four additions. The dictionary has
few triples, so it is searched only where one may start. Decoding takes a tenth of the time.

The model file is CRFsuite's: features, labels and attributes behind a header of offsets (Naoki
Okazaki, *CRFsuite: a fast implementation of Conditional Random Fields*, 2007). It knows two labels,
B-W for the first token of a word and I-W for the others, so a position is decided by one number,
the score of I-W minus that of B-W. Sums are rounded differently than in underthesea; if a decision
is so close that rounding could matter, :meth:`Decoder.inside` returns None, and underthesea itself
must decide.
"""

from __future__ import annotations

import pickle
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress, islice, pairwise, product
from operator import add
from pathlib import Path
from typing import Final, NamedTuple

KEPT: Final = 1 << 16  # cached pairs, about 300 bytes each

_CLOSE = 1e-7  # rounding of a sum of 43 weights stays below 1e-12
_BEGIN, _END = "\0BOS", "\0EOS"  # before the first token and after the last
_FIRST, _INSIDE = "B-W", "I-W"
_NUMBER = re.compile("[+-]?[0-9]{1,40}")
_PLAIN = re.compile(
    "[!-~\u00a1-\u017f\u0192\u01a0\u01a1\u01af\u01b0\u02b0-\u02ff\u0300-\u0323\u03b1-\u03c1"
    "\u03c3-\u03c9\u0430-\u045f\u1e00-\u1eff\u2010-\u203a\u2070-\u209c]+"
)
_LISTED = """
T[-2] T[-1] T[0] T[1] T[2] T[-2,-1] T[-1,0] T[0,1] T[1,2] T[-2,0] T[-1,1] T[0,2]
T[-2].lower T[-1].lower T[0].lower T[1].lower T[2].lower
T[-2,-1].lower T[-1,0].lower T[0,1].lower T[1,2].lower
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
    """The model has a format that this module cannot decode."""


class Model(NamedTuple):
    """The weights of the model.

    Template → value → weight of I-W minus that of B-W; and the weights of label transitions.
    """

    weights: Mapping[str, Mapping[str, float]]
    # B-W to B-W, B-W to I-W, I-W to B-W, I-W to I-W
    steps: tuple[float, float, float, float]


class Decoder:
    """Decodes which tokens continue a word.

    Thread-safe.
    """

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``. Raises UnknownModelError, OSError."""
        try:
            templates = _pickled(folder / "features.bin")
            words = _pickled(folder / "dictionary.bin")
            model = read_model((folder / "models.bin").read_bytes())
        except OSError:
            raise
        except Exception as error:  # pickle may raise any exception
            raise UnknownModelError(f"{folder}: {error}") from error
        if templates != _LISTED.split() or not isinstance(words, (set, frozenset)):
            raise UnknownModelError(f"{folder}: other features than known")
        known = frozenset(words)
        kinds = (_UNIGRAMS, _BIGRAMS, _TRIGRAMS)
        one, two, three = (_Table(model, known, names) for names in kinds)
        self._triples = _Triples(three, known)
        self._pairs = _Pairs(two, _Singles(one), self._triples)
        self._middle = _Middle.between_steps(model.steps)

    def inside(self, tokens: Sequence[str]) -> list[bool] | None:
        """Whether each token continues the word before it.

        None if any decision is too close.

        ``tokens`` are at least two, in lower case.
        """
        padded = [_BEGIN, _BEGIN, *tokens, _END, _END]
        pairs = map(self._pairs.__getitem__, pairwise(padded))
        to_last, to_third, to_second, to_first, special = zip(*pairs, strict=True)
        both = map(add, to_last, islice(to_third, 1, None))
        gains: list[float] = list(
            map(add, map(add, both, islice(to_second, 2, None)), islice(to_first, 3, None))
        )
        begin, end = self._triples.begin, self._triples.end
        gains[0] += begin[0] + begin[1]
        gains[1] += begin[0]
        gains[-2] += end[2]
        gains[-1] += end[1] + end[2]
        for at in compress(range(2, len(tokens)), special[2:]):
            more = self._triples.more(padded[at], padded[at + 1], padded[at + 2])
            if more is not None:
                gains[at] += more[0]
                gains[at - 1] += more[1]
                gains[at - 2] += more[2]
        return self._best_path(gains)

    def _best_path(self, gains: Sequence[float]) -> list[bool] | None:
        """Run Viterbi's algorithm over the two labels.

        ``lead`` is the best score ending in I-W minus that ending in B-W.

        If the lead is large enough, the best path to both labels comes from the leading one.
        """
        low, high, after_first, after_inside, between, turned = self._middle
        lead = gains[0]
        # the previous label; None if it depends on the next one
        came: list[bool | None] = []
        for gain in islice(gains, 1, None):
            if lead < low - _CLOSE:
                came.append(False)
                lead = after_first + gain
            elif lead > high + _CLOSE:
                came.append(True)
                lead = after_inside + gain
            elif low + _CLOSE < lead < high - _CLOSE:
                came.append(None)
                lead = between - lead + gain if turned else between + lead + gain
            else:
                return None
        if -_CLOSE < lead < _CLOSE:
            return None
        label = lead > 0
        path = [label]
        for before in reversed(came):
            label = before if before is not None else label is not turned
            path.append(label)
        path.reverse()
        return path


class _Middle(NamedTuple):
    """The effect of label transitions on a lead.

    Below ``low`` the best path to both labels comes from B-W, above ``high`` from I-W; the next
    lead is then ``after_first`` or ``after_inside``, plus the gain there. Between the two each
    label is reached from itself (or, ``turned``, from the other): ``between`` plus (or minus) the
    lead.
    """

    low: float
    high: float
    after_first: float
    after_inside: float
    between: float
    turned: bool

    @classmethod
    def between_steps(cls, steps: tuple[float, float, float, float]) -> _Middle:
        """Compute it from the transition weights of a :class:`Model`."""
        first_first, first_inside, inside_first, inside_inside = steps
        to_first, to_inside = first_first - inside_first, first_inside - inside_inside
        turned = to_first < to_inside
        between = first_inside - inside_first if turned else inside_inside - first_first
        after_first, after_inside = first_inside - first_first, inside_inside - inside_first
        low, high = sorted((to_first, to_inside))
        return cls(low, high, after_first, after_inside, between, turned)


Gains = tuple[float, ...]


class _Table:
    """The contributions of a run of tokens to each position nearby.

    The key is the text of the run in lower case.
    """

    def __init__(self, model: Model, words: frozenset[str], templates: Sequence[str]) -> None:
        weights = model.weights

        def contribution(kind: str, value: object) -> Gains:
            return tuple(weights.get(name + kind, {}).get(str(value), 0.0) for name in templates)

        own: dict[str, list[float]] = {}
        for at, name in enumerate(templates):
            for kind in ("", ".lower"):
                for text, weight in weights.get(name + kind, {}).items():
                    own.setdefault(text, [0.0] * len(templates))[at] += weight
        self._own: Mapping[str, Sequence[float]] = own
        self._words = words
        self._usual = {
            (listed, title): _added(
                contribution(".is_in_dict", listed), contribution(".istitle", title)
            )
            for listed, title in product((False, True), repeat=2)
        }
        self._number = {number: contribution(".isdigit", number) for number in (False, True)}
        self.begin, self.end = (self._edge(contribution, edge) for edge in (_BEGIN[1:], _END[1:]))

    def _edge(self, contribution: Callable[[str, str], Gains], edge: str) -> Gains:
        found: Sequence[float] = self._own.get(edge, contribution("", "\0"))
        for kind in (".is_in_dict", ".istitle", ".isdigit"):
            found = _added(found, contribution(kind, edge))
        return tuple(found)

    def gains(self, text: str, title: bool) -> Gains:
        """Contributions of tokens other than the start and end markers."""
        usual, own = self._usual[text in self._words, title], self._own.get(text)
        return usual if own is None else _added(usual, own)

    def number(self, is_number: bool) -> Gains:
        """The contribution of ``isdigit`` features to :meth:`gains`."""
        return self._number[is_number]

    def own(self) -> set[str]:
        """The runs with their own weights."""
        return set(self._own)


def _added(left: Sequence[float], right: Sequence[float]) -> Gains:
    return tuple(map(float.__add__, left, right))


class _Singles(dict[str, tuple[Gains, bool]]):
    """Token → its contributions to five positions, and whether it is title case."""

    def __init__(self, table: _Table) -> None:
        super().__init__({_BEGIN: (table.begin, True), _END: (table.end, True)})
        self._table = table

    def __missing__(self, token: str) -> tuple[Gains, bool]:
        title = titled(token)
        found = (
            _added(self._table.gains(token, title), self._table.number(_is_number(token))),
            title,
        )
        if len(self) >= KEPT:
            self.clear()
            self.__init__(self._table)  # type: ignore[misc]
        self[token] = found
        return found


class _Triples:
    """The extra contributions of three tokens to the last, middle and first of them.

    They are relative to the usual ones.
    """

    def __init__(self, table: _Table, words: frozenset[str]) -> None:
        self._table = table
        self._known = {word for word in words if word.count(" ") == 2} | table.own()
        self._starts = {text.rpartition(" ")[0] for text in self._known}
        self.usual = table.gains("\0", False)  # for three unknown tokens
        self.begin, self.end = (
            _added(edge, tuple(-gain for gain in self.usual)) for edge in (table.begin, table.end)
        )

    def may_begin(self, first: str, middle: str) -> bool:
        """Whether three tokens starting with these two may have extra contributions."""
        return f"{first} {middle}" in self._starts or (titled(first) and titled(middle))

    def more(self, first: str, middle: str, last: str) -> Gains | None:
        """Extra contributions of three tokens other than markers, or None."""
        text = f"{first} {middle} {last}"
        title = titled(first) and titled(middle) and titled(last)
        if not title and text not in self._known:
            return None
        return tuple(map(float.__sub__, self._table.gains(text, title), self.usual))


class _Pairs(dict[tuple[str, str], tuple[float, float, float, float, bool]]):
    """The contributions of two tokens to the four positions that see both.

    They include the share of each token and the usual one of triples. A flag marks pairs that may
    start a triple with unusual contributions.
    """

    def __init__(self, table: _Table, singles: _Singles, triples: _Triples) -> None:
        super().__init__()
        self._table, self._singles, self._triples = table, singles, triples
        self._usual = sum(triples.usual)

    def __missing__(self, pair: tuple[str, str]) -> tuple[float, float, float, float, bool]:
        first, last = pair
        (left, left_title), (right, right_title) = self._singles[first], self._singles[last]
        title = left_title and right_title
        if first == _BEGIN:
            own = self._table.begin
        elif last == _END:
            own = self._table.end
        else:
            own = self._table.gains(f"{first} {last}", title)
        found = (
            own[0] + left[0],
            own[1] + left[1],
            own[2] + left[2] + self._usual,
            own[3] + left[3] + right[4],
            self._triples.may_begin(first, last),
        )
        if len(self) >= KEPT:
            self.clear()
        self[pair] = found
        return found


def is_plain(token: str) -> bool:
    """Whether this module certainly treats ``token`` like underthesea.

    Other scripts, and letters that only some versions of Unicode define, are left to underthesea.
    """
    return token.lower() == token and _PLAIN.fullmatch(token) is not None


def titled(text: str) -> bool:
    """``istitle`` of one token as in underthesea.

    True if capitalising the first letter leaves it unchanged.
    """
    return text[0].upper() == text[0]


def _is_number(text: str) -> bool:
    """``isdigit`` as in underthesea: a whole number of 32 bits."""
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
_STEP = 1  # feature type of a label transition; 0 is that of an attribute


def read_model(data: bytes) -> Model:
    """Parse a model in CRFsuite's format.

    Raises UnknownModelError, struct.error (truncated file).
    """
    magic, _, _, _, _, labels, _, at_features, at_labels, at_attributes, _, _ = _HEADER.unpack_from(
        data
    )
    names = list(_quarks(data, at_labels))
    if magic != b"lCRF" or labels != 2 or sorted(names) != [_FIRST, _INSIDE]:
        raise UnknownModelError(f"not a model with the labels {_FIRST} and {_INSIDE}")
    inside = names.index(_INSIDE)
    gains: dict[int, float] = defaultdict(float)
    steps = [0.0] * 4
    _, _, count = _FEATURES.unpack_from(data, at_features)
    start = at_features + _FEATURES.size
    for kind, source, target, weight in _FEATURE.iter_unpack(
        data[start : start + count * _FEATURE.size]
    ):
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
    """The strings of CRFsuite's "constant quark database", by their numbers."""
    magic, _, _, _, count, at_back = _QUARKS.unpack_from(data, start)
    if magic != b"CQDB":
        raise UnknownModelError("a table of strings is not where it should be")
    for (offset,) in struct.iter_unpack("<I", data[start + at_back : start + at_back + 4 * count]):
        _, size = _QUARK.unpack_from(data, start + offset)
        begin = start + offset + _QUARK.size
        yield data[begin : begin + size - 1].decode("utf-8")
