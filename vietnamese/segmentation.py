"""Which syllables make a word together: underthesea's segmenter, fed with what it can digest.

underthesea never sees raw text. It gets our own tokens, lower-case, with tone marks in the new
style its model learned and punctuation set apart by spaces. So its address pattern, which takes
exponential time on ``http://!!!!!!!!!!``, has nothing to match, and every word it finds is a row of
our tokens.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from itertools import accumulate, pairwise
from typing import NamedTuple

from ..errors import MissingExtra
from .letters import listed
from .tokens import Token
from .tones import new_style

_log = logging.getLogger("tracuu.vietnamese")

PIECE = 2_000
"""Longest text given to underthesea at once, in characters."""

_LONGEST_TOKEN = 40
_PUNCTUATION = frozenset(".,;:?!()[]\"'“”‘’«»-–—/%&+*…")
_MARKS_KEPT = 3

# Tokens have y where i and y compete; the dictionary that underthesea's model was trained with has
# i in these (bác sĩ, tỉ mỉ, bánh mì). Counted over its 72 547 words.
_MODEL_SPELLING = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_SPELT_WITH_I = frozenset(listed("sy sỳ sỷ sỹ sỵ mỳ mý mỷ mỵ tỳ tý tỵ hỳ hý hỹ lỳ lỵ"))


class _Item(NamedTuple):
    """What underthesea sees at one place; ``first`` is -1 unless it is one syllable of ours."""

    feed: str
    first: int
    starts_sentence: bool


class Segmenter:
    """Finds the words of more than one syllable. One instance may serve many threads."""

    _lock = threading.Lock()
    _tokenise: Callable[[str], list[str]] | None = None

    def warm_up(self) -> None:
        """Import underthesea and load its model: about half a second, once a process.

        Raises:
            MissingExtra: underthesea is not installed.
        """
        if Segmenter._tokenise is None:
            # The first call loads the model and is not safe in threads; later calls are.
            with Segmenter._lock:
                if Segmenter._tokenise is None:
                    Segmenter._tokenise = _load()

    def segment(self, text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Words of two or more syllables, as ``(first, last + 1)`` indices, ascending and disjoint.

        ``tokens`` are those of ``tokenise(text)``; the indices count those that are no code.
        Numbers and codes are parts of no word. Never fails on any text: a piece that underthesea
        cannot cut has no words.

        Raises:
            MissingExtra: underthesea is not installed.
        """
        if not tokens:
            return []
        self.warm_up()
        spans: list[tuple[int, int]] = []
        for piece in _pieces(_items(text, tokens)):
            found = self._cut(piece)
            if found is None:
                # One odd character should cost the words of its sentence, not of the whole piece.
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
        if not any(left.first >= 0 <= right.first for left, right in pairwise(piece)):
            return []  # tables of numbers, dot leaders: nothing to find, and much of it
        try:
            words = tokenise(" ".join(item.feed for item in piece))
        except Exception:
            _log.warning("underthesea failed on a piece of %d tokens", len(piece), exc_info=True)
            return None
        return _align(piece, words)


def _load() -> Callable[[str], list[str]]:
    try:
        # underthesea has no type information; as a module of type Any it needs none.
        word_tokenize = import_module("underthesea").word_tokenize
    except ImportError as error:
        raise MissingExtra(
            f"words cannot be told apart without underthesea ({error}); install it: pip install underthesea"
        ) from error

    def tokenise(text: str) -> list[str]:
        return list(word_tokenize(text, use_token_normalize=False))

    tokenise("xin chào")
    return tokenise


class _Feeds(dict[str, str]):
    """Token text → what underthesea should see."""

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


def _items(text: str, tokens: Sequence[Token]) -> Iterator[_Item]:
    """Syllables, numbers, codes and punctuation, in order. A code is one item, without its parts."""
    index, done, code_end = 0, 0, 0
    for token in tokens:
        if token.kind == "code":
            code_end = token.end
        elif token.start < code_end:
            index += 1
            continue
        if token.start > done + 1 or (token.start > done and text[done] != " "):
            gap = text[done : token.start]
            for mark in [c for c in gap if c in _PUNCTUATION][:_MARKS_KEPT]:
                yield _Item(mark, -1, False)
        done = token.end
        is_syllable = token.kind == "syllable"
        yield _Item(_FEEDS[token.text], index if is_syllable else -1, token.break_before)
        if token.kind != "code":
            index += 1


def _pieces(items: Iterable[_Item], *, by_sentence: bool = False) -> Iterator[list[_Item]]:
    """Items in pieces of up to ``PIECE`` characters, cut at sentences, or each sentence by itself.

    A sentence longer than ``PIECE`` is cut where it must be.
    """
    piece: list[_Item] = []
    length = sentence_at = 0
    for item in items:
        if item.starts_sentence and piece:
            sentence_at = len(piece)
        if piece and (length + len(item.feed) >= PIECE or (by_sentence and sentence_at == len(piece))):
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
    """Words as spans of token indices, found by walking both along their characters.

    None when the two do not spell the same text.
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
        # underthesea may cut an item (a code) in two: such a bound is none of ours.
        first, last = item_at.get(at), item_at.get(at + len(letters))
        at += len(letters)
        if first is None or last is None or last - first < 2:
            continue
        if all(item.first >= 0 for item in piece[first:last]):
            spans.append((piece[first].first, piece[last - 1].first + 1))
    return spans if at == len(spelt) else None
