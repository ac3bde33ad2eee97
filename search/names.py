"""Names that complete a text being typed.

They are document numbers, titles, issuing bodies and abbreviations.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from ..corpus.model import Report
from ..engines.engine import Snapshot
from ..engines.query import And, ConstantScore, Node, Request, SortKey, Term, TermIn
from ..schema import (
    KIND,
    PAIR,
    REPORT,
    REPORT_KIND,
    SYLLABLE,
    number_values,
    read_report,
    shown_name,
    text_of,
)
from ..vietnamese import canonical, fold, normalise
from .abbreviations import Abbreviations
from .own_numbers import ends_in_label

CompletionKind: TypeAlias = Literal["words", "abbreviation", "number", "title", "body"]

SHORTEST = 2  # characters typed before names are offered
_FEW = 3  # names of one kind per list
_PAGE = 1000  # reports per request
_EXAMINED = 3  # passages examined for the spelling of a name
_SMALL = tuple(letter for letter in map(chr, range(0x61, 0x1EFA)) if letter.islower())
_LAST = re.compile(r"[^\s\"“”„«»()+]+\Z")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion: ``text`` is the whole completed text.

    ``passages`` is an upper bound of the passages with its new words.

    ``kind`` is the kind of completion: words of the index, an abbreviation, a report's ``number``,
    or a ``title`` or issuing ``body``, which is then a field in the text.
    """

    text: str
    passages: int
    kind: CompletionKind = "words"

    def to_dict(self) -> dict[str, Any]:
        """The suggestion as plain data for JSON."""
        return {"text": self.text, "passages": self.passages, "kind": self.kind}


@dataclass(slots=True)
class _Names:
    """Names of the reports, with their comparison forms and passage counts."""

    numbers: list[tuple[str, str, int]] = field(default_factory=list)
    titles: list[tuple[str, str, int]] = field(default_factory=list)
    bodies: list[tuple[str, str, int]] = field(default_factory=list)


class NameCompleter:
    """Completes names of the reports of one snapshot. Thread-safe."""

    def __init__(self, snapshot: Snapshot, abbreviations: Abbreviations) -> None:
        self._snapshot = snapshot
        self._abbreviations = abbreviations
        self._names: _Names | None = None

    def complete(self, text: str) -> Iterator[Completion]:
        """Names that contain ``text`` or its last word, most likely first per kind."""
        source = normalise(text).text
        typed = source.strip()
        if len(typed) < SHORTEST or '"' in typed:
            return
        names = self._names = self._names or self._read()
        if ":" in typed:
            yield from self._numbered(source, names)  # "Số: 128"
            return
        yield from self._abbreviated(source)
        yield from self._numbered(source, names)
        if len(typed) > SHORTEST:
            wanted = _plain(typed)
            for kind, field_name, known in (
                ("body", "cơ-quan", names.bodies),
                ("title", "tiêu-đề", names.titles),
            ):
                found = [row for row in known if wanted in row[0] and _has_marks(row[1], typed)]
                found.sort(key=lambda row: (not row[0].startswith(wanted), -row[2], row[1]))
                for _, name, passages in found[:_FEW]:
                    quoted = name.replace('"', " ")
                    yield Completion(f'{field_name}:"{quoted}"', passages, kind)  # type: ignore[arg-type]

    def _abbreviated(self, source: str) -> Iterator[Completion]:
        last = _LAST.search(source)
        if last is None or len(last.group()) < SHORTEST:
            return
        shorts = self._abbreviations.begun(last.group().lower())
        counts = self._snapshot.doc_freqs(SYLLABLE, shorts)
        found = sorted(zip(counts, shorts, strict=True), reverse=True)
        for passages, short in found[:_FEW]:
            if passages and short.upper() != last.group():
                yield Completion(source[: last.start()] + short.upper(), passages, "abbreviation")

    def _numbered(self, source: str, names: _Names) -> Iterator[Completion]:
        last = _LAST.search(source)
        if last is None or not any(letter.isdigit() for letter in last.group()):
            return
        # "sơ kết 6" is the start of a period rather than of a number.
        if "-" not in last.group() and not ends_in_label(source[: last.start()]):
            return
        typed = fold(last.group().lower()).replace("–", "-")
        wanted = typed.lstrip("0")  # "05" is 5, not 55
        found = [
            row
            for row in names.numbers
            if row[0].startswith(wanted)
            and (typed == wanted or not row[0][len(wanted) :][:1].isdigit())
        ]
        for folded, number, passages in sorted(found, key=lambda row: (len(row[0]), row[1]))[:_FEW]:
            if wanted and folded != wanted:
                yield Completion(source[: last.start()] + number, passages, "number")

    def _read(self) -> _Names:
        names = _Names()
        bodies: Counter[str] = Counter()
        written: dict[str, str] = {}
        for report in _reports(self._snapshot):
            if report.title and report.passages:
                names.titles.append((_plain(report.title), report.title, report.passages))
            if report.number and (values := number_values(report.number)):
                names.numbers.append((values[0], report.number, report.passages))
            if report.issuing_body and (key := shown_name(report.issuing_body)):
                bodies[key] += report.passages
                if key not in written or written[key].isupper():
                    written[key] = " ".join(report.issuing_body.split())
        names.bodies = [(_plain(key), written[key], count) for key, count in bodies.items()]
        return names


def _reports(snapshot: Snapshot) -> Iterator[Report]:
    offset, total = 0, 1
    while offset < total:
        query = TermIn(KIND, (REPORT_KIND,))
        found = snapshot.search(
            Request(query, limit=_PAGE, offset=offset, order=(SortKey(REPORT),))
        )
        offset, total = offset + _PAGE, found.total
        for hit in found.hits:
            yield read_report(hit.stored)[0]


def _plain(text: str) -> str:
    """Words without diacritics in lower case, each preceded by a space."""
    return "".join(f" {word}" for word in _WORDS.findall(fold(text).lower()))


def _has_marks(name: str, typed: str) -> bool:
    """Whether a name has the words typed, with the diacritics typed."""
    words = [canonical(word.lower()) for word in _WORDS.findall(name)]
    wanted = [canonical(word.lower()) for word in _WORDS.findall(typed)]
    return any(
        all(
            fold(word).startswith(part) if part == fold(part) else word.startswith(part)
            for word, part in zip(words[at:], wanted, strict=False)
        )
        for at in range(len(words) - len(wanted) + 1)
    )


def pairs_of(words: tuple[str, ...]) -> Node:
    """Passages that contain every adjacent pair of ``words``.

    ``words`` has at least two.
    """
    return And(tuple(ConstantScore(Term(PAIR, " ".join(pair))) for pair in pairwise(words)))


def with_capitals(words: tuple[str, ...], snapshot: Snapshot) -> str:
    """``words`` joined, capitalised as a name if passages do so.

    Otherwise in lower case.

    A few passages with the words are examined. Capitals at the start of a sentence, or in a text
    all in capitals, do not count.
    """
    plain = " ".join(words)
    if len(words) < 2:
        return plain
    request = Request(pairs_of(words), limit=_EXAMINED)
    pattern = re.compile(r"\W+".join(map(re.escape, words)), re.IGNORECASE)
    seen: Counter[str] = Counter()
    for text in [text_of(hit.stored) for hit in snapshot.search(request).hits]:
        for found in pattern.finditer(text):
            written = " ".join(_WORDS.findall(found.group()))
            if written.isupper():
                continue
            begins = not found.string[: found.start()].rstrip(' "“(').endswith((",", *_SMALL))
            if begins and written[1:] == written[1:].lower():
                written = written.lower()
            seen[written] += 1
    (best, count), *_ = seen.most_common(1) or [(plain, 0)]
    return best if 2 * count > seen.total() and best.lower() == plain else plain
