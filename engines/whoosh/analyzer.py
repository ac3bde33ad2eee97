"""Base class of Whoosh analyzers over given tokens, for application schemas."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer


class TokenAnalyzer(Analyzer):
    """Converts the tokens of :meth:`tokens` to Whoosh's.

    Instances are pickled with a schema.
    """

    @abstractmethod
    def tokens(self, text: str, *, query: bool) -> Iterable[tuple[str, int, int, int]]:
        """Text, position, and start and end offset of each token.

        ``query`` is True if ``text`` is a query.
        """

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **options: Any,
    ) -> Iterator[Token]:
        """The tokens of ``value``, with the arguments of Whoosh's analyzers."""
        if not isinstance(value, str):
            raise TypeError(f"an analyzer takes text, not {type(value).__name__}")
        token: Any = Token(positions, chars, removestops=removestops, mode=mode, **options)
        for text, position, start, end in self.tokens(value, query=mode == "query"):
            token.text, token.boost, token.stopped = text, 1.0, False
            if keeporiginal:
                token.original = value[start:end]
            if positions:
                token.pos = start_pos + position
            if chars:
                token.startchar, token.endchar = start_char + start, start_char + end
            yield token
