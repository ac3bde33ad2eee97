"""Near-duplicate detection: drafts of a report, paragraphs repeated yearly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from string import digits

# Minimum Jaccard similarity of words for near-identical passages.
SIMILAR = 0.9
# Shorter passages must have identical words.
SHORT = 8
# Number of preceding passages that a passage is compared with: near-identical passages have similar
# scores and are close together in the list.
COMPARED = 50

_DIFFERING = 1 / SIMILAR - 1 + 1e-9  # maximum ratio of differing to common words
_BITS = tuple(1 << at for at in range(256))
KEPT = 20_000  # cached fingerprints, about 200 bytes each


@dataclass(slots=True)
class DuplicateGroup:
    """A displayed passage, and the ids of its omitted duplicates.

    ``place`` is its index in the list.
    """

    place: int
    duplicates: list[str] = field(default_factory=list)


class Fingerprint:
    """Summary of a text that rules out most pairs of near-identical texts.

    ``digits`` are the digits of the text, which must be equal. The rest is computed on first
    comparison. ``bits`` sets one of 256 bits per distinct word, so two texts differ by at least as
    many words as bits.
    """

    __slots__ = ("bits", "digits", "few", "kinds", "length")

    def __init__(self, text: str) -> None:
        self.digits = "".join(filter(text.__contains__, digits))
        self.length = -1  # words; -1: not counted yet
        self.kinds = 0  # distinct words
        self.bits = 0
        self.few: list[str] | None = None  # all words in order, if there are few

    def count(self, text: str) -> None:
        """Count the words of the text."""
        words = text.casefold().split()
        kinds = set(words)
        bits = 0
        for word in kinds:
            bits |= _BITS[hash(word) & 255]
        self.kinds, self.bits = len(kinds), bits
        self.few = words if len(words) < SHORT else None
        self.length = len(words)  # set last, as other threads may be reading


def _same(text: str) -> str:
    return text


def group(
    passages: Iterable[tuple[str, str]],
    *,
    text_of: Callable[[str], str] = _same,
    fingerprints: MutableMapping[str, Fingerprint] | None = None,
) -> list[DuplicateGroup]:
    """Group (id, stored text) pairs, in order; linear in their number.

    ``text_of`` extracts the text of a stored document; ``fingerprints`` is a cache by id, which is
    updated.
    """
    known = fingerprints if fingerprints is not None else {}
    groups: list[DuplicateGroup] = []
    by_digits: dict[str, list[_Head]] = {}
    for place, (key, stored) in enumerate(passages):
        fingerprint = known.get(key)
        if fingerprint is None:
            fingerprint = known[key] = Fingerprint(text_of(stored))
        # Compared heads, by their digits.
        heads = by_digits.get(fingerprint.digits)
        mine = _Head(stored, len(groups), fingerprint, text_of, DuplicateGroup(place))
        if heads is None:
            by_digits[fingerprint.digits] = [mine]
        else:
            same = _latest_alike(mine, heads[-COMPARED:])
            if same is not None:
                same.group.duplicates.append(key)
                continue
            heads.append(mine)
        groups.append(mine.group)
    return groups


@dataclass(eq=False, slots=True)
class _Head:
    """A displayed passage, the number of groups before it, and its group."""

    stored: str
    number: int
    fingerprint: Fingerprint
    text_of: Callable[[str], str]
    group: DuplicateGroup
    _kinds: frozenset[str] | None = None

    def counted(self) -> Fingerprint:
        """The fingerprint with its words counted."""
        if self.fingerprint.length < 0:
            self.fingerprint.count(self.text_of(self.stored))
        return self.fingerprint

    def kinds(self) -> frozenset[str]:
        """The distinct words."""
        if self._kinds is None:
            self._kinds = frozenset(self.text_of(self.stored).casefold().split())
        return self._kinds


def _latest_alike(mine: _Head, heads: Sequence[_Head]) -> _Head | None:
    """The last compared head that is nearly the same, or None."""
    heads[0].counted()  # the others were, when they were compared
    least, most = _near(mine.counted().length)
    near = [head for head in heads if least <= head.fingerprint.length <= most]
    begin = mine.number - COMPARED
    compared = (head for head in reversed(near) if head.number >= begin)
    return next((head for head in compared if _alike(mine, head)), None)


def _near(size: int) -> tuple[int, int]:
    """Range of lengths of passages that may be near-identical to ``size`` words.

    Applies to words and to distinct words.
    """
    return ceil(SIMILAR * size), int(size / SIMILAR)


def _alike(mine: _Head, other: _Head) -> bool:
    """Whether two passages of about as many words are nearly the same."""
    one, two = mine.fingerprint, other.fingerprint
    if one.few is not None or two.few is not None:
        return one.few == two.few
    if (one.bits ^ two.bits).bit_count() > _DIFFERING * min(one.kinds, two.kinds):
        return False
    fewest, greatest = _near(one.kinds)
    if not fewest <= two.kinds <= greatest:
        return False
    first, second = mine.kinds(), other.kinds()
    common = len(first & second)
    differing = len(first) + len(second) - 2 * common
    if common < SIMILAR * (common + differing):
        return False
    # The same sentence with another year or sum has another meaning.
    return not any(character.isdigit() for word in first ^ second for character in word)
