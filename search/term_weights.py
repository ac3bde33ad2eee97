"""How much each word of a query says, before the index is asked how rare it is.

Function words and question words say little of what a question is about, and neither do the frames
that questions are put in (``… được hiểu như thế nào?``) nor the law they quote (``Theo Bộ luật Dân sự
năm 2015, …``). The lists and weights were chosen on the relevance sets; see benchmarks/ for what each
of them gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ..vietnamese import fold
from . import tuning

_LONGEST_TERM = 12

_QUESTION = "gì nào ai đâu sao mấy bao nhiêu"
_FUNCTION = (
    "lâu thế như là khi của và có các những được cho trong với một để bị thì mà ở tại từ đã đang sẽ "
    "không này đó ra vào về theo bởi do"
)
# Not damped in the score, but a passage need not hold them either.
_NOT_COUNTED = (
    "hãy rằng cũng còn nhưng nếu hay hoặc nên rất lên xuống đến tới bằng qua trên dưới sau trước giữa "
    "ngoài đối cùng lại rồi chỉ vì ấy kia việc sự cuộc tôi bạn hỏi xin"
)
_STOP_PHRASES = (
    "bao nhiêu|bao giờ|bao lâu|bao gồm|như thế nào|thế nào|ra sao|vì sao|tại sao|là gì|khi nào|ở đâu|"
    "có thể|có phải|trong đó|đối với|cũng như|cho biết|hay không|thì sao|nào là|cái gì|điều gì|những gì"
)
_BEFORE_TERM = (
    "hãy định nghĩa|định nghĩa của|định nghĩa về|định nghĩa|khái niệm của|khái niệm về|khái niệm|"
    "hiểu thế nào là|thế nào được gọi là|thế nào được coi là|thế nào là|như thế nào là|"
    "giải thích từ ngữ|giải thích từ"
)
_AFTER_TERM = (
    "được hiểu như thế nào|được hiểu thế nào|được hiểu là như thế nào|được hiểu là gì|hiểu như thế nào|"
    "được định nghĩa như thế nào|được định nghĩa là gì|có nghĩa là gì|nghĩa là gì|là cái gì|"
    "là như thế nào|là gì|là ai"
)
_CITATION = re.compile(
    r"(?:\btheo (?:quy dinh (?:cua|tai) )?)?"
    r"\b(?:bo luat|luat|hien phap|phap lenh|nghi dinh|thong tu)\b[^,?]{0,60}?\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=2)
def _function_words(folded: bool) -> frozenset[str]:
    return _words(f"{_QUESTION} {_FUNCTION} {_NOT_COUNTED}", folded)


@lru_cache(maxsize=2)
def _question_words(folded: bool) -> frozenset[str]:
    return _words(_QUESTION, folded)


@lru_cache(maxsize=2)
def _damped_words(folded: bool) -> frozenset[str]:
    return _words(f"{_QUESTION} {_FUNCTION}", folded)


def _words(text: str, folded: bool) -> frozenset[str]:
    return frozenset(_form(word, folded) for word in text.split())


@lru_cache(maxsize=8)
def _phrases(text: str, folded: bool) -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(_form(word, folded) for word in phrase.split()) for phrase in text.split("|"))
    return tuple(sorted(phrases, key=len, reverse=True))


def _form(word: str, folded: bool) -> str:
    return (
        fold(word) if folded else word
    )  # the words above are written in their canonical form, which a test holds


def is_function_word(syllable: str, *, folded: bool) -> bool:
    """Whether a syllable alone says nothing a passage would have to hold."""
    return syllable in _function_words(folded)


def is_question_word(syllable: str, *, folded: bool) -> bool:
    """Whether a syllable that belongs to no longer word asks for something."""
    return syllable in _question_words(folded)


def is_stop_phrase(syllables: Sequence[str], *, folded: bool) -> bool:
    """Whether a word of several syllables is a question word or says as little."""
    return tuple(syllables) in _phrases(_STOP_PHRASES, folded)


def syllable_weight(syllable: str, *, folded: bool) -> float:
    """Factor of a syllable that belongs to no longer word."""
    if syllable in _question_words(folded):
        return tuning.QUESTION_WEIGHT
    return tuning.FUNCTION_WEIGHT if syllable in _damped_words(folded) else 1.0


def pair_weight(left: str, right: str, *, folded: bool) -> float:
    """Factor of two neighbours that do not belong to one word."""
    damped = _damped_words(folded)
    if left not in damped or right not in damped:
        return 1.0
    question = _question_words(folded)
    return 0.0 if left in question or right in question else tuning.FUNCTION_PAIR_WEIGHT


def context_weights(texts: Sequence[str], *, folded: bool) -> tuple[list[float], int | None]:
    """Factor of every place by the frame it stands in, and the place a defined term ends at.

    ``texts`` are canonical syllables and numbers. A citation that is the whole query is not damped.
    """
    weights = [1.0] * len(texts)
    cited = _cited(texts)
    for at in cited:
        weights[at] = tuning.CITATION_WEIGHT
    rest = [at for at in range(len(texts)) if at not in cited]
    words = [texts[at] for at in rest]
    first, last = 0, len(words)
    for phrase in _phrases(_BEFORE_TERM, folded):
        if tuple(words[: len(phrase)]) == phrase and len(words) > len(phrase):
            first = len(phrase)
            break
    for phrase in _phrases(_AFTER_TERM, folded):
        if tuple(words[-len(phrase) :]) == phrase and len(words) > first + len(phrase):
            last = len(words) - len(phrase)
            break
    if (first, last) == (0, len(words)) or last - first > _LONGEST_TERM:
        return weights, None
    for at in (*rest[:first], *rest[last:]):
        weights[at] = min(weights[at], tuning.FRAME_WEIGHT)
    return weights, rest[last - 1]


def _cited(texts: Sequence[str]) -> set[int]:
    """Places of a law quoted with its year."""
    line = ""
    begins: list[int] = []
    for text in texts:
        begins.append(len(line))
        line += fold(text) + " "
    cited = {
        at
        for match in _CITATION.finditer(line)
        for at, begin in enumerate(begins)
        if match.start() <= begin < match.end()
    }
    return cited if len(cited) < len(texts) else set()
