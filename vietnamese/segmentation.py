"""Word segmentation by underthesea, with sanitised input.

underthesea never gets raw text. It gets tracuu's tokens in lower case, with tone marks in the new
style that its model was trained on, and punctuation separated by spaces. So its URL pattern, which
takes exponential time on ``http://!!!!!!!!!!``, has nothing to match, and every word it returns is
a sequence of those tokens.

Usually it is not called at all: :mod:`.crf` decodes the same model much faster, with the same
words. Only undecided pieces are left to underthesea, which is imported only then.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

from ..errors import MissingExtra
from .crf import Decoder, UnknownModelError, is_plain
from .letters import listed
from .splitting import is_known, parts_of
from .tokens import TokenColumns, columns_of
from .tones import new_style

_log = logging.getLogger("tracuu.vietnamese")

PIECE = 2_000  # maximum text passed to underthesea at once, in characters

_LONGEST_TOKEN = 40
_PUNCTUATION = frozenset(".,;:?!()[]\"'“”‘’«»-–—/%&+*…")
_MARKS_KEPT = 3
_SPLITTER = "underthesea.pipeline.word_tokenize.regex_tokenize"

# Tokens are spelt with y where both i and y are in use; underthesea's dictionary spells these with
# i (bác sĩ, tỉ mỉ, bánh mì). Counted over its 72 547 words.
_MODEL_SPELLING = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_SPELT_WITH_I = frozenset(listed("sy sỳ sỷ sỹ sỵ mỳ mý mỷ mỵ tỳ tý tỵ hỳ hý hỹ lỳ lỵ"))


class _Item(NamedTuple):
    """An item of underthesea's input; ``first`` is -1 unless it is a syllable."""

    feed: str
    first: int
    starts_sentence: bool


class Segmenter:
    """Finds words of more than one syllable. Thread-safe."""

    _lock = threading.Lock()
    _tokenise: Callable[[str], list[str]] | None = None
    _cutter: _Cutter | None = None

    def warm_up(self) -> None:
        """Load underthesea's model, which takes a quarter of a second per process.

        Raises:
            MissingExtra: underthesea is not installed.
        """
        if Segmenter._tokenise is None:
            # The first call loads the model and is not thread-safe; later calls are.
            with Segmenter._lock:
                if Segmenter._tokenise is None:
                    Segmenter._tokenise, Segmenter._cutter = _load()

    @property
    def is_warm(self) -> bool:
        """Whether the model is loaded."""
        return Segmenter._tokenise is not None

    def segment(self, text: str) -> list[tuple[int, int]]:
        """Words of two or more syllables, as ``(first, last + 1)`` indices.

        The spans are ascending and disjoint.

        Indices count the tokens of ``tokenise(text)`` that are not codes. Numbers and codes are
        never parts of words. Never fails on any text: a piece that underthesea cannot segment has
        no words.

        Raises:
            MissingExtra: underthesea is not installed.
        """
        return self.segment_columns(text, columns_of(text))

    def segment_columns(self, text: str, columns: TokenColumns) -> list[tuple[int, int]]:
        """As :meth:`segment`, with the tokens of ``text`` at hand."""
        if not columns.texts:
            return []
        self.warm_up()
        feeds, firsts = _laid_out(text, columns)
        if (
            sum(map(len, feeds)) + len(feeds) < PIECE
            and (found := self._decoded(feeds, firsts)) is not None
        ):
            return found
        spans: list[tuple[int, int]] = []
        for piece in _pieces(_items(text, columns)):
            found = self._cut(piece)
            if found is None:
                # An unusual character should only affect its sentence, not the whole piece.
                for sentence in _pieces(piece, by_sentence=True):
                    spans += self._cut(sentence) or []
            else:
                spans += found
        return spans

    def _cut(self, piece: list[_Item]) -> list[tuple[int, int]] | None:
        """The words of one piece; None when underthesea failed or changed the text."""
        tokenise = Segmenter._tokenise
        if tokenise is None:
            return None
        spans = self._decoded([item.feed for item in piece], [item.first for item in piece])
        if spans is not None:
            return spans
        try:
            words = tokenise(" ".join(item.feed for item in piece))
        except MissingExtra:
            raise
        except Exception:  # a failure costs the words of one piece, not the index
            _log.warning("underthesea failed on a piece of %d tokens", len(piece), exc_info=True)
            return None
        return _align(piece, words)

    def _decoded(self, feeds: list[str], firsts: list[int]) -> list[tuple[int, int]] | None:
        """The words of one piece without underthesea; None if only it can decide."""
        if not any(left >= 0 <= right for left, right in pairwise(firsts)):
            return []  # frequent in tables of numbers and dot leaders
        return self._cutter.cut(feeds, firsts) if self._cutter is not None else None


def _load() -> tuple[Callable[[str], list[str]], _Cutter | None]:
    """underthesea's segmenter and the fast decoder.

    The decoder is None for a version with another kind of model.
    """
    found = find_spec("underthesea")
    if found is None or found.origin is None:
        raise _missing("it is not installed")
    # its first call loads the model and is not thread-safe; later calls are
    lock = threading.Lock()
    loaded = False

    def tokenise(text: str) -> list[str]:
        nonlocal loaded
        package = _imported("underthesea")
        if not loaded:
            with lock:
                package.word_tokenize("xin chào")
                loaded = True
        return list(package.word_tokenize(text, use_token_normalize=False))

    return tokenise, _Cutter.load(Path(found.origin).parent / "pipeline" / "word_tokenize")


def _imported(name: str) -> Any:
    """Import a module of underthesea.

    The result is of type Any, since underthesea has no type information.

    Raises MissingExtra.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise _missing(str(error)) from error


def _missing(why: str) -> MissingExtra:
    return MissingExtra(
        "words cannot be separated without underthesea ({why}); install it: pip "
        "install underthesea",
        why=why,
    )


def _split(feed: str) -> list[str]:
    """Tokenise by underthesea's own module."""
    return list(_imported(_SPLITTER).tokenize(feed, use_token_normalize=False))


class _Cutter:
    """Finds the words of a piece like underthesea, without calling it."""

    def __init__(self, decoder: Decoder, *, knows_splitting: bool) -> None:
        self._decoder = decoder
        self._parts = _Parts(knows_splitting=knows_splitting)

    @classmethod
    def load(cls, package: Path) -> _Cutter | None:
        """Load the model in the one folder below ``models`` of underthesea's word package."""
        try:
            (folder,) = (package / "models").iterdir()
            return cls(Decoder(folder), knows_splitting=is_known(package / "regex_tokenize.py"))
        except (OSError, ValueError, UnknownModelError) as error:
            _log.info("words are found by underthesea itself: %s", error)
            return None

    def cut(self, tokens: list[str], firsts: list[int]) -> list[tuple[int, int]] | None:
        """The words, as returned by :meth:`Segmenter.segment`, or None.

        None if only underthesea can decide. For the arguments see :class:`_Item`.
        """
        heads = tails = firsts
        found = list(map(self._parts.__getitem__, tokens))
        if None in found:
            return None
        parts = cast("list[tuple[str, ...]]", found)
        if sum(map(len, parts)) > len(tokens):
            # Words of underthesea that start or end inside an item are ignored.
            tokens = [part for cut in parts for part in cut]
            rest = [[_NO_BOUND] * (len(cut) - 1) for cut in parts]
            heads = [
                head for first, more in zip(firsts, rest, strict=True) for head in (first, *more)
            ]
            tails = [
                tail for first, more in zip(firsts, rest, strict=True) for tail in (*more, first)
            ]
        inside = self._decoder.inside(tokens)
        return None if inside is None else _runs(heads, tails, inside)


_NO_BOUND = 1 << 60  # index of a position where no item starts or ends


def _runs(
    heads: Sequence[int], tails: Sequence[int], inside: Sequence[bool]
) -> list[tuple[int, int]]:
    """Words of two or more syllables, as spans of the syllables' indices."""
    spans: list[tuple[int, int]] = []
    at, end = 1, len(inside)
    while at < end:
        if not inside[at]:
            at += 1
            continue
        start = at - 1
        while at < end and inside[at]:
            at += 1
        first, last = heads[start], tails[at - 1]
        if min(tails[start:at]) >= 0 and first < last < _NO_BOUND:
            spans.append((first, last + 1))
    return spans


class _Parts(dict[str, "tuple[str, ...] | None"]):
    """Input of underthesea → its tokens; None if unknown."""

    def __init__(self, *, knows_splitting: bool) -> None:
        super().__init__()
        self._own = parts_of if knows_splitting else lambda feed: None

    def __missing__(self, feed: str) -> tuple[str, ...] | None:
        parts = self._own(feed) or tuple(_split(feed))
        found = parts if "".join(parts) == feed and all(map(is_plain, parts)) else None
        if len(self) >= 1 << 16:
            self.clear()
        self[feed] = found
        return found


class _Feeds(dict[str, str]):
    """Token text → input for underthesea."""

    def __missing__(self, text: str) -> str:
        if text in _SPELT_WITH_I:
            feed = text.translate(_MODEL_SPELLING)
        else:
            feed = "".join(new_style(text[:_LONGEST_TOKEN]).split()) or "x"
        if len(self) >= 1 << 16:
            self.clear()
        self[text] = feed
        return feed


_FEEDS = _Feeds()


class _Marks(dict[str, "list[str]"]):
    """Text between two tokens → punctuation to pass to underthesea."""

    _LONGEST = 16  # characters

    def __missing__(self, gap: str) -> list[str]:
        marks = [mark for mark in gap if mark in _PUNCTUATION][:_MARKS_KEPT]
        if len(gap) <= self._LONGEST:
            if len(self) >= 1 << 12:
                self.clear()
            self[gap] = marks
        return marks


_MARKS = _Marks()


def _laid_out(text: str, columns: TokenColumns) -> tuple[list[str], list[int]]:
    """The input and the index of each item of ``text``: see :class:`_Item`."""
    texts, starts, ends, kinds = columns.texts, columns.starts, columns.ends, columns.kinds
    indices = [at if kind == "syllable" else -1 for at, kind in enumerate(kinds)]
    if columns.has_codes:
        kept, indices = _without_parts(columns)
        texts = [texts[at] for at in kept]
        starts, ends = [starts[at] for at in kept], [ends[at] for at in kept]
    own = list(map(_FEEDS.__getitem__, texts))
    gaps = map(text.__getitem__, map(slice, chain((0,), ends), starts))
    feeds: list[str] = []
    firsts: list[int] = []
    done = 0
    for at, gap in enumerate(gaps):
        if gap != " " and (marks := _MARKS[gap]):
            feeds += own[done:at]
            feeds += marks
            firsts += indices[done:at]
            firsts += [-1] * len(marks)
            done = at
    feeds += own[done:]
    firsts += indices[done:]
    return feeds, firsts


def _without_parts(columns: TokenColumns) -> tuple[list[int], list[int]]:
    """The tokens outside codes, and their indices as in :class:`_Item`."""
    kept: list[int] = []
    indices: list[int] = []
    index = code_end = 0
    for at, (kind, start) in enumerate(zip(columns.kinds, columns.starts, strict=True)):
        if kind == "code":
            code_end = columns.ends[at]
        elif start < code_end:
            index += 1
            continue
        kept.append(at)
        indices.append(index if kind == "syllable" else -1)
        index += kind != "code"
    return kept, indices


def _items(text: str, columns: TokenColumns) -> Iterator[_Item]:
    """Tokens and punctuation of ``text``; a code is one item without parts."""
    index = done = code_end = 0
    for word, start, end, _, kind, breaks in columns.tokens():
        if kind == "code":
            code_end = end
        elif start < code_end:
            index += 1
            continue
        for mark in _MARKS[text[done:start]]:
            yield _Item(mark, -1, False)
        done = end
        yield _Item(_FEEDS[word], index if kind == "syllable" else -1, breaks)
        if kind != "code":
            index += 1


def _pieces(items: Iterable[_Item], *, by_sentence: bool = False) -> Iterator[list[_Item]]:
    """Group items into pieces of up to ``PIECE`` characters, at sentence ends.

    ``by_sentence`` makes each sentence a separate piece. A sentence longer than ``PIECE`` is split
    between any two items.
    """
    piece: list[_Item] = []
    length = sentence_at = 0
    for item in items:
        if item.starts_sentence and piece:
            sentence_at = len(piece)
        if piece and (
            length + len(item.feed) >= PIECE or (by_sentence and sentence_at == len(piece))
        ):
            cut = sentence_at or len(piece)
            yield piece[:cut]
            piece = piece[cut:]
            length = sum(len(kept.feed) + 1 for kept in piece)
            sentence_at = 0
        piece.append(item)
        length += len(item.feed) + 1
    if piece:
        yield piece


def _align(piece: list[_Item], words: list[str]) -> list[tuple[int, int]] | None:
    """Align words with items by their characters; return spans of token indices.

    None if their texts differ.
    """
    spelt = "".join(item.feed for item in piece)
    bounds = [0, *accumulate(len(item.feed) for item in piece)]
    item_at = {bound: index for index, bound in enumerate(bounds)}
    spans: list[tuple[int, int]] = []
    at = 0
    for word in words:
        letters = word.replace(" ", "")
        if not spelt.startswith(letters, at):
            return None
        # underthesea may split an item (a code): such a boundary is ignored.
        first, last = item_at.get(at), item_at.get(at + len(letters))
        at += len(letters)
        if first is None or last is None or last - first < 2:
            continue
        if all(item.first >= 0 for item in piece[first:last]):
            spans.append((piece[first].first, piece[last - 1].first + 1))
    return spans if at == len(spelt) else None
