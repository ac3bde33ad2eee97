"""A linear classifier of passages by learnt weights of text features.

The features are the canonical syllables of a passage, its pairs of neighbouring syllables (numbers
as ``#``), and, marked with ``^``, the one or two it begins with. A feature that occurs ``tf`` times
weighs ``(1 + ln tf) * idf``, the weights of a text scaled to length 1 (tf·idf as in Manning,
Raghavan and Schütze, *Introduction to Information Retrieval*, 2008, section 6.4); a class's score
is their product with the class's own weights plus a bias, and scores become confidences by softmax.
The weights are learnt by ``benchmarks/train.py`` (multinomial logistic regression), mostly from
passages written for tracuu, and kept as text: ``corpus/models/*.tsv``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from math import exp, log, sqrt
from typing import NamedTuple

from ..vietnamese.tokens import columns_of

_NUMBER = "#"
_SCALE = 20  # weights are kept as whole twentieths: finer steps change no decision
_LEAST_SHARE_OF_SCORE = 0.02  # smaller contributions are not listed as evidence
_EVIDENCE = 5
_KEPT_TEXTS = 512  # cached passages, each classified two or three times; 10 KB each
_MANY = 8  # occurrences; rows of more frequent features are not cached


class Vote(NamedTuple):
    """The chosen class, its confidence (0 to 1), and the features in its favour.

    These are computed on demand, since few callers need them.
    """

    name: str
    confidence: float
    voices: Sequence[float] = ()  # contribution of each feature to the score of the class
    known: Sequence[str] = ()  # the features
    norm: float = 1.0  # length of the text's vector, by which contributions are divided

    @property
    def has_evidence(self) -> bool:
        """Whether any feature contributes enough to be listed."""
        return max(self.voices, default=0.0) > _LEAST_SHARE_OF_SCORE * self.norm

    @property
    def evidence(self) -> tuple[str, ...]:
        """The strongest features with their contributions."""
        least = _LEAST_SHARE_OF_SCORE * self.norm
        voices = zip(self.voices, self.known, strict=True)
        loudest = sorted(
            [(-voice / self.norm, feature) for voice, feature in voices if voice > least]
        )[:_EVIDENCE]
        return tuple([f"{feature.lstrip('^')} +{-voice:.2f}" for voice, feature in loudest])


def features(text: str) -> Counter[str]:
    """How often each feature occurs in ``text``."""
    return Counter(_occurrences(text))


def _occurrences(text: str) -> list[str]:
    """The features of ``text``, each as often as it occurs."""
    columns = columns_of(text)
    words = [_NUMBER if word[0].isdigit() else word for word in columns.plain_texts]
    pairs = [
        f"{before} {word}"
        for before, word, parted in zip(words, words[1:], columns.plain_breaks[1:], strict=False)
        if not parted
    ]
    openings = [f"^{word}" for word in words[:1]] + [f"^{words[0]} {word}" for word in words[1:2]]
    return [word for word in words if word != _NUMBER] + pairs + openings


# A feature's idf, and its weight for each class.
Weights = Mapping[str, tuple[float, tuple[float, ...]]]


class _Rows(Weights):
    """Weights as the lines of a file, each parsed when it is used.

    A report uses few of the 20,000 features.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        split = [line.partition("\t") for line in lines]
        self._rows = {feature: row for feature, _, row in split}

    def __getitem__(self, feature: str) -> tuple[float, tuple[float, ...]]:
        idf, *numbers = self._rows[feature].split("\t")
        return int(idf) / _SCALE, tuple([int(number) / _SCALE for number in numbers])

    def __contains__(self, feature: object) -> bool:
        return feature in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def same_idf(self, other: _Rows) -> bool:
        """Whether both have the same features with the same idf."""
        return {feature: row.partition("\t")[0] for feature, row in self._rows.items()} == {
            feature: row.partition("\t")[0] for feature, row in other._rows.items()
        }


# A feature's contribution to each class of each model and, last, to the length of the text.
Row = tuple[float, ...]


class _Table:
    """The contributions of features to the classes of one or more models.

    The models of the area and of the assessment of a passage share features and idf.
    """

    def __init__(self, models: Sequence[Weights]) -> None:
        self._models = models
        self._features = frozenset(models[0])
        self._once: dict[str, Row] = {}
        self._often: dict[tuple[str, int], Row] = {}
        self.rows = lru_cache(maxsize=_KEPT_TEXTS)(self._rows)

    def _rows(self, text: str) -> tuple[Sequence[str], Sequence[Row], Row]:
        """The known features of ``text``, their unscaled contributions, and the sums."""
        known = Counter(filter(self._features.__contains__, _occurrences(text)))
        once, often = self._once, self._often
        rows = [
            (once.get(item[0]) if item[1] == 1 else often.get(item)) or self._row(item)
            for item in known.items()
        ]
        return list(known), rows, tuple(map(sum, zip(*rows, strict=True)))

    def _row(self, item: tuple[str, int]) -> Row:
        """The contributions of a feature at a frequency."""
        feature, times = item
        value = self._models[0][feature][0] * (1 + log(times))
        row = (
            *(value * weight for weights in self._models for weight in weights[feature][1]),
            value * value,
        )
        if times == 1:
            self._once[feature] = row
        elif times < _MANY:
            self._often[item] = row
        return row


class _Scores(NamedTuple):
    """The known features of a text, their contributions, its length, and the scores."""

    known: Sequence[str]
    rows: Sequence[Row]
    norm: float
    totals: Mapping[str, float]


@dataclass(frozen=True)
class LinearModel:
    """The learnt weights of a classifier.

    ``weights`` maps a feature to its idf and one weight a class, in their order.
    """

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Weights
    _shared: tuple[_Table, int] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def _table(self) -> tuple[_Table, int]:
        """The table, and the column of the first class."""
        return self._shared or (_Table([self.weights]), 0)

    @classmethod
    def parse(cls, text: str) -> LinearModel:
        """Parse a model: a line of classes, one of biases, then one a feature."""
        lines = text.splitlines()
        classes = tuple(lines[0].split("\t")[1:])
        bias = tuple(int(number) / _SCALE for number in lines[1].split("\t")[1:])
        return cls(classes, bias, _Rows(lines[2:]))

    def write(self) -> str:
        """The text that :meth:`parse` reads."""
        rows = [
            ["classes", *self.classes],
            ["bias", *(str(round(number * _SCALE)) for number in self.bias)],
        ]
        for feature, (idf, numbers) in sorted(self.weights.items()):
            rows.append([feature, *(str(round(number * _SCALE)) for number in (idf, *numbers))])
        return "".join("\t".join(row) + "\n" for row in rows)

    @cached_property
    def _scored(self) -> Callable[[str], _Scores]:
        return lru_cache(maxsize=_KEPT_TEXTS)(self._scores)

    def _scores(self, text: str) -> _Scores:
        table, first = self._table
        known, rows, sums = table.rows(text)
        if not rows:
            return _Scores(known, (), 1.0, dict(zip(self.classes, self.bias, strict=True)))
        mine, norm = sums[first : first + len(self.classes)], sqrt(sums[-1])
        totals = [whole / norm + bias for whole, bias in zip(mine, self.bias, strict=True)]
        return _Scores(known, rows, norm, dict(zip(self.classes, totals, strict=True)))

    def shares(self, text: str) -> dict[str, float]:
        """The confidence of each class for ``text``; together they are 1."""
        totals = self._scored(text).totals
        top = max(totals.values())
        weights = {name: exp(score - top) for name, score in totals.items()}
        whole = sum(weights.values())
        return {name: weight / whole for name, weight in weights.items()}

    def vote(
        self, text: str, *, among: Collection[str] = (), bonus: Mapping[str, float] | None = None
    ) -> Vote:
        """Classify ``text``.

        With ``among``, only those classes are considered. ``bonus`` is added to the scores of its
        classes (a class missing from the model starts from the lowest bias).
        """
        known, rows, norm, totals = self._scored(text)
        totals = dict(totals)
        for name, extra in (bonus or {}).items():
            totals[name] = totals.get(name, min(self.bias)) + extra
        running = {name: totals[name] for name in totals if name in among} if among else totals
        running = running or totals
        best = max(running, key=running.__getitem__)
        top = running[best]
        share = 1 / sum(map(exp, [score - top for score in running.values()]))
        if best not in self.classes or not rows:
            return Vote(best, share)
        column = self._table[1] + self.classes.index(best)
        return Vote(best, share, [row[column] for row in rows], known, norm)


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, LinearModel]:
    folder = files(__package__).joinpath("models")
    areas, assessments = (
        LinearModel.parse(folder.joinpath(f"{name}.tsv").read_text(encoding="utf-8"))
        for name in ("areas", "assessments")
    )
    rows = areas.weights, assessments.weights
    if isinstance(rows[0], _Rows) and isinstance(rows[1], _Rows) and rows[0].same_idf(rows[1]):
        table = _Table([areas.weights, assessments.weights])
        areas = replace(areas, _shared=(table, 0))
        assessments = replace(assessments, _shared=(table, len(areas.classes)))
    return {"areas": areas, "assessments": assessments}


def shipped_model(name: str) -> LinearModel:
    """The shipped model ``"areas"`` or ``"assessments"``."""
    return _shipped()[name]
