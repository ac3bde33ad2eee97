"""Vietnamese analysis for any Whoosh index: the tokens that tracuu indexes.

::

    from whoosh.fields import Schema, TEXT
    from tracuu.analysis import VietnameseAnalyzer

    schema = Schema(
        body=TEXT(VietnameseAnalyzer(), multitoken_query="phrase"),
        plain=TEXT(VietnameseAnalyzer("folded"), multitoken_query="phrase"),
    )

The schema stores the analyzer, so Whoosh's query parser and highlighter use it as well.
Applications that open the index need tracuu installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..engines.whoosh.analyzer import TokenAnalyzer
from ..errors import OptionError
from ..vietnamese import Analyser, Token

__all__ = ["Form", "VietnameseAnalyzer"]

Form = Literal["syllables", "folded", "words"]
_FORMS = ("syllables", "folded", "words")
_analyser = Analyser()


class VietnameseAnalyzer(TokenAnalyzer):
    """A Whoosh analyzer of Vietnamese text.

    ``form`` selects the tokens:

    ``"syllables"``
        Syllables and numbers in lower case, tone marks placed one way (``hoà`` = ``hòa``), common
        spellings unified (``qui`` = ``quy``); no stop words are dropped. A document number like
        ``15-CT/TU`` is one token, followed by its parts.
    ``"folded"``
        The same without diacritics: a second field for queries typed without them.
    ``"words"``
        Words of several syllables by underthesea, ``ngân_sách``, and the syllables outside of them.
        A query is not always segmented like running text, so use this field in addition to one of
        syllables, not instead.

    In a query a document number yields only its parts, at consecutive positions: give the field
    ``multitoken_query="phrase"``.

    Raises OptionError for another form. Analysing words raises MissingExtra if underthesea is not
    installed.

    >>> [token.text for token in VietnameseAnalyzer()("Uỷ ban quận, năm 2005")]
    ['ủy', 'ban', 'quận', 'năm', '2005']
    """

    def __init__(self, form: Form = "syllables") -> None:
        if form not in _FORMS:
            raise OptionError(
                "there is no form {form!r}; choose one of: {forms}",
                form=form,
                forms=", ".join(_FORMS),
            )
        self.form: Form = form

    def __repr__(self) -> str:
        return f"VietnameseAnalyzer({self.form!r})"

    def tokens(self, text: str, *, query: bool) -> Iterator[tuple[str, int, int, int]]:
        """Text, position, and first and last offset of each token."""
        analysis = _analyser.analyse(text, words=self.form == "words")
        if self.form == "words":
            yield from _words(
                [one for one in analysis.tokens if one.kind != "code"], analysis.word_spans
            )
            return
        texts = analysis.folded_texts if self.form == "folded" else analysis.texts
        for token, form in zip(analysis.tokens, texts, strict=True):
            if not (query and token.kind == "code"):
                yield form, token.position, token.start, token.end


def _words(
    tokens: list[Token], spans: tuple[tuple[int, int], ...]
) -> Iterator[tuple[str, int, int, int]]:
    """Words and the tokens between them, positions counted by words."""
    ends = dict(spans)
    at = position = 0
    while at < len(tokens):
        end = ends.get(at, at + 1)
        word = "_".join(token.text for token in tokens[at:end])
        yield word, position, tokens[at].start, tokens[end - 1].end
        at, position = end, position + 1
