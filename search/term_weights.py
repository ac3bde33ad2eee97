"""Weights of query words that do not depend on the index.

Function words and question words carry little of the subject of a question. The lists and weights
were chosen on relevance sets (see :mod:`.tuning`); docs/ranking.md has their effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..schema import FOLDED, SYLLABLE
from ..vietnamese import fold
from . import tuning
from .statistics import TermStatistics

_QUESTION = "gì nào ai đâu sao mấy nhiêu"
_FUNCTION = (
    "bao lâu thế như là khi của và có các những được cho trong với một để bị thì mà ở tại từ đã "
    "đang sẽ không này đó ra vào về theo bởi do hãy rằng cũng còn nhưng nếu hay hoặc nên rất lên "
    "xuống đến tới bằng qua trên dưới sau trước giữa ngoài đối cùng lại rồi chỉ vì ấy kia việc sự "
    "cuộc "
    # of spoken questions
    "tôi bạn em mình tụi bọn hỏi xin muốn cần ạ à ơi vậy nhé nhỉ chứ luôn liệu thôi giờ hồi"
)
_ASKING_PHRASES = (
    "bao nhiêu|bao giờ|bao lâu|như thế nào|thế nào|ra sao|vì sao|tại sao|là gì|khi nào|ở đâu|"
    "thì sao|nào là|cái gì|điều gì|những gì"
)
_STOP_PHRASES = (
    f"{_ASKING_PHRASES}|bao gồm|có thể|có phải|trong đó|đối với|cũng như|cho biết|hay không"
)
_QUESTION_WORDS = frozenset(_QUESTION.split())
_ALL = frozenset(f"{_QUESTION} {_FUNCTION}".split())
# Words before "không" or "chưa" at the end of a yes-or-no question.
_BEFORE_NOT = frozenset(("được", "phải", "đúng", "hay", "có"))
_ANYWHERE_BEFORE_NOT = frozenset(("có", "được", "đã", "phải"))
_NOT = frozenset(("không", "chưa"))


@lru_cache(maxsize=16)
def _by_plain(words: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Word without diacritics → words of the list it may stand for."""
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        found[fold(word)] = (*found.get(fold(word), ()), word)
    return found


@lru_cache(maxsize=8)
def _phrases(text: str, folded: bool) -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(_form(word, folded) for word in phrase.split()) for phrase in text.split("|"))
    return tuple(sorted(phrases, key=len, reverse=True))


@lru_cache(maxsize=8)
def _by_first_word(text: str, folded: bool) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _phrases(text, folded):
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _form(word: str, folded: bool) -> str:
    # The words above are in canonical form, as a test verifies.
    return fold(word) if folded else word


def is_function_word(syllable: str) -> bool:
    """Whether a canonical syllable alone is too general to be required."""
    return syllable in _ALL


def is_stop_phrase(syllables: Sequence[str], *, folded: bool) -> bool:
    """Whether a word of several syllables is a question word or a stop phrase."""
    return tuple(syllables) in _phrases(_STOP_PHRASES, folded)


def is_yes_no_question(syllables: Sequence[str], *, folded: bool) -> bool:
    """Whether a text ends like a yes-or-no question.

    ``… được không``.
    """
    groups = (_NOT, _BEFORE_NOT, _ANYWHERE_BEFORE_NOT)
    end, before, anywhere = (frozenset(_form(w, folded) for w in group) for group in groups)
    if len(syllables) < 3 or syllables[-1] not in end:
        return False
    return syllables[-2] in before or not anywhere.isdisjoint(syllables[:-2])


class FunctionWords:
    """Function and question words of a query, for one index.

    Without diacritics "đang" and "Đảng" are equal: a folded syllable is a function word if it is
    one in most passages.
    """

    def __init__(self, statistics: TermStatistics, *, folded: bool) -> None:
        self._statistics = statistics
        self.folded = folded

    def _holds(self, words: frozenset[str], syllable: str) -> bool:
        if not self.folded:
            return syllable in words
        readings = _by_plain(words).get(syllable)
        if not readings:
            return False
        found = sum(self._statistics.doc_freq(SYLLABLE, reading) for reading in readings)
        return 2 * found >= self._statistics.doc_freq(FOLDED, syllable)

    def general(self, syllables: Sequence[str]) -> list[bool]:
        """For each syllable, whether alone it is too general to be required."""
        asking = self.asking(syllables)
        return [at in asking or self._holds(_ALL, one) for at, one in enumerate(syllables)]

    def is_question(self, syllable: str) -> bool:
        """Whether a syllable that is not part of a longer word is a question word."""
        return self._holds(_QUESTION_WORDS, syllable)

    def asking(self, syllables: Sequence[str]) -> frozenset[int]:
        """Indices of syllables that form a question word: ``vì sao``, ``như thế nào``."""
        found: set[int] = set()
        phrases = _by_first_word(_ASKING_PHRASES, self.folded)
        for at, syllable in enumerate(syllables):
            for phrase in phrases.get(syllable, ()):
                if tuple(syllables[at : at + len(phrase)]) == phrase:
                    found.update(range(at, at + len(phrase)))
        return frozenset(found)

    def weight(self, syllable: str) -> float:
        """Weight of a syllable that is not part of a longer word."""
        if self.is_question(syllable):
            return tuning.QUESTION_WEIGHT
        return tuning.FUNCTION_WEIGHT if self._holds(_ALL, syllable) else 1.0

    def pair_weight(self, left: str, right: str) -> float:
        """Weight of two adjacent syllables that are not in one word."""
        if not self._holds(_ALL, left) or not self._holds(_ALL, right):
            return 1.0
        if self.is_question(left) or self.is_question(right):
            return 0.0
        return tuning.FUNCTION_WEIGHT**2
