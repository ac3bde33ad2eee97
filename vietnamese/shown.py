"""The tokens of a displayed text, as a highlighter needs them."""

from __future__ import annotations

from functools import cached_property
from itertools import compress

from .analysis import FOLDS
from .tokens import columns_of
from .variants import unify

Span = tuple[int, int]


class DisplayTokens:
    """The tokens of a displayed text, and its document numbers.

    ``texts`` and ``folded`` are the tokens that are no codes, in order, canonical and without
    diacritics.

    ``codes`` are the document numbers, each as (text, without diacritics, span). They are those of
    :func:`tokenise`, which a test holds.
    """

    def __init__(self, text: str) -> None:
        columns = columns_of(text)
        self.texts, self._starts, self._ends = columns.texts, columns.starts, columns.ends
        self.codes: list[tuple[str, str, Span]] = []
        if "code" in columns.kinds:
            for at, kind in enumerate(columns.kinds):
                if kind == "code":
                    span = self._starts[at], self._ends[at]
                    self.codes.append((self.texts[at], FOLDS[self.texts[at]], span))
            plain = [kind != "code" for kind in columns.kinds]
            self.texts = list(compress(self.texts, plain))
            self._starts, self._ends = (
                list(compress(self._starts, plain)),
                list(compress(self._ends, plain)),
            )

    @cached_property
    def folded(self) -> list[str]:
        """``texts`` without diacritics; computed on demand."""
        return unify(list(map(FOLDS.__getitem__, self.texts)), folded=True)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Token → where it stands in ``texts``."""
        return _places(self.texts)

    @cached_property
    def folded_places(self) -> dict[str, list[int]]:
        """Token without diacritics → where it stands in ``folded``."""
        return _places(self.folded)

    @cached_property
    def spans(self) -> list[Span]:
        """The spans of ``texts`` in the text, their ends exclusive."""
        return list(zip(self._starts, self._ends, strict=True))


def _places(texts: list[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        if text in places:
            places[text].append(place)
        else:
            places[text] = [place]
    return places
