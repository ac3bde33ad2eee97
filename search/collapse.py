"""Near-identical passages: drafts of a report, paragraphs repeated every year."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, MutableMapping, Reversible
from dataclasses import dataclass, field
from math import ceil
from string import digits

# Jaccard similarity of the words from which two passages are nearly the same.
SIMILAR = 0.9
# Passages of fewer words are the same only when every word is.
SHORT = 8
# A passage is compared with this many before it in the list. Passages nearly the same have nearly
# the same score, and so stand close together.
COMPARED = 50

_DIFFERING = 1 / SIMILAR - 1 + 1e-9  # differing words of similar passages, by common ones
_BITS = tuple(1 << at for at in range(256))
KEPT = 20_000  # passages whose fingerprints are kept, of some 200 bytes each


@dataclass(slots=True)
class DuplicateGroup:
    """A passage that is shown, and the ids of those left out for it.

    ``place`` is its place in the list.
    """

    place: int
    duplicates: list[str] = field(default_factory=list)


class Fingerprint:
    """What proves of most pairs of texts that they are not nearly the same.

    ``digits`` are the digits that the text holds: passages nearly the same hold the same. The rest
    is counted when a text is first compared. ``bits`` has a bit of 256 for each distinct word, so
    two texts differ by at least as many words as bits.
    """

    __slots__ = ("bits", "digits", "few", "kinds", "length")

    def __init__(self, text: str) -> None:
        self.digits = "".join(filter(text.__contains__, digits))
        self.length = -1  # words; -1: not counted yet
        self.kinds = 0  # distinct words
        self.bits = 0
        self.few: list[str] | None = None  # all words in order, if they are few

    def count(self, text: str) -> None:
        """Count the words of the text."""
        words = text.casefold().split()
        kinds = set(words)
        bits = 0
        for word in kinds:
            bits |= _BITS[hash(word) & 255]
        self.kinds, self.bits = len(kinds), bits
        self.few = words if len(words) < SHORT else None
        self.length = len(words)  # last: another thread may be looking


def _same(text: str) -> str:
    return text


def group(
    passages: Iterable[tuple[str, str]],
    *,
    text_of: Callable[[str], str] = _same,
    fingerprints: MutableMapping[str, Fingerprint] | None = None,
) -> list[DuplicateGroup]:
    """Groups of (id, stored text), in order. The work is linear in the number of passages.

    ``text_of`` gives the text of what is stored; ``fingerprints`` are those of earlier searches, by
    id, to which new ones are added.
    """
    known = fingerprints if fingerprints is not None else {}
    groups: list[DuplicateGroup] = []
    by_digits: dict[str, deque[_Head]] = {}
    for place, (key, stored) in enumerate(passages):
        fingerprint = known.get(key)
        if fingerprint is None:
            fingerprint = known[key] = Fingerprint(text_of(stored))
        # Heads with the same digits, of those compared.
        heads = by_digits.get(fingerprint.digits)
        mine = _Head(stored, len(groups), fingerprint, text_of, DuplicateGroup(place))
        if heads is None:
            by_digits[fingerprint.digits] = deque((mine,), COMPARED)
        else:
            same = _latest_alike(mine, heads)
            if same is not None:
                same.group.duplicates.append(key)
                continue
            heads.append(mine)
        groups.append(mine.group)
    return groups


@dataclass(eq=False, slots=True)
class _Head:
    """A passage that is shown, the number of groups before it, and its group."""

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


def _latest_alike(mine: _Head, heads: Reversible[_Head]) -> _Head | None:
    """The last of the heads compared that is nearly the same."""
    own = mine.counted()
    least, most = _near(own.length)
    begin = mine.number - COMPARED
    for head in reversed(heads):
        if head.number < begin:
            break
        other = head.fingerprint
        if other.length < 0:
            head.counted()
        if least <= other.length <= most and _alike(mine, head):
            return head
    return None


def _near(size: int) -> tuple[int, int]:
    """Range of lengths of near-identical passages to one of ``size`` words.

    In words, or in distinct words.
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
