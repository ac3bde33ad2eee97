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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp, log, sqrt
from operator import mul
from typing import NamedTuple

from ..vietnamese import Token, tokenise

_NUMBER = "#"
_SCALE = 1000  # weights are kept as whole thousandths


class Vote(NamedTuple):
    """A class chosen: its name, how sure (0 to 1), and the features that spoke most for it."""

    name: str
    confidence: float
    evidence: tuple[str, ...]


@lru_cache(maxsize=8)  # area and assessment of a passage are asked for one after the other
def features(text: str) -> Counter[str]:
    """How often each feature occurs in ``text``. Shared: not to be changed."""
    return _features(tokenise(text))


def _features(tokens: Sequence[Token]) -> Counter[str]:
    counts: Counter[str] = Counter()
    before: str | None = None
    first: list[str] = []
    for token in tokens:
        if token.kind == "code":
            continue
        word = _NUMBER if token.text[0].isdigit() else token.text
        if len(first) < 2:
            first.append(word)
        if word != _NUMBER:
            counts[word] += 1
        if before is not None and not token.break_before:
            counts[f"{before} {word}"] += 1
        before = word
    if first:
        counts[f"^{first[0]}"] += 1
    if len(first) == 2:
        counts[f"^{first[0]} {first[1]}"] += 1
    return counts


@dataclass(frozen=True)
class LinearModel:
    """Weights learnt. ``weights`` maps a feature to its idf and one weight a class, in their order."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, tuple[float, ...]]]

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
        values, norm = self._values(text)
        scales = [value / norm for value, _ in values.values()]
        columns = zip(*(weights for _, weights in values.values()), strict=True)
        scores = [sum(map(mul, scales, column), bias) for column, bias in zip(columns, self.bias, strict=False)]
        scores = scores or list(self.bias)
        totals = dict(zip(self.classes, scores, strict=True))
        for name, extra in (bonus or {}).items():
            totals[name] = totals.get(name, min(self.bias)) + extra
        running = {name: score for name, score in totals.items() if not among or name in among} or totals
        best = max(running, key=lambda name: running[name])
        share = 1 / sum(exp(score - running[best]) for score in running.values())
        return Vote(best, share, self._evidence(best, values, norm))

    def _values(self, text: str) -> tuple[dict[str, tuple[float, tuple[float, ...]]], float]:
        values = {}
        total = 0.0
        for feature, count in features(text).items():
            known = self.weights.get(feature)
            if known is not None:
                value = known[0] * (1 + log(count)) if count > 1 else known[0]
                values[feature] = (value, known[1])
                total += value * value
        return values, sqrt(total) or 1.0

    def _evidence(
        self, name: str, values: Mapping[str, tuple[float, tuple[float, ...]]], norm: float
    ) -> tuple[str, ...]:
        if name not in self.classes:
            return ()
        place = self.classes.index(name)
        voices = [(value * weights[place] / norm, feature) for feature, (value, weights) in values.items()]
        loudest = sorted(voices, key=lambda voice: (-voice[0], voice[1]))[:5]
        return tuple(f"{feature.lstrip('^')} +{share:.2f}" for share, feature in loudest if share > 0.02)


@lru_cache(maxsize=2)
def shipped_model(name: str) -> LinearModel:
    """The model ``"areas"`` or ``"assessments"`` that the package ships."""
    text = files(__package__).joinpath("models", f"{name}.tsv").read_text(encoding="utf-8")
    return LinearModel.parse(text)
