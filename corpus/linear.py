"""A linear classifier of passages: the features of a text vote with learnt weights.

The features are the canonical syllables of a passage, its pairs of neighbouring syllables (numbers as
``#``), and, marked with ``^``, the one or two it begins with. A feature that occurs ``tf`` times weighs
``(1 + ln tf) * idf``, the weights of a text scaled to length 1 (tf·idf as in Manning, Raghavan and
Schütze, *Introduction to Information Retrieval*, 2008, section 6.4); a class's score is their product
with the class's own weights plus a bias, and scores become confidences by softmax. The weights are learnt
by ``benchmarks/train.py`` (multinomial logistic regression) from passages written for tracuu, and kept
as text: ``corpus/models/*.tsv``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from math import exp, log, sqrt
from typing import NamedTuple

from ..vietnamese import tokenise

_NUMBER = "#"
_SCALE = 1000  # weights are kept as whole thousandths
_HEARD = 0.02  # what adds less to a score is no evidence
_EVIDENCE = 5
_MANY = 8  # occurrences; a feature that has as many is not worth remembering

Row = tuple[float, ...]
"""What a feature adds to each class's score, and the square of its value."""


class Vote(NamedTuple):
    """A class chosen: its name, how sure (0 to 1), and the features that spoke most for it."""

    name: str
    confidence: float
    evidence: tuple[str, ...]


def features(text: str) -> Counter[str]:
    """How often each feature occurs in ``text``."""
    return Counter(_occurrences(text))


@lru_cache(maxsize=8)  # area and assessment of a passage are asked for one after the other
def _occurrences(text: str) -> list[str]:
    """The features of ``text``, each as often as it occurs. Shared: not to be changed."""
    plain = [token for token in tokenise(text) if token[4] != "code"]  # by number: by name it takes twice the time
    words = [_NUMBER if token[0][0].isdigit() else token[0] for token in plain]
    pairs = [
        f"{before} {word}" for before, word, token in zip(words, words[1:], plain[1:], strict=False) if not token[5]
    ]
    openings = [f"^{word}" for word in words[:1]] + [f"^{words[0]} {word}" for word in words[1:2]]
    return [word for word in words if word != _NUMBER] + pairs + openings


@dataclass(frozen=True)
class LinearModel:
    """Weights learnt. ``weights`` maps a feature to its idf and one weight a class, in their order."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, tuple[float, ...]]]

    @cached_property
    def _rows(self) -> tuple[_Once, _Often]:
        return _Once(self._row), _Often(self._row)

    @classmethod
    def parse(cls, text: str) -> LinearModel:
        """The model written in ``text``: a line of classes, one of biases, then one a feature."""
        lines = text.splitlines()
        classes = tuple(lines[0].split("\t")[1:])
        bias = tuple(int(number) / _SCALE for number in lines[1].split("\t")[1:])
        weights = {}
        for line in lines[2:]:
            feature, idf, *numbers = line.split("\t")
            weights[feature] = (int(idf) / _SCALE, tuple(int(number) / _SCALE for number in numbers))
        return cls(classes, bias, weights)

    def write(self) -> str:
        """The text that :meth:`parse` reads."""
        rows = [
            ["classes", *self.classes],
            ["bias", *(str(round(number * _SCALE)) for number in self.bias)],
        ]
        for feature, (idf, numbers) in sorted(self.weights.items()):
            rows.append([feature, *(str(round(number * _SCALE)) for number in (idf, *numbers))])
        return "".join("\t".join(row) + "\n" for row in rows)

    def vote(self, text: str, *, among: Collection[str] = (), bonus: Mapping[str, float] | None = None) -> Vote:
        """The class of ``text``; with ``among`` one of those; ``bonus`` adds to classes' scores (a class
        the model does not know starts from the least bias)."""
        known = Counter(filter(self.weights.__contains__, _occurrences(text)))
        once, often = self._rows
        rows = [once[item[0]] if item[1] == 1 else often[item] for item in known.items()]
        columns = list(zip(*rows, strict=True))
        norm = sqrt(sum(columns[-1])) if columns else 1.0
        scores = [sum(column) / norm + bias for column, bias in zip(columns, self.bias, strict=False)]
        scores = scores or list(self.bias)
        totals = dict(zip(self.classes, scores, strict=True))
        for name, extra in (bonus or {}).items():
            totals[name] = totals.get(name, min(self.bias)) + extra
        running = {name: score for name, score in totals.items() if not among or name in among} or totals
        best = max(running, key=lambda name: running[name])
        share = 1 / sum(exp(score - running[best]) for score in running.values())
        if best not in self.classes or not columns:
            return Vote(best, share, ())
        voices = zip(columns[self.classes.index(best)], known, strict=True)
        loudest = sorted((-voice / norm, feature) for voice, feature in voices if voice > _HEARD * norm)[:_EVIDENCE]
        return Vote(best, share, tuple(f"{feature.lstrip('^')} +{-voice:.2f}" for voice, feature in loudest))

    def _row(self, feature: str, times: int) -> Row:
        """The row of a feature that occurs so often, before the text is scaled."""
        idf, weights = self.weights[feature]
        value = idf * (1 + log(times))
        return (*(value * weight for weight in weights), value * value)


class _Once(dict[str, Row]):
    """The rows of features that occur once, as most do in a passage."""

    def __init__(self, row: Callable[[str, int], Row]) -> None:
        super().__init__()
        self._row = row

    def __missing__(self, feature: str) -> Row:
        row = self[feature] = self._row(feature, 1)
        return row


class _Often(dict[tuple[str, int], Row]):
    """The rows of features that occur so often."""

    def __init__(self, row: Callable[[str, int], Row]) -> None:
        super().__init__()
        self._row = row

    def __missing__(self, item: tuple[str, int]) -> Row:
        row = self._row(*item)
        if item[1] < _MANY:
            self[item] = row
        return row


@lru_cache(maxsize=2)
def shipped_model(name: str) -> LinearModel:
    """The model ``"areas"`` or ``"assessments"`` that the package ships."""
    text = files(__package__).joinpath("models", f"{name}.tsv").read_text(encoding="utf-8")
    return LinearModel.parse(text)
