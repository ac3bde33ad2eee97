"""Completions of a text being typed: words and phrases of the index.

All completions come from the vocabulary of the index, so that each finds something: words (of two
or more syllables) with the typed prefix, and syllables that follow the previous one. Text typed
without diacritics is completed in the most frequent form; typed diacritics are kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ..engines.engine import Snapshot
from ..engines.query import ConstantScore, Phrase, Request
from ..schema import PAIR, SYLLABLE, WORD
from ..vietnamese import canonical, fold, normalise
from .names import Completion, pairs_of, with_capitals
from .telex import decode
from .term_weights import is_function_word

# Maximum characters of a text that is completed.
MAX_TEXT = 200

# The words at the end: "đ/c" is two.
_RUN = re.compile(
    r"(?:(?<=[\s\"“„«(+])|(?<=\s-)|(?<=^-)|^)"
    r"(?:[^\W_]+(?:[ \t]+|(?<=[^\W\d])/(?=[^\W\d])))*[^\W_]*\Z"
)
_CHUNK = re.compile(r"[^\W_]+")
_OPERATORS = ("AND", "OR", "NOT", "VÀ", "HOẶC", "KHÔNG")  # of the query language
_CONTEXT = 4  # words examined before the one being typed
_INSIDE = 3  # maximum of these that may be part of the completed word
_WORDS = 24  # words of the index examined per possible start position
_FORMS = 4  # forms with diacritics of one syllable
_RARE = 0.02  # share of the most frequent form; rarer forms are misprints or names
# share of passages: a completion that nearly always continues in one way is shown continued only
_PART = 0.8
_CACHED = 10_000  # cached prefixes and rows; one completion looks up about fifty
_VOWELS = {
    "a": "aàáảãạăằắẳẵặâầấẩẫậ",
    "e": "eèéẻẽẹêềếểễệ",
    "i": "iìíỉĩị",
    "o": "oòóỏõọôồốổỗộơờớởỡợ",
    "u": "uùúủũụưừứửữự",
    "y": "yỳýỷỹỵ",
    "d": "dđ",
}

Row = tuple[str, ...]

_canonical = lru_cache(maxsize=4096)(canonical)  # every keystroke compares the same syllables again


@dataclass(frozen=True, slots=True)
class _Guess:
    """A row of syllables and an estimate of its passages.

    The last ``known`` syllables of ``row`` occur together in ``passages`` passages; the rest is an
    estimate.
    """

    row: Row
    passages: int
    known: int


class Completer:
    """Completes texts from one snapshot, and caches its look-ups.

    Thread-safe.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[str, str], dict[str, int]] = {}
        self._spelt: dict[str, dict[str, list[tuple[str, int]]]] = {}
        self._cased: dict[Row, str] = {}
        self._rows: dict[Row, int] = {}

    def complete(self, text: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Up to ``limit`` completions of ``text``, most likely first.

        ``text`` itself is excluded.
        """
        source = normalise(text).text
        if len(source) > MAX_TEXT or limit < 1:
            return ()
        before, typed, starts = _taken_apart(source)
        if not before and not typed:
            return ()
        # Where the index has no such words together, the last ones are completed alone.
        for left, start in enumerate(starts):
            rest = before[left:]
            if rest or not left or is_function_word(before[-1]):
                found = self._completed(source, rest, typed, start, limit)
                if found:
                    return found
        return ()

    def _completed(
        self, source: str, before: Row, typed: str, start: int, limit: int
    ) -> tuple[Completion, ...]:
        """Completions of the words ``before`` and ``typed``, from ``start`` on."""
        found: dict[str, Completion] = {}
        rows: dict[str, Row] = {}
        # "ti" may become "tiêu", though alone it is "ty".
        guesses = [
            guess
            for prefix in dict.fromkeys((typed, _canonical(typed)))
            for guess in self._guesses(before, prefix)
        ]
        likely = sorted(guesses, key=lambda one: (-one.passages, one.row))
        for guess in likely[: 3 * limit]:
            words = " ".join(guess.row)
            passages = self._together(guess) if words not in found else 0
            if passages and words != " ".join((*before, _canonical(typed))).strip():
                found[words] = Completion(source[:start] + words, passages)
                rows[words] = guess.row
        whole = [
            one
            for one in found.values()
            if not any(_is_part(one, other) for other in found.values())
        ]
        best: list[Completion] = []
        for one in sorted(whole, key=lambda one: (-one.passages, one.text)):
            row = rows[one.text[start:]]
            passages = one.passages if len(row) < 3 else self._in_a_row(row)
            if passages:
                written = source[:start] + _with_slashes(self._written(row), source[start:])
                best.append(Completion(written, passages))
            if len(best) == limit:
                break
        return tuple(sorted(best, key=lambda one: (-one.passages, one.text)))

    def decoded(self, text: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Completions of ``text`` read as raw Telex or VNI; None if it is neither.

        They include the converted text.
        """
        source = normalise(text).text
        plain = _CHUNK.sub(lambda chunk: decode(chunk.group()) or chunk.group(), source)
        if plain == source or len(source) > MAX_TEXT:
            return ()
        before, typed, starts = _taken_apart(plain)
        row = tuple(filter(None, (*before, _canonical(typed))))
        passages = self._in_a_row(row) if len(row) > 1 else self._count(row) if row else 0
        whole = (Completion(plain[: starts[0]] + self._written(row), passages),) if passages else ()
        return (*whole, *self.complete(plain, limit=limit))[:limit]

    def _written(self, row: Row) -> str:
        written = self._cased.get(row)
        if written is None:
            if len(self._cased) > _CACHED:
                self._cased = {}
            written = self._cased[row] = with_capitals(row, self._snapshot)
        return written

    def _together(self, guess: _Guess) -> int:
        """Number of passages that contain all adjacent pairs of a row."""
        if len(guess.row) <= guess.known:
            return guess.passages
        return self._count(guess.row)

    def _count(self, row: Row) -> int:
        """Number of passages that contain every adjacent pair of a row."""
        if len(row) < 3:
            field = SYLLABLE if len(row) == 1 else PAIR
            return self._snapshot.doc_freqs(field, [" ".join(row)])[0]
        return self._snapshot.search(Request(pairs_of(row), limit=0)).total

    def _in_a_row(self, row: Row) -> int:
        """Number of passages that contain the whole row."""
        found = self._rows.get(row)
        if found is None:
            if len(self._rows) > _CACHED:
                self._rows = {}
            node = ConstantScore(Phrase(SYLLABLE, row))
            found = self._rows[row] = self._snapshot.search(Request(node, limit=0)).total
        return found

    def _guesses(self, before: Row, typed: str) -> Iterator[_Guess]:
        """Rows of syllables that may replace ``before`` and the typed prefix."""
        # a word of the index that is partly typed
        for inside in range(1, min(len(before), _INSIDE) + 1):
            at = len(before) - inside
            for word, count in self._words((*before[at:], typed)):
                made = (
                    self._spell(before[:at], word, (*before[at:], typed))
                    if len(word) > inside
                    else None
                )
                if made is not None:
                    yield _Guess(made, count, len(word))
        if before:
            yield from self._following(before, typed)
            return
        words = self._words((typed,))
        for word, count in words:
            made = self._spell((), word, (typed,))
            if made is not None:
                yield _Guess(made, count, len(word))
        for form, count in self._forms(typed, whole=False):
            alone = count - sum(self._vocabulary(WORD, f"{fold(form)}_").values())
            if alone > 0 and not is_function_word(form):
                yield _Guess((form,), alone, 1)

    def _following(self, before: Row, typed: str) -> Iterator[_Guess]:
        """Continuations after the last whole syllable that form no word with it.

        A continuation is a syllable or the start of a word.

        Frequencies are estimated: that of the pair outside words, divided in proportion to the
        words that the second syllable starts.
        """
        for last in [form for form, _ in self._forms(before[-1], whole=True)][:_FORMS] or [
            before[-1]
        ]:
            if not _fits(last, before[-1], fold(before[-1]), whole=True):
                continue
            row = self._spell(before[:-1], (fold(last),), (last,))
            for follower, count in self._followers(last, typed)[:_WORDS] if row is not None else ():
                forms = dict(self._forms(follower, whole=True))
                whole = max(forms.get(follower, count), 1)
                rest = 1.0
                for word, times in self._words((fold(follower), "")):
                    rest -= times / whole
                    made = self._spell((*before[:-1], last), word, (follower,))
                    if made is not None:
                        yield _Guess(made, round(count * min(1.0, times / whole)), 0)
                if row is not None:
                    yield _Guess((*row, follower), round(count * max(0.1, rest)), 0)

    def _followers(self, last: str, typed: str) -> list[tuple[str, int]]:
        """Syllables that follow ``last`` and have the typed prefix.

        Those that form a word with ``last`` count only where they follow it outside that word.
        """
        plain = fold(typed)
        found = []
        for pair, count in self._vocabulary(PAIR, f"{last} ").items():
            follower = pair[len(last) + 1 :]
            if _is_word(follower) and _fits(follower, typed, plain, whole=False):
                stem = f"{fold(last)}_{fold(follower)}"
                words = self._vocabulary(WORD, stem)
                count -= sum(
                    times
                    for word, times in words.items()
                    if word == stem or word.startswith(f"{stem}_")
                )
                if count > 0:
                    found.append((follower, count))
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def _words(self, parts: Row) -> list[tuple[Row, int]]:
        """The most frequent words of the index that start with ``parts``.

        The last part may be incomplete.
        """
        stem = "_".join(fold(part) for part in parts)
        if not stem.strip("_"):
            return []
        found = [one for one in self._vocabulary(WORD, stem).items() if _is_word(one[0])]
        found.sort(key=lambda one: (-one[1], one[0]))
        return [(tuple(word.split("_")), count) for word, count in found[:_WORDS]]

    def _spell(self, before: Row, word: Row, wanted: Row) -> Row | None:
        """``before`` and ``word`` with the diacritics that were left out.

        None if ``wanted``, the word as typed (its last syllable maybe incomplete), is another word
        or does not occur.
        """
        choices: list[list[str]] = []
        for part in before:
            known = (
                [form for form, _ in self._forms(part, whole=True)][:_FORMS]
                if part.isascii()
                else []
            )
            choices.append(known or [part])
        for at, plain in enumerate(word):
            forms = [form for form, _ in self._forms(plain, whole=True)]
            if at < len(wanted):
                whole = at < len(wanted) - 1
                forms = [
                    form for form in forms if _fits(form, wanted[at], fold(wanted[at]), whole=whole)
                ]
            if not forms:
                return None
            choices.append(forms[:_FORMS])
        row = self._likeliest(choices)
        inner = pairwise(row[len(before) :])
        return row if all(self._follows(left, right) for left, right in inner) else None

    def _likeliest(self, choices: Sequence[Sequence[str]]) -> Row:
        """Choose one form of each so that neighbours co-occur most (Viterbi, 1967)."""
        rows: list[tuple[float, Row]] = [(0.0, ())]
        for forms in choices:
            rows = [
                max(self._joined(rows, form, place), key=lambda one: one[0])
                for place, form in enumerate(forms)
            ]
        return max(rows, key=lambda one: one[0])[1]

    def _joined(
        self, rows: Sequence[tuple[float, Row]], form: str, place: int
    ) -> list[tuple[float, Row]]:
        return [
            (
                score + (math.log1p(self._follows(row[-1], form)) if row else 0.0) - 0.1 * place,
                (*row, form),
            )
            for score, row in rows
        ]

    def _follows(self, left: str, right: str) -> int:
        """Number of passages in which ``right`` follows ``left``."""
        return self._vocabulary(PAIR, f"{left} ").get(f"{left} {right}", 0)

    def _forms(self, plain: str, *, whole: bool) -> list[tuple[str, int]]:
        """Forms of a syllable with diacritics, most frequent first.

        Unless ``whole``, forms of all syllables with this prefix.
        """
        folded = fold(plain)
        match = re.match(r"[bcdghklmnpqrstvxfjwz]*", folded)
        onset = match.group() if match is not None else ""
        onset = onset or folded[:1]
        spelt = self._spelt.get(onset)
        if spelt is None:
            spelt = {}
            for first in _VOWELS.get(onset[:1], onset[:1]):
                for form, count in self._vocabulary(SYLLABLE, first + onset[1:]).items():
                    if _is_word(form):
                        spelt.setdefault(fold(form), []).append((form, count))
            for forms in spelt.values():
                forms.sort(key=lambda one: (-one[1], one[0]))
                forms[:] = [one for one in forms if one[1] >= _RARE * forms[0][1]]
            if len(self._spelt) > _CACHED:
                self._spelt = {}
            self._spelt[onset] = spelt
        if whole:
            return spelt.get(folded, [])
        found = [one for key, forms in spelt.items() if key.startswith(folded) for one in forms]
        return sorted(
            (one for one in found if _fits(one[0], plain, folded, whole=False)),
            key=lambda one: (-one[1], one[0]),
        )[:_WORDS]

    def _vocabulary(self, field: str, prefix: str) -> dict[str, int]:
        """Tokens that start with ``prefix``, in order, with document frequencies."""
        key = field, prefix
        found = self._known.get(key)
        if found is None:
            found = dict(self._snapshot.vocabulary(field, prefix))
            if len(self._known) > _CACHED:
                self._known = {}
            self._known[key] = found
        return found


def _taken_apart(source: str) -> tuple[Row, str, tuple[int, ...]]:
    """Words at the end of ``source``, the unfinished one, and the starts of all.

    The unfinished one may be "".
    """
    run = _RUN.search(source)
    chunks = list(_CHUNK.finditer(source, run.start())) if run is not None else []
    for at, chunk in reversed(list(enumerate(chunks))):
        if chunk.group() in _OPERATORS:
            chunks = chunks[at + 1 :]
            break
    chunks = chunks[-_CONTEXT - 1 :]
    starts = tuple(chunk.start() for chunk in chunks)
    if not chunks:
        return (), "", (len(source),)
    if chunks[-1].end() < len(source):
        return tuple(_plain(chunk.group()) for chunk in chunks), "", (*starts, len(source))
    *before, last = (chunk.group() for chunk in chunks)
    return tuple(map(_plain, before)), last.lower(), starts


def _plain(chunk: str) -> str:
    return canonical(chunk.lower())


def _with_slashes(written: str, typed: str) -> str:
    """A completion with the slashes typed: ``đ/c Lò`` for ``đ c Lò``."""
    for word in typed.split():
        written = written.replace(word.replace("/", " "), word)
    return written


def _is_part(one: Completion, other: Completion) -> bool:
    """Whether ``one`` nearly always continues as in ``other``."""
    return other.text.startswith(f"{one.text} ") and other.passages >= _PART * one.passages


def _is_word(token: str) -> bool:
    return token.replace("_", "").isalpha()


def _fits(form: str, typed: str, plain: str, *, whole: bool) -> bool:
    """Whether ``form`` matches ``typed``, whose diacritics may be left out.

    Unless ``whole``, whether it starts with it.
    """
    if whole:
        return form == typed or (typed == plain and fold(form) == plain)
    if typed == plain:
        return fold(form).startswith(plain)
    return form.startswith(typed) or _canonical(typed) == _canonical(form[: len(typed)])
