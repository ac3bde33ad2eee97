"""Analysis of a text into token streams, the same for index and query."""

from __future__ import annotations

import os
from functools import cached_property, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .folding import fold
from .tokens import Token, TokenColumns, columns_of
from .variants import digest, unify

if TYPE_CHECKING:
    from .segmentation import Segmenter

ANALYSIS_VERSION = 1  # raised when the tokens of a text change


class _Folds(dict[str, str]):
    """Token text → token without diacritics."""

    LIMIT = 1 << 16

    def __missing__(self, text: str) -> str:
        folded = fold(text)
        if len(self) >= self.LIMIT:
            self.clear()
        self[text] = folded
        return folded


FOLDS = _Folds()  # token → token without diacritics, before spelling variants


class Analysis:
    """The tokens of a text, and token streams for an index.

    Streams are computed on demand.

    ``word_spans`` are the words of two or more syllables, as ``(first, last + 1)`` indices of
    tokens that are not codes; empty if the analysis was made without words.
    """

    def __init__(self, columns: TokenColumns, word_spans: tuple[tuple[int, int], ...] = ()) -> None:
        """``columns`` are those of the text (see :func:`.tokens.columns_of`)."""
        self._columns = columns
        self.word_spans = word_spans

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens, including codes."""
        return tuple(self._columns.tokens())

    @property
    def syllables(self) -> list[tuple[str, int]]:
        """(text, position) of every token; a code and its first part share a position."""
        return list(zip(self.texts, self.positions, strict=True))

    @property
    def folded(self) -> list[tuple[str, int]]:
        """Like ``syllables``, without diacritics."""
        return list(zip(self.folded_texts, self.positions, strict=True))

    @property
    def texts(self) -> list[str]:
        """The texts of ``syllables``."""
        return self._columns.texts.copy()

    @property
    def folded_texts(self) -> list[str]:
        """The texts of ``folded``."""
        if not self._columns.has_codes:
            return self._folded_plain.copy()
        plain = iter(self._folded_plain)
        return [
            FOLDS[text] if kind == "code" else next(plain)
            for text, kind in zip(self._columns.texts, self._columns.kinds, strict=True)
        ]

    @property
    def positions(self) -> list[int]:
        """The positions of ``syllables`` and of ``folded``."""
        return self._columns.positions.copy()

    @property
    def pairs(self) -> list[str]:
        """Adjacent tokens as ``"a b"``, in order.

        A pair spans a comma, but not the end of a sentence.
        """
        return self._pairs(self._plain_texts)

    @property
    def folded_pairs(self) -> list[str]:
        """Like ``pairs``, without diacritics."""
        return self._pairs(self._folded_plain)

    @property
    def words(self) -> list[str]:
        """Words of two or more syllables as ``"a_b"``, in order."""
        texts = self._plain_texts
        return ["_".join(texts[first:last]) for first, last in self.word_spans]

    @property
    def folded_words(self) -> list[str]:
        """Like ``words``, without diacritics."""
        texts = self._folded_plain
        return ["_".join(texts[first:last]) for first, last in self.word_spans]

    def _pairs(self, texts: list[str]) -> list[str]:
        breaks = self._plain_breaks
        return [
            f"{left} {right}"
            for left, right, parted in zip(texts, texts[1:], breaks[1:], strict=False)
            if not parted
        ]

    @cached_property
    def _plain_texts(self) -> list[str]:
        return self._columns.plain_texts

    @cached_property
    def _plain_breaks(self) -> list[bool]:
        return self._columns.plain_breaks

    @cached_property
    def _folded_plain(self) -> list[str]:
        # In a query without diacritics ("hanh chanh") variants are recognised in folded form only.
        return unify(list(map(FOLDS.__getitem__, self._plain_texts)), folded=True)


class Analyser:
    """Analyses texts. Thread-safe."""

    def warm_up(self) -> None:
        """Load the segmenter for ``words=True`` in advance.

        See ``Segmenter``.
        """
        segmenter().warm_up()

    @property
    def is_warm(self) -> bool:
        """Whether the segmenter is loaded."""
        return segmenter().is_warm

    def analyse(self, text: str, *, words: bool = True) -> Analysis:
        """Analyse ``text``. Without ``words``, underthesea is never imported.

        Raises:
            MissingExtra: ``words`` is true and underthesea is not installed.

        >>> Analyser().analyse("Nghị định 30/2020/NĐ-CP", words=False).syllables[2:4]
        [('30/2020/nđ-cp', 2), ('30', 2)]
        """
        columns = columns_of(text)
        spans = segmenter().segment_columns(text, columns) if words else []
        return Analysis(columns, tuple(spans))


@lru_cache(maxsize=1)
def segmenter() -> Segmenter:
    """The shared segmenter of all analysers, imported on first use."""
    from .segmentation import Segmenter  # imported here: queries need no words

    return Segmenter()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """The versions that determine the tokens of a text.

    Versions of the analysis, the segmenter and the variants.

    An index made with another fingerprint must be rebuilt. Does not import underthesea. Like
    ``analysis=1;underthesea=9.5.0;variants=0123abcd``.
    """
    return f"analysis={ANALYSIS_VERSION};underthesea={_segmenter_version()};variants={digest()}"


def _segmenter_version() -> str:
    """The installed version of underthesea, or ``"none"``.

    It is read from the name of the folder beside the package; importlib.metadata, whose import
    takes as long as a search, is only the fallback.
    """
    found = find_spec("underthesea")
    if found is None:
        return "none"
    beside = os.path.dirname(os.path.dirname(found.origin or ""))
    before, after = "underthesea-", ".dist-info"
    folders = [
        name
        for name in os.listdir(beside or os.curdir)
        if name.startswith(before) and name.endswith(after)
    ]
    if len(folders) == 1:
        return folders[0][len(before) : -len(after)]
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("underthesea")
    except PackageNotFoundError:
        return "none"
